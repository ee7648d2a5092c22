"""The dated rules that intake and settlements ask for: read them with `Rule.on(day)`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kallari.rules.declaring import Dated, Rule
from kallari.rules.kinds import DecimalNumber, Integer, Integers, Text

_INTAKE = _("Acopio")
_STOCK = _("Existencias")
_QUALITY = _("Calidad")
_MARKET = _("Precios del cacao")

_PROGRAM = "Propuesta del programa; la asociación decide"
_FAIRTRADE = "Fairtrade International, precios mínimos y primas del cacao"

DOUBLE_PERCENT = Rule(
    key="delivery.double_percent",
    label=_("Diferencia de peso bajo la cual dos entregas quizá son la misma"),
    theme=_INTAKE,
    kind=DecimalNumber(places=2, maximum=Decimal(100)),
    unit="%",
    help=_("De la misma familia, presentación y día. Se avisa; nada se junta solo."),
    shipped=[Dated(Decimal(2), source=_PROGRAM)],
)
CLOCK_TOLERANCE_SECONDS = Rule(
    key="delivery.clock_tolerance_seconds",
    label=_("Desfase del reloj de un teléfono desde el que se avisa"),
    theme=_INTAKE,
    kind=Integer(minimum=1, maximum=86_400),
    unit=_("segundos"),
    help=_("La hora se corrige siempre por el desfase medido."),
    shipped=[Dated(300, source=_PROGRAM)],
)
SECOND_PERSON_KG = Rule(
    key="stock.second_person_kg",
    label=_("Diferencia de un conteo desde la que la confirma otra persona"),
    theme=_STOCK,
    kind=DecimalNumber(places=3),
    unit="kg",
    help=_(
        "También de lo que se daña o se toma como muestra. El sistema la retiene hasta entonces."
    ),
    shipped=[Dated(Decimal(5), source=_PROGRAM)],
)
BEANS_APART_NOTED = Rule(
    key="quality.beans_apart_noted",
    label=_("Granos de más o de menos que cien, en un corte, desde los que se pide una nota"),
    theme=_QUALITY,
    kind=Integer(maximum=100),
    unit=_("granos"),
    help=_("Hasta tantos se aceptan sin explicación: con 3, de 97 a 103."),
    shipped=[Dated(3, source=_PROGRAM)],
)
BEANS_APART_MOST = Rule(
    key="quality.beans_apart_most",
    label=_("Granos de más o de menos que cien, a lo más, en un corte"),
    theme=_QUALITY,
    kind=Integer(maximum=100),
    unit=_("granos"),
    help=_("Con más diferencia la prueba no se acepta: con 5, de 95 a 105."),
    shipped=[Dated(5, source=_PROGRAM)],
)
BEAN_SIZES = Rule(
    key="quality.bean_sizes",
    label=_("Hasta cuántos granos en 100 g son de tamaño estándar, mediano y pequeño"),
    theme=_QUALITY,
    kind=Integers(minimum=1),
    unit=_("granos en 100 g"),
    help=_("Tres números. Con más granos que el mayor son muy pequeños."),
    shipped=[
        Dated[tuple[int, ...]]((120, 110, 100), source="ISO 2451, de memoria; falta confirmarla")
    ],
)
CADMIUM_CHOCOLATE = Rule(
    key="quality.cadmium_chocolate_mg_kg",
    label=_("Cadmio permitido en la Unión Europea en chocolate con 50 % o más de cacao"),
    theme=_QUALITY,
    kind=DecimalNumber(places=2),
    unit="mg/kg",
    help=_("Es del chocolate, no del grano: se muestra al lado de cada resultado."),
    shipped=[Dated(Decimal("0.80"), source="Unión Europea, de memoria; falta confirmarlo")],
)
FAIRTRADE_FLOOR = Rule(
    key="cocoa.fairtrade_floor_usd_t",
    label=_("Precio mínimo de comercio justo del cacao convencional"),
    theme=_MARKET,
    kind=DecimalNumber(places=2),
    unit=_("USD por tonelada FOB"),
    shipped=[
        Dated(Decimal(2400), source=_FAIRTRADE, valid_from=date(2019, 10, 1)),
        Dated(
            Decimal(3500),
            source=_FAIRTRADE,
            valid_from=date(2026, 10, 1),
            note="Falta confirmar desde qué día rige para el Ecuador.",
        ),
    ],
)
FARM_GATE_COST_USD_T = Rule(
    key="cocoa.export_cost_usd_t",
    label=_("Lo que cuesta exportar una tonelada de cacao"),
    theme=_MARKET,
    kind=DecimalNumber(places=2),
    unit=_("USD por tonelada"),
    help=_("Se resta de la bolsa de Nueva York para comparar lo que se paga en finca."),
    shipped=[Dated(Decimal(700), source="Práctica de exportadores, recogida de la prensa")],
)
FARM_GATE_COST_USD_QQ = Rule(
    key="cocoa.farm_gate_cost_usd_qq",
    label=_("Lo que cuesta llevar un quintal de cacao de la finca al puerto"),
    theme=_MARKET,
    kind=DecimalNumber(places=2),
    unit=_("USD por quintal"),
    help=_("Se resta también: de 12 a 15 dólares."),
    shipped=[Dated(Decimal(13), source="Práctica de exportadores, recogida de la prensa")],
)

_TAX = _("Liquidación de compra electrónica")
_TO_BE_ENTERED = "Falta registrarlo: consta en el certificado de RUC"
_SRI = "SRI, ficha técnica de comprobantes electrónicos, esquema offline"

ISSUER_RUC = Rule(
    key="purchase.issuer_ruc",
    label=_("RUC de la asociación"),
    theme=_TAX,
    kind=Text(longest=13),
    help=_("Sin el RUC verdadero no se prepara ninguna liquidación de compra."),
    shipped=[Dated("falta", source=_TO_BE_ENTERED)],
)
ISSUER_NAME = Rule(
    key="purchase.issuer_name",
    label=_("Razón social de la asociación"),
    theme=_TAX,
    kind=Text(longest=300),
    shipped=[Dated("ASOCIACION KALLARI", source=_TO_BE_ENTERED)],
)
ISSUER_ADDRESS = Rule(
    key="purchase.issuer_address",
    label=_("Dirección de la matriz"),
    theme=_TAX,
    kind=Text(longest=300),
    shipped=[Dated("Tena, Napo", source=_TO_BE_ENTERED)],
)
ISSUER_SERIES = Rule(
    key="purchase.series",
    label=_("Establecimiento y punto de emisión"),
    theme=_TAX,
    kind=Text(longest=7),
    help=_("Seis cifras con un guion: 001-001. Cada serie se numera por su cuenta."),
    shipped=[Dated("001-001", source=_TO_BE_ENTERED)],
)
FIRST_SEQUENTIAL = Rule(
    key="purchase.first_sequential",
    label=_("Primer número de una serie"),
    theme=_TAX,
    kind=Integer(minimum=1, maximum=999_999_999),
    help=_("Si esa serie ya emitió con otro sistema, el número que sigue."),
    shipped=[Dated(1, source="Propuesta del programa; la asociación decide")],
)
ENVIRONMENT = Rule(
    key="purchase.environment",
    label=_("Ambiente: 1 pruebas, 2 producción"),
    theme=_TAX,
    kind=Integer(minimum=1, maximum=2),
    shipped=[Dated(1, source=_SRI)],
)
KEEPS_ACCOUNTS = Rule(
    key="purchase.keeps_accounts",
    label=_("Obligada a llevar contabilidad: SI o NO"),
    theme=_TAX,
    kind=Text(longest=2),
    shipped=[Dated("SI", source=_TO_BE_ENTERED)],
)
