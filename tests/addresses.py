"""Every address of the application, read from the resolver itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

_ANYTHING = "…"
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver, written for people: `/comunidades/<uuid:pk>/`.

    A pattern that takes whatever follows ends in an ellipsis: `/api/v1/…`.
    """

    route: str
    view: Callable[..., Any]

    @property
    def arguments(self) -> list[str]:
        """The names of what stands in angle brackets."""
        return _ARGUMENT.findall(self.route)

    def filled(self, values: Mapping[str, object]) -> str:
        """The address with `values` in place of its arguments.

        Raises:
            KeyError: no value for an argument.
        """
        route = self.route.replace(_ANYTHING, "no-existe/")
        return _ARGUMENT.sub(lambda found: str(values[found[1]]), route)


def all_addresses() -> list[Address]:
    """Every address, in the order in which the resolver tries them."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            takes_more = isinstance(pattern.pattern, RegexPattern) and not route.endswith(
                ("$", r"\Z")
            )
            yield Address(simplify_regex(route) + _ANYTHING * takes_more, pattern.callback)
