"""Where deliveries are taken in, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harvests.querysets.catalog import CatalogQuerySet
from harvests.querysets.devices import DeviceQuerySet
from harvests.triggers.intake import a_center_keeps_its_code, folios_count_on
from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.text import LineField, NameField, NoteField

if TYPE_CHECKING:
    from harvests.querysets.inbox import OperationQuerySet

SHORT_CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORT_CODE_SHIFT = 128 - 20


class CollectionCenter(models.Model):
    """A place that takes harvests in; a second, larger one is planned. Its code begins every
    folio, so it never changes."""

    code = models.CharField(
        _("código"),
        max_length=6,
        unique=True,
        validators=[
            RegexValidator(r"^[A-Z][A-Z0-9]{1,5}$", _("De dos a seis letras mayúsculas o cifras."))
        ],
        help_text=_("Con él comienzan los folios; no cambia nunca."),
        error_messages={"unique": _("Ya hay un centro con ese código.")},
    )
    name = NameField(_("nombre"), max_length=80)
    address = LineField(_("dirección"), max_length=200, blank=True)
    closed_on = models.DateField(_("cerrado el"), null=True, blank=True)
    note = NoteField(_("nota"), blank=True, max_length=1000)

    objects: ClassVar[CatalogQuerySet] = CatalogQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("centro de acopio")
        verbose_name_plural = _("centros de acopio")
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z][A-Z0-9]{1,5}$"),
                name="a_center_code_can_begin_a_folio",
                violation_error_message=_("De dos a seis letras mayúsculas o cifras."),
            )
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), a_center_keeps_its_code()]

    def __str__(self) -> str:
        return self.name


class FolioSeries(models.Model):
    """How far the folios of a center and a year have come. Counted up under its own row's lock in
    the transaction that writes the deliveries, so that no number is ever left out."""

    without_history: ClassVar[str] = (
        "a counter: each number stands in the history of the delivery that bears it"
    )

    center = models.ForeignKey(CollectionCenter, models.PROTECT, related_name="folio_series")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("serie de folios")
        verbose_name_plural = _("series de folios")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["center", "year"], name="one_folio_series_a_year"),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), folios_count_on()]

    def __str__(self) -> str:
        return f"{self.center_id}-{self.year}: {self.last}"


class DeviceState(models.TextChoices):
    """What the server knows of a device that asks."""

    UNKNOWN = "unknown", _("desconocido")
    KNOWN = "known", _("conocido")
    REVOKED = "revoked", _("anulado")


class Device(models.Model):
    """A telephone or computer that sends deliveries. It chooses its own key at its first start and
    is known from its first message on. A lost one is revoked: what it still sends is kept, and
    held for the office."""

    id = random_key()
    name = LineField(_("nombre"), max_length=80, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="devices",
        verbose_name=_("cuenta que lo trajo"),
    )
    first_seen_at = models.DateTimeField(_("conocido desde"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("anulado el"), null=True, blank=True, editable=False)
    note = NoteField(_("nota"), blank=True, max_length=500)

    objects: ClassVar[DeviceQuerySet] = DeviceQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    if TYPE_CHECKING:
        operations: OperationQuerySet

    class Meta:
        verbose_name = _("dispositivo")
        verbose_name_plural = _("dispositivos")
        ordering: ClassVar[list[str]] = ["-first_seen_at"]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return self.name or self.short_code

    def get_absolute_url(self) -> str:
        return reverse("harvests:device", args=[self.pk])

    @property
    def short_code(self) -> str:
        """The four signs on its provisional folios (P-FEZP-1): the first twenty bits of its key in
        Crockford's 32 signs, as the intake writes them (static/harvests/acopio/codes.js)."""
        number = self.pk.int >> SHORT_CODE_SHIFT
        return "".join(SHORT_CODE_SIGNS[number >> place & 31] for place in (15, 10, 5, 0))

    def missing_numbers(self) -> list[tuple[int, int]]:
        """The numbers that did not arrive although later ones did, as ranges from–to: they are
        still on the device, or were lost with it. A device counts from one on."""
        missing, expected = [], 1
        sent: Any = self.operations.order_by("device_seq").values_list("device_seq", flat=True)
        for number in sent.exclude(device_seq=None).distinct().iterator():
            if number > expected:
                missing.append((expected, number - 1))
            expected = max(expected, number + 1)
        return missing

    @property
    def is_revoked(self) -> bool:
        """Whether what it sends is held."""
        return self.revoked_at is not None
