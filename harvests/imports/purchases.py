"""What was bought before this program, from a predecessor's lists: a row a purchase.

A purchase is known again by its document (receipt, or notebook and folio), its day and its family:
the same file twice, or another file with the same purchase, changes nothing. What is on record is
never changed from a file; a row that says something else under the same document is refused, and a
delivery is corrected in its own page. The note is not compared.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harvests.imports import purchase_cells as cells
from harvests.imports.purchase_cells import Paid, reference_key
from harvests.imports.sellers import Seller, Sellers
from harvests.intake.facts import HERE, Facts, Form
from harvests.intake.reading import LONGEST_NOTE, Draft, Refused, content_digest
from harvests.intake.receiving import Fate as Received
from harvests.intake.valuing import value
from harvests.models import CollectionCenter, Delivery, ProductForm, Quality
from harvests.permissions import deliveries as permissions
from harvests.services.deliveries import receive_earlier_deliveries
from harvests.wording import counted, in_kilos, in_usd, unit_price
from kallari.imports.plans import OTHER, Fate, Importer, Match, Step
from kallari.imports.reading import Column, Row
from kallari.imports.resources import InFile, RecordLoader, RecordResource
from kallari.search.spelling import search_key
from kallari.text import clean_line, clean_text
from kallari.units import CENT, PRICE_STEP, Unit, in_kg

if TYPE_CHECKING:
    from harvests.intake.reading import Refusal
    from kallari.accounts.models import User
    from members.models import Family

PURCHASES = uuid.UUID("6f6c3c1e-2f0b-5c60-9b8e-4d1f7f6a2b90")
"""The namespace in which earlier purchases have their keys."""
LONGEST_REFERENCE = 120
NOON = time(12)
"""The hour of a purchase of which only the day is known."""
COLUMN_OF = {
    "weighed_at": "day",
    "family": "family",
    "product_form": "form",
    "quality": "quality",
    "quantity": "quantity",
    "unit": "unit",
    "center": "center",
}
"""By what the intake calls a field."""


def purchase_key(reference: str, day: date, family: uuid.UUID) -> uuid.UUID:
    """The primary key of an earlier purchase: the same wherever the purchase is found again."""
    return uuid.uuid5(PURCHASES, f"{reference_key(reference)}|{day.isoformat()}|{family}")


@dataclass
class Purchase:
    """What a row says, understood."""

    row: int
    day: date
    reference: str
    form: ProductForm
    quality: Quality | None
    quantity: Decimal
    unit: str
    paid: Paid
    center: str | None
    note: str
    seller: Seller = field(default_factory=Seller)

    @property
    def says(self) -> tuple[Any, ...]:
        """What makes it another purchase when it differs."""
        much = self.quantity if self.unit == Unit.PIECE else in_kg(self.quantity, self.unit)
        quality = self.quality.pk if self.quality is not None else None
        return self.form.pk, quality, much, self.paid.total

    def key(self, family: uuid.UUID) -> uuid.UUID:
        """Its primary key, if it was that family's."""
        return purchase_key(self.reference, self.day, family)

    def draft(self, family: uuid.UUID, now: datetime) -> Draft:
        """As the intake takes it, weighed at noon."""
        key = self.key(family)
        price = self.paid.price
        told = {
            "family": str(family),
            "day": self.day.isoformat(),
            "product_form": self.form.code,
            "quality": self.quality.code if self.quality is not None else None,
            "quantity": str(self.quantity.normalize()),
            "unit": self.unit,
            "price": [str(price.price_usd.normalize()), price.unit],
            "center": self.center,
            "reference": self.reference,
            "note": self.note,
        }
        return Draft(
            id=key,
            digest=content_digest("delivery", str(key), "import", told),
            weighed_at=min(datetime.combine(self.day, NOON, HERE), now),
            form=self.form.code,
            quantity=self.quantity,
            unit=self.unit,
            family=family,
            quality=self.quality.code if self.quality is not None else None,
            center=self.center,
            note=self.note,
            paid=price,
            reference=self.reference,
        )


class PurchaseResource(RecordResource):
    """Nothing of a delivery on record changes from a file."""

    class Meta(RecordResource.Meta):
        model = Delivery
        fields = ()


class PurchaseImporter(Importer):
    """Earlier purchases, which then count as what is weighed today."""

    kind = "purchases"
    title = gettext_lazy("Importar compras anteriores")
    columns: ClassVar[Sequence[Column]] = (
        Column("day", "Fecha", ("fecha de compra", "fecha de la compra", "fecha de entrega",
                                "fecha del recibo", "día"), True),
        Column("partner", "Número de socia o socio",
               ("número de socia", "número de socio", "N.º de socia", "N.º de socio", "socia N.º",
                "socio N.º", "código de socia", "código de socio")),
        Column("family", "Familia", ("código de familia", "número de familia", "N.º de familia",
                                     "nombre de la familia")),
        Column("person", "Persona", ("nombre", "nombres", "nombres y apellidos",
                                     "apellidos y nombres", "socia o socio", "socia", "socio",
                                     "productora o productor", "productora", "productor",
                                     "proveedora", "proveedor", "nombre de la socia",
                                     "nombre del socio", "nombre del productor",
                                     "nombre del proveedor")),
        Column("community", "Comunidad", ("nombre de la comunidad", "community")),
        Column("product", "Producto"),
        Column("form", "Presentación", ("forma", "presentación del producto",
                                        "producto y presentación")),
        Column("quality", "Calidad"),
        Column("quantity", "Cantidad", ("peso", "peso neto", "cantidad entregada"), True),
        Column("unit", "Unidad", ("unidad de medida", "medida", "U. medida")),
        Column("price", "Precio por unidad", ("precio", "precio unitario", "P. unitario",
                                              "valor unitario", "precio (USD)",
                                              "precio por unidad (USD)")),
        Column("total", "Valor total", ("valor", "total", "importe", "monto", "valor (USD)",
                                        "total (USD)", "valor total (USD)", "valor pagado",
                                        "total pagado")),
        Column("reference", "Documento", ("recibo", "número de recibo", "N.º de recibo",
                                          "recibo N.º", "factura", "N.º de factura", "liquidación",
                                          "cuaderno y folio", "documento o folio", "comprobante",
                                          "documento anterior")),
        Column("notebook", "Cuaderno", ("libreta", "libro", "cuaderno N.º")),
        Column("folio", "Folio", ("página", "hoja", "folio N.º")),
        Column("center", "Centro de acopio", ("centro",)),
        Column("note", "Nota", ("notas", "observación", "observaciones")),
    )  # fmt: skip
    resource = PurchaseResource
    list_url = "harvests:deliveries"
    url_prefix = "import_purchases"
    example: ClassVar[Sequence[Sequence[str]]] = (
        ("14/03/2021", "12", "", "Rosa Elena Grefa Andi", "Rumi Yaku", "Cacao", "Baba", "Primera",
         "103,5", "lb", "0,36", "37,26", "Recibo 00145", "", "", "", ""),
        ("15/03/2021", "", "F-0031", "", "Mirador", "Cacao", "Seco", "", "2", "qq", "", "210,00",
         "", "3", "14", "", "Pagado con el anticipo de febrero"),
    )  # fmt: skip

    def __init__(self) -> None:
        self._told: dict[int, Purchase] = {}
        self._in_file: dict[Any, Purchase] = {}
        self._drafts: list[tuple[Step, Draft]] = []

    @classmethod
    def may(cls, user: User) -> bool:
        return permissions.may_import_deliveries(user)

    def lock(self) -> None:
        """One import of purchases after the other. What else may change meanwhile, the intake asks
        again when it writes."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('harvests_purchases'))")

    def loader(self, resource: RecordResource) -> RecordLoader:
        """The families among which somebody is asked; the deliveries that a row may repeat follow
        in `look_over`."""
        self._told, self._in_file, self._drafts = {}, {}, []
        self._now = timezone.now()
        self._today = timezone.localdate()
        self._sellers = Sellers()
        self._successor: dict[uuid.UUID, Delivery] = {}
        forms = ProductForm.objects.select_related("product").order_by("place", "pk")
        self._forms = list(forms)
        self._qualities: dict[int, list[Quality]] = {form.pk: [] for form in self._forms}
        for quality in Quality.objects.order_by("place", "pk"):
            self._qualities[quality.form_id].append(quality)
        self._centers = list(CollectionCenter.objects.order_by("code"))
        self._facts = self._as_facts()
        self._loader = RecordLoader(resource, records=self._sellers.families.values())
        return self._loader

    def _as_facts(self) -> Facts:
        """What the intake asks of a purchase, so that its own rules speak in the plan."""
        facts = Facts()
        facts.families = {
            str(one.pk): (one.community_id, one.closed_on)
            for one in self._sellers.families.values()
        }
        for form in self._forms:
            facts.forms[form.code] = Form(
                form.pk, form.is_weighed, form.retired_on, form.product_id, form.product.kind
            )
            facts.qualities |= {(form.pk, one.code): one.pk for one in self._qualities[form.pk]}
        facts.centers = {one.code: (one.pk, one.closed_on) for one in self._centers}
        return facts

    # Reading cells

    def look_over(self, rows: Sequence[Row]) -> None:
        """Fetch what is on record of the days of the file."""
        days = []
        for row in rows:
            try:
                days.append(cells.parse_day(row.values["day"]))
            except ValidationError:  # said when the row is read
                continue
        if not days:
            return
        earlier = Delivery.objects.filter(
            via=Delivery.Via.IMPORT, weighed_on__gte=min(days), weighed_on__lte=max(days)
        ).order_by()
        for one in earlier:
            self._loader.records[one.pk] = one
            if one.supersedes_id is not None:
                self._successor[one.supersedes_id] = one

    def typed(self, row: Row) -> str:
        values = row.values
        for name in ("person", "family"):
            if values.get(name):
                return values[name]
        if values.get("partner"):
            return _("Número %(number)s") % {"number": values["partner"]}
        return ""

    def read_cells(self, row: Row) -> None:
        day = self._read_day(row)
        seller = self._sellers.read(row)
        form = self._read_form(row)
        quality = self._read_quality(row, form)
        quantity, unit = self._read_quantity(row, form)
        price = cells.read_money(row, "price", PRICE_STEP)
        total = cells.read_money(row, "total", CENT)
        if not row.values.get("price") and not row.values.get("total"):
            sentence = _("Falta lo que se pagó: el precio por unidad o el valor total.")
            row.problems.append(("total", sentence))
        reference = self._read_reference(row)
        center = self._read_center(row)
        note = _cleaned(row, "note", clean_text, LONGEST_NOTE)
        if row.problems:
            return
        if day is None or form is None or quantity is None or unit is None:
            return  # each lack is a problem of the row already
        try:
            what, notice = cells.paid(quantity, unit, price, total)
        except ValidationError as refusal:
            column = "quantity" if refusal.code == "too_little" else "total"
            row.problems += [(column, sentence) for sentence in refusal.messages]
            return
        if notice:
            row.notices.append(("price", notice))
        purchase = Purchase(
            row.number, day, reference, form, quality, quantity, unit, what, center, note
        )
        purchase.seller = self._of_the_day(seller, day)
        self._told[row.number] = purchase
        self._ask_the_intake(row, purchase)

    def _read_day(self, row: Row) -> date | None:
        if not row.values.get("day"):
            row.problems.append(("day", _("Falta la fecha.")))
        day = row.read("day", cells.parse_day)
        if day is not None and day > self._today:
            row.problems.append(("day", _("Ese día todavía no llega.")))
        return day

    def _read_form(self, row: Row) -> ProductForm | None:
        """Read product and presentation, together or apart, by name or code."""
        product, form = (search_key(row.values.get(name, "")) for name in ("product", "form"))
        column = "form" if form else "product"
        if not product and not form:
            if not any(name in {"product", "form"} for name, _said in row.problems):
                row.problems.append(("product", _("Falta qué se compró: producto y presentación.")))
            return None
        found = [
            one
            for one in self._forms
            if (not form or form in _names_of(one))
            and (not product or product in {*_names_of_product(one), *_names_of(one)})
        ]
        if len(found) == 1:
            return found[0]
        told = {
            "typed": " ".join(
                part for name in ("product", "form") if (part := row.values.get(name, "")[:40])
            ),
            "forms": _listed(f"{one.product.name}, {one.name}" for one in found or self._forms),
        }
        if found:
            sentence = _("«%(typed)s» puede ser: %(forms)s. Escriba producto y presentación.")
        else:
            sentence = _("No se compra «%(typed)s». Se compra: %(forms)s.")
        row.problems.append((column, sentence % told))
        return None

    def _read_quality(self, row: Row, form: ProductForm | None) -> Quality | None:
        typed = row.values.get("quality", "")
        if form is None or not search_key(typed):
            return None
        offered = self._qualities[form.pk]
        for one in offered:
            if search_key(typed) in {search_key(one.name), search_key(one.code)}:
                return one
        told = {
            "typed": typed[:40],
            "form": f"{form.product.name}, {form.name}",
            "qualities": _listed(one.name for one in offered),
        }
        if offered:
            sentence = _("%(form)s no tiene la calidad «%(typed)s». Tiene: %(qualities)s.")
        else:
            sentence = _("%(form)s no tiene calidades: deje vacía la celda.")
        row.problems.append(("quality", sentence % told))
        return None

    def _read_quantity(
        self, row: Row, form: ProductForm | None
    ) -> tuple[Decimal | None, str | None]:
        if not row.values.get("quantity"):
            row.problems.append(("quantity", _("Falta la cantidad.")))
        quantity, unit = cells.read_quantity(row)
        if unit is None and form is not None and not form.is_weighed:
            unit = Unit.PIECE.value if not row.values.get("unit") else None
        elif unit is None and not row.values.get("unit"):
            sentence = _("Falta la unidad: kg, lb, qq, arrobas o unidades.")
            row.problems.append(("unit", sentence))
        return quantity, unit

    def _read_reference(self, row: Row) -> str:
        values = row.values
        notebook, folio = values.get("notebook", ""), values.get("folio", "")
        parts = [values.get("reference", "")]
        if notebook and folio:
            # In one language always: by it the purchase is recognised again.
            parts.append(f"cuaderno {notebook}, folio {folio}")
        elif notebook and not parts[0]:
            row.problems.append(("folio", _("Falta el folio del cuaderno.")))
            return ""
        elif folio or notebook:
            parts.append(f"folio {folio}" if folio else f"cuaderno {notebook}")
        values["reference"] = "; ".join(part for part in parts if part)
        if not search_key(values["reference"]):
            sentence = _(
                "Falta el documento: el número del recibo, o el cuaderno y su folio. Por él se "
                "reconoce la compra."
            )
            row.problems.append(("reference", sentence))
        return _cleaned(row, "reference", clean_line, LONGEST_REFERENCE)

    def _read_center(self, row: Row) -> str | None:
        typed = row.values.get("center", "")
        if not search_key(typed):
            return None
        for one in self._centers:
            if search_key(typed) in {search_key(one.code), search_key(one.name)}:
                return one.code
        sentence = _("No hay ningún centro de acopio «%(typed)s». Hay: %(centers)s.")
        told = {"typed": typed[:40], "centers": _listed(one.name for one in self._centers)}
        row.problems.append(("center", sentence % told))
        return None

    def _of_the_day(self, seller: Seller, day: date) -> Seller:
        """Of several families, those that were with the association on the day."""
        if len(seller.families) < 2:
            return seller
        families = [one for one in seller.families if one.closed_on is None or day < one.closed_on]
        return Seller(families or seller.families, seller.is_close, seller.question)

    def _ask_the_intake(self, row: Row, purchase: Purchase) -> None:
        """What the intake would refuse of the likeliest family's purchase is refused here."""
        family = purchase.seller.families[0]
        try:
            value(purchase.draft(family.pk, self._now), self._facts, now=self._now)
        except Refused as refused:
            typed_by = next(
                (name for name in ("family", "person", "partner") if row.values.get(name)), ""
            )
            for one in refused.refusals:
                column = COLUMN_OF.get(one.field or "", "")
                row.problems.append((typed_by if column == "family" else column, _said(one)))

    # Whom and what a row means

    def identify(self, row: Row, loader: RecordLoader) -> Match:
        purchase = self._told[row.number]
        keys = [purchase.key(one.pk) for one in purchase.seller.families]
        for key in keys:
            known = cast("Delivery | None", loader.records.get(key))
            if known is None:
                continue
            if any(_same(purchase, one) for one in self._versions(known)):
                return Match(row=key)
            if purchase.seller.is_sure:
                return Match(problems=(("reference", self._conflict(purchase, known)),))
        place: Any = tuple(keys)
        if (earlier := self._in_file.get(place)) is not None:
            if earlier.says == purchase.says:
                return Match(row=InFile(earlier.row))
            sentence = _(
                "La fila %(row)s tiene el mismo documento, el mismo día y la misma familia, y dice "
                "otra cosa. Si el documento tiene varias líneas, escriba cuál es: «%(line)s»."
            )
            line = _("%(reference)s, línea 2") % {"reference": purchase.reference[:60]}
            told = {"row": earlier.row, "line": line}
            return Match(problems=(("reference", sentence % told),))
        if purchase.seller.is_sure:
            return Match()
        return Match(
            likely=tuple(one.pk for one in purchase.seller.families),
            question=purchase.seller.question,
        )

    def _versions(self, delivery: Delivery) -> Iterable[Delivery]:
        """A delivery and what took its place since."""
        yield delivery
        while (after := self._successor.get(delivery.pk)) is not None:
            yield (delivery := after)

    def _conflict(self, purchase: Purchase, known: Delivery) -> str:
        *_before, now = self._versions(known)
        sentence = _(
            "Ese documento, de ese día y de esa familia, ya está registrado con otro contenido: "
            "%(what)s, folio %(folio)s. Si lo registrado está mal, corríjalo en esa entrega."
        )
        form = next(one for one in self._forms if one.pk == now.form_id)
        what = f"{form.name}, {counted(now.quantity, now.unit)}, {in_usd(now.amount_usd)}"
        return sentence % {"what": what, "folio": now.folio}

    def same_label(self, record: Family) -> str:
        return self._sellers.called(record)

    def recorded(self, record: Delivery) -> str:
        return self._sellers.families[record.family_id].name

    # What it would do

    def look_closer(self, row: Row, step: Step, record: Delivery | None) -> None:
        if record is not None:
            step.label = ""
            return
        purchase = self._told[row.number]
        keys = tuple(purchase.key(one.pk) for one in purchase.seller.families)
        self._in_file[keys] = purchase
        step.choices = [one for one in step.choices if one.value != OTHER]
        step.data["purchase"] = purchase
        family = purchase.seller.family
        price = purchase.paid.price
        much = counted(purchase.quantity, purchase.unit)
        if purchase.unit not in {Unit.PIECE, Unit.KG}:
            much = f"{much} ({in_kilos(in_kg(purchase.quantity, purchase.unit))})"
        what = [purchase.form.product.name, purchase.form.name]
        if purchase.quality is not None:
            what.append(purchase.quality.name)
        step.told = [
            (self.heading("day"), date_format(purchase.day, "SHORT_DATE_FORMAT")),
            *([(self.heading("family"), self._sellers.called(family))] if family else []),
            (self.heading("product"), ", ".join(what)),
            (self.heading("quantity"), much),
            (
                self.heading("total"),
                f"{in_usd(purchase.paid.total)} ({unit_price(price.price_usd, price.unit)})",
            ),
            (self.heading("reference"), purchase.reference),
        ]
        if step.fate is Fate.ASK:  # what is asked about shows what it is about
            said = [words for _heading, words in step.told]
            step.question = f"{step.question} {_listed(said, '; ')}."

    # Writing

    def carry_out(self, actor: User, step: Step, answer: str, reason: str) -> None:
        purchase: Purchase = step.data["purchase"]
        family = uuid.UUID(answer) if answer else purchase.seller.families[0].pk
        self._drafts.append((step, purchase.draft(family, self._now)))

    def finish(self, actor: User, reason: str) -> None:
        """Write all of them at once, the earliest first, so that folios follow the days."""
        gathered = sorted(self._drafts, key=lambda one: (one[1].weighed_at, one[0].number))
        if not gathered:
            return
        outcomes = receive_earlier_deliveries(
            actor=actor, drafts=[draft for _step, draft in gathered]
        )
        for (step, _draft), outcome in zip(gathered, outcomes, strict=True):
            if outcome.fate in {Received.CREATED, Received.DUPLICATE}:
                continue
            said = " ".join(_said(one) for one in outcome.refusals)
            if outcome.fate is Received.CONFLICT:
                said = _(
                    "Ese documento, de ese día y de esa familia, ya está registrado con otro "
                    "contenido."
                )
            raise ValidationError(
                _("Fila %(row)s, %(name)s: %(refusal)s No se importó nada."),
                code="row_refused",
                params={"row": step.number, "name": step.typed, "refusal": said},
            )


def _same(purchase: Purchase, known: Delivery) -> bool:
    """Whether a row says what is on record; a quality that it does not tell is no difference."""
    form, quality, much, total = purchase.says
    on_record = known.quantity if known.net_kg is None else known.gross_kg
    return (
        form == known.form_id
        and quality in {None, known.quality_id}
        and much == on_record
        and total == known.amount_usd
    )


def _names_of(form: ProductForm) -> set[str]:
    both = (f"{form.product.name} {form.name}", f"{form.name} {form.product.name}")
    linked = _("%(form)s de %(product)s") % {"form": form.name, "product": form.product.name}
    return {search_key(one) for one in (form.code, form.name, *both, linked)}


def _names_of_product(form: ProductForm) -> set[str]:
    return {search_key(form.product.name), search_key(form.product.code)}


def _listed(parts: Iterable[str], mark: str = " / ") -> str:
    return mark.join(parts)


def _said(refusal: Refusal) -> str:
    return str(refusal.told()["message"])


def _cleaned(row: Row, name: str, clean: Any, longest: int) -> str:
    """The text of a cell as it is kept."""
    text = row.read(name, partial(_clean, clean=clean, longest=longest))
    return text or ""


def _clean(text: str, *, clean: Any, longest: int) -> str:
    plain = str(clean(text))
    if len(plain) > longest:
        raise ValidationError(
            _("Es demasiado largo: hasta %(letters)s letras."),
            code="max_length",
            params={"letters": longest},
        )
    return plain
