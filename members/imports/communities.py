"""Lists of communities from a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.imports.plans import OTHER, Difference, Fate, NameImporter, Step
from kallari.imports.reading import Column, Row
from kallari.imports.resources import RecordResource, SpellingLoader
from kallari.search.spelling import search_key
from members.models import Community, CommunityAlias
from members.permissions import communities as permissions
from members.services import communities as services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kallari.accounts.models import User

LONGEST_SPELLING = 80
BETWEEN_SPELLINGS = re.compile(r"[;,/|]")


class CommunityResource(RecordResource):
    """The cells that are fields of a community."""

    class Meta(RecordResource.Meta):
        model = Community
        fields = ("name", "canton", "parish", "note")


class CommunityImporter(NameImporter):
    """Communities by name, in any spelling. A name that only sounds like a registered one is
    taken for it; one that is a few letters away is asked, and the answer "it is this one" makes
    it a spelling of it."""

    kind = "communities"
    title = gettext_lazy("Importar comunidades")
    columns: ClassVar[Sequence[Column]] = (
        Column("name", "Comunidad", ("nombre", "nombre de la comunidad", "community"), True),
        Column("canton", "Cantón"),
        Column("parish", "Parroquia"),
        Column("spellings", "Otras escrituras", ("alias", "también se escribe")),
        Column("note", "Nota", ("notas", "observación", "observaciones")),
    )
    resource = CommunityResource
    naming = frozenset({"name"})
    list_url = "members:communities"
    url_prefix = "import"
    most_rows = 1_000  # villages; each new name is compared with all others
    example: ClassVar[Sequence[Sequence[str]]] = (
        ("Rumi Yaku", "Tena", "", "Rumi Yacu / Piedra de agua", ""),
        ("Santa Bárbara", "Tena", "", "", ""),
    )

    def __init__(self) -> None:
        self._spelled: dict[str, Any] = {}

    @classmethod
    def may(cls, user: User) -> bool:
        return permissions.may_import_communities(user)

    def lock(self) -> None:
        services.lock_spellings()

    def loader(self, resource: RecordResource) -> SpellingLoader:
        communities = list(Community.objects.all())
        aliases = list(CommunityAlias.objects.all())
        # A spelling in a cell belongs to whoever has exactly this one; new ones join below.
        self._spelled = {row.search_key: row.pk for row in communities}
        self._spelled |= {row.search_key: row.community_id for row in aliases}
        return SpellingLoader(resource, records=communities, spellings=Community.objects.names())

    def look_closer(self, row: Row, step: Step, record: Community | None) -> None:
        """Compare the further spellings with those that are known."""
        owner = record.pk if record is not None else f"row {row.number}"
        self._spelled.setdefault(search_key(step.typed), owner)
        new: list[str] = []
        for part in BETWEEN_SPELLINGS.split(row.values.get("spellings", "")):
            spelling = " ".join(part.split())
            key = search_key(spelling)
            taken_by = self._spelled.get(key)
            if not key or taken_by == owner:
                continue
            if taken_by is not None:
                problem = _("«%(spelling)s» ya es de otra comunidad.")
            elif len(spelling) > LONGEST_SPELLING:
                problem = _("«%(spelling)s» es demasiado larga: hasta %(letters)s letras.")
            else:
                self._spelled[key] = owner
                new.append(spelling)
                continue
            told = {"spelling": spelling[:LONGEST_SPELLING], "letters": LONGEST_SPELLING}
            step.problems.append((self.heading("spellings"), problem % told))
        step.data["spellings"] = new
        if new and step.fate is not Fate.NEW:
            step.differences.append(Difference(self.heading("spellings"), "", ", ".join(new)))

    def carry_out(self, actor: User, step: Step, answer: str, reason: str) -> None:
        told = dict(step.data)
        spellings = told.pop("spellings", [])
        if step.fate is Fate.NEW or answer == OTHER:
            community = services.add_community(actor=actor, distinct=True, **told)
        else:
            community = Community.objects.get(pk=step.target or answer)
            if answer:
                spellings = [told.pop("name"), *spellings]
                told = {field: value for field, value in told.items() if value}
            services.correct_community(actor=actor, community=community, reason=reason, **told)
        for spelling in spellings:
            services.add_alias(
                actor=actor, community=community, spelling=spelling, source=reason[:120]
            )
