"""A family's story on one page: what happened, the newest first, whoever keeps the record of it.

Each theme offers its entries from ``AppConfig.ready()``, by `members.timeline.offer`; apps above
this one do the same, and the register never imports them::

    offer(Source("deliveries", _("Entregas"), "leaf", read=deliveries, place=50))

    def deliveries(family: Family, user: User, window: Window) -> list[Entry]:
        rows = Delivery.objects.visible_to(user).filter(family=family)
        return [
            Entry(row.received_on, _("Entrega de %(kg)s kg") % {"kg": row.net_kg}, url=…)
            for row in window.newest(rows, "received_on")
        ]

A reader asks one query or two, whatever the family has; says nothing that the reader of the page
may not see; and returns its newest entries within the window, no more than `Window.at_most`.
Votes: that somebody came to an assembly, never how she voted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kallari.accounts.models import User
    from members.models import Family

PAGE_SIZE = 30
LAST_PAGE = 40
"""No story is read further down than this; whoever seeks an earlier year asks for the year."""

ModelT = TypeVar("ModelT", bound=models.Model)


@dataclass(frozen=True)
class Entry:
    """One thing that happened.

    Args:
        on: the day.
        title: what happened, as a sentence.
        detail: what else is good to know: a resolution, a quantity with its unit.
        icon: a file in templates/kallari/icons/; without one, that of the source.
        url: the page of what happened, which the reader may open.
    """

    on: date
    title: StrOrPromise
    detail: StrOrPromise = ""
    icon: str = ""
    url: str = ""


@dataclass(frozen=True)
class Window:
    """Which entries a page needs: from `since` to `until`, both included, the newest first."""

    since: date | None = None
    until: date | None = None
    at_most: int = PAGE_SIZE

    def newest(self, rows: models.QuerySet[ModelT], day: str) -> Iterable[ModelT]:
        """The newest rows of the window, by the column `day`; of instants ``"made_at__date"``.

        Rows without that day are left out.
        """
        bounds: dict[str, Any] = {f"{day}__isnull": False}
        if self.since is not None:
            bounds[f"{day}__gte"] = self.since
        if self.until is not None:
            bounds[f"{day}__lte"] = self.until
        return rows.filter(**bounds).order_by(f"-{day}", "-pk")[: self.at_most]

    def holds(self, day: date | None) -> bool:
        """Whether a day, read already, lies in the window."""
        return (
            day is not None
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
        )


Reader = Callable[["Family", "User", Window], list[Entry]]


@dataclass(frozen=True)
class Source:
    """A kind of entry, as the page's filter offers it.

    Args:
        key: how the address names it: "socios", in Spanish, because people read addresses.
        label: how people call it.
        icon: a file in templates/kallari/icons/.
        read: returns the entries of a family.
        place: orders the filter, and what happened on one day.
    """

    key: str
    label: StrOrPromise
    icon: str
    read: Reader
    place: int = 50


_sources: list[Source] = []


def offer(source: Source) -> None:
    """Let families' stories tell this too; offering the same source again changes nothing."""
    if source not in _sources:
        _sources.append(source)
        _sources.sort(key=lambda offered: offered.place)


def withdraw(source: Source) -> None:
    """Tell it no more."""
    _sources.remove(source)


def sources() -> list[Source]:
    """All kinds of entries, in order."""
    return list(_sources)


@dataclass(frozen=True)
class Told:
    """An entry with the source it comes from."""

    source: Source
    entry: Entry

    @property
    def icon(self) -> str:
        """The entry's own, or that of its kind."""
        return self.entry.icon or self.source.icon


@dataclass(frozen=True)
class Story:
    """One page of what happened, the newest first."""

    told: list[Told]
    number: int
    has_more: bool

    @property
    def previous_number(self) -> int:
        """The page of what is newer."""
        return self.number - 1

    @property
    def next_number(self) -> int:
        """The page of what is older."""
        return self.number + 1


def story_of(
    family: Family,
    user: User,
    *,
    kind: str = "",
    year: int | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Story:
    """Return one page of a family's story, as `user` may read it.

    Args:
        kind: the key of one source; empty for all.
        year: one year; None for all.
        page: counted from one, at most `LAST_PAGE`.
    """
    page = min(max(page, 1), LAST_PAGE)
    window = Window(
        since=date(year, 1, 1) if year else None,
        until=date(year, 12, 31) if year else None,
        at_most=page * size + 1,
    )
    told = [
        Told(source, entry)
        for source in _sources
        if kind in {"", source.key}
        for entry in source.read(family, user, window)
    ]
    told.sort(key=lambda one: one.entry.on, reverse=True)  # stable: a source's order stays
    start = (page - 1) * size
    return Story(
        told=told[start : start + size],
        number=page,
        has_more=len(told) > start + size and page < LAST_PAGE,
    )
