"""One line on a terminal that says how far long work is; nothing where nobody watches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper


class ProgressLine:
    """Rewrites its line at most five times a second and takes it away at the end."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out
        self._watched = out.isatty()
        self._next = 0.0
        self._length = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.clear()

    def show(self, what: str, done: int, total: int) -> None:
        """Say that `what` is at `done` of `total`; the last of them is said however soon."""
        share = f"{100 * done // total:3d} %" if total else ""
        self._rewrite(f"{what} {share}", is_last=done >= total)

    def show_size(self, what: str, done: int) -> None:
        """Say that `what` is at `done` bytes of nobody knows how many."""
        self._rewrite(f"{what}: {done / 2**20:.1f} MB")

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._length:
            self._write("")
            self._out.write("\r", ending="")
            self._length = 0

    def _rewrite(self, text: str, *, is_last: bool = False) -> None:
        if not self._watched or (time.monotonic() < self._next and not is_last):
            return
        self._next = time.monotonic() + 0.2
        self._write(text)

    def _write(self, text: str) -> None:
        self._out.write(f"\r{text:<{self._length}}", ending="")
        self._out.flush()
        self._length = len(text)
