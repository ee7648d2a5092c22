"""Lists of the admin that are searched through what a row belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest


class FoundThrough:
    """Rows without a name of their own: found by the family, the chakra or the person they are of,
    in any spelling. Mixed in before `RecordAdmin`, which shows the box by `search_fields`.

    `found_through` says for each way from the row how what stands at its end is found.
    """

    found_through: ClassVar[dict[str, Callable[[str], QuerySet[Any]]]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows of which one end is found; without words, all."""
        if not search_term.strip():
            return queryset, False
        ends = Q()
        for way, find in self.found_through.items():
            ends |= Q(**{f"{way}__in": find(search_term).order_by().values("pk")})
        return queryset.filter(ends), False
