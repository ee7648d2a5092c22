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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.imports.reading import Column, Row, read_table
from kallari.imports.resources import InFile, RecordResource, SpellingLoader
from kallari.search.names import Found, Likeness
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
    question: str = ""
    choices: list[Choice] = field(default_factory=list)
    given: str = ""
    """The answer that was given when the plan is shown again."""
    told: list[tuple[str, str]] = field(default_factory=list)
    """Of a new record: headings and values."""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    """All steps, in the order of the file."""

    steps: list[Step]
    unused: list[str] = field(default_factory=list)

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
                [choice.value for choice in step.choices],
                step.problems,
            ]
            for step in self.steps
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


OMIT = "omit"
"""The answer that leaves a row out; the one that nobody has to give."""

OTHER = "new"
"""The answer that says: it is another one, register it."""


class Importer(ABC):
    """One kind of list, told apart by names. An app makes a subclass, and an object for each use.

    A row whose name surely means a record (`kallari.search.names`) changes it; a name like none
    makes a new one; what is in between is asked.
    """

    kind: ClassVar[str]
    """Stands in `Upload.kind`: "communities"."""
    title: ClassVar[Any]
    columns: ClassVar[Sequence[Column]]
    """The first one holds the name."""
    resource: ClassVar[type[RecordResource]]
    most_rows: ClassVar[int] = 20_000
    list_url: ClassVar[str]
    """The name of the address of the list that the import fills."""
    url_prefix: ClassVar[str]
    """The names of its addresses begin so (`kallari.imports.views.addresses`)."""
    example: ClassVar[Sequence[Sequence[str]]] = ()
    """Rows of the template, so that people see what belongs where."""

    @property
    def upload_url(self) -> str:
        """The name of the address where a file is chosen."""
        return f"{self.list_url.partition(':')[0]}:{self.url_prefix}"

    @property
    def template_url(self) -> str:
        return f"{self.upload_url}_template"

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
    def loader(self, resource: RecordResource) -> SpellingLoader:
        """All records and spellings as they are now."""

    @abstractmethod
    def carry_out(self, actor: User, step: Step, answer: str, reason: str) -> None:
        """Write one step through the app's services.

        Args:
            answer: empty, `OTHER`, or the primary key of one of the records asked about.
            reason: the history reason, which names the file.

        Raises:
            ValidationError: the service refuses; nothing of the file is written then.
        """

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
        seen: dict[Any, int] = {}
        return Plan([self._step(row, resource, loader, seen) for row in table.rows], table.unused)

    def _step(
        self, row: Row, resource: RecordResource, loader: SpellingLoader, seen: dict[Any, int]
    ) -> Step:
        name = row.values[self.columns[0].name]
        step = Step(row.number, name, Fate.WRONG)
        step.problems = [(self.heading(column), problem) for column, problem in row.problems]
        if not search_key(name):
            step.problems.append((self.heading(self.columns[0].name), str(_("Falta el nombre."))))
        if step.problems:
            return step
        found = loader.names.find(name)
        meant = found.row.number if isinstance(found.row, InFile) else seen.get(found.row)
        if found.row is not None and meant is not None:
            step.fate = Fate.REPEATED
            step.problems = [("", _("Dice lo mismo que la fila %(row)s.") % {"row": meant})]
            return step
        loader.meant = loader.records.get(found.row)
        result = resource.import_row(row.values, loader, row_number=row.number)
        if result.errors:
            raise result.errors[0].error
        if result.validation_error is not None:
            step.problems = [
                (self.heading(field), sentence)
                for field, sentences in result.validation_error.message_dict.items()
                for sentence in sentences
            ]
            return step
        self._judge(step, found, result.instance, resource, loader)
        if step.fate is Fate.NEW:
            loader.names.add(InFile(row.number), name)
        elif step.target is not None:
            seen[step.target] = row.number
        self.look_closer(row, step, loader.records.get(step.target))
        if step.problems:
            step.fate = Fate.WRONG
        elif step.fate is Fate.SAME and step.differences:
            step.fate = Fate.CHANGED
        return step

    def _judge(
        self,
        step: Step,
        found: Found,
        cleaned: Any,
        resource: RecordResource,
        loader: SpellingLoader,
    ) -> None:
        """Give a step its fate, its target, and the values that it would write."""
        fields = [field for field in resource.get_import_fields() if field.attribute]
        told = {field.attribute: field.get_value(cleaned) for field in fields}
        record = loader.records.get(found.row)
        if record is not None:
            step.target = record.pk
            step.label = str(record) if str(record) != step.typed else ""
            step.fate = Fate.SAME
            for field in fields:
                before, after = field.get_value(record), told[field.attribute]
                if field.attribute != self.columns[0].name and before != after:
                    step.data[field.attribute] = after
                    step.differences.append(
                        Difference(self.heading(field.column_name), str(before or ""), str(after))
                    )
            return
        step.data = told
        step.told = [
            (self.heading(field.column_name), str(value))
            for field in fields
            if field.attribute != self.columns[0].name and (value := told[field.attribute])
        ]
        if found.likeness is Likeness.UNKNOWN:
            step.fate = Fate.NEW
            return
        step.fate = Fate.ASK
        step.question = str(_("Se parece a lo que ya está. ¿Qué es?"))
        step.choices = [Choice(OMIT, str(_("Dejar fuera esta fila por ahora")))]
        for row in found.rows:
            if isinstance(row, InFile):
                step.question = _("Se parece a la fila %(row)s. ¿Qué es?") % {"row": row.number}
            else:
                label = _("Es %(record)s: añadir esta escritura") % {"record": loader.records[row]}
                step.choices.append(Choice(str(row), label))
        step.choices.append(Choice(OTHER, str(_("Es otra: registrarla"))))

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
