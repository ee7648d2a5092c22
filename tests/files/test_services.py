"""Files in the database: stored, never changed, erased on a person's wish."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from kallari.files import services
from kallari.files.models import StoredFile
from kallari.history.seals.writing import seal
from tests.files import samples
from tests.history.tampering import findings, sql, told, triggers_off

pytestmark = pytest.mark.django_db

REASON = "Ella lo pidió."


def photograph(actor=None, name="Rosa.jpg"):
    return services.store_photograph(
        actor=actor, upload=SimpleUploadedFile(name, samples.telephone_photograph())
    )


def document(actor=None):
    return services.store_document(actor=actor, upload=samples.PDF, name="Acta 12.pdf")


def test_a_photograph_is_stored_with_its_digest_and_who_handed_it_in(manager):
    stored = StoredFile.objects.get(pk=photograph(manager).pk)
    assert (stored.kind, stored.name, stored.uploaded_by) == ("photograph", "Rosa.jpg", manager)
    assert (stored.width, stored.height) == (40, 80)
    assert stored.digest == hashlib.sha256(stored.content).hexdigest()
    assert stored.size == len(stored.content)
    assert not stored.is_erased


def test_a_document_is_stored_as_it_is():
    stored = StoredFile.objects.get(pk=document().pk)
    assert bytes(stored.content) == samples.PDF
    assert (stored.kind, stored.content_type) == ("document", "application/pdf")


def test_history_keeps_the_digest_and_not_the_bytes(manager):
    stored = photograph(manager)
    (kept,) = StoredFile.history.all()
    assert kept.digest == stored.digest
    assert kept.history_user_id == manager.pk
    assert not {"content", "preview"} & {field.name for field in kept._meta.get_fields()}


def test_a_refused_file_leaves_nothing():
    with pytest.raises(ValidationError):
        services.store_photograph(actor=None, upload=samples.SVG, name="foto.jpg")
    assert not StoredFile.objects.exists()


def test_a_list_of_files_leaves_the_bytes_where_they_are(django_assert_num_queries):
    document()
    with django_assert_num_queries(1) as queries:
        (stored,) = StoredFile.objects.all()
        assert stored.name
    assert '"content"' not in queries[0]["sql"]


@pytest.mark.parametrize(
    "change",
    [
        "content = 'x'",
        "preview = 'x'",
        "digest = repeat('0', 64)",
        "name = 'otra.jpg'",
        "uploaded_at = now()",
        "content = '', preview = ''",
        "content = 'x', size = 1, digest = encode(sha256('x'), 'hex')",
        "state = 'erased', content = '', preview = '', name = 'otra.jpg'",
    ],
)
def test_not_even_sql_changes_a_file(change):
    document()
    with pytest.raises(InternalError, match="never change"), transaction.atomic():
        sql(f"UPDATE files_storedfile SET {change}")  # noqa: S608


def test_sql_may_erase_but_not_keep_bytes_of_what_is_erased():
    stored = photograph()
    with pytest.raises(IntegrityError, match="is_what_its_digest_says"), transaction.atomic():
        sql("UPDATE files_storedfile SET state = 'erased', content = ''")
    services.erase_file(actor=None, stored=stored, reason=REASON)
    with pytest.raises(InternalError, match="never change"), transaction.atomic():
        sql("UPDATE files_storedfile SET state = 'kept'")


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_not_even_sql_removes_a_file(statement):
    document()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(InternalError, match="never removed"), transaction.atomic():
        sql(statement.format("files_storedfile"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": b"y"},
        {"preview": b"y"},
        {"size": 2},
        {"digest": "0" * 64},
        {"content": b"", "size": 0, "digest": hashlib.sha256(b"").hexdigest()},
        {"content_type": "text/html"},
        {"content_type": "image/svg+xml"},
        {"state": "other"},
    ],
)
def test_the_database_takes_no_other_content_than_the_digest_says(wrong):
    right = {
        "kind": "document",
        "name": "acta.pdf",
        "content_type": "application/pdf",
        "size": 1,
        "content": b"x",
        "digest": hashlib.sha256(b"x").hexdigest(),
        "preview_digest": hashlib.sha256(b"").hexdigest(),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile(**right | wrong).save()
    with pytest.raises(ValidationError):
        StoredFile(**right | wrong).full_clean()
    stored = StoredFile(**right)
    stored.full_clean()
    stored.save()


# --- Erasing ------------------------------------------------------------------------------------


def test_an_erased_photograph_is_gone_and_history_says_why(manager):
    stored = photograph()
    digest = stored.digest
    services.erase_file(actor=manager, stored=stored, reason=REASON)
    erased = StoredFile.objects.get()
    assert erased.is_erased
    assert (bytes(erased.content), bytes(erased.preview)) == (b"", b"")
    newest = StoredFile.history.first()
    assert (newest.state, newest.digest) == ("erased", digest)
    assert (newest.history_change_reason, newest.history_user_id) == (REASON, manager.pk)
    assert not [found for found in findings() if found.model == "files.StoredFile"]


def test_nothing_is_erased_without_a_reason_nor_twice():
    stored = photograph()
    with pytest.raises(ValidationError) as error:
        services.erase_file(actor=None, stored=stored, reason=" ")
    assert error.value.code == "reason_required"
    assert StoredFile.objects.get().content
    services.erase_file(actor=None, stored=stored, reason=REASON)
    with pytest.raises(ValidationError) as error:
        services.erase_file(actor=None, stored=stored, reason=REASON)
    assert error.value.code == "already_erased"


# --- Verification -------------------------------------------------------------------------------


@pytest.fixture
def sealed():
    stored = document()
    seal()
    assert findings() == []
    return stored


def test_a_content_put_in_anothers_place_is_found(sealed):
    with triggers_off(StoredFile):
        sql("ALTER TABLE files_storedfile DROP CONSTRAINT a_kept_file_is_what_its_digest_says")
        sql("UPDATE files_storedfile SET content = 'otra acta'")
    kinds = {(kind, model) for kind, model, _key, _row in told(findings())}
    assert ("rule_broken", "files.StoredFile") in kinds
    assert ("rule_missing", "files.StoredFile") in kinds


def test_a_content_put_in_anothers_place_with_its_digest_is_found(sealed):
    with triggers_off(StoredFile):
        sql(
            "UPDATE files_storedfile SET content = 'x', size = 1,"
            " digest = encode(sha256('x'), 'hex')"
        )
    assert {kind for kind, *_rest in told(findings())} == {"live_changed"}


def test_a_guard_that_is_off_is_found(sealed):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE files_storedfile DISABLE TRIGGER USER")
    assert [found.kind.value for found in findings()] == ["trigger_off"] * 2


def test_files_are_seen_through_their_records_or_by_who_handed_them_in(manager, auditor):
    stored = photograph(manager)
    assert list(StoredFile.objects.visible_to(manager)) == [stored]
    assert not StoredFile.objects.visible_to(auditor).exists()
