"""What a file would do, row by row, without doing it.

A plan is made from the file and the register as they are; nothing of it is kept. It is made once
for the eyes and again, under the importer's lock, for the hand: what is written is what was seen,
or nothing.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.imports.reading import Column, Row, read_table
from kallari.imports.resources import InFile, RecordLoader, RecordResource, SpellingLoader
from kallari.search.names import Likeness
from kallari.search.spelling import search_key

if TYPE_CHECKING:
    from kallari.accounts.models import User


class Fate(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", gettext_lazy("Nuevas")
    CHANGED = "changed", gettext_lazy("Cambian")
    SAME = "same", gettext_lazy("Ya están igual")
    ASK = "ask", gettext_lazy("Por decidir")
    REPEATED = "repeated", gettext_lazy("Repetidas")
    WRONG = "wrong", gettext_lazy("Con errores")

    @property
    def done(self) -> Any:
        """What became of such rows, once the import is done."""
        return {
            Fate.NEW: gettext_lazy("Registradas"),
            Fate.CHANGED: gettext_lazy("Cambiadas"),
            Fate.SAME: gettext_lazy("Ya estaban igual"),
            Fate.ASK: gettext_lazy("Quedaron fuera, sin decidir"),
            Fate.REPEATED: gettext_lazy("Quedaron fuera, repetidas"),
            Fate.WRONG: gettext_lazy("Quedaron fuera, con errores"),
        }[self]


WRITTEN = frozenset({Fate.NEW, Fate.CHANGED})


@dataclass(frozen=True)
class Choice:
    """One possible answer to a question; `value` is what the form sends."""

    value: str
    label: str


@dataclass(frozen=True)
class Difference:
    """One value that would change."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class Match:
    """Which record a row means, as `Importer.identify` found it. A record is named by its primary
    key, a row above by its `InFile`. With nothing said, the row is a new record."""

    row: Any = None
    """What it surely means; an `InFile` says that an earlier row made it already."""
    likely: tuple[Any, ...] = ()
    """What it may mean, the likeliest first: somebody is asked."""
    problems: tuple[tuple[str, str], ...] = ()
    """Why it can mean nothing: pairs of a column's name (or nothing) and a sentence."""
    question: str = ""
    """Asked in place of the usual question."""


@dataclass
class Step:
    """What is planned for one row. `target` is the primary key of the record it means, if
    any; `data` is what the importer needs to carry it out."""

    number: int
    typed: str
    """The name as it stands in the file."""
    fate: Fate
    label: str = ""
    """The name on record, where it differs from the one in the file."""
    target: Any = None
    differences: list[Difference] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of a heading (or nothing) and a sentence."""
    notices: list[tuple[str, str]] = field(default_factory=list)
    """As `problems`, but to be read, not mended: what was understood otherwise than typed."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """By heading, the letter that a spreadsheet gives the column in this file."""
    question: str = ""
    choices: list[Choice] = field(default_factory=list)
    given: str = ""
    """The answer that was given when the plan is shown again."""
    told: list[tuple[str, str]] = field(default_factory=list)
    """Of a new record: headings and values."""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def placed_problems(self) -> list[tuple[str, str]]:
        """The problems with the exact place in the file: "columna D (Nacido el)"."""
        return [(self._place(heading), sentence) for heading, sentence in self.problems]

    @property
    def placed_notices(self) -> list[tuple[str, str]]:
        return [(self._place(heading), sentence) for heading, sentence in self.notices]

    def _place(self, heading: str) -> str:
        if (letter := self.letters.get(heading)) is None:
            return heading
        return _("columna %(letter)s (%(heading)s)") % {"letter": letter, "heading": heading}


@dataclass
class Plan:
    """All steps, in the order of the file. `sheet` is the one that was read, where the file has
    several."""

    steps: list[Step]
    unused: list[str] = field(default_factory=list)
    sheet: str = ""

    @property
    def counts(self) -> dict[Fate, int]:
        """How many rows meet each fate, those of none left out, in the order of `Fate`."""
        counted = Counter(step.fate for step in self.steps)
        return {fate: counted[fate] for fate in Fate if counted[fate]}

    @property
    def writes(self) -> int:
        """How many rows would be written without any answer."""
        return sum(step.fate in WRITTEN for step in self.steps)

    @property
    def questions(self) -> list[Step]:
        return [step for step in self.steps if step.fate is Fate.ASK]

    @property
    def fingerprint(self) -> str:
        """The same for the same plan: file and register as they were when it was looked at."""
        told = [
            [
                step.number,
                step.fate.value,
                str(step.target),
                step.typed,
                [[item.heading, item.before, item.after] for item in step.differences],
                step.told,
                [choice.value for choice in step.choices],
                step.problems,
                step.notices,
            ]
            for step in self.steps
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


OMIT = "omit"
"""The answer that leaves a row out; the one that nobody has to give."""

OTHER = "new"
"""The answer that says: it is another one, register it."""


class Importer(ABC):
    """One kind of list. An app makes a subclass, and an object for each use.

    A row that surely means a record changes it; one that means none makes a new one; what is in
    between is asked. Which record that is, `identify` alone knows: `NameImporter` goes by the name
    in any spelling, another list by an identity number or a code::

        class PersonImporter(Importer):
            columns = (
                Column("cedula", "Cédula"),
                Column("name", "Nombre", required=True),
                Column("born_on", "Nacido el", ("fecha de nacimiento",)),
            )
            resource = PersonResource  # fields = ("cedula", "name", "born_on")

            def loader(self, resource):
                people = list(Person.objects.all())
                self._by_cedula = {person.cedula: person.pk for person in people if person.cedula}
                return RecordLoader(resource, records=people)

            def read_cells(self, row):
                row.read("cedula", parse_cedula)
                row.read("born_on", parse_date)

            def identify(self, row, loader):
                if cedula := row.values.get("cedula"):
                    return Match(row=self._by_cedula.get(cedula))
                return Match(likely=tuple(self._similar(row)))

            def remember(self, row, loader):
                self._by_cedula.setdefault(row.values.get("cedula") or None, InFile(row.number))

    After `loader` and `look_over`, `read_cells`, `identify`, the cleaning by `resource`, `remember`
    (rows that make a record) and `look_closer` are called in this order for each row, from the
    first to the last. None of them writes or asks the database: all that they need is fetched once
    in `loader`.
    """

    kind: ClassVar[str]
    """Stands in `Upload.kind`: "communities"."""
    title: ClassVar[Any]
    columns: ClassVar[Sequence[Column]]
    resource: ClassVar[type[RecordResource]]
    most_rows: ClassVar[int] = 20_000
    list_url: ClassVar[str]
    """The name of the address of the list that the import fills."""
    url_prefix: ClassVar[str]
    """The names of its addresses begin so (`kallari.imports.views.addresses`)."""
    example: ClassVar[Sequence[Sequence[str]]] = ()
    """Rows of the template, so that people see what belongs where."""
    naming: ClassVar[frozenset[str]] = frozenset()
    """Fields that stand in a row's name on screen and that no file changes on a record."""

    @property
    def upload_url(self) -> str:
        """The name of the address where a file is chosen."""
        return f"{self.list_url.partition(':')[0]}:{self.url_prefix}"

    @property
    def template_url(self) -> str:
        return f"{self.upload_url}_template"

    @property
    def workbook_template_url(self) -> str:
        return f"{self.upload_url}_workbook_template"

    @property
    def preview_url(self) -> str:
        return f"{self.upload_url}_preview"

    @property
    def discard_url(self) -> str:
        return f"{self.upload_url}_discard"

    # What an app says

    @classmethod
    @abstractmethod
    def may(cls, user: User) -> bool:
        """Whether the account may import this list."""

    @abstractmethod
    def lock(self) -> None:
        """Keep everybody else from changing what the plan stands on, until the transaction ends."""

    @abstractmethod
    def loader(self, resource: RecordResource) -> RecordLoader:
        """All records that a row may mean, as they are now; the place to fetch what `identify` and
        `look_closer` need."""

    @abstractmethod
    def identify(self, row: Row, loader: Any) -> Match:
        """Say which record a row without problems means.

        Args:
            loader: what `loader` returned.
        """

    @abstractmethod
    def carry_out(self, actor: User, step: Step, answer: str, reason: str) -> None:
        """Write one step through the app's services.

        Args:
            answer: empty, `OTHER`, or the primary key of one of the records asked about.
            reason: the history reason, which names the file.

        Raises:
            ValidationError: the service refuses; nothing of the file is written then.
        """

    def finish(self, actor: User, reason: str) -> None:  # noqa: B027 - most lists write row by row
        """Write what `carry_out` has gathered, once every step is carried out.

        Raises:
            ValidationError: as `carry_out`.
        """

    def look_over(self, rows: Sequence[Row]) -> None:  # noqa: B027 - for columns read as a whole
        """See all rows once, before the first is read: what a letter means may depend on the
        others in its column."""

    def read_cells(self, row: Row) -> None:  # noqa: B027 - many lists take text as it is
        """Bring cells to the form that the resource and `identify` understand (`Row.read` with the
        parsers of `kallari.imports.cells`); what cannot be read becomes a problem of the row."""

    def remember(self, row: Row, loader: Any) -> None:  # noqa: B027 - see `identify`
        """Let later rows be identified with the record that this one would make: `identify` then
        returns its `InFile`."""

    def typed(self, row: Row) -> str:
        """How a row is called on screen: what the file says in the column that must be there."""
        return row.values.get(self.columns[0].name, "")

    def recorded(self, record: Any) -> str:
        """How a record is called on screen."""
        return str(record)

    def shown(self, field: str, value: Any) -> str:
        """How the value of a record's field is written on screen."""
        return str(value) if value else ""

    def same_label(self, record: Any) -> str:
        """The answer: it is this one."""
        return _("Es %(record)s") % {"record": record}

    def other_label(self) -> str:
        """The answer: it is none of those."""
        return str(_("No es ninguno: registrar aparte"))

    def look_closer(  # noqa: B027 - most lists have nothing to add
        self, row: Row, step: Step, record: Any
    ) -> None:
        """Say more about a step that is new, changed, same or asked, from columns that are no
        field of the record. `record` is what the row means, or None."""

    # What comes of it

    def plan(self, content: bytes) -> Plan:
        """Read a file and say what it would do; write nothing.

        Raises:
            ValidationError: the file as a whole cannot be taken (see `reading.read_table`).
        """
        table = read_table(content, self.columns, most_rows=self.most_rows)
        resource = self.resource()
        loader = self.loader(resource)
        letters = {self.heading(name): letter for name, letter in table.letters.items()}
        seen: dict[Any, int] = {}
        steps = []
        self.look_over(table.rows)
        for row in table.rows:
            self.read_cells(row)
            step = Step(row.number, self.typed(row), Fate.WRONG, letters=letters)
            self._fill(step, row, resource, loader, seen)
            steps.append(step)
        return Plan(steps, table.unused, table.sheet)

    def _fill(
        self,
        step: Step,
        row: Row,
        resource: RecordResource,
        loader: RecordLoader,
        seen: dict[Any, int],
    ) -> None:
        """Find out all about one step. `seen` holds the rows of the records met so far."""
        step.problems = self._headed(row.problems)
        step.notices = self._headed(row.notices)
        if step.problems:
            return
        match = self.identify(row, loader)
        step.problems = self._headed(match.problems)
        if step.problems:
            return
        meant = match.row.number if isinstance(match.row, InFile) else seen.get(match.row)
        if match.row is not None and meant is not None:
            step.fate = Fate.REPEATED
            step.problems = [("", _("Dice lo mismo que la fila %(row)s.") % {"row": meant})]
            return
        loader.meant = loader.records.get(match.row)
        result = resource.import_row(row.values, loader, row_number=row.number)
        if result.errors:
            raise result.errors[0].error
        if result.validation_error is not None:
            step.problems = [
                (self.heading(field), sentence)
                for field, sentences in result.validation_error.message_dict.items()
                for sentence in sentences
            ]
            return
        self._judge(step, match, result.instance, resource, loader)
        if step.fate is Fate.NEW:
            self.remember(row, loader)
        elif step.target is not None:
            seen[step.target] = row.number
        self.look_closer(row, step, loader.records.get(step.target))
        if step.problems:
            step.fate = Fate.WRONG
        elif step.fate is Fate.SAME and step.differences:
            step.fate = Fate.CHANGED

    def _judge(
        self,
        step: Step,
        match: Match,
        cleaned: Any,
        resource: RecordResource,
        loader: RecordLoader,
    ) -> None:
        """Give a step its fate, its target, and the values that it would write."""
        fields = [field for field in resource.get_import_fields() if field.attribute]
        told = {field.attribute: field.get_value(cleaned) for field in fields}
        record = loader.records.get(match.row)
        if record is not None:
            step.target = record.pk
            called = self.recorded(record)
            step.label = called if called != step.typed else ""
            step.fate = Fate.SAME
            for field in fields:
                before, after = field.get_value(record), told[field.attribute]
                if field.attribute not in self.naming and before != after:
                    step.data[field.attribute] = after
                    step.differences.append(
                        Difference(
                            self.heading(field.column_name),
                            self.shown(field.attribute, before),
                            self.shown(field.attribute, after),
                        )
                    )
            return
        step.data = told
        step.told = [
            (self.heading(field.column_name), words)
            for field in fields
            if field.attribute not in self.naming
            and (words := self.shown(field.attribute, told[field.attribute]))
        ]
        if not match.likely:
            step.fate = Fate.NEW
            return
        step.fate = Fate.ASK
        step.question = match.question or str(_("Se parece a lo que ya está. ¿Qué es?"))
        step.choices = [Choice(OMIT, str(_("Dejar fuera esta fila por ahora")))]
        for row in match.likely:
            if isinstance(row, InFile):
                step.question = _("Se parece a la fila %(row)s. ¿Qué es?") % {"row": row.number}
            else:
                step.choices.append(Choice(str(row), self.same_label(loader.records[row])))
        step.choices.append(Choice(OTHER, self.other_label()))

    def _headed(self, told: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The same sentences, under the headings of their columns."""
        return [(self.heading(name), sentence) for name, sentence in told]

    def heading(self, name: str) -> str:
        """The heading of a column, by the name of its value; nothing for the whole row."""
        return next((str(column.heading) for column in self.columns if column.name == name), "")

    def answers(self, plan: Plan, given: Mapping[str, str]) -> dict[int, str]:
        """The answers to a plan's questions, by row. What is not among the choices is left out,
        and so is what nobody has answered."""
        return {
            step.number: answer
            for step in plan.questions
            if (answer := given.get(f"fila-{step.number}", OMIT)) != OMIT
            and answer in {choice.value for choice in step.choices}
        }


class NameImporter(Importer):
    """A list told apart by names, in any spelling (`kallari.search.names`): a name that surely
    means a record changes it, a name like none makes a new one, what is in between is asked.

    The first column holds the name.
    """

    @abstractmethod
    def loader(self, resource: RecordResource) -> SpellingLoader:
        """All records and spellings as they are now."""

    @property
    def name_column(self) -> str:
        return self.columns[0].name

    def read_cells(self, row: Row) -> None:
        if not search_key(row.values[self.name_column]):
            row.problems.append((self.name_column, str(_("Falta el nombre."))))

    def identify(self, row: Row, loader: SpellingLoader) -> Match:
        found = loader.names.find(row.values[self.name_column])
        if found.row is not None or found.likeness is Likeness.UNKNOWN:
            return Match(row=found.row)
        return Match(likely=found.rows)

    def remember(self, row: Row, loader: SpellingLoader) -> None:
        loader.names.add(InFile(row.number), row.values[self.name_column])

    def same_label(self, record: Any) -> str:
        return _("Es %(record)s: añadir esta escritura") % {"record": record}

    def other_label(self) -> str:
        return str(_("Es otra: registrarla"))
