"""A predecessor's purchases from a file: look first, then write what was seen, or nothing."""

from __future__ import annotations

import io
import time
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from harvests.imports.purchases import PurchaseImporter, purchase_key
from harvests.models import Delivery, DeliveryAlert
from harvests.services.deliveries import correct_delivery, void_delivery
from members.services.families import close_family
from members.services.partners import register_partner
from tests.harvests import factories as bought
from tests.members import factories
from tests.people import make_account
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

UPLOAD = "/entregas/importar/"
HEADER = "Fecha;Persona;Comunidad;Producto;Presentación;Calidad;Cantidad;Unidad;Precio;Valor;Recibo"
ROSA = "14/03/2021;Rosa Elena Grefa Andi;Rumi Yaku;Cacao;Baba;Primera;103,5;lb;0,36;37,26;145"
"""103,5 lb × 0,36 USD = 37,26 USD."""


@pytest.fixture
def world():
    """The catalogue; two villages; Rosa (N.º 12) and Luis, and two families Tapuy with a Carlos."""
    made = bought.world()
    made.rumi = factories.community("Rumi Yaku", "Rumi Yacu")
    made.mirador = factories.community("Mirador")
    made.rosa = factories.person(of=factories.family("Grefa Andi", of=made.rumi))
    made.luis = factories.person(
        "Andi Shiguango", "Luis", of=factories.family("Andi Shiguango", of=made.mirador)
    )
    for place in (made.rumi, made.mirador):
        factories.person("Tapuy Cerda", "Carlos", of=factories.family("Tapuy Cerda", of=place))
    factories.partner(made.rosa, number=12)
    return made


def csv_of(*rows, header=HEADER):
    return "\n".join([header, *rows])


def plan(*rows, header=HEADER):
    return PurchaseImporter().plan(csv_of(*rows, header=header).encode())


def only_step(row, header=HEADER):
    (step,) = plan(row, header=header).steps
    return step


def hand_in(client, content, name="compras.csv"):
    """Choose a file, and return the address of what it would do."""
    content = content.encode() if isinstance(content, str) else content
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def confirm(client, address, **answers):
    page = client.get(address)
    given = {key.replace("fila_", "fila-"): value for key, value in answers.items()}
    return client.post(address, {"huella": page.context["plan"].fingerprint, **given})


def fates(page):
    return {step.number: step.fate.value for step in page.context["plan"].steps}


def rows_and_history():
    return Delivery.objects.count(), Delivery.history.count()


# --- What a good row becomes --------------------------------------------------------------------


def test_a_purchase_from_semicolons_and_commas_is_valued_as_it_was_paid(world, client_of):
    client = client_of("accountant")
    address = hand_in(client, csv_of(ROSA).encode("cp1252"))
    assert fates(client.get(address)) == {2: "new"}
    assert not Delivery.objects.exists()
    confirm(client, address)
    one = Delivery.objects.get()
    assert (one.family, one.community, one.center) == (world.rosa.family, world.rumi, world.tena)
    assert (one.form, one.quality) == (world.baba, world.primera)
    assert (one.quantity, one.unit) == (Decimal("103.500"), "lb")
    # 103.5 × 0.45359237 kg = 46.9468… kg
    assert (one.gross_kg, one.net_kg) == (Decimal("46.947"), Decimal("46.947"))
    assert (one.unit_price_usd, one.price_unit) == (Decimal("0.3600"), "lb")
    assert one.amount_usd == Decimal("37.26")
    assert (one.price_line, one.via, one.reference) == (None, "import", "145")
    assert one.weighed_at.isoformat() == "2021-03-14T17:00:00+00:00"  # noon in Ecuador
    assert one.folio == "TENA-2021-000001"
    assert one.pk == purchase_key("145", date(2021, 3, 14), world.rosa.family.pk)
    assert one.history.get().history_change_reason == "importación de compras.csv"


def workbook_of(*rows):
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_with_dates_and_numbers_of_its_own_is_read(world, client_of):
    client = client_of("manager")
    content = workbook_of(
        ["Día", "Socia", "Producto", "Peso", "Unidad de medida", "Valor pagado", "Cuaderno",
         "Folio"],
        [datetime(2020, 5, 4), 12, "Baba", 46.947, "kilos", 37.2600000001, 3, 14],  # noqa: DTZ001
    )  # fmt: skip
    confirm(client, hand_in(client, content, "compras.xlsx"))
    one = Delivery.objects.get()
    assert (one.family, one.partner, one.form) == (world.rosa.family, None, world.baba)
    assert (one.net_kg, one.amount_usd) == (Decimal("46.947"), Decimal("37.26"))
    assert one.reference == "cuaderno 3, folio 14"
    # 37.26 ÷ 46.947 = 0.79366…
    assert (one.unit_price_usd, one.price_unit) == (Decimal("0.7937"), "kg")
    assert one.weighed_on == date(2020, 5, 4)


@pytest.mark.parametrize(
    "change",
    [
        ("Rosa Elena Grefa Andi", "grefa  andi ROSA ELENA"),
        ("Rosa Elena Grefa Andi", "Rosa Elena Greffa Andi"),
        ("Rosa Elena Grefa Andi", "12"),
        ("Rosa Elena Grefa Andi", "Grefa Andi"),
        ("Rumi Yaku", "rumi yacu"),
        ("Rumi Yaku", ""),
        ("Baba", "BABA"),
        ("Cacao;Baba", "Baba;"),
        ("Cacao;Baba", "Cacao baba;"),
        ("Cacao;Baba", ";Baba de cacao"),
        ("Primera", "baba-primera"),
        ("103,5;lb", "103,5 libras;"),
        ("lb", "Libra"),
        ("0,36", "$ 0,36"),
        ("0,36", ""),
        ("37,26", "US$37,26"),
        ("37,26", ""),
        ("14/03/2021", "2021-03-14"),
        ("14/03/2021", "14 de marzo de 2021"),
        ("14/03/2021", "2021-03-14 09:30"),
        ("145", "Recibo N.º 00145"),
    ],
)
def test_however_it_is_written_it_is_the_same_purchase(change, world, client_of):
    """The one way to write it is on record; the other means the same, and changes nothing."""
    client = client_of("administration")
    confirm(client, hand_in(client, csv_of(ROSA)))
    step = only_step(ROSA.replace(*change))
    assert (step.fate.value, step.placed_problems) == ("same", [])


# --- What a bad row is told ---------------------------------------------------------------------

DIRTY = [
    (ROSA, "new", []),
    (
        ROSA.replace("14/03/2021", ""),
        "wrong",
        [("columna A (Fecha)", "Falta la fecha.")],
    ),
    (
        ROSA.replace("14/03/2021", "03/14/2021"),
        "wrong",
        [(
            "columna A (Fecha)",
            "«03/14/2021» tiene el mes al comienzo. Escriba el día primero: 14/03/2021.",
        )],
    ),
    (
        ROSA.replace("14/03/2021", "14/03/21"),
        "wrong",
        [(
            "columna A (Fecha)",
            "El año «21» no dice el siglo. Escríbalo con cuatro cifras: 1980.",
        )],
    ),
    (
        ROSA.replace("14/03/2021", "14/03/2099"),
        "wrong",
        [("columna A (Fecha)", "Ese día todavía no llega.")],
    ),
    (
        ROSA.replace("Rosa Elena Grefa Andi", ""),
        "wrong",
        [(
            "columna B (Persona)",
            "Falta quién entregó: el número de socia o socio, la familia o la persona.",
        )],
    ),
    (
        ROSA.replace("Rosa Elena Grefa Andi", "Wilmer Huatatoca"),
        "wrong",
        [(
            "columna B (Persona)",
            "No hay nadie que se llame «Wilmer Huatatoca». Corrija el nombre, o registre primero "
            "a la familia.",
        )],
    ),
    (
        ROSA.replace("Rosa Elena Grefa Andi", "99"),
        "wrong",
        [("columna B (Persona)", "No hay ninguna socia ni socio con el número 99.")],
    ),
    (
        ROSA.replace("Rosa Elena Grefa Andi", "Luis Andi Shiguango"),
        "wrong",
        [(
            "columna B (Persona)",
            "«Luis Andi Shiguango» no es de Rumi Yaku; en el registro es de Mirador.",
        )],
    ),
    (
        ROSA.replace("Rosa Elena Grefa Andi", "12").replace("Rumi Yaku", "Mirador"),
        "wrong",
        [(
            "columna C (Comunidad)",
            "En el registro la familia Grefa Andi (F-0001) es de Rumi Yaku.",
        )],
    ),
    (
        ROSA.replace("Rumi Yaku", "Zapallo"),
        "wrong",
        [(
            "columna C (Comunidad)",
            "No hay ninguna comunidad «Zapallo». Corrija el nombre.",
        )],
    ),
    (
        ROSA.replace("Cacao;Baba;Primera", ";;"),
        "wrong",
        [("columna D (Producto)", "Falta qué se compró: producto y presentación.")],
    ),
    (
        ROSA.replace("Cacao;Baba;Primera", "Cacao;;"),
        "wrong",
        [(
            "columna D (Producto)",
            "«Cacao» puede ser: Cacao, Baba / Cacao, Seco. Escriba producto y presentación.",
        )],
    ),
    (
        ROSA.replace("Cacao;Baba;Primera", "Café;;"),
        "wrong",
        [(
            "columna D (Producto)",
            "No se compra «Café». Se compra: Cacao, Baba / Cacao, Seco / Guayusa, Hoja fresca / "
            "Vainilla, Vaina verde / Artesanía, Pieza.",
        )],
    ),
    (
        ROSA.replace("Primera", "Tercera"),
        "wrong",
        [(
            "columna F (Calidad)",
            "Cacao, Baba no tiene la calidad «Tercera». Tiene: Primera / Segunda.",
        )],
    ),
    (
        ROSA.replace("103,5", ""),
        "wrong",
        [("columna G (Cantidad)", "Falta la cantidad.")],
    ),
    (
        ROSA.replace("103,5", "mucho"),
        "wrong",
        [(
            "columna G (Cantidad)",
            "«mucho» no es un número. Escriba solo cifras, con coma o punto decimal.",
        )],
    ),
    (
        ROSA.replace("103,5", "1.500"),
        "wrong",
        [(
            "columna G (Cantidad)",
            "No se sabe si «1.500» lleva miles o decimales. Escríbalo sin separar los miles, o "
            "con dos decimales.",
        )],
    ),
    (
        ROSA.replace("103,5", "0"),
        "wrong",
        [("columna G (Cantidad)", "Escriba un número mayor que cero.")],
    ),
    (
        ROSA.replace("103,5;lb;0,36;37,26", "300000;lb;0,36;"),
        "wrong",
        [("columna G (Cantidad)", "Más de cien toneladas: revise la cantidad.")],
    ),
    (
        ROSA.replace("lb", ""),
        "wrong",
        [("columna H (Unidad)", "Falta la unidad: kg, lb, qq, arrobas o unidades.")],
    ),
    (
        ROSA.replace("lb", "sacos"),
        "wrong",
        [(
            "columna H (Unidad)",
            "«sacos» no es ninguna de estas palabras: kg, lb, qq, arrobas, unidades.",
        )],
    ),
    (
        ROSA.replace("103,5;lb;0,36;37,26", "3;unidades;4;12"),
        "wrong",
        [("columna H (Unidad)", "Eso se pesa.")],
    ),
    (
        ROSA.replace("0,36;37,26", ";"),
        "wrong",
        [(
            "columna J (Valor total)",
            "Falta lo que se pagó: el precio por unidad o el valor total.",
        )],
    ),
    (
        ROSA.replace("37,26", "37,27"),
        "wrong",
        [(
            "columna J (Valor total)",
            "103,5\xa0lb por 0,36\xa0USD/lb son 37,26\xa0USD, no 37,27\xa0USD.",
        )],
    ),
    (
        ROSA.replace("0,36", "gratis"),
        "wrong",
        [(
            "columna I (Precio por unidad)",
            "«gratis» no es un número. Escriba solo cifras, con coma o punto decimal.",
        )],
    ),
    (
        ROSA.replace("Cacao;Baba;Primera;103,5;lb;0,36;37,26", "Artesanía;Pieza;;300;;;100"),
        "wrong",
        [(
            "columna J (Valor total)",
            "Ningún precio por unidad, con cuatro decimales, da ese valor por esa cantidad. "
            "Escriba la compra en dos filas, cada una con su documento.",
        )],
    ),
    (
        ROSA.replace(";145", ";"),
        "wrong",
        [(
            "columna K (Documento)",
            "Falta el documento: el número del recibo, o el cuaderno y su folio. Por él se "
            "reconoce la compra.",
        )],
    ),
    (ROSA, "repeated", [("", "Dice lo mismo que la fila 2.")]),
    (
        ROSA.replace("103,5;lb;0,36;37,26", "100;lb;0,36;36"),
        "wrong",
        [(
            "columna K (Documento)",
            "La fila 2 tiene el mismo documento, el mismo día y la misma familia, y dice otra "
            "cosa. Si el documento tiene varias líneas, escriba cuál es: «145, línea 2».",
        )],
    ),
    (ROSA.replace("145", "145, línea 2").replace("103,5;lb;0,36;37,26", "100;lb;;36"), "new", []),
    (ROSA.replace("Rosa Elena Grefa Andi;Rumi Yaku", "Carlos Tapuy Cerda;"), "ask", []),
    (ROSA.replace("Rosa Elena Grefa Andi", "Rosa Grefa").replace("145", "146"), "ask", []),
    (
        "31/02/2021;;;;;Primera;;;;;",
        "wrong",
        [
            ("columna A (Fecha)", "El día «31/02/2021» no existe en el calendario."),
            (
                "columna B (Persona)",
                "Falta quién entregó: el número de socia o socio, la familia o la persona.",
            ),
            ("columna D (Producto)", "Falta qué se compró: producto y presentación."),
            ("columna G (Cantidad)", "Falta la cantidad."),
            ("columna H (Unidad)", "Falta la unidad: kg, lb, qq, arrobas o unidades."),
            (
                "columna J (Valor total)",
                "Falta lo que se pagó: el precio por unidad o el valor total.",
            ),
            (
                "columna K (Documento)",
                "Falta el documento: el número del recibo, o el cuaderno y su folio. Por él se "
                "reconoce la compra.",
            ),
        ],
    ),
]  # fmt: skip


def test_a_dirty_file_is_told_row_by_row_written_once_and_never_twice(world, client_of):
    client = client_of("administration")
    content = csv_of(*(row for row, _fate, _problems in DIRTY))
    address = hand_in(client, content)
    page = client.get(address)
    told = {
        step.number: (step.fate.value, step.placed_problems) for step in page.context["plan"].steps
    }
    expected = {
        number: (fate, problems) for number, (_row, fate, problems) in enumerate(DIRTY, start=2)
    }
    wrong = {row: (told.get(row), said) for row, said in expected.items() if told.get(row) != said}
    assert not wrong, "\n".join(map(str, wrong.items()))
    for _fate, problems in expected.values():
        for _place, sentence in problems:
            assert sentence in page.text
    assert rows_and_history() == (0, 0)

    asked = next(number for number, (fate, _p) in expected.items() if fate == "ask")
    of_carlos = page.context["plan"].questions[0].choices[1].value
    assert confirm(client, address, **{f"fila_{asked}": of_carlos}).status_code == 302
    new = sum(fate == "new" for fate, _problems in expected.values())
    assert rows_and_history() == (new + 1, new + 1)
    assert str(Delivery.objects.exclude(family=world.rosa.family).get().family_id) == of_carlos

    again = hand_in(client, content, "compras otra vez.csv")
    page = client.get(again)
    for number, (fate, _problems) in expected.items():
        now = "same" if fate == "new" or number == asked else fate
        assert fates(page)[number] == now, number
    assert page.context["plan"].writes == 0
    confirm(client, again)
    assert rows_and_history() == (new + 1, new + 1)


def test_a_question_shows_the_families_and_no_other_answer(world):
    step = only_step(ROSA.replace("Rosa Elena Grefa Andi;Rumi Yaku", "Carlos Tapuy Cerda;"))
    assert step.question.startswith(
        "Hay varias familias con alguien que se llama «Carlos Tapuy Cerda». ¿Cuál entregó?"
    )
    assert [choice.label for choice in step.choices] == [
        "Dejar fuera esta fila por ahora",
        "Tapuy Cerda (F-0003), Rumi Yaku",
        "Tapuy Cerda (F-0004), Mirador",
    ]


def test_the_community_tells_two_of_one_name_apart(world):
    step = only_step(
        ROSA.replace("Rosa Elena Grefa Andi;Rumi Yaku", "Carlos Tapuy Cerda;El Mirador")
    )
    assert step.fate.value == "new"
    assert ("Familia", "Tapuy Cerda (F-0004), Mirador") in step.told


def test_a_number_and_a_name_must_be_of_one_family(world):
    header = HEADER.replace("Persona", "Número de socia;Persona")
    good = ROSA.replace("Rosa Elena", "12;Rosa Elena")
    assert only_step(good, header).fate.value == "new"
    bad = good.replace("Rosa Elena Grefa Andi;Rumi Yaku", "Luis Andi Shiguango;")
    assert only_step(bad, header).placed_problems == [
        (
            "columna C (Persona)",
            "No es de la familia Grefa Andi (F-0001). Revise cuál de los dos datos es.",
        )
    ]


def test_a_family_is_found_by_its_number(world):
    header = HEADER.replace("Persona", "Familia")
    for typed in ("F-0001", "f 1", "1"):
        step = only_step(ROSA.replace("Rosa Elena Grefa Andi", typed), header)
        assert step.fate.value == "new", step.problems
    step = only_step(ROSA.replace("Rosa Elena Grefa Andi", "F-0999"), header)
    assert step.placed_problems == [("columna B (Familia)", "No hay ninguna familia F-0999.")]


def test_a_family_that_had_left_by_the_day_is_refused(world):
    close_family(
        actor=None, family=world.luis.family, closed_on=date(2021, 3, 14), reason="Se fueron."
    )
    luis = ROSA.replace("Rosa Elena Grefa Andi;Rumi Yaku", "Luis Andi Shiguango;Mirador")
    assert only_step(luis).placed_problems == [
        ("columna B (Persona)", "La familia ya no está en la asociación.")
    ]
    assert only_step(luis.replace("14/03", "13/03")).fate.value == "new"


def test_with_two_centers_a_row_says_which(world):
    bought.center("ARCH", "Centro de Archidona")
    assert only_step(ROSA).problems == [("Centro de acopio", "Diga en qué centro de acopio.")]
    header = f"{HEADER};Centro"
    assert only_step(f"{ROSA};archidona", header).placed_problems == [
        (
            "columna L (Centro de acopio)",
            "No hay ningún centro de acopio «archidona». Hay: Centro de Archidona / Centro de "
            "acopio de Tena.",
        )
    ]
    assert only_step(f"{ROSA};ARCH", header).fate.value == "new"


def test_what_was_paid_is_kept_where_grams_would_miss_it_by_a_cent(world):
    """1 lb of pods at 15,88 USD: 0.454 kg ÷ 0.45359237 × 15.88 = 15.894…"""
    row = ROSA.replace("Cacao;Baba;Primera;103,5;lb;0,36;37,26", "Vainilla;;;1;lb;15,88;15,88")
    step = only_step(row)
    assert step.fate.value == "new", step.problems
    assert step.placed_notices == [
        (
            "columna I (Precio por unidad)",
            "Para que el valor sea 15,88\xa0USD se guarda el precio 15,8657\xa0USD/lb.",
        )
    ]


def test_a_price_that_nobody_wrote_is_the_value_by_what_was_typed(world):
    """81 USD for 2 qq are 40,50 USD a quintal, although 90.718 kg are not quite 2 qq."""
    step = only_step(ROSA.replace("103,5;lb;0,36;37,26", "2;qq;;81"))
    assert ("Valor total", "81,00\xa0USD (40,50\xa0USD/qq)") in step.told


def test_one_on_record_under_the_same_document_is_told_with_its_folio(world, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, csv_of(ROSA)))
    step = only_step(ROSA.replace("103,5;lb;0,36;37,26", "100;lb;0,36;36"))
    assert step.placed_problems == [
        (
            "columna K (Documento)",
            "Ese documento, de ese día y de esa familia, ya está registrado con otro contenido: "
            "Baba, 103,5\xa0lb, 37,26\xa0USD, folio TENA-2021-000001. Si lo registrado está mal, "
            "corríjalo en esa entrega.",
        )
    ]


def test_a_mended_file_is_the_same_once_the_delivery_is_corrected(world, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, csv_of(ROSA)))
    mended = ROSA.replace("103,5;lb;0,36;37,26", "100;lb;0,36;36")
    assert only_step(mended).fate.value == "wrong"
    correct_delivery(
        actor=make_account("administration", username="otra"),
        delivery=Delivery.objects.get(),
        told={
            "family": str(world.rosa.family.pk),
            "product_form": "baba",
            "quality": "baba-primera",
            "quantity": "100",
            "unit": "lb",
            "weighed_at": "2021-03-14T12:00:00-05:00",
        },
        reason="El cuaderno dice 100.",
    )
    assert only_step(mended).fate.value == "same"
    assert only_step(ROSA).fate.value == "same"


def test_a_voided_one_does_not_come_back(world, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, csv_of(ROSA)))
    void_delivery(
        actor=make_account("administration", username="otra"),
        delivery=Delivery.objects.get(),
        reason="No era de ella.",
    )
    assert only_step(ROSA).fate.value == "same"


def test_what_another_import_wrote_meanwhile_stops_this_one(world, client_of):
    client = client_of("administration")
    address = hand_in(client, csv_of(ROSA))
    seen = client.get(address).context["plan"].fingerprint
    confirm(client, hand_in(client, csv_of(ROSA)))
    answer = client.post(address, {"huella": seen})
    assert "Mientras usted revisaba, cambió algo en lo registrado." in answer.text
    assert rows_and_history() == (1, 1)


# --- Trade --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "admitted"), [(365, True), (364, False)])
def test_a_year_of_imported_purchases_admits_an_applicant(days, admitted, world, client_of):
    """A year of trade is 365 days (rule ``partner.trade_days``)."""
    registered_on = date(2026, 6, 1)
    asked = factories.applicant(world.luis, applied_on=date(2026, 5, 1))
    first = registered_on - timedelta(days=days)
    client = client_of("administration")
    rows = [
        f"{day:%d/%m/%Y};Luis Andi Shiguango;Mirador;Cacao;Baba;;100;lb;0,36;;{number}"
        for number, day in enumerate((first, first + timedelta(days=60)), start=1)
    ]
    confirm(client, hand_in(client, csv_of(*rows)))
    assert Delivery.objects.count() == 2

    def register():
        return register_partner(
            actor=None,
            partner=asked,
            registered_on=registered_on,
            resolution=factories.RESOLUTION,
        )

    if admitted:
        assert register().registered_on == registered_on
        return
    with pytest.raises(ValidationError) as refusal:
        register()
    assert [error.code for error in refusal.value.error_list] == ["not_enough_trade"]


# --- Many, and who may --------------------------------------------------------------------------


def test_a_thousand_rows_ask_as_often_as_three(world):
    def rows(number):
        return [
            ROSA.replace("14/03/2021", f"{1 + place % 28:02}/{1 + place % 12:02}/2020").replace(
                "145", f"R-{place}"
            )
            for place in range(number)
        ]

    few = queries_of(lambda: plan(*rows(3)))
    many = queries_of(lambda: plan(*rows(1000)))
    assert len(many) == len(few) <= 12

    importer = PurchaseImporter()
    actor = make_account("administration", username="cuenta")
    began = time.monotonic()
    for step in importer.plan(csv_of(*rows(1000)).encode()).steps:
        importer.carry_out(actor, step, "", "prueba")
    with CaptureQueriesContext(connection) as asked:
        importer.finish(actor, "prueba")
    assert Delivery.objects.count() == 1000
    assert len(asked) <= 20, len(asked)
    assert time.monotonic() - began < 60, "a thousand rows take seconds, on a slow machine too"
    assert not DeliveryAlert.objects.exclude(kind="double").exists()


@pytest.mark.parametrize(
    ("role", "sees"),
    [("administration", True), ("manager", True), ("accountant", True), ("center_operator", False)],
)
def test_the_list_leads_to_the_import_for_who_may(role, sees, world, client_of):
    page = client_of(role).get("/entregas/")
    assert ('href="/entregas/importar/"' in page.text) is sees


def test_the_template_can_be_imported_as_it_is(world, client_of):
    """Its examples name families that need not exist; every column is understood."""
    client = client_of("administration")
    for ending in ("csv", "xlsx"):
        answer = client.get(f"{UPLOAD}plantilla.{ending}")
        made = PurchaseImporter().plan(answer.getvalue())
        assert made.unused == []
        assert [step.number for step in made.steps] == [2, 3]
