"""The register from a file: a row a person, with the family and, where it says so, the membership.

Communities are found in any spelling and never made. People are known by cédula, else by name,
birth year and community; families by their code, or are made for those who share a name or a
household in the file. The rows say so in words; whatever is doubtful is asked or refused.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.cedula import digits_of
from kallari.imports.cells import parse_date, read_cedula
from kallari.imports.plans import OTHER, Difference, Fate, Importer, Match, Step
from kallari.imports.reading import Column, Row
from kallari.imports.resources import InFile, RecordLoader, RecordResource
from kallari.search.names import Found, Likeness
from kallari.search.spelling import search_key
from members.imports import register_cells as cells
from members.imports.admissions import Admissions, Evidence, Membership
from members.imports.admissions import carry_out as carry_out_membership
from members.imports.likeness import Described, People
from members.imports.register_cells import Languages, Said
from members.models import Community, Family, Partner, Person, TradeEvidence
from members.permissions import people as permissions
from members.services import families, partners, persons
from members.services.locks import lock_numbers
from members.services.registers import Newcomers, take_in

if TYPE_CHECKING:
    from datetime import date

    from kallari.accounts.models import User

FAMILY_CODE = re.compile(r"[Ff]\s*[-–. ]\s*0*([0-9]{1,7})")
SIMPLE_STATES = frozenset({None, Said.NONE, Said.APPLICANT, Said.REGISTERED})
"""Those that need nothing but the row of the membership itself."""
MOST_ASKED = 6
"""People among whom somebody chooses; more would say nothing."""


class PersonResource(RecordResource):
    """The cells that are fields of a person."""

    class Meta(RecordResource.Meta):
        model = Person
        fields = (
            "surnames",
            "given_names",
            "cedula",
            "cedula_missing_reason",
            "sex",
            "born_on",
            "birth_year",
            "kinship",
            "phone",
            "note",
        )


@dataclass
class Told:
    """What a row says beyond the fields of a person."""

    community: Any = None
    family: int | None = None
    """The number of a registered family."""
    family_name: str = ""
    household: Hashable | None = None
    """What its rows have in common in the file."""
    described: Described | None = None
    languages: Languages | None = None
    evidence: Evidence | None = None
    adds_evidence: bool = False
    membership: Membership = field(default_factory=Membership)
    name: str = ""
    surnames: str = ""
    row: int = 0
    belongs: Hashable | None = None
    """The key of the registered family, or what stands for the one that would be made."""


class PersonImporter(Importer):
    """Families, people and memberships, a person a row."""

    kind = "people"
    title = gettext_lazy("Importar el registro de personas")
    columns: ClassVar[Sequence[Column]] = (
        Column("surnames", "Apellidos", ("apellido",), True),
        Column("given_names", "Nombres", ("nombre",), True),
        Column("community", "Comunidad", ("nombre de la comunidad", "community"), True),
        Column(
            "cedula",
            "Cédula",
            ("CI", "C.I.", "cédula de identidad", "cédula de ciudadanía", "número de cédula",
             "N.º de cédula", "identificación"),
        ),
        Column("cedula_missing_reason", "Por qué falta la cédula", ("motivo sin cédula",)),
        Column("sex", "Sexo", ("género",)),
        Column(
            "born_on",
            "Nacimiento",
            ("fecha de nacimiento", "nacida el", "nacido el", "F. nacimiento", "fecha nac."),
        ),
        Column("birth_year", "Año de nacimiento"),
        Column("phone", "Teléfono", ("celular", "teléfono celular", "móvil")),
        Column("languages", "Idiomas", ("lenguas", "idioma", "lengua")),
        Column("family", "Familia", ("código de familia", "nombre de la familia")),
        Column("household", "Hogar", ("casa", "unidad familiar", "número de hogar")),
        Column("kinship", "Parentesco", ("relación",)),
        Column("number", "Número", ("N.º", "No.", "Nro.", "número de socia", "número de socio",
                                    "socia N.º", "socio N.º")),
        Column("applied_on", "Fecha de solicitud", ("solicitud", "solicitud del")),
        Column(
            "registered_on",
            "Fecha de registro",
            ("registro", "registrada el", "registrado el", "fecha de ingreso", "ingreso"),
        ),
        Column("resolution", "Resolución", ("resolución de ingreso", "acta")),
        Column(
            "traded_since",
            "Comercia desde",
            ("entrega desde", "primera entrega", "comercio desde"),
        ),
        Column("traded_until", "Última entrega", ("comercia hasta",)),
        Column("product", "Producto", ("producto que entrega",)),
        Column("document", "Documento o folio", ("documento", "folio", "documento/folio")),
        Column("state", "Estado", ("situación", "condición")),
        Column("state_on", "Estado desde", ("fecha de salida", "salida", "fecha del estado")),
        Column("state_resolution", "Resolución del estado", ("resolución de salida",)),
        Column("note", "Nota", ("notas", "observación", "observaciones")),
    )  # fmt: skip
    resource = PersonResource
    naming = frozenset({"surnames", "given_names"})
    list_url = "members:legal_list"
    url_prefix = "import_people"
    example: ClassVar[Sequence[Sequence[str]]] = (
        ("Grefa Andi", "Rosa Elena", "Rumi Yaku", "1500123458", "", "mujer", "25/03/1980", "",
         "098 765 4321", "kichwa, español", "", "1", "responsable", "12", "01/05/2022",
         "01/06/2022", "Resolución AG-2022-01", "01/02/2019", "", "cacao",
         "Cuaderno de compras 2019, folio 14", "activa", "", "", ""),
        ("Andi Grefa", "Luis", "Rumi Yaku", "", "menor, en trámite", "hombre", "", "2012", "",
         "kichwa, español", "", "1", "hijo", "", "", "", "", "", "", "", "", "", "", "", ""),
    )  # fmt: skip

    def __init__(self) -> None:
        self._told: dict[int, Told] = {}
        self._made: dict[Hashable, Family] = {}
        self._by_place: dict[str, Found] = {}
        self._homes: dict[Hashable, UUID] = {}
        self._m: str | None = None
        self._one_by_one: set[Hashable] = set()
        self._newcomers = Newcomers()

    @classmethod
    def may(cls, user: User) -> bool:
        return permissions.may_import_people(user)

    def lock(self) -> None:
        """Numbers, families, people, memberships: the order of `members.services.locks`."""
        lock_numbers("family")
        lock_numbers("partner")
        for model in (Family, Person, Partner):
            rows = model._base_manager.select_for_update().order_by("pk")
            for _row in rows.values_list("pk").iterator():
                pass

    def loader(self, resource: RecordResource) -> RecordLoader:
        records = list(Person.objects.select_related("family__community").order_by())
        self._told = {}
        self._by_place = {}
        self._homes = {}
        self._made = {}
        self._one_by_one = set()
        self._newcomers = Newcomers()
        self._names = Community.objects.names()
        self._communities = {row.pk: row for row in Community.objects.all()}
        self._families = {row.number: row for row in Family.objects.order_by("number")}
        self._named: dict[tuple[Any, str], Family] = {}
        for family in self._families.values():
            self._named.setdefault((family.community_id, search_key(family.name)), family)
        self._people = People(Described.of(person) for person in records)
        self._families_of = {person.pk: person.family_id for person in records}
        headings = {column.name: str(column.heading) for column in self.columns}
        self._admissions = Admissions(headings)
        return RecordLoader(resource, records=records)

    # Reading cells

    def look_over(self, rows: Sequence[Row]) -> None:
        """Read the columns that only make sense as a whole: M for mujer or masculino, and which
        households have somebody who is registered."""
        self._m = cells.meaning_of_m(row.values.get("sex", "") for row in rows)
        for row in rows:
            household = self._household(row, self._place(row.values["community"]).row)
            known = self._people.with_cedula(digits_of(row.values.get("cedula", "")).zfill(10))
            if household is not None and known is not None:
                self._homes.setdefault(household, self._families_of[known.row])

    def _place(self, typed: str) -> Found:
        if typed not in self._by_place:
            self._by_place[typed] = self._names.find(typed)
        return self._by_place[typed]

    def _household(self, row: Row, community: Any) -> Hashable | None:
        """What a row has in common with the others of its family in this file: the mark of the
        household, else the family's name; always within a community."""
        typed = row.values.get("family", "")
        mark = search_key(row.values.get("household", ""))
        if not mark and typed.isdigit():
            mark = typed.lstrip("0")
        if mark:
            return (community, "household", mark)
        if FAMILY_CODE.fullmatch(typed) is None and search_key(typed):
            return (community, "name", search_key(typed))
        return None

    def typed(self, row: Row) -> str:
        return " ".join(
            part for part in (row.values.get("surnames"), row.values.get("given_names")) if part
        )

    def read_cells(self, row: Row) -> None:
        told = self._told[row.number] = Told(row=row.number)
        for column, sentence in (
            ("surnames", _("Faltan los apellidos.")),
            ("given_names", _("Faltan los nombres.")),
        ):
            if not search_key(row.values[column]) and not _refused(row, column):
                row.problems.append((column, sentence))
        self._read_community(row, told)
        cedula = read_cedula(row, "cedula")
        if cedula:
            row.values["cedula_missing_reason"] = ""
        row.read("sex", partial(cells.parse_sex, m=self._m))
        row.read("kinship", cells.parse_kinship)
        cells.read_phone(row)
        born_on, year = self._read_birth(row)
        self._read_family(row, told)
        told.languages = Languages.read(row.values.get("languages", ""))
        self._read_membership(row, told)
        told.name, told.surnames = self.typed(row), row.values["surnames"]
        told.described = Described(
            InFile(row.number), told.name, told.community, year, born_on, cedula
        )

    def _read_community(self, row: Row, told: Told) -> None:
        typed = row.values["community"]
        if _refused(row, "community"):
            return
        if not search_key(typed):
            row.problems.append(("community", _("Falta la comunidad.")))
            return
        found = self._place(typed)
        names = [self._communities[pk].name for pk in found.rows]
        params = {"typed": typed[:60], "names": _(" y como ").join(names[:3])}
        if found.row is not None:
            told.community = found.row
            if found.likeness is Likeness.SOUNDS_ALIKE:
                notice = _("«%(typed)s» se lee como %(names)s.")
                row.notices.append(("community", notice % params))
            return
        if found.likeness is Likeness.NEAR:
            sentence = _(
                "No hay ninguna comunidad «%(typed)s». ¿Es %(names)s? Escríbala así, o añada esta "
                "escritura en la página de la comunidad."
            )
        elif found.likeness is Likeness.AMBIGUOUS:
            sentence = _("«%(typed)s» suena como %(names)s. Escriba el nombre completo.")
        else:
            sentence = _(
                "No hay ninguna comunidad «%(typed)s». Corrija el nombre, o registre primero la "
                "comunidad."
            )
        row.problems.append(("community", sentence % params))

    def _read_birth(self, row: Row) -> tuple[date | None, int | None]:
        if re.fullmatch("[0-9]{4}", row.values.get("born_on", "")):
            row.values["birth_year"] = row.values.get("birth_year") or row.values["born_on"]
            row.values["born_on"] = ""
        born_on = row.read("born_on", parse_date)
        year = row.read("birth_year", cells.parse_year)
        if born_on is None:
            return None, year
        if year is not None and year != born_on.year:
            sentence = _("El año de nacimiento no es el de la fecha.")
            row.problems.append(("birth_year", sentence))
        row.values["birth_year"] = str(born_on.year)
        return born_on, born_on.year

    def _read_family(self, row: Row, told: Told) -> None:
        typed = row.values.get("family", "")
        told.household = self._household(row, told.community)
        if code := FAMILY_CODE.fullmatch(typed):
            told.family = int(code[1])
            family = self._families.get(told.family)
            if family is None:
                sentence = _("No hay ninguna familia %(code)s. Deje vacía la celda para una nueva.")
                row.problems.append(("family", sentence % {"code": typed}))
            elif told.community is not None and family.community_id != told.community:
                sentence = _("La familia %(family)s es de %(community)s.")
                where = self._communities[family.community_id].name
                told_words = {"family": family, "community": where}
                row.problems.append(("family", sentence % told_words))
        elif not typed.isdigit():
            told.family_name = typed

    def _read_membership(self, row: Row, told: Told) -> None:
        values = row.values
        membership = told.membership
        membership.number = row.read("number", cells.parse_number)
        membership.applied_on = row.read("applied_on", parse_date)
        membership.registered_on = row.read("registered_on", parse_date)
        membership.resolution = values.get("resolution", "")
        state = row.read("state", cells.parse_state)
        membership.state = Said(state) if state is not None else None
        membership.state_on = row.read("state_on", parse_date)
        membership.state_resolution = values.get("state_resolution", "")
        for column, longest in (("resolution", 120), ("state_resolution", 120), ("document", 80)):
            if len(values.get(column, "")) > longest:
                sentence = _("Es demasiado largo: hasta %(letters)s letras.")
                row.problems.append((column, sentence % {"letters": longest}))
        first_on = row.read("traded_since", parse_date)
        last_on = row.read("traded_until", parse_date)
        product = row.read("product", cells.parse_product)
        if first_on is None:
            return
        if product is None:
            if not _refused(row, "product"):
                sentence = _("Falta el producto que entrega desde entonces.")
                row.problems.append(("product", sentence))
            return
        last_on = last_on or first_on
        if last_on < first_on:
            sentence = _("La última entrega no es anterior a la primera.")
            row.problems.append(("traded_until", sentence))
        elif last_on > self._admissions.today:
            row.problems.append(("traded_since", _("Ese día todavía no llega.")))
        else:
            document = values.get("document", "")
            told.evidence = Evidence(product, first_on, last_on, document)

    # Whom a row means

    def identify(self, row: Row, loader: RecordLoader) -> Match:
        one = self._told[row.number].described
        assert one is not None  # noqa: S101 - `read_cells` came before
        if one.cedula and (known := self._people.with_cedula(one.cedula)) is not None:
            return self._by_cedula(one, known, loader)
        similar = [other for other in self._people.similar(one) if not one.is_surely_not(other)]
        sure = [other for other in similar if one.is_surely(other)]
        if len(sure) == 1:
            return Match(row=sure[0].row)
        likely = sure or similar
        return Match(likely=tuple(other.row for other in likely[:MOST_ASKED]))

    def _by_cedula(self, one: Described, known: Described, loader: RecordLoader) -> Match:
        if not one.is_named_like(known):
            if isinstance(known.row, InFile):
                sentence = _("La misma cédula está en la fila %(row)s, con otro nombre: %(name)s.")
                told = {"row": known.row.number, "name": known.name}
            else:
                sentence = _(
                    "Es la cédula de %(name)s, familia %(family)s. Revise cuál de los dos nombres "
                    "es, o corrija la ficha."
                )
                registered = cast("Person", loader.records[known.row])
                told = {"name": known.name, "family": registered.family.code}
            return Match(problems=(("cedula", sentence % told),))
        if not isinstance(known.row, InFile) and known.community != one.community:
            sentence = _(
                "En el registro su familia es de %(community)s. Si se mudó, anótelo en la ficha de "
                "la familia."
            )
            where = self._communities[known.community].name
            return Match(problems=(("community", sentence % {"community": where}),))
        return Match(row=known.row)

    def remember(self, row: Row, loader: RecordLoader) -> None:
        one = self._told[row.number].described
        assert one is not None  # noqa: S101 - `read_cells` came before
        self._people.add(one)

    def recorded(self, record: Person) -> str:
        return record.listed_name

    def same_label(self, record: Person) -> str:
        return _("Es %(name)s (%(year)s, familia %(family)s)") % {
            "name": record.name,
            "year": record.birth_year or _("año desconocido"),
            "family": record.family.code,
        }

    def other_label(self) -> str:
        return str(_("Es otra persona: registrarla"))

    def shown(self, field: str, value: Any) -> str:
        if field == "sex" and value:
            return str(Person.Sex(value).label)
        if field == "kinship" and value:
            return str(Person.Kinship(value).label)
        if field == "born_on" and value:
            return date_format(value, "SHORT_DATE_FORMAT")
        return super().shown(field, value)

    # What it would do

    def look_closer(self, row: Row, step: Step, record: Person | None) -> None:
        told = self._told[row.number]
        step.data["told"] = told
        family = told.belongs = self._look_at_family(told, step, record)
        if step.fate is not Fate.NEW or told.membership.state not in SIMPLE_STATES:
            self._one_by_one.add(family)
        if record is None:
            self._look_at_new(told, step)
        else:
            self._look_at_known(told, step, record)
        self._look_at_languages(told, step, record)
        told_more: list[Difference] = []
        if told.evidence is not None:
            added = self._admissions.add_evidence(told.evidence, family)
            told.adds_evidence = added is not None
            told_more += [added] if added is not None else []
        described = told.described
        born_on = described.born_on if described is not None else None
        verdict = self._admissions.judge(
            told.membership,
            row=row.number,
            name=told.name,
            person=record,
            born_on=born_on or (record.born_on if record is not None else None),
            family=family,
        )
        step.problems += self._headed(verdict.problems)
        told_more += verdict.differences
        if record is not None:
            step.differences += told_more
        else:
            step.told += [(change.heading, change.after) for change in told_more]

    def _look_at_family(self, told: Told, step: Step, record: Person | None) -> Hashable:
        """The registered family a row belongs to, or what stands for the one it would make."""
        if record is not None:
            if told.family is not None and told.family != record.family.number:
                sentence = _(
                    "En el registro es de la familia %(family)s. Si pasó a otra, anótelo en su "
                    "ficha."
                )
                step.problems.append((self.heading("family"), sentence % {"family": record.family}))
            return record.family_id
        registered = self._registered_family(told)
        if registered is not None:
            if not registered.is_open:
                sentence = _("La familia %(family)s está retirada.")
                step.problems.append((self.heading("family"), sentence % {"family": registered}))
            step.told.insert(0, (self.heading("family"), str(registered)))
            return registered.pk
        name = told.family_name
        step.told.insert(0, (self.heading("community"), self._communities[told.community].name))
        same = self._named.get((told.community, search_key(name))) if name else None
        if same is not None:
            notice = _(
                "Se registra otra familia «%(name)s»; ya está %(code)s. Si es la misma, escriba "
                "%(code)s en la celda."
            )
            step.notices.append(
                (self.heading("family"), notice % {"name": name, "code": same.code})
            )
        return told.household or ("row", told.row)

    def _registered_family(self, told: Told) -> Family | None:
        if told.family is not None:
            return self._families[told.family]
        if told.household is None or (home := self._homes.get(told.household)) is None:
            return None
        return next(one for one in self._families.values() if one.pk == home)

    def _look_at_new(self, told: Told, step: Step) -> None:
        one = told.described
        assert one is not None  # noqa: S101 - `read_cells` came before
        if not self._communities[told.community].is_open:
            sentence = _("La comunidad está cerrada.")
            step.problems.append((self.heading("community"), sentence))
        if not one.cedula and not step.data.get("cedula_missing_reason"):
            sentence = _(
                "Falta la cédula. Escríbala, o el motivo en la columna «Por qué falta la cédula»."
            )
            step.problems.append((self.heading("cedula"), sentence))
        if one.born_on is not None and one.born_on > self._admissions.today:
            step.problems.append((self.heading("born_on"), _("Ese día todavía no llega.")))
        if step.fate is Fate.ASK:
            self._people.add_cedula(one)

    def _look_at_known(self, told: Told, step: Step, record: Person) -> None:
        """What the row cannot change, and what follows from what it changes."""
        if search_key(step.label) == search_key(step.typed):
            step.label = ""
        one = told.described
        assert one is not None  # noqa: S101 - `read_cells` came before
        if record.cedula and "cedula_missing_reason" in step.data:
            self._forget(step, "cedula_missing_reason")
        elif "cedula" in step.data:
            step.data["cedula_missing_reason"] = ""
        if "birth_year" in step.data and "born_on" in step.data:
            self._forget(step, "birth_year")
        elif "birth_year" in step.data and record.born_on is not None:
            sentence = _("En el registro nació el %(day)s.")
            day = self.shown("born_on", record.born_on)
            step.problems.append((self.heading("birth_year"), sentence % {"day": day}))

    def _forget(self, step: Step, name: str) -> None:
        """Leave a value as it is."""
        step.data.pop(name, None)
        heading = self.heading(name)
        step.differences = [change for change in step.differences if change.heading != heading]

    def _look_at_languages(self, told: Told, step: Step, record: Person | None) -> None:
        if told.languages is None:
            return
        if record is None:
            step.data |= told.languages.fields
            step.told.append((self.heading("languages"), str(told.languages)))
        elif told.languages != (spoken := Languages.of(record)):
            step.data |= told.languages.fields
            step.differences.append(
                Difference(self.heading("languages"), str(spoken), str(told.languages))
            )

    # Writing

    def carry_out(self, actor: User, step: Step, answer: str, reason: str) -> None:
        fields = dict(step.data)
        told: Told = fields.pop("told")
        if told.belongs not in self._one_by_one and not isinstance(told.belongs, UUID):
            self._gather(told, fields, reason)
            return
        if step.fate is Fate.NEW or answer == OTHER:
            person = persons.add_person(
                actor=actor,
                family=self._family(actor, told, reason),
                distinct=True,  # the plan has compared, and somebody has answered
                reason=reason,
                **fields,
            )
        else:
            person = Person.objects.select_related("family").get(pk=step.target or answer)
            if answer:
                fields = self._additions(person, fields)
            person = persons.correct_person(
                actor=actor, person=person, reason=reason, distinct=True, **fields
            )
        self._add_evidence(actor, told, person, reason)
        carry_out_membership(
            actor=actor,
            person=person,
            told=told.membership,
            reason=reason,
            number_after=self._admissions.highest_number,
        )

    def finish(self, actor: User, reason: str) -> None:
        take_in(
            actor=actor,
            newcomers=self._newcomers,
            reason=reason,
            number_after=self._admissions.highest_number,
        )

    def _gather(self, told: Told, fields: dict[str, Any], reason: str) -> None:
        """Keep a row of a new family, of which nothing but new rows is told, to be written with
        all others: a register of hundreds is then a matter of seconds."""
        key = told.belongs
        family = self._made.get(key)
        if family is None:
            family = Family(
                name=told.family_name or told.surnames,
                community=self._communities[told.community],
            )
            family.clean_fields(exclude={"number", "community"})
            self._made[key] = family
            self._newcomers.families.append(family)
        person = Person(family=family, **fields)
        person.clean_fields(exclude={"family"})
        person.clean()
        self._newcomers.people.append(person)
        if (evidence := told.evidence) is not None and told.adds_evidence:
            paper = TradeEvidence(
                family=family,
                product=evidence.product,
                first_on=evidence.first_on,
                last_on=evidence.last_on,
                reference=evidence.reference(reason, told.row),
            )
            paper.clean_fields(exclude={"family"})
            self._newcomers.evidence.append(paper)
        membership = told.membership
        if membership.is_told:
            partner = Partner(  # type: ignore[misc]  # without a day, `clean_fields` refuses it
                person=person,
                family=family,
                number=membership.number,
                applied_on=membership.applied_on or membership.registered_on,
                registered_on=membership.registered_on,
                resolution=membership.resolution,
            )
            partner.clean_fields(exclude={"person", "family"})
            partner.clean()
            self._newcomers.partners.append(partner)

    def _family(self, actor: User, told: Told, reason: str) -> Family:
        if (registered := self._registered_family(told)) is not None:
            return registered
        key = told.household or ("row", told.row)
        if key not in self._made:
            self._made[key] = families.add_family(
                actor=actor,
                name=told.family_name or told.surnames,
                community=self._communities[told.community],
                reason=reason,
            )
        return self._made[key]

    def _additions(self, person: Person, fields: dict[str, Any]) -> dict[str, Any]:
        """What a row that was asked about says of the person that it turned out to be."""
        said = {
            name: value
            for name, value in fields.items()
            if name not in self.naming and value not in {None, ""}
        }
        if "cedula" in said:
            said["cedula_missing_reason"] = ""
        elif person.cedula:
            said.pop("cedula_missing_reason", None)
        if "born_on" not in said and person.born_on is not None:
            said.pop("birth_year", None)
        return said

    def _add_evidence(self, actor: User, told: Told, person: Person, reason: str) -> None:
        evidence = told.evidence
        if evidence is None:
            return
        known = person.family.trade_evidence.filter(
            product=evidence.product, first_on=evidence.first_on, last_on=evidence.last_on
        )
        if not known.exists():
            partners.add_trade_evidence(
                actor=actor,
                family=person.family,
                product=evidence.product,
                first_on=evidence.first_on,
                last_on=evidence.last_on,
                reference=evidence.reference(reason, told.row),
                reason=reason,
            )


def _refused(row: Row, column: str) -> bool:
    return any(name == column for name, _sentence in row.problems)
