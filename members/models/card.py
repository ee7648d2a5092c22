"""Partners' cards."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.history.records import History, never_removed
from kallari.text import LineField
from members import cards
from members.models.partner import Partner
from members.querysets.cards import PartnerCardQuerySet


def _stays_as_issued() -> pgtrigger.Trigger:
    """A trigger that allows one change alone: that a card in force is revoked."""
    return pgtrigger.Trigger(
        name="stays_as_issued",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF (NEW.id, NEW.partner_id, NEW.code, NEW.issued_on)
                IS DISTINCT FROM (OLD.id, OLD.partner_id, OLD.code, OLD.issued_on)
            OR OLD.revoked_on IS NOT NULL
                AND (NEW.revoked_on, NEW.revoked_because)
                    IS DISTINCT FROM (OLD.revoked_on, OLD.revoked_because)
            THEN
                RAISE EXCEPTION 'a card stays as it was issued; it is revoked, and that is final';
            END IF;
            RETURN NEW;
        """,
    )


class PartnerCard(models.Model):
    """A card that shows intake and assembly who its bearer is.

    A partner has one card in force. A lost one is revoked, for good, and another is issued: the
    code of the lost one opens nothing any more. It is no secret key: whoever reads it also looks
    at the photograph. The change list says that there was a code, never which.
    """

    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="cards", verbose_name=_("socia o socio")
    )
    code = models.CharField(
        _("código"), max_length=cards.LENGTH, unique=True, default=cards.new_code, editable=False
    )
    issued_on = models.DateField(_("emitido el"), default=timezone.localdate, editable=False)
    revoked_on = models.DateField(_("anulado el"), null=True, blank=True, editable=False)
    revoked_because = LineField(_("por qué se anuló"), max_length=200, blank=True, editable=False)

    objects: ClassVar[PartnerCardQuerySet] = PartnerCardQuerySet.as_manager()  # type: ignore[assignment]
    history = History(masked_fields=["code"])

    class Meta:
        verbose_name = _("carné")
        verbose_name_plural = _("carnés")
        ordering: ClassVar[list[str]] = ["partner", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=models.Q(revoked_on=None),
                name="one_card_in_force_a_partner",
                violation_error_message=_("Ya tiene un carné. Si se perdió, anúlelo y emita otro."),
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_on=None, revoked_because="")
                | (
                    models.Q(revoked_on__gte=models.F("issued_on"), revoked_on__isnull=False)
                    & ~models.Q(revoked_because="")
                ),
                name="a_revoked_card_says_when_and_why",
                violation_error_message=_("Anote desde qué día no vale y por qué."),
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=rf"^[{cards.ALPHABET}]{{{cards.LENGTH}}}$"),
                name="a_card_code_can_be_read",
                violation_error_message=_("El código del carné no se puede leer."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), _stays_as_issued()]

    def __str__(self) -> str:
        return f"{self.partner}: {self.issued_on}"

    def get_absolute_url(self) -> str:
        return reverse("members:partner_card", args=[self.partner_id])

    @property
    def is_in_force(self) -> bool:
        """Whether it was not revoked; it also needs a partner who still is one."""
        return self.revoked_on is None

    @property
    def printed_code(self) -> str:
        """The code as it is printed, in groups."""
        return cards.in_groups(self.code)

    @property
    def qr(self) -> str:
        """The QR, as inline SVG."""
        return cards.qr_svg(self.code)
