"""Whose a purchase was: families by number, by partner's number, or by a name in any spelling."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from kallari.search.names import Likeness
from kallari.search.spelling import search_key, sound_key
from members.imports.likeness import Described, People
from members.imports.people import FAMILY_CODE
from members.models import Community, Family, Partner, Person

if TYPE_CHECKING:
    from kallari.imports.reading import Row

MOST_ASKED = 6
"""Families among which somebody chooses; more would say nothing."""
_NUMBER = re.compile(r"(?:n\.?\s*[º°o]?\.?\s*)?0*([1-9][0-9]{0,6})", re.IGNORECASE)


@dataclass
class Seller:
    """Whose a row is: one family for sure, or several that somebody chooses from."""

    families: list[Family] = field(default_factory=list)
    is_close: bool = False
    """Whether they are called so, and do not only resemble it."""
    question: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether nobody need be asked."""
        return self.is_close and len(self.families) == 1

    @property
    def family(self) -> Family | None:
        """The family, where there is no doubt."""
        return self.families[0] if self.is_sure else None


class Sellers:
    """Everybody who may have sold, as on record. A handful of queries, then none."""

    def __init__(self) -> None:
        self.communities = {row.pk: row for row in Community.objects.order_by("pk")}
        self._community_names = Community.objects.names()
        self.families: dict[UUID, Family] = {
            row.pk: row for row in Family.objects.select_related("community").order_by("number")
        }
        self._by_number = {row.number: row for row in self.families.values()}
        self._by_partner: dict[int, tuple[Family, str]] = {}
        self._partner_of: dict[UUID, str] = {}
        self._by_key: dict[str, dict[UUID, None]] = defaultdict(dict)
        self._by_sound: dict[str, dict[UUID, None]] = defaultdict(dict)
        self._by_words = People()
        self._found: dict[str, tuple[bool, list[UUID]]] = {}
        for family in self.families.values():
            self._add(family.pk, family.name, family.name)
        for person in Person.objects.only("given_names", "surnames", "family").order_by("pk"):
            self._add(person.family_id, person.listed_name, person.name)
        memberships = Partner.objects.exclude(number=None).select_related("person")
        for partner in memberships.order_by("registered_on"):
            assert partner.number is not None  # noqa: S101 - for the type checker
            name = partner.person.name
            family = self.families[partner.family_id]
            self._by_partner[partner.number] = (family, name)
            self._partner_of[family.pk] = _("N.º %(number)s %(name)s") % {
                "number": partner.number,
                "name": name,
            }

    def _add(self, family: UUID, *names: str) -> None:
        for name in names:
            self._by_key[search_key(name)][family] = None
            self._by_sound[sound_key(name)][family] = None
        self._by_words.add(Described((family, names[0]), names[0], None, None, None, None))

    def called(self, family: Family) -> str:
        """A family as somebody chooses it among others."""
        told = f"{family}, {family.community.name}"
        partner = self._partner_of.get(family.pk)
        return f"{told}; {partner}" if partner else told

    def read(self, row: Row) -> Seller:
        """Say whose a row is. What cannot be becomes a problem of the row; what is read otherwise
        than it is written, a notice."""
        community = self._read_community(row)
        told = len(row.problems)
        narrowed: list[tuple[str, Seller]] = []
        for column, reader in (
            ("partner", self._of_partner),
            ("family", self._of_family),
            ("person", self._of_person),
        ):
            if row.values.get(column) and not any(name == column for name, _said in row.problems):
                seller = reader(row, column, community)
                if len(row.problems) > told:
                    return Seller()
                narrowed.append((column, seller))
        if not narrowed:
            if not any(name in {"partner", "family", "person"} for name, _said in row.problems):
                sentence = _(
                    "Falta quién entregó: el número de socia o socio, la familia o la persona."
                )
                row.problems.append(("person", sentence))
            return Seller()
        (_column, seller), *others = narrowed
        for column, other in others:
            seller = self._both(row, column, seller, other)
        if not seller.is_sure and len(seller.families) > MOST_ASKED:
            sentence = _(
                "Hay %(number)s familias a las que puede referirse. Escriba el número de la "
                "familia, el de la socia o el socio, o la comunidad."
            )
            row.problems.append((narrowed[-1][0], sentence % {"number": len(seller.families)}))
        return seller

    def _both(self, row: Row, column: str, one: Seller, other: Seller) -> Seller:
        """What two columns say together."""
        keys = {family.pk for family in other.families}
        families = [family for family in one.families if family.pk in keys]
        if not families and one.families and other.families:
            sentence = _("No es de la familia %(family)s. Revise cuál de los dos datos es.")
            row.problems.append((column, sentence % {"family": one.families[0]}))
            return Seller()
        return Seller(
            families,
            one.is_close or other.is_close,
            one.question if one.is_close else other.question,
        )

    def _read_community(self, row: Row) -> Community | None:
        typed = row.values.get("community", "")
        if not search_key(typed):
            return None
        found = self._community_names.find(typed)
        names = _(" y como ").join(self.communities[pk].name for pk in found.rows[:3])
        told = {"typed": typed[:60], "names": names}
        if found.row is not None:
            if found.likeness is Likeness.SOUNDS_ALIKE:
                notice = _("«%(typed)s» se lee como %(names)s.")
                row.notices.append(("community", notice % told))
            return self.communities[found.row]
        if found.likeness is Likeness.NEAR:
            sentence = _(
                "No hay ninguna comunidad «%(typed)s». ¿Es %(names)s? Escríbala así, o añada esta "
                "escritura en la página de la comunidad."
            )
        elif found.likeness is Likeness.AMBIGUOUS:
            sentence = _("«%(typed)s» suena como %(names)s. Escriba el nombre completo.")
        else:
            sentence = _("No hay ninguna comunidad «%(typed)s». Corrija el nombre.")
        row.problems.append(("community", sentence % told))
        return None

    def _of_partner(self, row: Row, column: str, community: Community | None) -> Seller:
        typed = row.values[column]
        match = _NUMBER.fullmatch(typed)
        if match is None:
            return self._of_person(row, column, community)
        found = self._by_partner.get(int(match[1]))
        if found is None:
            sentence = _("No hay ninguna socia ni socio con el número %(number)s.")
            row.problems.append((column, sentence % {"number": match[1]}))
            return Seller()
        return self._sure(row, found[0], community)

    def _of_family(self, row: Row, column: str, community: Community | None) -> Seller:
        typed = row.values[column]
        match = FAMILY_CODE.fullmatch(typed) or _NUMBER.fullmatch(typed)
        if match is None:
            return self._of_name(row, column, community)
        family = self._by_number.get(int(match[1]))
        if family is None:
            sentence = _("No hay ninguna familia %(code)s.")
            row.problems.append((column, sentence % {"code": typed[:20]}))
            return Seller()
        return self._sure(row, family, community)

    def _of_person(self, row: Row, column: str, community: Community | None) -> Seller:
        """Under «Socia» or «Socio» lists hold names or numbers."""
        if _NUMBER.fullmatch(row.values[column]):
            return self._of_partner(row, column, community)
        return self._of_name(row, column, community)

    def _sure(self, row: Row, family: Family, community: Community | None) -> Seller:
        if community is not None and family.community_id != community.pk:
            sentence = _("En el registro la familia %(family)s es de %(community)s.")
            told = {"family": family, "community": family.community.name}
            row.problems.append(("community", sentence % told))
            return Seller()
        return Seller([family], is_close=True)

    def _of_name(self, row: Row, column: str, community: Community | None) -> Seller:
        typed = row.values[column]
        is_close, keys = self._named(typed)
        found = sorted((self.families[key] for key in keys), key=lambda one: one.number)
        here = [one for one in found if community is None or one.community_id == community.pk]
        told = {"typed": typed[:60]}
        if not here:
            if found and community is not None:
                sentence = _("«%(typed)s» no es de %(community)s; en el registro es de %(places)s.")
                places = dict.fromkeys(one.community.name for one in found[:3])
                told |= {"community": community.name, "places": ", ".join(places)}
            else:
                sentence = _(
                    "No hay nadie que se llame «%(typed)s». Corrija el nombre, o registre primero "
                    "a la familia."
                )
            row.problems.append((column, sentence % told))
            return Seller()
        if is_close:
            question = _("Hay varias familias con alguien que se llama «%(typed)s». ¿Cuál entregó?")
        else:
            question = _("Nadie se llama exactamente «%(typed)s». ¿Entregó una de estas familias?")
        return Seller(here, is_close, question % told)

    def _named(self, typed: str) -> tuple[bool, list[UUID]]:
        """The families with somebody of that name, or called so; whether it is the name itself, by
        letters or by sound, or one that resembles it."""
        key = search_key(typed)
        if key not in self._found:
            exactly = self._by_key.get(key) or self._by_sound.get(sound_key(typed)) or ()
            self._found[key] = (bool(exactly), list(exactly or self._resembling(typed)))
        return self._found[key]

    def _resembling(self, typed: str) -> Iterable[UUID]:
        similar = self._by_words.similar(Described((), typed, None, None, None, None))
        return dict.fromkeys(one.row[0] for one in similar)
