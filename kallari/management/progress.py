"""One line that tells how far a long command is, for whoever watches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper


class Progress:
    """Call it with what is done and how many bytes; it writes twice a second, to a terminal."""

    def __init__(self, output: OutputWrapper) -> None:
        self._output = output
        self._shown_at = 0.0
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __call__(self, what: str, done: int) -> None:
        now = time.monotonic()
        if self._output.isatty() and now - self._shown_at > 0.5:
            self._shown_at, self._shown = now, True
            self._output.write(f"\r\033[K{what}: {done / 2**20:.1f} MB", ending="")
            self._output.flush()

    def __exit__(self, *_error: object) -> None:
        if self._shown:
            self._output.write("\r\033[K", ending="")
            self._output.flush()
