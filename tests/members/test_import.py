"""Communities from a file: look first, then write what was seen, or nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction

from kallari.imports import services as imports
from kallari.imports.models import Upload
from kallari.imports.plans import Fate
from members.imports.communities import CommunityImporter
from members.models import Community, CommunityAlias
from members.services import communities as services
from tests.members.factories import community

pytestmark = pytest.mark.django_db

UPLOAD = "/comunidades/importar/"

DIRTY = """Comunidad;Cantón;Parroquia;Otras escrituras;Presidente
rumi yacu;Tena;;;
EL MIRADOR;Tena;Muyuna;;
Chichico Rumi;Tena;;Chichicorumi / Chichiku Rumi;
CHICHICO RUMI;;;;
Santa Barbra;Tena;;;
;Tena;;;
=1+1;Tena;;;
Pano;Tena;;Serena;
Zapallo;{long};;;
""".format(long="x" * 61)


def plan(text):
    return CommunityImporter().plan(text.encode())


def fates(text):
    return {step.number: step.fate for step in plan(text).steps}


@pytest.fixture
def register(db):
    """The communities of the book."""
    from kallari.demo import DemoContext, Scale
    from members.demo.communities import load

    load(DemoContext(Scale.SMALL))


def hand_in(client, text, name="lista.csv"):
    """Choose a file, and return the address of what it would do."""
    content = text if isinstance(text, bytes) else text.encode()
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def confirm(client, address, **answers):
    page = client.get(address)
    given = {key.replace("fila_", "fila-"): value for key, value in answers.items()}
    return client.post(address, {"huella": page.context["plan"].fingerprint, **given})


def test_each_row_is_told_what_becomes_of_it(register):
    assert fates(DIRTY) == {
        2: Fate.SAME,
        3: Fate.CHANGED,
        4: Fate.NEW,
        5: Fate.REPEATED,
        6: Fate.ASK,
        7: Fate.WRONG,
        8: Fate.WRONG,
        9: Fate.WRONG,
        10: Fate.WRONG,
    }


def test_problems_name_their_row_and_column_in_words(register):
    steps = {step.number: step for step in plan(DIRTY).steps}
    assert [heading for heading, _words in steps[7].problems] == ["Comunidad"]
    assert [heading for heading, _words in steps[8].problems] == ["Comunidad"]
    assert steps[9].problems == [("Otras escrituras", "«Serena» ya es de otra comunidad.")]
    assert [heading for heading, _words in steps[10].problems] == ["Cantón"]
    assert steps[5].problems == [("", "Dice lo mismo que la fila 4.")]
    assert [(d.heading, d.before, d.after) for d in steps[3].differences] == [
        ("Parroquia", "", "Muyuna")
    ]
    assert plan(DIRTY).unused == ["Presidente"]


def test_looking_writes_nothing(register, client_of):
    before = Community.history.count(), CommunityAlias.history.count()
    client = client_of("administration")
    page = client.get(hand_in(client, DIRTY))
    assert page.status_code == 200
    assert "«Serena» ya es de otra comunidad." in page.text
    assert (Community.history.count(), CommunityAlias.history.count()) == before
    assert Community.objects.count() == 23


def test_confirming_writes_what_was_seen_with_the_file_as_reason(register, client_of):
    client = client_of("administration")
    answer = confirm(client, hand_in(client, DIRTY, "lista 2024.csv"))
    assert answer.status_code == 302
    assert Community.objects.count() == 24
    new = Community.objects.get(name="Chichico Rumi")
    assert [alias.spelling for alias in new.aliases.all()] == ["Chichiku Rumi"]
    assert Community.objects.get(name="Mirador").parish == "Muyuna"
    newest = Community.history.order_by("-history_id")[:2]
    assert {row.history_change_reason for row in newest} == {"importación de lista 2024.csv"}
    assert {row.actor_role for row in newest} == {"Administración"}
    assert len({row.request_id for row in newest}) == 1
    done = client.get(answer["Location"])
    assert "Importación terminada" in done.text


def test_importing_twice_changes_nothing_the_second_time(register, client_of):
    client = client_of("manager")
    confirm(client, hand_in(client, DIRTY), fila_6="new")
    after_first = Community.history.count(), CommunityAlias.history.count()
    second = plan(DIRTY)
    assert second.writes == 0
    assert {step.fate for step in second.steps} == {Fate.SAME, Fate.REPEATED, Fate.WRONG}
    confirm(client, hand_in(client, DIRTY))
    assert (Community.history.count(), CommunityAlias.history.count()) == after_first


def test_the_printed_variants_all_mean_their_community(register):
    text = (
        "Comunidad\nRumi Yacu\nIsla Apaai\nÑakanchi Kawsay\nCam pococha\nShinci Runa\n"
        "EL MIRADOR\nJatun Yacu\n6 de marzo\n10 DE AGOSTO\nsanta  barbara\nMushuc Causai\n"
    )
    assert set(fates(text).values()) == {Fate.SAME}


def test_a_near_name_left_unanswered_stays_out(register, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, "Comunidad\nSanta Barbra\nPano\n"))
    assert not Community.objects.named("Santa Barbra").exists()
    assert Community.objects.filter(name="Pano").exists()


def test_a_near_name_answered_as_the_same_becomes_a_spelling(register, client_of):
    barbara = Community.objects.get(name="Santa Bárbara")
    client = client_of("administration")
    confirm(
        client,
        hand_in(client, "Comunidad;Parroquia\nSanta Barbra;Muyuna\n"),
        fila_2=str(barbara.pk),
    )
    barbara.refresh_from_db()
    assert barbara.parish == "Muyuna"
    alias = barbara.aliases.get()
    assert (alias.spelling, alias.source) == ("Santa Barbra", "importación de lista.csv")
    assert set(fates("Comunidad;Parroquia\nSanta Barbra;Muyuna\n").values()) == {Fate.SAME}


def test_a_near_name_answered_as_another_is_registered(register, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, "Comunidad\nSanta Barbra\n"), fila_2="new")
    assert Community.objects.get(name="Santa Barbra")


def test_an_answer_that_was_not_offered_is_not_believed(register, client_of):
    serena = Community.objects.get(name="Serena")
    client = client_of("administration")
    confirm(client, hand_in(client, "Comunidad\nSanta Barbra\n"), fila_2=str(serena.pk))
    assert not serena.aliases.exists()
    assert Community.objects.count() == 23


def test_a_name_that_sounds_like_two_is_asked(db):
    community("Suyu Yaku")
    community("Chuyu Yaku")
    step = plan("Comunidad\nShuyu Yacu\n").steps[0]
    assert step.fate is Fate.ASK
    assert len(step.choices) == 4
    assert set(fates("Comunidad\nsuyu yaku\n").values()) == {Fate.SAME}


def test_a_new_name_near_another_new_one_is_asked(db):
    steps = plan("Comunidad\nSanta Bárbara\nSanta Barbra\nSanta Varbara\n").steps
    assert [step.fate for step in steps] == [Fate.NEW, Fate.ASK, Fate.REPEATED]
    assert [choice.value for choice in steps[1].choices] == ["omit", "new"]
    assert "fila 2" in steps[1].question


def test_an_empty_cell_leaves_what_is_on_record(db):
    community("Serena", canton="Tena", parish="Muyuna", note="junto al río")
    assert fates("Comunidad;Cantón;Parroquia;Nota\nSerena;;;\n") == {2: Fate.SAME}


def test_a_register_that_changed_meanwhile_stops_the_import(register, client_of):
    client = client_of("administration")
    address = hand_in(client, "Comunidad;Parroquia\nPano;Pano\nSerena;Pano\n")
    seen = client.get(address).context["plan"].fingerprint
    serena = Community.objects.get(name="Serena")
    services.correct_community(actor=None, community=serena, parish="Talag", reason="Mapa")
    answer = client.post(address, {"huella": seen})
    assert answer.status_code == 200
    assert "Mientras usted revisaba" in answer.text
    assert not Community.objects.filter(name="Pano").exists()
    assert confirm(client, address).status_code == 302
    assert Community.objects.filter(name="Pano").exists()


def test_a_refused_row_takes_the_whole_file_back(register, client_of, monkeypatch):
    client = client_of("administration")
    address = hand_in(client, "Comunidad\nPano\nZapallo\n")
    enter = services.add_community

    def refuses_one(**told):
        if told["name"] == "Zapallo":
            raise ValidationError("No puede ser.")
        return enter(**told)

    with monkeypatch.context() as patch:
        patch.setattr(services, "add_community", refuses_one)
        answer = confirm(client, address)
    assert "Fila 3, Zapallo: No puede ser." in answer.text
    assert not Community.objects.filter(name="Pano").exists()
    assert Upload.objects.get().state == Upload.State.WAITING
    assert confirm(client, address).status_code == 302
    assert Community.objects.filter(name="Pano").exists()


def test_confirming_twice_writes_once(register, client_of):
    client = client_of("administration")
    address = hand_in(client, "Comunidad\nPano\n")
    seen = {"huella": client.get(address).context["plan"].fingerprint}
    assert client.post(address, seen).status_code == 302
    again = client.post(address, seen)
    assert again.status_code == 200
    assert Community.objects.filter(name="Pano").count() == 1
    upload = Upload.objects.get()
    with pytest.raises(ValidationError) as error:
        imports.import_file(
            actor=upload.uploaded_by,
            importer=CommunityImporter(),
            upload=upload,
            fingerprint=seen["huella"],
            given={},
        )
    assert error.value.code == "not_waiting"


def test_the_content_is_kept_no_longer_than_needed(register, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, "Comunidad\nPano\n"))
    imported = Upload.objects.get()
    assert (imported.state, bytes(imported.content)) == ("imported", b"")
    assert imported.outcome == {"new": 1}
    address = hand_in(client, "Comunidad\nZapallo\n")
    assert client.post(f"{address}descartar/").status_code == 302
    discarded = Upload.objects.get(state="discarded")
    assert bytes(discarded.content) == b""
    assert "descartado" in client.get(address).text
    assert not Community.objects.filter(name="Zapallo").exists()
    with pytest.raises(IntegrityError, match="only_a_waiting_file"), transaction.atomic():
        Upload.objects.filter(pk=imported.pk).update(content=b"x")


def test_a_file_that_nobody_confirms_in_a_week_is_forgotten(register, client_of):
    client = client_of("administration")
    noon = datetime(2026, 3, 1, 17, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        old = hand_in(client, "Comunidad\nPano\n")
    with time_machine.travel(noon + timedelta(days=6), tick=False):
        hand_in(client, "Comunidad\nZapallo\n")
        assert Upload.objects.filter(state="waiting").count() == 2
    with time_machine.travel(noon + timedelta(days=7, hours=1), tick=False):
        hand_in(client, "Comunidad\nSan Rafael\n")
    assert str(Upload.objects.get(state="discarded").pk) in old


def test_a_file_is_seen_by_nobody_but_its_owner(register, client_of):
    address = hand_in(client_of("administration"), "Comunidad\nPano\n")
    other = client_of("manager")
    assert other.get(address).status_code == 404
    assert other.post(address, {}).status_code == 404
    assert other.post(f"{address}descartar/").status_code == 404
    assert client_of("administration").get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "vacío"),
        ("a.xlsx", b"PK\x03\x04x", "guárdelo otra vez como XLSX"),
        ("a.csv", b"Lugar\nPano\n", "«Comunidad»"),
        ("a.csv", b"Comunidad\nPa\0no\n", "signos nulos"),
        ("a.csv", b"Comunidad\n" + b"Aldea\n" * 100_000, "más de 1000 filas"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_on_the_form(client_of, name, content, words):
    client = client_of("administration")
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    assert words in answer.text
    assert not Upload.objects.exists()


def test_without_a_file_the_form_asks_for_one(client_of):
    assert "Escoja el archivo" in client_of("manager").post(UPLOAD).text


def test_the_name_of_a_file_is_shown_without_folders_and_tricks(client_of):
    client = client_of("administration")
    hand_in(client, "Comunidad\nPano\n", "..\\..\\<b>lista\u202e.csv")
    upload = Upload.objects.get()
    assert upload.file_name == "<b>lista.csv"
    assert "<b>lista" not in client.get(f"{UPLOAD}{upload.pk}/").text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_imports_as_it_is(client_of, kind):
    client = client_of("administration")
    template = b"".join(client.get(f"{UPLOAD}plantilla.{kind}").streaming_content)
    confirm(client, hand_in(client, template))
    assert Community.objects.named("Piedra de agua").get().name == "Rumi Yaku"


@pytest.mark.parametrize("role", ["extension_agent", "accountant", "delegate", "auditor", "nobody"])
def test_who_may_not_import_finds_no_such_page(client_of, role):
    client = client_of(role)
    for address in (UPLOAD, f"{UPLOAD}plantilla.csv", f"{UPLOAD}plantilla.xlsx"):
        assert client.get(address).status_code == 404
    assert client.post(UPLOAD).status_code == 404


def test_as_many_rows_as_may_be_are_planned_within_seconds(register):
    rows = "".join(f"Aldea {number:x} de {number * 7919 % 9973:x}\n" for number in range(1_000))
    started = time.process_time()
    found = plan("Comunidad\n" + rows)
    assert len(found.steps) == 1_000
    assert time.process_time() - started < 60


def test_the_demo_communities_survive_their_own_list(db, client_of):
    call_command("demo", verbosity=0)
    names = list(Community.objects.values_list("name", flat=True))
    text = "Comunidad\n" + "\n".join(name.upper() for name in names)
    assert set(fates(text).values()) == {Fate.SAME}
    assert Community.objects.count() == 23
