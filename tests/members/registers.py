"""A register as an office has it after years: true rows, and everything that goes wrong in one."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from stdnum.ec.ci import is_valid

from tests.members.factories import cedula

COLUMNS = (
    "Comunidad", "Nombres", "Apellidos", "Sexo", "Cédula", "Por qué falta la cédula",
    "Fecha de nacimiento", "Celular", "Lenguas", "Hogar", "N.º", "Fecha de registro", "Resolución",
    "Comercia desde", "Producto", "Folio", "Estado",
)  # fmt: skip
"""In another order than the template, under other headings."""

SPELLINGS = (
    ("Rumi Yaku", ("Rumi Yacu", "rumi yaku", "RUMI YAKU", " Rumi  Yaku ", "Rumi\xa0Yaku")),
    ("Mirador", ("EL MIRADOR", "Mirador", "el mirador")),
    ("Ñukanchik Kawsay", ("Ñakanchi Kawsay", "Ñukanchik Kawsay", "nukanchik kawsay")),
    ("Islas APAAI", ("Isla Apaai", "Islas Apaai", "ISLAS  APAAI")),
    ("Santa Bárbara", ("santa  barbara", "Santa Bárbara", "SANTA BARBARA")),
    ("Diez de Agosto", ("Diez de Agosto", "10 DE AGOSTO", "10 de agosto")),
)
SURNAMES = ("Grefa", "Andi", "Shiguango", "Tapuy", "Cerda", "Tanguila", "Alvarado", "Aguinda",
            "Calapucha", "Yumbo", "Licuy", "Mamallacta", "Chimbo", "Huatatoca", "Narváez",
            "Vargas", "Salazar", "Dahua", "Papa", "Ajón")  # fmt: skip
GIVEN = ("Rosa", "María", "Luis", "Elena", "Carlos", "Nelly", "Jorge", "Inés", "Fausto",
         "Bertha", "César", "Delia", "Edwin", "Gloria", "Iván", "Laura", "Mario", "Olga", "Pablo",
         "Ruth")  # fmt: skip
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
          "octubre", "noviembre", "diciembre")  # fmt: skip


def as_cell(day: date) -> datetime:
    """A native date of the spreadsheet."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - workbooks know no time zones


def with_slashes(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def in_words(day: date) -> str:
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


WRITINGS: Sequence[Callable[[date], Any]] = (as_cell, with_slashes, in_words, date.isoformat)


@dataclass
class Register:
    """A workbook in the making, and what each of its rows should come to: by row, the fate and
    pairs of a column as the page names it and a sentence."""

    rows: dict[int, list[Any]] = field(default_factory=dict)
    expected: dict[int, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)
    last: int = 4

    def put(self, told: dict[str, Any], fate: str, *problems: tuple[str, str]) -> int:
        """Add a row below the last one; return its number."""
        self.last += 1
        self.rows[self.last] = [told.get(column) for column in COLUMNS]
        self.expected[self.last] = (fate, list(problems))
        return self.last

    def leave_empty(self, cells: Sequence[Any] = ()) -> None:
        """A row that says nothing, though it may hold spaces."""
        self.last += 1
        if cells:
            self.rows[self.last] = list(cells)

    def content(self) -> bytes:
        """The workbook, with a title over the header in row 4 and an empty sheet before it."""
        book = Workbook()
        book.active.title = "Portada"
        sheet = book.create_sheet("Registro")
        sheet["A1"] = "ASOCIACIÓN KALLARI"
        sheet["A2"] = "Registro de socias y socios"
        for place, heading in enumerate(COLUMNS, 1):
            sheet.cell(4, place, f" {heading} " if place % 3 else heading.upper())
        for number, cells in self.rows.items():
            for place, value in enumerate(cells, 1):
                if value is not None:
                    sheet.cell(number, place, value)
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()


def true_row(place: int) -> dict[str, Any]:
    """A row that can be registered, the `place`-th; each is written another way."""
    _name, spellings = SPELLINGS[place % len(SPELLINGS)]
    write = WRITINGS[place % len(WRITINGS)]
    write_next = WRITINGS[(place + 1) % len(WRITINGS)]
    born_on = date(1950 + place % 45, 1 + place % 12, 1 + place % 28)
    registered_on = date(2015, 1, 1) + timedelta(days=place * 9)
    surname = SURNAMES[place % 20]
    return {
        "Comunidad": spellings[place % len(spellings)],
        "Nombres": f" {GIVEN[place // 20 % 20]} {GIVEN[(place * 7 + 3) % 20]}",
        "Apellidos": f"{surname}\xa0{SURNAMES[(place // 3 + 7) % 20]} ",
        "Sexo": ("F", "Femenino", "mujer", "M")[place % 4],
        "Cédula": cedula(),
        "Fecha de nacimiento": write(born_on),
        "Celular": 987654000 + place if place % 2 else f"098 765 4{place:03}"[:12],
        "Lenguas": ("kichwa, español", "Kichwa y castellano", "español", None)[place % 4],
        "Hogar": None,
        "N.º": place + 1,
        "Fecha de registro": write_next(registered_on),
        "Resolución": f"Resolución AG-{registered_on.year}-01",
        "Comercia desde": write(registered_on - timedelta(days=400)),
        "Producto": ("cacao", "Guayusa", "VAINILLA")[place % 3],
        "Folio": f"Cuaderno {registered_on.year - 2}, folio {place}",
        "Estado": ("Activa", "activo", None)[place % 3],
    }


def dirty_register(rows: int = 305) -> Register:
    """A register of so many rows that say something, among them one of each kind of mistake."""
    register = Register()
    place = 0

    def true(**changes: Any) -> dict[str, Any]:
        nonlocal place
        told = true_row(place) | changes
        place += 1
        return told

    def add(fate: str, *problems: tuple[str, str], **changes: Any) -> int:
        return register.put(true(**changes), fate, *problems)

    column = {name: f"columna {'ABCDEFGHIJKLMNOPQ'[at]}" for at, name in enumerate(COLUMNS)}
    community = f"{column['Comunidad']} (Comunidad)"
    identity = f"{column['Cédula']} (Cédula)"
    birth = f"{column['Fecha de nacimiento']} (Nacimiento)"
    registered = f"{column['Fecha de registro']} (Fecha de registro)"
    traded = f"{column['Comercia desde']} (Comercia desde)"

    first = add("new")
    first_cedula = register.rows[first][COLUMNS.index("Cédula")]
    register.leave_empty()
    register.leave_empty(["  ", None, "\xa0"])
    again = dict(zip(COLUMNS, register.rows[first], strict=True))
    register.put(again, "repeated", ("", f"Dice lo mismo que la fila {first}."))
    first_name = " ".join(f"{again['Apellidos']} {again['Nombres']}".replace("\xa0", " ").split())
    add(
        "wrong",
        (identity, f"La misma cédula está en la fila {first}, con otro nombre: {first_name}."),
        Cédula=first_cedula,
        Apellidos="Quispe Mamani",
        Nombres="Zoila Victoria",
    )
    add(
        "wrong",
        (identity, "Revise la cédula: los diez dígitos no concuerdan con el dígito verificador."),
        Cédula="1500123450",
    )
    add("new", Cédula=int(_with_zero_in_front()))
    add(
        "wrong",
        (identity, "Falta la cédula. Escríbala, o el motivo en la columna «Por qué falta la "
                   "cédula»."),
        Cédula=None,
    )  # fmt: skip
    add("new", Cédula=None, **{"Por qué falta la cédula": "perdida, en trámite"})
    add(
        "wrong",
        (community, "No hay ninguna comunidad «Xanadu». Corrija el nombre, o registre primero la "
                    "comunidad."),
        Comunidad="Xanadu",
    )  # fmt: skip
    add(
        "wrong",
        (community, "No hay ninguna comunidad «Santa Barbra». ¿Es Santa Bárbara? Escríbala así, o "
                    "añada esta escritura en la página de la comunidad."),
        Comunidad="Santa Barbra",
    )  # fmt: skip
    add("wrong", (community, "Falta la comunidad."), Comunidad=None)
    add(
        "wrong",
        (birth, "Contiene una fórmula; péguela como valor."),
        **{"Fecha de nacimiento": "=TODAY()-10000"},
    )
    add(
        "wrong",
        (birth, "El día «31/02/1980» no existe en el calendario."),
        **{"Fecha de nacimiento": "31/02/1980"},
    )
    add(
        "wrong",
        (birth, "Mayor de edad: 18 años cumplidos. Los cumple el 2 de junio de 2022."),
        **{
            "Fecha de nacimiento": "02/06/2004",
            "Fecha de registro": "01/06/2022",
            "Comercia desde": "01/01/2020",
        },
    )
    add(
        "wrong",
        (traded, "Entrega desde hace 365 días o más: cacao, guayusa, vainilla. Primera entrega: "
                 "2 de junio de 2021. El tiempo se cumple el 2 de junio de 2022."),
        **{"Fecha de registro": "01/06/2022", "Comercia desde": "02/06/2021"},
    )  # fmt: skip
    add(
        "wrong",
        (traded, "Entrega desde hace 365 días o más: cacao, guayusa, vainilla. Lo que consta es de "
                 "productos que no cuentan."),
        Producto="café",
    )  # fmt: skip
    add(
        "wrong",
        (f"{column['Resolución']} (Resolución)", "Falta la resolución que la admite."),
        Resolución=None,
    )
    add("wrong", (registered, "Falta la fecha de registro."), **{"Fecha de registro": None})
    number = add("new", Hogar="H-1")
    holder = " ".join(
        f"{register.rows[number][2]} {register.rows[number][1]}".replace("\xa0", " ").split()
    )
    same_home = register.rows[number][COLUMNS.index("Comunidad")]
    add(
        "wrong",
        ("Familia", f"La familia ya tiene socia o socio: {holder}, de la fila {number}. Si son dos "
                    "familias, distíngalas en la columna «Hogar»; si una sucede a otra, ponga "
                    "antes a quien salió."),
        Hogar="h 1",
        Comunidad=same_home,
    )  # fmt: skip
    add(
        "wrong",
        (f"{column['N.º']} (Número)", f"El número 1 ya es de {first_name}, de la fila {first}."),
        **{"N.º": 1},
    )
    add(
        "wrong",
        (f"{column['Apellidos']} (Apellidos)", "Faltan los apellidos."),
        Apellidos="\xa0",
    )
    while len(register.expected) < rows:
        add("new")
    return register


def _with_zero_in_front() -> str:
    """The nine digits that a spreadsheet leaves of a cédula of Azuay (01)."""
    return next(f"10203040{digit}" for digit in range(10) if is_valid(f"010203040{digit}"))
