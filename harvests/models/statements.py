"""The address under which a family reads its own statement."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.querysets.payments import StatementLinkQuerySet
from harvests.triggers.payments import a_statement_link_stays
from kallari.history.records import History, never_removed
from kallari.text import LineField
from members.models import Family


class StatementLink(models.Model):
    """A code that opens the statement of one family without an account: printed once as a QR, kept
    here as its fingerprint alone, so that not even a copy of the database opens the page. One a
    family; a lost paper is revoked, for good, and another printed."""

    family = models.ForeignKey(
        Family, models.PROTECT, related_name="statement_links", verbose_name=_("familia")
    )
    digest = models.CharField(_("huella del código"), max_length=64, unique=True, editable=False)
    made_on = models.DateField(_("hecho el"), default=timezone.localdate, editable=False)
    revoked_on = models.DateField(_("anulado el"), null=True, blank=True, editable=False)
    revoked_because = LineField(_("por qué se anuló"), max_length=200, blank=True, editable=False)

    objects: ClassVar[StatementLinkQuerySet] = StatementLinkQuerySet.as_manager()  # type: ignore[assignment]
    history = History(masked_fields=["digest"])

    class Meta:
        verbose_name = _("enlace al estado de cuenta")
        verbose_name_plural = _("enlaces al estado de cuenta")
        ordering: ClassVar[list[str]] = ["family", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["family"],
                condition=models.Q(revoked_on=None),
                name="one_statement_link_a_family",
                violation_error_message=_(
                    "La familia ya tiene un enlace. Anúlelo para hacer otro."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_on=None, revoked_because="")
                | models.Q(revoked_on__gte=models.F("made_on")) & ~models.Q(revoked_because=""),
                name="a_revoked_link_says_why",
                violation_error_message=_("Escriba por qué se anula."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), a_statement_link_stays()]

    def __str__(self) -> str:
        return f"{self.family}: {self.made_on}"

    @property
    def is_in_force(self) -> bool:
        """Whether it opens the statement."""
        return self.revoked_on is None
