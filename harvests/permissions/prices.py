"""What is paid, and what the market pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_prices(user: User | AnonymousUser) -> bool:
    """See what is paid: no secret."""
    return user.has_perm("harvests.view_pricelist")


def may_write_prices(user: User | AnonymousUser) -> bool:
    """Draft price lists: the office and who keeps the accounts."""
    return user.has_perm("harvests.add_pricelist") and user.has_perm("harvests.add_priceline")


def may_publish_prices(user: User | AnonymousUser) -> bool:
    """Put prices in force: the office, once a resolution approves them."""
    return user.has_perm("harvests.publish_pricelist")


def may_see_market_prices(user: User | AnonymousUser) -> bool:
    """See what the world's market pays: everybody who buys, pays or checks."""
    return user.has_perm("harvests.view_marketprice")


def may_note_market_prices(user: User | AnonymousUser) -> bool:
    """Write down what the world's market pays."""
    return user.has_perm("harvests.add_marketprice")
