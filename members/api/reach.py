"""Fields and filters by which the resources of the register point to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from kallari.api.creation import RowKeyField
from members.models import (
    Ally,
    CertificationScheme,
    Chakra,
    Checklist,
    Community,
    Family,
    Gathering,
    InputDistribution,
    InputKind,
    Inspection,
    Partner,
    Person,
)
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.db import models


class CommunityField(serializers.PrimaryKeyRelatedField[Community]):
    """A community in which whoever writes works: an agent enters nobody elsewhere."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Community.objects.all())
        super().__init__(**kwargs)

    def get_queryset(self) -> models.QuerySet[Community]:
        return Community.objects.filter(within_reach(self.context["request"].user, "pk"))


class _Numbered(serializers.PrimaryKeyRelatedField[Any]):
    """A row that whoever writes may see; any other does not exist."""

    def get_queryset(self) -> models.QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["request"].user)


class _Visible(_Numbered):
    """The same for a row whose key is a UUID."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"pk_field": RowKeyField(), **kwargs})


class FamilyField(_Visible):
    """A family that whoever writes may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Family.objects.all(), **kwargs})


class PersonField(_Visible):
    """A person whom whoever writes may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Person.objects.all(), **kwargs})


class PartnerField(_Visible):
    """A membership that whoever writes may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Partner.objects.all(), **kwargs})


class GatheringField(_Visible):
    """A training or a minga that whoever writes may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Gathering.objects.all(), **kwargs})


class AllyField(_Numbered):
    """An ally, for whoever may choose one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Ally.objects.all(), **kwargs})


class InputKindField(_Numbered):
    """A kind of input, for whoever may choose one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": InputKind.objects.all(), **kwargs})


class InputDistributionField(_Visible):
    """A handing out of inputs that whoever writes may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": InputDistribution.objects.all(), **kwargs})


class ChakraField(_Visible):
    """A chakra that whoever writes may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Chakra.objects.all(), **kwargs})


class SchemeField(_Numbered):
    """A scheme of certification."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": CertificationScheme.objects.all(), **kwargs})


class ChecklistField(_Numbered):
    """The questions of a scheme and a year, for whoever may ask them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Checklist.objects.all(), **kwargs})


class InspectionField(_Visible):
    """A visit that whoever writes may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": Inspection.objects.all(), **kwargs})


class CommunityFilter(filters.ModelChoiceFilter):
    """``?community=3``. The villages are no secret: one that does not exist is refused."""

    def __init__(self, field_name: str) -> None:
        super().__init__(
            field_name=field_name, queryset=Community.objects.all(), label=_("De una comunidad.")
        )
