"""Villages and the spellings under which they are found."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kallari.history.records import History, never_removed
from kallari.refusals import refusal_at
from kallari.search.fields import search_key_of, sound_key_of
from kallari.search.spelling import search_key
from kallari.text import LineField, NoteField, tidy_line
from members.querysets.communities import CommunityAliasQuerySet, CommunityQuerySet

HAS_LETTERS_MESSAGE = _("Escriba un nombre con letras o cifras.")
TAKEN_MESSAGE = _("Ya hay una comunidad que se llama o se escribe así: %(community)s.")


def _no_spelling_of_two_communities(*columns: str, others: str) -> pgtrigger.Trigger:
    """Names and further spellings stand in two tables, and no spelling may mean two villages.

    Each table is unique in itself; this looks into the other one. The lock makes it hold for two
    writers at once: the second one sees what the first has committed.

    It is taken only where one of `columns` gets another value. Services take it before they lock
    a row (`lock_spellings`); whoever corrects or closes a community has locked the row already,
    and would wait for somebody who waits for that row. That the columns are named is not enough:
    ``save()`` names all of them.
    """
    changes = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in columns)
    return pgtrigger.Trigger(
        name="no_spelling_of_two",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns),
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                IF NOT ({changes}) THEN
                    RETURN NULL;
                END IF;
            END IF;
            PERFORM pg_advisory_xact_lock(hashtext('members_community_spelling'));
            IF EXISTS ({others}) THEN
                RAISE EXCEPTION 'the spelling belongs to another community'
                USING ERRCODE = 'unique_violation',
                      CONSTRAINT = 'no_spelling_of_two_communities';
            END IF;
            RETURN NULL;
        """,
    )


class Community(models.Model):
    """A village whose families hand in their harvest and elect delegates.

    Found by its name in any spelling. Closed when the association no longer works there; never
    removed, because families, deliveries and votes name it.
    """

    name = LineField(_("nombre"), max_length=80, help_text=_("Como lo escribe la comunidad misma."))
    search_key = search_key_of("name")
    sound_key = sound_key_of("name")
    canton = LineField(_("cantón"), max_length=60, blank=True)
    parish = LineField(_("parroquia"), max_length=60, blank=True)
    note = NoteField(_("nota"), blank=True, max_length=2000)
    delegate_seats = models.PositiveSmallIntegerField(
        _("puestos en la Junta General"),
        default=0,
        editable=False,
        help_text=_("Se reparten entre las comunidades según sus socias y socios."),
    )
    closed_on = models.DateField(
        _("cerrada el"),
        null=True,
        blank=True,
        help_text=_("Desde este día la asociación ya no trabaja en la comunidad."),
    )

    objects: ClassVar[CommunityQuerySet] = CommunityQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("comunidad")
        verbose_name_plural = _("comunidades")
        ordering: ClassVar[list[str]] = ["search_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["search_key"],
                name="one_community_a_name",
                violation_error_message=_(
                    "Ya hay una comunidad con ese nombre, quizá con otros acentos o espacios."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(search_key=""),
                name="a_community_name_has_letters",
                violation_error_message=HAS_LETTERS_MESSAGE,
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            never_removed(),
            _no_spelling_of_two_communities(
                "name",
                others="SELECT 1 FROM members_communityalias other"
                " WHERE other.search_key = NEW.search_key AND other.community_id <> NEW.id",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:community", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether the association works there."""
        return self.closed_on is None

    def clean(self) -> None:
        """Refuse, with the other community's name, a name that already means one."""
        super().clean()
        self.name = _clean_spelling("name", self.name, self.pk)


class CommunityAlias(models.Model):
    """One more spelling under which a community is found: an older name, a printed variant, what
    people say."""

    community = models.ForeignKey(
        Community, models.PROTECT, related_name="aliases", verbose_name=_("comunidad")
    )
    spelling = LineField(_("otra escritura"), max_length=80)
    search_key = search_key_of("spelling")
    sound_key = sound_key_of("spelling")
    source = LineField(
        _("de dónde"),
        max_length=120,
        blank=True,
        help_text=_("El papel o la persona que la escribe así."),
    )

    objects: ClassVar[CommunityAliasQuerySet] = CommunityAliasQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("otra escritura")
        verbose_name_plural = _("otras escrituras")
        ordering: ClassVar[list[str]] = ["search_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["search_key"],
                name="one_community_a_spelling",
                violation_error_message=_("Ya se encuentra una comunidad con esa escritura."),
            ),
            models.CheckConstraint(
                condition=~models.Q(search_key=""),
                name="a_spelling_has_letters",
                violation_error_message=HAS_LETTERS_MESSAGE,
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            _no_spelling_of_two_communities(
                "spelling",
                "community_id",
                others="SELECT 1 FROM members_community other"
                " WHERE other.search_key = NEW.search_key AND other.id <> NEW.community_id",
            ),
        ]

    def __str__(self) -> str:
        return self.spelling

    def clean(self) -> None:
        """Refuse, with the other community's name, a spelling that already means one."""
        super().clean()
        self.spelling = _clean_spelling("spelling", self.spelling, self.community_id)


def _clean_spelling(field: str, text: str, community: int | None) -> str:
    """Return `text` without needless spaces.

    Raises:
        ValidationError: ``no_letters``; ``spelling_taken`` when it is the name or a further
            spelling of another community than the one with the primary key `community`.
    """
    text = tidy_line(text)
    key = search_key(text)
    if not key:
        raise refusal_at(field, HAS_LETTERS_MESSAGE, code="no_letters")
    taken = Community.objects.filter(
        models.Q(search_key=key)
        | models.Exists(
            CommunityAlias.objects.filter(community=models.OuterRef("pk"), search_key=key)
        )
    ).exclude(pk=community)  # type: ignore[misc]  # without one, nothing is excluded
    if (other := taken.first()) is not None:
        raise refusal_at(
            field, TAKEN_MESSAGE, code="spelling_taken", params={"community": other.name}
        )
    return text
