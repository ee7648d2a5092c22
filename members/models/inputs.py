"""Inputs that the association gives to families: seedlings, tools, organic fertiliser."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kallari.dates import refuse_future
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.search.fields import search_key_of, sound_key_of
from kallari.text import LineField, NameField, NoteField
from members.models.ally import CENT, Ally
from members.models.community import HAS_LETTERS_MESSAGE
from members.models.family import Family
from members.models.gathering import Gathering
from members.querysets.inputs import InputDistributionQuerySet, InputKindQuerySet

THOUSANDTH = Decimal("0.001")


class InputKind(models.Model):
    """One kind of thing that is given: in which unit, and whether organic chakras may use it."""

    class Unit(models.TextChoices):
        """How it is counted or weighed."""

        PLANT = "plant", _("planta")
        PIECE = "piece", _("unidad")
        KG = "kg", _("kg")
        POUND = "lb", _("libra")
        QUINTAL = "qq", _("quintal")
        LITRE = "l", _("litro")
        SACK = "sack", _("saco")
        METRE = "m", _("metro")

    name = NameField(_("insumo"), max_length=100)
    search_key = search_key_of("name")
    sound_key = sound_key_of("name")
    unit = models.CharField(_("se mide en"), max_length=6, choices=Unit)
    is_organic = models.BooleanField(
        _("permitido en chakras orgánicas"),
        default=True,
        help_text=_("Según la lista de la certificadora. Si no está en ella, no lo marque."),
    )
    note = NoteField(
        _("nota"),
        blank=True,
        max_length=1000,
        help_text=_("Marca, composición, en qué lista de la certificadora está."),
    )
    retired_on = models.DateField(
        _("ya no se entrega desde"),
        null=True,
        blank=True,
        help_text=_("Desde este día no aparece donde se escoge."),
    )

    objects: ClassVar[InputKindQuerySet] = InputKindQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("clase de insumo")
        verbose_name_plural = _("clases de insumos")
        ordering: ClassVar[list[str]] = ["search_key", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(search_key=""),
                name="an_input_name_has_letters",
                violation_error_message=HAS_LETTERS_MESSAGE,
            ),
            models.UniqueConstraint(
                fields=["search_key"],
                name="one_input_kind_a_name",
                violation_error_message=_("Ya hay un insumo con ese nombre."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name


UNITS_OF_MANY: dict[str, Any] = {
    InputKind.Unit.PLANT: _("plantas"),
    InputKind.Unit.PIECE: _("unidades"),
    InputKind.Unit.KG: _("kg"),
    InputKind.Unit.POUND: _("libras"),
    InputKind.Unit.QUINTAL: _("quintales"),
    InputKind.Unit.LITRE: _("litros"),
    InputKind.Unit.SACK: _("sacos"),
    InputKind.Unit.METRE: _("metros"),
}


class InputDistribution(models.Model):
    """Something handed to a family, with its receipt.

    Unit and permission in organic chakras are those of the day: what a kind says later changes
    nothing. Never removed; what was written by mistake is voided with a reason.
    """

    id = random_key()
    number = models.PositiveIntegerField(
        _("número"),
        unique=True,
        editable=False,
        error_messages={"unique": _("Ya hay una entrega con ese número.")},
    )
    kind = models.ForeignKey(
        InputKind, models.PROTECT, related_name="distributions", verbose_name=_("insumo")
    )
    family = models.ForeignKey(
        Family, models.PROTECT, related_name="inputs", verbose_name=_("familia")
    )
    quantity = models.DecimalField(
        _("cantidad"),
        max_digits=10,
        decimal_places=3,
        validators=[MinValueValidator(THOUSANDTH)],
    )
    unit = models.CharField(_("unidad"), max_length=6, choices=InputKind.Unit, editable=False)
    was_organic = models.BooleanField(_("permitido en orgánico ese día"), editable=False)
    value_usd = models.DecimalField(
        _("valor en USD"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(CENT)],
        help_text=_("De todo lo entregado, no de cada unidad. Vacío si no se sabe."),
    )
    handed_on = models.DateField(_("entregado el"))
    handed_by = LineField(_("quién lo entregó"), max_length=120)
    gathering = models.ForeignKey(
        Gathering,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inputs",
        verbose_name=_("en el encuentro"),
    )
    ally = models.ForeignKey(
        Ally,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inputs",
        verbose_name=_("aliado que lo pagó"),
    )
    note = NoteField(_("nota"), blank=True, max_length=1000)
    voided_on = models.DateField(_("anulada el"), null=True, blank=True, editable=False)

    objects: ClassVar[InputDistributionQuerySet] = InputDistributionQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("entrega de insumos")
        verbose_name_plural = _("entregas de insumos")
        ordering: ClassVar[list[str]] = ["-handed_on", "-number"]
        permissions: ClassVar[list[Any]] = [
            ("value_inputdistribution", "Can see what inputs are worth"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-handed_on", "-number"], name="inputs_by_day"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0),
                name="something_was_handed_out",
                violation_error_message=_("La cantidad es mayor que cero."),
            ),
            models.CheckConstraint(
                condition=models.Q(value_usd=None) | models.Q(value_usd__gt=0),
                name="an_input_is_worth_something_or_unknown",
                violation_error_message=_(
                    "El valor es mayor que cero; déjelo vacío si no se sabe."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(was_organic=True) | ~models.Q(note=""),
                name="an_input_outside_organic_says_why",
                violation_error_message=_(
                    "Este insumo no está permitido en chakras orgánicas. Escriba en la nota por "
                    "qué se entrega y dónde se usará."
                ),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.code}: {self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("members:input", args=[self.pk])

    @property
    def unit_in_words(self) -> str:
        """The unit after the quantity: one plant, two plants."""
        return str(self.get_unit_display() if self.quantity == 1 else UNITS_OF_MANY[self.unit])

    @property
    def code(self) -> str:
        """The number as on the receipt: I-00042."""
        return f"I-{self.number:05d}"

    @property
    def is_valid(self) -> bool:
        """Whether it was not voided."""
        return self.voided_on is None

    def clean(self) -> None:
        """Refuse a day that has not come."""
        super().clean()
        refuse_future("handed_on", self.handed_on)
