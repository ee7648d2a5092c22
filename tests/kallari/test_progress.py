"""The line that says how far a long command is."""

from __future__ import annotations

import io

import pytest
from django.core.management.base import OutputWrapper

from kallari.management.progress import ProgressLine


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("out", "watched"), [(_Terminal(), True), (io.StringIO(), False)])
def test_progress_is_shown_to_who_watches_and_taken_away(out: io.StringIO, watched: bool) -> None:
    with ProgressLine(OutputWrapper(out)) as line:
        line.show("Sellando", 1, 4)
        line.show("Sellando", 2, 4)  # too soon after the first
        line.show("Sellando", 4, 4)

    assert out.getvalue() == (
        "\rSellando  25 %\rSellando 100 %\r" + " " * 14 + "\r" if watched else ""
    )


def test_what_has_no_known_end_is_told_by_its_size() -> None:
    out = _Terminal()

    with ProgressLine(OutputWrapper(out)) as line:
        line.show_size("archivos", 3 * 2**19)

    assert out.getvalue() == "\rarchivos: 1.5 MB\r" + " " * 16 + "\r"
