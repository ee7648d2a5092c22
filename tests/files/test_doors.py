"""How files come in through forms, and how a record's view hands them out."""

from __future__ import annotations

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from kallari.doors import only
from kallari.files import services
from kallari.files.forms import DocumentField, PhotographField
from kallari.files.responses import file_response
from tests.files import samples

REASON = "Ella lo pidió."


class PersonForm(forms.Form):
    photograph = PhotographField(camera=True, required=False)
    paper = DocumentField()


# --- Coming in ----------------------------------------------------------------------------------


def filled(**files):
    uploads: MultiValueDict[str, UploadedFile] = MultiValueDict(
        {name: [SimpleUploadedFile("a.jpg", content)] for name, content in files.items()}
    )
    return PersonForm({}, uploads)


def test_a_form_gives_what_a_service_takes(db):
    form = filled(photograph=samples.telephone_photograph(), paper=samples.PDF)
    assert form.is_valid(), form.errors
    stored = services.store_photograph(actor=None, upload=form.cleaned_data["photograph"])
    assert (stored.name, stored.width) == ("a.jpg", 40)
    paper = services.store_document(actor=None, upload=form.cleaned_data["paper"])
    assert (paper.name, bytes(paper.content)) == ("a.pdf", samples.PDF)


def test_a_form_refuses_at_the_field_in_words():
    form = filled(photograph=samples.HEIC, paper=samples.SVG)
    assert not form.is_valid()
    assert form.errors.as_data()["photograph"][0].code == "heic"
    assert "HEIC" in form.errors["photograph"][0]
    assert "SVG" in form.errors["paper"][0]
    assert filled(photograph=b"", paper=b"").errors.as_data()["paper"][0].code == "empty"


def test_an_optional_photograph_may_be_left_out_and_a_paper_may_not():
    assert filled(paper=samples.PDF).is_valid()
    assert filled(paper=samples.PDF).fields["photograph"].clean(None) is None
    assert set(filled().errors) == {"paper"}


def test_a_telephone_offers_its_camera_and_only_what_is_taken():
    page = str(PersonForm())
    assert 'accept="image/jpeg,image/png,image/webp" capture="environment"' in page
    assert 'accept="application/pdf,image/jpeg,image/png"' in page
    assert page.count("capture") == 1


# --- Handing out --------------------------------------------------------------------------------


@pytest.fixture
def stored(db):
    return services.store_photograph(actor=None, upload=samples.picture(600, 300), name="Ñusta.jpg")


def get(stored, method="get", headers=None, **options):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return file_response(request, stored, **options)


def test_a_photograph_is_shown_and_nothing_of_it_runs(stored):
    answer = get(stored)
    assert answer.status_code == 200
    assert answer.content == bytes(stored.content)
    assert {name: answer[name] for name in answer.headers} == {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": "inline; filename=\"Nusta.jpg\"; filename*=UTF-8''%C3%91usta.jpg",
        "Content-Length": str(stored.size),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Type": "image/jpeg",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{stored.digest}"',
        "X-Content-Type-Options": "nosniff",
    }


def test_a_name_breaks_out_of_no_header(db):
    name = "a\"; x=\r\nSet-Cookie: a=b;'.pdf"
    paper = services.store_document(actor=None, upload=samples.PDF, name=name)
    said = get(paper, download=True)["Content-Disposition"]
    assert said.startswith('attachment; filename="a')
    assert said.count('"') == 2
    assert "\r" not in said
    assert "\n" not in said


def test_the_preview_is_smaller_and_has_a_tag_of_its_own(stored):
    answer = get(stored, preview=True)
    assert answer.content == bytes(stored.preview)
    assert len(answer.content) < stored.size
    assert answer["ETag"] != get(stored)["ETag"]


def test_who_has_it_already_is_sent_no_bytes(stored):
    tag = get(stored)["ETag"]
    answer = get(stored, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == tag
    assert answer["Cache-Control"] == "private, no-cache"
    assert get(stored, headers={"If-None-Match": '"another"'}).status_code == 200


def test_head_tells_the_length_and_sends_no_bytes(stored):
    answer = get(stored, method="head")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == str(stored.size)


def test_what_was_erased_or_never_was_is_not_there(stored):
    erased = services.erase_file(actor=None, stored=stored, reason=REASON)
    for nothing in (erased, None):
        with pytest.raises(Http404):
            get(nothing)


def test_a_door_leaves_what_a_file_says_about_being_kept(stored, manager, rf):
    request = rf.get("/")
    request.user = manager
    shown = only(lambda user: True)(lambda request: file_response(request, stored))(request)
    assert shown["Cache-Control"] == "private, no-cache"
    page = only(lambda user: True)(lambda request: HttpResponse())(request)
    assert "no-store" in page["Cache-Control"]


def test_the_hint_speaks_the_readers_language():
    for language, words in (("es", "hasta 15 MB"), ("en", "up to 15 MB")):
        with translation.override(language):
            assert words in str(PersonForm())
