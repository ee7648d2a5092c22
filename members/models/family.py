"""Families: the productive units, and who of the association works with which communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kallari.history.records import History, never_removed
from kallari.keys import random_key
from kallari.search.fields import search_key_of, sound_key_of
from kallari.text import NameField, NoteField
from members.models.community import HAS_LETTERS_MESSAGE, Community
from members.querysets.families import CommunityAssignmentQuerySet, FamilyQuerySet

if TYPE_CHECKING:
    from members.models.partner import Partner


class Family(models.Model):
    """A productive unit: the people who live from one or several chakras together.

    The family harvests and delivers; one person of it is the registered partner and answers for
    selling. Closed when it no longer belongs to the association; never removed, because
    deliveries, plots and payments name it.
    """

    id = random_key()
    number = models.PositiveIntegerField(
        _("número"),
        unique=True,
        editable=False,
        help_text=_("Lo asigna el sistema; no cambia nunca."),
        error_messages={"unique": _("Ya hay una familia con ese número.")},
    )
    name = NameField(
        _("nombre"), max_length=120, help_text=_("Los apellidos por los que se la conoce.")
    )
    search_key = search_key_of("name")
    sound_key = sound_key_of("name")
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="families", verbose_name=_("comunidad")
    )
    joined_on = models.DateField(
        _("con la asociación desde"),
        null=True,
        blank=True,
        help_text=_("Si se sabe: el día en que empezó a entregar o se acercó."),
    )
    note = NoteField(_("nota"), blank=True, max_length=2000)
    closed_on = models.DateField(
        _("retirada el"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Desde este día la familia ya no está en la asociación."),
    )

    objects: ClassVar[FamilyQuerySet] = FamilyQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("familia")
        verbose_name_plural = _("familias")
        ordering: ClassVar[list[str]] = ["search_key", "number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["search_key", "number"], name="families_by_name"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(search_key=""),
                name="a_family_name_has_letters",
                violation_error_message=HAS_LETTERS_MESSAGE,
            ),
            models.CheckConstraint(
                condition=models.Q(joined_on=None)
                | models.Q(closed_on=None)
                | models.Q(closed_on__gte=models.F("joined_on")),
                name="a_family_leaves_after_it_came",
                violation_error_message=_("Una familia no se retira antes de haber llegado."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed()]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def get_absolute_url(self) -> str:
        return reverse("members:family", args=[self.pk])

    @property
    def code(self) -> str:
        """The number as people read and write it: F-0042."""
        return f"F-{self.number:04d}"

    @property
    def is_open(self) -> bool:
        """Whether the family belongs to the association."""
        return self.closed_on is None

    @property
    def present_partner(self) -> Partner | None:
        """The registered or suspended partner of the family, from what was prefetched."""
        return next((one for one in self.partnerships.all() if one.is_member), None)


class CommunityAssignment(models.Model):
    """A community that an account works in or represents.

    Extension agents and delegates see the people of the communities assigned to them, and no
    others; whoever holds another role sees all and needs no assignment.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="community_assignments",
        verbose_name=_("cuenta"),
    )
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="assignments", verbose_name=_("comunidad")
    )

    objects: ClassVar[CommunityAssignmentQuerySet] = CommunityAssignmentQuerySet.as_manager()  # type: ignore[assignment]
    history = History()

    class Meta:
        verbose_name = _("comunidad a cargo")
        verbose_name_plural = _("comunidades a cargo")
        ordering: ClassVar[list[str]] = ["user", "community"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "community"],
                name="one_assignment_an_account_and_community",
                violation_error_message=_("La cuenta ya tiene a cargo esa comunidad."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.community}"
