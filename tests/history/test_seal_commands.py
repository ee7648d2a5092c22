"""`manage.py seal` and `manage.py verify_history`, as they are typed and scheduled."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from kallari.history.management.commands import verify_history as command
from kallari.history.models import Seal
from members.models import Community
from tests.history.tampering import sql
from tests.members.factories import community

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> tuple[str, int]:
    """What a command prints, without colors, and how it ends."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=io.StringIO(), no_color=True)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def test_seal_prints_the_code_for_the_minutes() -> None:
    community("Rumi Yaku", "Rumi Yacu")

    printed, ended = _run("seal")

    only = Seal.objects.get()
    assert (only.row_count, ended) == (2, 0)
    assert "Sello 1: 2 filas de la historia." in printed
    assert f"Código para anotar en el acta: {only.code}" in printed
    assert _run("seal") == ("Nada nuevo que sellar: vale el código del último sello.\n", 0)


def test_seal_says_what_is_wrong_and_fails() -> None:
    community()
    _run("seal")
    sql("SELECT setval('kallari_history_id_seq', 1)")

    with pytest.raises(CommandError, match="puesta atrás"):
        _run("seal")


def test_verification_of_untouched_history_ends_with_0() -> None:
    community()
    _run("seal")
    community("Mirador")
    code = Seal.objects.get().code

    printed, ended = _run("verify_history", "--code", code.lower())

    assert ended == 0
    assert "Todo concuerda" in printed
    assert "sellos 1, filas selladas 1, filas sin sellar 1, registros 2" in printed
    assert code in printed


def test_verification_names_what_it_found_and_ends_with_1(tmp_path: Path) -> None:
    one = community("Rumi Yaku")
    _run("seal")
    Community.objects.update(canton="Tena")
    found = tmp_path / "found.json"

    printed, ended = _run("verify_history", "--json", str(found))

    assert ended == 1
    assert f"Registro cambiado sin historia · members.Community {one.pk}" in printed
    assert "en: cantón." in printed
    assert "Todo concuerda" not in printed
    written = json.loads(found.read_text())
    (only,) = written["findings"]
    assert (only["kind"], only["object_pk"], only["fields"]) == (
        "live_changed",
        str(one.pk),
        ["cantón"],
    )
    assert (written["summary"]["findings"], written["summary"]["seals"]) == (1, 1)


def test_a_code_from_another_chain_ends_with_1() -> None:
    community()
    _run("seal")
    only = Seal.objects.get()
    other = Seal(number=1, digest="0" * 64).code

    assert _run("verify_history", "--code", only.code)[1] == 0
    printed, ended = _run("verify_history", "--code", only.code, "--code", other)
    assert ended == 1
    assert "El código anotado en papel no coincide" in printed


def test_a_code_copied_wrong_is_no_finding(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="código de sello") as refused:
        _run("verify_history", "--code", "hola")
    assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="No se puede escribir") as refused:
        _run("verify_history", "--json", str(tmp_path / "nowhere" / "found.json"))
    assert refused.value.returncode == 2


def test_many_findings_of_a_kind_are_counted_and_all_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SHOWN_OF_A_KIND", 2)
    for name in ("Rumi Yaku", "Mirador", "Santa Rosa", "Serena", "Shandia"):
        community(name)
    Community.objects.update(canton="Tena")
    found = tmp_path / "found.json"

    printed, ended = _run("verify_history", "--json", str(found))

    assert ended == 1
    assert printed.count("Registro cambiado sin historia ·") == 2
    assert "3 más de la clase «Registro cambiado sin historia»" in printed
    assert "Se encontraron 5 cosas" in printed
    assert len(json.loads(found.read_text())["findings"]) == 5


def test_a_database_that_does_not_answer_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_arguments: object, **_options: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(command, "verify_history", gone)
    with pytest.raises(CommandError, match="No se pudo revisar") as refused:
        _run("verify_history")
    assert refused.value.returncode == 2


def test_verifying_since_a_seal_that_is_not_there_is_refused_and_since_the_last_is_told() -> None:
    for name in ("Rumi Yaku", "Mirador"):
        community(name)
        _run("seal")
    with pytest.raises(CommandError, match="No hay sello 3: el último es el 2") as refused:
        _run("verify_history", "--since", "3")
    assert refused.value.returncode == 2
    printed, ended = _run("verify_history", "--since", "2")
    assert ended == 0
    assert "solo desde el sello 2" in printed
    assert "nada fue reescrito" not in printed
