"""The XML of a purchase document: the same document gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from harvests.settling import EARNED
from kallari.units import CENT, rounded

if TYPE_CHECKING:
    from harvests.models import Delivery, PurchaseDocument, SettlementLine

MOST_DECIMALS = Decimal("0.000001")
VAT, ZERO_RATE = "2", "0"
"""Codes of the tax office: IVA, and the rate of farm products in their natural state (0 %)."""
CEDULA = "05"


class Purchase:
    """What was bought of one delivery: kilos, and all that was earned with them.

    Args:
        is_premium_alone: the settlement pays a premium for kilos that an earlier one bought, and
            whose document told of them.
    """

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.usd, self.is_premium_alone = delivery, Decimal(0), True

    @property
    def kg(self) -> Decimal:
        return self.delivery.net_kg or Decimal(0)

    @property
    def unit_price(self) -> Decimal:
        """Dollars for a kilo, premiums among them, to six decimals."""
        return rounded(self.usd / self.kg, MOST_DECIMALS)


def purchases_of(lines: Iterable[SettlementLine]) -> list[Purchase]:
    """Gather what the lines of a settlement earned, a purchase a delivery, in their order."""
    found: dict[object, Purchase] = {}
    for line in lines:
        if line.kind in EARNED and line.delivery is not None:
            one = found.setdefault(line.delivery_id, Purchase(line.delivery))
            one.usd += line.amount_usd
            one.is_premium_alone = one.is_premium_alone and line.kind != "delivery"
    return list(found.values())


def document_of(issued: PurchaseDocument) -> Element:
    """Return the document as an element, in the order of the published structure."""
    settlement = issued.settlement
    lines = list(settlement.lines.with_reasons().order_by("pk"))
    purchases = purchases_of(lines)
    total = sum((one.usd for one in purchases), Decimal(0))
    root = Element("liquidacionCompra", id="comprobante", version="1.1.0")
    _taxpayer(SubElement(root, "infoTributaria"), issued)
    _purchase(SubElement(root, "infoLiquidacionCompra"), issued, total)
    details = SubElement(root, "detalles")
    for one in purchases:
        _detail(SubElement(details, "detalle"), one)
    more = {
        "Liquidación": settlement.code,
        "Período": f"{settlement.first_on:%d/%m/%Y} - {settlement.last_on:%d/%m/%Y}",
    }
    advances = -sum((line.amount_usd for line in lines if line.kind == "advance"), Decimal(0))
    if advances:
        more["Anticipos descontados"] = _money(advances)
    extra = SubElement(root, "infoAdicional")
    for name, text in more.items():
        SubElement(extra, "campoAdicional", nombre=name).text = text
    return root


def as_bytes(root: Element) -> bytes:
    """Return a document as a file to be signed."""
    indent(root)
    text: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _taxpayer(parent: Element, issued: PurchaseDocument) -> None:
    issuer = issued.facts["issuer"]
    _fill(
        parent,
        ambiente=str(issued.environment),
        tipoEmision="1",
        razonSocial=issuer["name"],
        ruc=issuer["ruc"],
        claveAcceso=issued.access_key,
        codDoc="03",
        estab=issued.establishment,
        ptoEmi=issued.emission_point,
        secuencial=f"{issued.sequential:09d}",
        dirMatriz=issuer["address"],
    )


def _purchase(parent: Element, issued: PurchaseDocument, total: Decimal) -> None:
    issuer = issued.facts["issuer"]
    _fill(
        parent,
        fechaEmision=f"{issued.issued_on:%d/%m/%Y}",
        dirEstablecimiento=issuer["address"],
        obligadoContabilidad=issuer["keeps_accounts"],
        tipoIdentificacionProveedor=CEDULA,
        razonSocialProveedor=issued.seller_name,
        identificacionProveedor=issued.seller_cedula,
        direccionProveedor=issued.facts["seller_address"],
        totalSinImpuestos=_money(total),
        totalDescuento=_money(Decimal(0)),
    )
    tax = SubElement(SubElement(parent, "totalConImpuestos"), "totalImpuesto")
    _fill(
        tax,
        codigo=VAT,
        codigoPorcentaje=ZERO_RATE,
        baseImponible=_money(total),
        tarifa="0.00",
        valor="0.00",
    )
    _fill(parent, importeTotal=_money(total), moneda="DOLAR")
    paid = SubElement(parent, "pagos")
    for form, usd in issued.facts["payments"]:
        _fill(SubElement(paid, "pago"), formaPago=form, total=usd)


def _detail(parent: Element, one: Purchase) -> None:
    delivery = one.delivery
    words = f"{delivery.form.product.name}, {delivery.form.name}, {delivery.folio}"
    _fill(
        parent,
        codigoPrincipal=delivery.form.code[:25],
        descripcion=words[:300],
        unidadMedida="KG",
        cantidad=f"{one.kg:.6f}",
        precioUnitario=f"{one.unit_price:.6f}",
        descuento="0.00",
        precioTotalSinImpuesto=_money(one.usd),
    )
    tax = SubElement(SubElement(parent, "impuestos"), "impuesto")
    _fill(
        tax,
        codigo=VAT,
        codigoPorcentaje=ZERO_RATE,
        tarifa="0.00",
        baseImponible=_money(one.usd),
        valor="0.00",
    )


def _fill(parent: Element, **told: str) -> None:
    for name, text in told.items():
        SubElement(parent, name).text = text


def _money(usd: Decimal) -> str:
    return f"{rounded(usd, CENT):f}"
