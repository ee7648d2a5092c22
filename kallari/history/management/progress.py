"""One line on a terminal that says how far long work is; nothing where nobody watches."""

from __future__ import annotations

import time
from types import TracebackType

from django.core.management.base import OutputWrapper


class ProgressLine:
    """Rewrites its line at most five times a second and takes it away at the end."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out
        self._watched = out.isatty()
        self._next = 0.0
        self._length = 0

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()

    def show(self, what: str, done: int, total: int) -> None:
        """Say that `what` is at `done` of `total`."""
        if not self._watched or (time.monotonic() < self._next and done < total):
            return
        self._next = time.monotonic() + 0.2
        share = f"{100 * done // total:3d} %" if total else ""
        self._write(f"{what} {share}")

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._length:
            self._write("")
            self._out.write("\r", ending="")
            self._length = 0

    def _write(self, text: str) -> None:
        self._out.write(f"\r{text:<{self._length}}", ending="")
        self._out.flush()
        self._length = len(text)
