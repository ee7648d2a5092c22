"""What the home page says to those who watch over the association: the newest changes and seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kallari.history import changes
from kallari.history.models import Seal
from kallari.history.permissions import reads_history
from kallari.history.seals.tables import waiting_for_a_seal
from kallari.home import Part, offer

if TYPE_CHECKING:
    from kallari.accounts.models import User

NEWEST = 5
"""Changes shown on the home page."""


def offer_parts() -> None:
    """Called once, when the app is ready."""
    offer(Part(60, "history/home_seal.html", newest_seal))
    offer(Part(95, "history/home_changes.html", newest_changes))


def newest_changes(user: User) -> dict[str, Any] | None:
    """The last changes in words. The number of queries is bounded by the number of models."""
    if not reads_history(user):
        return None
    page = changes.find(changes.Filters(), size=NEWEST)
    return {"changes": changes.describe(page.places)}


def newest_seal(user: User) -> dict[str, Any] | None:
    """The end of the chain of seals, whose code goes onto paper, and what waits for the next one:
    a timer that stopped is noticed here. Two queries."""
    if not reads_history(user):
        return None
    newest = Seal.objects.visible_to(user).newest()
    return {"seal": newest} | waiting_for_a_seal(newest)
