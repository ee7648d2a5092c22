"""To whom: a family is found by its name, by one of its people, or by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from members.models import Family

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

MOST_FAMILIES = 30


def family_choice(
    request: HttpRequest, *, heading: str, then: str, back: str, back_label: str, title: str = ""
) -> HttpResponse:
    """Show a search, and the families found; each leads to the address named `then`.

    Args:
        title: of the page in the browser, where that is not its heading.
    """
    text = request.GET.get("buscar", "")[:80]
    families = Family.objects.visible_to(request.user).opened().select_related("community")
    found = list(families.find(text)[:MOST_FAMILIES]) if text.strip() else []
    context = {
        "title": title or heading,
        "heading": heading,
        "text": text,
        "choices": [(family, reverse(then, args=[family.pk])) for family in found],
        "back_url": back,
        "back_label": back_label,
    }
    return render(request, "members/family_choice.html", context)


def chosen_family(request: HttpRequest, pk: UUID) -> Family:
    """The family of an address, as far as the reader may see it."""
    rows = Family.objects.visible_to(request.user).select_related("community")
    return get_object_or_404(rows, pk=pk)
