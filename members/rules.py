"""The dated rules that the register asks for: read them with `Rule.on(day)`.

What is unconfirmed here is shown so until somebody at the association has looked it up.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kallari.rules.declaring import Dated, Rule
from kallari.rules.kinds import Choices, DecimalNumber, Integer, Integers

_PARTNERS = _("Socias y socios")
_CHAKRAS = _("Chakras")
_CERTIFICATION = _("Certificación")
_DELEGATES = _("Delegadas y delegados")
_PAPERS = _("Avisos y archivo")
_COMMUNITY_LIFE = _("Vida comunitaria")

_BOOK = "Libro sobre la asociación (Universidad Internacional SEK, 2024)"
_EU_ORGANIC = "Reglamento (UE) 2018/848, art. 36 (grupos de operadores)"
_EUDR = "Reglamento (UE) 2023/1115, contra la deforestación"
_PROGRAM = "Propuesta del programa; la asociación decide"
_HUNDRED = Decimal(100)

# --- Partners -----------------------------------------------------------------------------------

MINIMUM_AGE = Rule(
    key="partner.minimum_age",
    label=_("Edad mínima para ser socia o socio"),
    theme=_PARTNERS,
    kind=Integer(minimum=1, maximum=120),
    unit=_("años"),
    help=_("Cumplidos el día del registro."),
    shipped=[Dated(18, source=f"Código Civil, art. 21 (mayoría de edad). {_BOOK}", confirmed=True)],
)
TRADE_DAYS = Rule(
    key="partner.trade_days",
    label=_("Tiempo de entregas antes de ser socia o socio"),
    theme=_PARTNERS,
    kind=Integer(minimum=0, maximum=36_500),
    unit=_("días"),
    help=_("Desde la primera entrega hasta el día del registro: al menos un año."),
    shipped=[Dated(365, source=f"{_BOOK}: al menos un año de comercio", confirmed=True)],
)
TRADE_PRODUCTS: Rule[tuple[str, ...]] = Rule(
    key="partner.trade_products",
    label=_("Productos cuya entrega cuenta para ser socia o socio"),
    theme=_PARTNERS,
    kind=Choices(
        {
            "cocoa": _("cacao"),
            "guayusa": _("guayusa"),
            "vanilla": _("vainilla"),
            "coffee": _("café"),
            "crafts": _("artesanías"),
        }
    ),
    help=_("Basta uno de ellos. Lo que no está en la lista no cuenta."),
    shipped=[Dated(("cocoa", "guayusa", "vanilla"), source=_BOOK, confirmed=True)],
)
YOUTH_FROM_AGE = Rule(
    key="partner.youth_from_age",
    label=_("Edad desde la que alguien se cuenta como joven"),
    theme=_PARTNERS,
    kind=Integer(minimum=1, maximum=120),
    unit=_("años"),
    help=_("Para la parte de jóvenes en capacitaciones, mingas y registros."),
    shipped=[Dated(18, source="Ley Orgánica de las Juventudes (2022)")],
)
YOUTH_TO_AGE = Rule(
    key="partner.youth_to_age",
    label=_("Edad hasta la que alguien se cuenta como joven"),
    theme=_PARTNERS,
    kind=Integer(minimum=1, maximum=120),
    unit=_("años"),
    help=_("Quien tiene esta edad todavía se cuenta."),
    shipped=[Dated(29, source="Ley Orgánica de las Juventudes (2022)")],
)

# --- Chakras ------------------------------------------------------------------------------------

POINT_MAX_HA = Rule(
    key="chakra.point_max_ha",
    label=_("Área máxima de una chakra que se marca con un solo punto"),
    theme=_CHAKRAS,
    kind=DecimalNumber(places=4),
    unit=_("ha"),
    help=_("Una chakra más grande necesita su lindero completo."),
    shipped=[Dated(Decimal(4), source=_EUDR, confirmed=True)],
)
OVERLAP_TOLERANCE_M2 = Rule(
    key="chakra.overlap_tolerance_m2",
    label=_("Cuánto pueden encimarse dos linderos sin ser un conflicto"),
    theme=_CHAKRAS,
    kind=DecimalNumber(places=2),
    unit=_("m²"),
    help=_("Linderos vecinos medidos por separado se enciman un poco."),
    shipped=[Dated(Decimal(1), source=_PROGRAM)],
)
GROUP_MEMBER_MAX_HA = Rule(
    key="chakra.group_max_ha",
    label=_("Área máxima de quien entra en el grupo certificado"),
    theme=_CHAKRAS,
    kind=DecimalNumber(places=4),
    unit=_("ha"),
    shipped=[
        Dated(
            Decimal(5),
            source=_EU_ORGANIC,
            confirmed=True,
            note="El mismo artículo admite, en lugar del área, una venta orgánica de hasta"
            " 25 000 EUR con un costo de certificación mayor al 2 % de ella.",
        )
    ],
)

# --- Certification ------------------------------------------------------------------------------

GROUP_MAX_MEMBERS = Rule(
    key="certification.group_max_members",
    label=_("Integrantes que puede tener un grupo certificado"),
    theme=_CERTIFICATION,
    kind=Integer(minimum=1),
    unit=_("personas"),
    shipped=[Dated(2000, source=_EU_ORGANIC, confirmed=True)],
)
TRANSITION_MONTHS = Rule(
    key="certification.transition_months",
    label=_("Transición hasta la certificación orgánica"),
    theme=_CERTIFICATION,
    kind=Integer(minimum=0, maximum=240),
    unit=_("meses"),
    help=_("Cultivos perennes: de T0 a T3."),
    shipped=[
        Dated(36, source="Reglamento (UE) 2018/848, anexo II: cultivos perennes", confirmed=True)
    ],
)
REINSPECTION_PERCENT = Rule(
    key="certification.reinspection_percent",
    label=_("Parte del grupo que la certificadora vuelve a inspeccionar"),
    theme=_CERTIFICATION,
    kind=DecimalNumber(places=2, maximum=_HUNDRED),
    unit="%",
    help=_("Se redondea hacia arriba."),
    shipped=[Dated(Decimal(5), source="Reglamento (UE) 2018/848 y sus actos delegados")],
)
REINSPECTION_MINIMUM = Rule(
    key="certification.reinspection_minimum",
    label=_("Mínimo que la certificadora vuelve a inspeccionar"),
    theme=_CERTIFICATION,
    kind=Integer(minimum=0),
    unit=_("personas"),
    shipped=[Dated(10, source="Reglamento (UE) 2018/848 y sus actos delegados")],
)
NOP_ROOT_FACTOR = Rule(
    key="certification.nop_root_factor",
    label=_("NOP: factor por la raíz del número de integrantes"),
    theme=_CERTIFICATION,
    kind=DecimalNumber(places=3, maximum=_HUNDRED),
    help=_("Se inspecciona el mayor de dos números: este factor por la raíz, o el porcentaje."),
    shipped=[Dated(Decimal("1.4"), source="USDA NOP, grupos de productores")],
)
NOP_MINIMUM_PERCENT = Rule(
    key="certification.nop_minimum_percent",
    label=_("NOP: porcentaje mínimo del grupo"),
    theme=_CERTIFICATION,
    kind=DecimalNumber(places=2, maximum=_HUNDRED),
    unit="%",
    shipped=[Dated(Decimal(2), source="USDA NOP, grupos de productores")],
)
REINSPECTION_RISK_PERCENT = Rule(
    key="certification.reinspection_risk_percent",
    label=_("Parte de la muestra que se escoge por riesgo"),
    theme=_CERTIFICATION,
    kind=DecimalNumber(places=2, maximum=_HUNDRED),
    unit="%",
    help=_("El resto se saca al azar. Se redondea hacia abajo."),
    shipped=[Dated(Decimal(50), source=_PROGRAM)],
)
YIELD_WARNING_PERCENT = Rule(
    key="yield.warn_share_of_estimate",
    label=_("Entregado frente a lo estimado: desde cuánto se avisa"),
    theme=_CERTIFICATION,
    kind=DecimalNumber(places=1, maximum=Decimal(1000)),
    unit="%",
    help=_("De lo que se estimó que la chakra daría en el año."),
    shipped=[Dated(_HUNDRED, source=_PROGRAM)],
)

# --- Delegates ----------------------------------------------------------------------------------

REPRESENTATIVES_ABOVE_MEMBERS = Rule(
    key="delegates.above_members",
    label=_("Integrantes desde los que se elige por representantes"),
    theme=_DELEGATES,
    kind=Integer(minimum=1),
    unit=_("personas"),
    help=_("Con más integrantes que estos, la asamblea es de delegadas y delegados."),
    shipped=[
        Dated(
            200,
            source=f"Guía de la Superintendencia de Economía Popular y Solidaria. {_BOOK}",
            confirmed=True,
        )
    ],
)
REPRESENTATIVES_MINIMUM = Rule(
    key="delegates.minimum",
    label=_("Número mínimo de representantes"),
    theme=_DELEGATES,
    kind=Integer(minimum=1),
    unit=_("personas"),
    shipped=[Dated(30, source="Ley Orgánica de Economía Popular y Solidaria")],
)
REPRESENTATIVES_MAXIMUM = Rule(
    key="delegates.maximum",
    label=_("Número máximo de representantes"),
    theme=_DELEGATES,
    kind=Integer(minimum=1),
    unit=_("personas"),
    shipped=[Dated(100, source="Ley Orgánica de Economía Popular y Solidaria")],
)
DELEGATE_SEATS = Rule(
    key="delegates.seats",
    label=_("Puestos de la Junta General"),
    theme=_DELEGATES,
    kind=Integer(minimum=1, maximum=10_000),
    unit=_("puestos"),
    help=_("Se reparten entre las comunidades."),
    shipped=[Dated(70, source=_BOOK, confirmed=True)],
)

# --- Papers -------------------------------------------------------------------------------------

EXPIRY_WARNING_DAYS: Rule[tuple[int, ...]] = Rule(
    key="alerts.days_before_expiry",
    label=_("Cuántos días antes se avisa de un vencimiento"),
    theme=_PAPERS,
    kind=Integers(minimum=1),
    unit=_("días"),
    help=_("Certificados, convenios, acciones correctivas: un aviso por cada número."),
    shipped=[Dated((90, 30), source=_PROGRAM)],
)
RETENTION_YEARS = Rule(
    key="records.retention_years",
    label=_("Años que se conservan los documentos de origen"),
    theme=_PAPERS,
    kind=Integer(minimum=1, maximum=100),
    unit=_("años"),
    shipped=[Dated(5, source=_EUDR, confirmed=True)],
)

# --- Community life -----------------------------------------------------------------------------

SHORTEST_STAY_MONTHS = Rule(
    key="volunteer.shortest_months",
    label=_("Estadía más corta de voluntariado o pasantía"),
    theme=_COMMUNITY_LIFE,
    kind=Integer(minimum=0, maximum=120),
    unit=_("meses"),
    help=_("Una estadía más corta pide una nota."),
    shipped=[Dated(1, source=f"{_BOOK}: de un mes a un año", confirmed=True)],
)
LONGEST_STAY_MONTHS = Rule(
    key="volunteer.longest_months",
    label=_("Estadía más larga de voluntariado o pasantía"),
    theme=_COMMUNITY_LIFE,
    kind=Integer(minimum=1, maximum=120),
    unit=_("meses"),
    help=_("Una estadía más larga pide una nota."),
    shipped=[Dated(12, source=f"{_BOOK}: de un mes a un año", confirmed=True)],
)
INPUT_RECORD_YEARS = Rule(
    key="inputs.record_years",
    label=_("Años de insumos que se muestran a la certificadora"),
    theme=_COMMUNITY_LIFE,
    kind=Integer(minimum=1, maximum=50),
    unit=_("años"),
    help=_("Hacia atrás desde el día de la inspección."),
    shipped=[Dated(3, source="Control interno de grupos orgánicos: insumos de tres años")],
)
