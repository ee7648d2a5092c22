"""What a settlement is reported by to the tax office, and what became of that."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from harvests.models.settlements import Settlement
from harvests.querysets.payments import (
    PurchaseDocumentOutcomeQuerySet,
    PurchaseDocumentQuerySet,
)
from harvests.triggers.purchase_documents import (
    a_purchase_document_ends_once,
    one_standing_purchase_document,
    purchase_documents_without_gaps,
)
from kallari.history.records import History, append_only
from kallari.text import NoteField


class PurchaseDocument(models.Model):
    """The number and the access key under which a settlement is reported to the tax office as an
    electronic *liquidación de compra* (type 03), to be signed and sent by whoever holds the
    signature. Numbers of a series follow each other without a gap.

    It never changes; what became of it is told by its outcomes. One stands for each settlement and
    environment: once it was returned or annulled, another may be prepared, under another number.
    Those of the environment of tests tell the tax office nothing."""

    class Environment(models.IntegerChoices):
        TEST = 1, _("pruebas")
        PRODUCTION = 2, _("producción")

    settlement = models.ForeignKey(
        Settlement,
        models.PROTECT,
        related_name="purchase_documents",
        verbose_name=_("liquidación"),
    )
    environment = models.PositiveSmallIntegerField(_("ambiente"), choices=Environment)
    establishment = models.CharField(_("establecimiento"), max_length=3)
    emission_point = models.CharField(_("punto de emisión"), max_length=3)
    sequential = models.PositiveIntegerField(_("secuencial"))
    issued_on = models.DateField(_("fecha de emisión"))
    access_key = models.CharField(_("clave de acceso"), max_length=49, unique=True)
    seller_cedula = models.CharField(_("cédula de quien vende"), max_length=10)
    seller_name = models.CharField(_("nombre de quien vende"), max_length=300)
    facts = models.JSONField(
        _("datos de ese día"),
        help_text=_("Quién emite, dónde vive quien vende y con qué se paga, como constaba."),
    )

    objects: ClassVar[PurchaseDocumentQuerySet] = PurchaseDocumentQuerySet.as_manager()  # type: ignore[assignment]
    history = History(masked_fields=["seller_cedula"])

    class Meta:
        verbose_name = _("liquidación de compra")
        verbose_name_plural = _("liquidaciones de compra")
        ordering: ClassVar[list[str]] = ["-issued_on", "-sequential"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["environment", "establishment", "emission_point", "sequential"],
                name="one_purchase_document_a_number",
            ),
            models.CheckConstraint(
                condition=models.Q(access_key__regex=r"^[0-9]{49}$"),
                name="an_access_key_has_49_figures",
            ),
            models.CheckConstraint(
                condition=models.Q(establishment__regex=r"^[0-9]{3}$")
                & models.Q(emission_point__regex=r"^[0-9]{3}$")
                & models.Q(sequential__gte=1, sequential__lte=999_999_999),
                name="a_purchase_document_has_its_series",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            append_only(),
            purchase_documents_without_gaps(),
            one_standing_purchase_document(),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As on paper: 001-001-000000042."""
        return f"{self.establishment}-{self.emission_point}-{self.sequential:09d}"

    @property
    def outcome(self) -> PurchaseDocumentOutcome | None:
        """What was told of it last. Reads `outcomes`, as far as they are read already."""
        told = list(self.outcomes.all())
        return told[-1] if told else None

    @property
    def is_standing(self) -> bool:
        """Whether it was neither returned nor annulled."""
        outcome = self.outcome
        return outcome is None or outcome.outcome == PurchaseDocumentOutcome.Outcome.AUTHORISED

    @property
    def is_reporting(self) -> bool:
        """Whether the tax office knows of its settlement by it: by none of tests."""
        return self.is_standing and self.environment == self.Environment.PRODUCTION

    @property
    def outcomes_left(self) -> list[str]:
        """What may still be told of it: what was authorised may be annulled, and no more."""
        if self.outcome is None:
            return list(PurchaseDocumentOutcome.Outcome.values)
        return [PurchaseDocumentOutcome.Outcome.ANNULLED.value] if self.is_standing else []


class PurchaseDocumentOutcome(models.Model):
    """What became of a purchase document at the tax office, as who sends them tells it: authorised
    under a number, returned, or annulled, also before it was ever sent. It never changes."""

    class Outcome(models.TextChoices):
        AUTHORISED = "authorised", _("autorizada por el SRI")
        RETURNED = "returned", _("devuelta o no autorizada")
        ANNULLED = "annulled", _("anulada, o nunca enviada")

    document = models.ForeignKey(
        PurchaseDocument,
        models.PROTECT,
        related_name="outcomes",
        db_index=False,  # an_outcome_is_told_once
        editable=False,
        verbose_name=_("liquidación de compra"),
    )
    outcome = models.CharField(_("qué pasó"), max_length=10, choices=Outcome)
    authorisation = models.CharField(
        _("número de autorización"),
        max_length=49,
        blank=True,
        help_text=_("Si se autorizó. Vacío: es la misma clave de acceso."),
    )
    reason = NoteField(
        _("motivo"),
        max_length=1000,
        help_text=_("De dónde consta: el correo del SRI, el portal, por qué se anula."),
    )
    told_at = models.DateTimeField(_("anotado el"), editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,  # a handful of people
        verbose_name=_("quién lo anotó"),
    )

    objects: ClassVar[PurchaseDocumentOutcomeQuerySet] = (
        PurchaseDocumentOutcomeQuerySet.as_manager()  # type: ignore[assignment]
    )
    history = History()

    class Meta:
        verbose_name = _("resultado de una liquidación de compra")
        verbose_name_plural = _("resultados de liquidaciones de compra")
        ordering: ClassVar[list[str]] = ["document", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document", "outcome"],
                name="an_outcome_is_told_once",
                violation_error_message=_("Eso ya consta de ese documento."),
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="authorised", authorisation__regex=r"^[0-9]{10,49}$")
                | ~models.Q(outcome="authorised") & models.Q(authorisation=""),
                name="what_is_authorised_has_a_number",
                violation_error_message=_(
                    "El número de autorización se escribe con cifras, y solo si se autorizó."
                ),
            ),
        ]
        triggers: ClassVar[list[Any]] = [append_only(), a_purchase_document_ends_once()]

    def __str__(self) -> str:
        return f"{self.document}: {self.get_outcome_display()}"
