"""Kinds of product in which families trade, as far as the register needs to tell them apart.

The products themselves, with their forms and prices, are rows of the app that buys them; it says
of each which of these it is.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TradedProduct(models.TextChoices):
    """What a trade was in. Which of them count for a membership, the rule
    ``partner.trade_products`` says."""

    COCOA = "cocoa", _("cacao")
    GUAYUSA = "guayusa", _("guayusa")
    VANILLA = "vanilla", _("vainilla")
    COFFEE = "coffee", _("café")
    CRAFTS = "crafts", _("artesanías")
    OTHER = "other", _("otro producto")
