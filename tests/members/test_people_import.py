"""The register from a file: look first, then write what was seen, or nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Community, Family, Partner, Person, TradeEvidence
from tests.members.registers import SPELLINGS, dirty_register

pytestmark = pytest.mark.django_db

UPLOAD = "/socios/importar/"
TABLES = (Community, Family, Person, Partner, TradeEvidence)


@pytest.fixture
def villages(db):
    """The communities of the book."""
    from kallari.demo import DemoContext, Scale
    from members.demo import communities

    communities.load(DemoContext(Scale.SMALL))


def hand_in(client, content, name="registro.xlsx"):
    """Choose a file, and return the address of what it would do."""
    content = content.encode() if isinstance(content, str) else content
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def confirm(client, address, **answers):
    page = client.get(address)
    given = {key.replace("fila_", "fila-"): value for key, value in answers.items()}
    return client.post(address, {"huella": page.context["plan"].fingerprint, **given})


def counted():
    """Rows and history rows of everything that the import may write."""
    return [(table.objects.count(), table.history.count()) for table in TABLES]


def fates(page):
    return {step.number: step.fate.value for step in page.context["plan"].steps}


def test_a_dirty_register_is_told_row_by_row_written_once_and_never_twice(villages, client_of):
    register = dirty_register(305)
    assert len(register.expected) == 305
    client = client_of("administration")
    before = counted()
    address = hand_in(client, register.content())
    page = client.get(address)
    steps = {step.number: step for step in page.context["plan"].steps}
    told = {number: (step.fate.value, step.placed_problems) for number, step in steps.items()}
    wrong = {n: (told.get(n), e) for n, e in register.expected.items() if told.get(n) != e}
    assert not wrong, "\n".join(map(str, wrong.items()))
    assert told.keys() == register.expected.keys()
    assert counted() == before
    for _fate, problems in register.expected.values():
        for _place, sentence in problems:
            assert sentence in page.text

    new = sum(fate == "new" for fate, _problems in register.expected.values())
    answer = confirm(client, address)
    assert answer.status_code == 302
    assert Community.objects.count() == 23
    assert Person.objects.count() == Partner.objects.members().count() == new
    assert Family.objects.count() == new
    assert Person.objects.filter(cedula=None).count() == 1
    for number, spelled in enumerate(SPELLINGS):
        assert Family.objects.filter(community__name=spelled[0]).exists(), number
    after = counted()
    assert after[0] == before[0]

    address = hand_in(client, register.content(), "registro otra vez.xlsx")
    page = client.get(address)
    again = fates(page)
    for number, (fate, _problems) in register.expected.items():
        assert again[number] == {"new": "same"}.get(fate, fate), number
    assert page.context["plan"].writes == 0
    assert confirm(client, address).status_code == 302
    assert counted() == after
