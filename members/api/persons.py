"""People, and where they are paid, for programs.

What identifies a person (`IDENTITY`) is null for roles that only need to know whom they have
before them, and no filter or order tells it either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from kallari.api.creation import CreatesOnce, KeyField
from kallari.api.filters import ChangedSinceFilter, Ordering, YesNoFilter
from kallari.api.serializers import GuardedSerializer, ReasonField, RecordSerializer
from kallari.api.viewsets import ListedViewSet
from kallari.cedula import digits_of
from members.api.reach import CommunityField, CommunityFilter, FamilyField, PersonField
from members.models import BankAccount, Community, Family, Person
from members.permissions.people import may_decide_on_partners, may_identify
from members.services import partners, persons

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


IDENTITY = frozenset(
    {
        "cedula",
        "cedula_missing_reason",
        "born_on",
        "birth_year",
        "phone",
        "next_of_kin_name",
        "next_of_kin_relation",
        "next_of_kin_phone",
        "note",
    }
)
"""Shown to those alone who may identify a person. The note too: nobody knows what is in it."""

SEEN_BY_ALL = (
    "surnames",
    "given_names",
    "sex",
    "kinship",
    "speaks_kichwa",
    "speaks_spanish",
    "other_languages",
)
CORRECTED = (*SEEN_BY_ALL, *sorted(IDENTITY))
TOLD = ("family", *CORRECTED)


class PersonSerializer(GuardedSerializer[Person]):
    """A human being of a family."""

    guarded = IDENTITY

    family_name = serializers.CharField(source="family.name", help_text=_("De qué familia es."))
    community: serializers.PrimaryKeyRelatedField[Community] = serializers.PrimaryKeyRelatedField(
        source="family.community", read_only=True, help_text=_("Dónde vive su familia.")
    )
    community_name = serializers.CharField(
        source="family.community.name", help_text=_("Cómo se llama su comunidad.")
    )

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = [
            "id",
            "family",
            "family_name",
            "community",
            "community_name",
            *CORRECTED,
            "died_on",
        ]
        read_only_fields = fields

    def may_see_guarded(self, user: Any) -> bool:
        return may_identify(user)


class _Told(RecordSerializer[Person]):
    """What may be told of a person."""

    cedula = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=20,
        help_text=_("Diez cifras; se aceptan guiones y espacios. Sin ella, diga por qué falta."),
    )

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = [*TOLD]


class NewPersonSerializer(_Told):
    """What is told of a person when she is entered."""

    id = KeyField()
    family = FamilyField()
    distinct = serializers.BooleanField(
        default=False,
        help_text=_("Alguien lo ha mirado: es otra persona, aunque su nombre se parezca."),
    )
    reason = ReasonField(required=False, allow_blank=True)

    class Meta(_Told.Meta):
        fields: ClassVar[list[str]] = ["id", *TOLD, "distinct", "reason"]


class PersonCorrectionSerializer(_Told):
    """What differs from now on, and why."""

    family = FamilyField(required=False, help_text=_("Se muda a esta familia."))
    died_on = serializers.DateField(
        required=False, help_text=_("Falleció ese día; con ella termina su registro.")
    )
    distinct = serializers.BooleanField(
        default=False,
        help_text=_("Alguien lo ha mirado: es otra persona, aunque desde ahora se parezca a ella."),
    )
    reason = ReasonField()

    class Meta(_Told.Meta):
        fields: ClassVar[list[str]] = [*TOLD, "died_on", "distinct", "reason"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {
            "surnames": {"required": False},
            "given_names": {"required": False},
        }


class DescriptionSerializer(RecordSerializer[Person]):
    """Who is described, before she is entered."""

    cedula = serializers.CharField(required=False, allow_null=True, max_length=20)
    community = CommunityField()

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = [
            "surnames",
            "given_names",
            "birth_year",
            "cedula",
            "community",
        ]


class DuplicateSerializer(RecordSerializer[Person]):
    """Somebody registered who may be the one described: enough to recognize her by. Of people
    whom the reader does not see, only the community is told: the rest is null."""

    HIDDEN = frozenset({"id", "surnames", "given_names", "birth_year", "family_name"})

    family_name = serializers.CharField(source="family.name")
    community_name = serializers.CharField(source="family.community.name")
    same_cedula = serializers.SerializerMethodField(
        help_text=_("Tiene la misma cédula: es la misma persona.")
    )

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = [
            "id",
            "surnames",
            "given_names",
            "birth_year",
            "family_name",
            "community_name",
            "same_cedula",
        ]
        read_only_fields = fields

    def to_representation(self, instance: Person) -> dict[str, Any]:
        """Hide who it is from a reader whose communities do not hold the person."""
        shown: dict[str, Any] = super().to_representation(instance)
        if instance.pk not in self.context["seen"]:
            shown |= dict.fromkeys(self.HIDDEN)
        return shown

    def get_same_cedula(self, person: Person) -> bool:
        told = self.context.get("cedula")
        return bool(told) and person.cedula == told


class PersonFilter(filters.FilterSet):
    """Which people a list holds. What is hidden from a reader narrows no list of hers."""

    search = filters.CharFilter(
        method="by_search",
        label=_("Parte de un nombre o, si su rol ve cédulas, desde cuatro cifras de una."),
    )
    cedula = filters.CharFilter(
        method="by_cedula", label=_("Una cédula entera. Solo para roles que ven cédulas.")
    )
    family = filters.UUIDFilter(field_name="family", label=_("De una familia."))
    community = CommunityFilter("family__community")
    sex = filters.ChoiceFilter(choices=Person.Sex.choices, label=_("Mujeres, hombres u otras."))
    alive = YesNoFilter(
        field_name="died_on", lookup_expr="isnull", label=_("Solo vivas, o solo fallecidas.")
    )
    changed_since = ChangedSinceFilter(
        related=[(Family, "id", "family_id"), (Community, "id", "family__community_id")]
    )
    ordering = Ordering(
        fields=[
            ("search_key", "name"),
            ("family__number", "family"),
            ("family__community__search_key", "community"),
        ],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_search(
        self, rows: models.QuerySet[Person], _name: str, value: str
    ) -> models.QuerySet[Person]:
        by_cedula = may_identify(self.request.user)
        return rows.find(value, by_cedula=by_cedula)  # type: ignore[attr-defined]

    def by_cedula(
        self, rows: models.QuerySet[Person], _name: str, value: str
    ) -> models.QuerySet[Person]:
        if not may_identify(self.request.user):
            raise exceptions.PermissionDenied(_("Su rol no ve cédulas ni busca por ellas."))
        return rows.filter(cedula=digits_of(value))


@extend_schema_view(
    list=extend_schema(
        summary=_("Las personas que su rol ve, en orden alfabético"),
        description=_(
            "Cédula, nacimiento, teléfonos, a quién avisar y nota son null para los roles que no"
            " los necesitan."
        ),
    ),
    retrieve=extend_schema(summary=_("Una persona")),
)
class PersonViewSet(CreatesOnce, ListedViewSet):
    """People: agents and delegates see those of their communities. Never removed."""

    queryset = Person.objects.select_related("family__community")
    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    told_fields = TOLD
    rights: ClassVar[dict[str, tuple[str, str]]] = {
        "duplicates": ("members.view_person", "members.add_person"),
    }

    @extend_schema(
        summary=_("Registrar una persona"),
        description=_(
            "Quien se parece a alguien registrado se rechaza (código similar), a menos que"
            " distinct diga que alguien lo ha mirado. Vea /persons/duplicates/."
        ),
        request=NewPersonSerializer,
        responses={200: PersonSerializer, 201: PersonSerializer},
    )
    def create(self, request: Request) -> Response:
        """Enter a person; the same message again changes nothing."""
        return self.create_once(self.told_by(NewPersonSerializer), persons.add_person)

    @extend_schema(
        summary=_("Corregir una persona, mudarla de familia o anotar que falleció"),
        description=_(
            "Si con la corrección llega a parecerse a otra persona registrada se rechaza (código"
            " similar), a menos que distinct diga que alguien lo ha mirado."
        ),
        request=PersonCorrectionSerializer,
        responses=PersonSerializer,
    )
    @transaction.atomic
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct a person, move her, record her death. Asks for a reason."""
        person = self.get_object()
        wanted = self.told_by(PersonCorrectionSerializer, person)
        who = {"actor": self.actor, "reason": wanted.pop("reason")}
        family, died_on = wanted.pop("family", None), wanted.pop("died_on", None)
        distinct = wanted.pop("distinct")
        # A death ends a membership or an application, and that the office writes down.
        ends_one = died_on is not None and person.partnerships.filter(ended_on=None).exists()
        if ends_one and not may_decide_on_partners(request.user):
            raise exceptions.PermissionDenied(
                _("Esa muerte termina un registro o una solicitud: la anota administración.")
            )
        if family is not None:
            persons.move_person(person=person, family=family, **who)
        if wanted:
            persons.correct_person(person=person, distinct=distinct, **wanted, **who)
        if died_on is not None and died_on != person.died_on:
            partners.record_death(
                person=self.get_queryset().get(pk=person.pk), died_on=died_on, **who
            )
        return Response(self.shown(person.pk))

    @extend_schema(
        summary=_("Quién está registrada y podría ser la misma persona"),
        description=_("No guarda nada. La más segura va primero."),
        request=DescriptionSerializer,
        responses=DuplicateSerializer(many=True),
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def duplicates(self, request: Request) -> Response:
        """Who may be meant, asked before a person is entered. By POST: identity numbers do not
        stand in addresses."""
        told = self.told_by(DescriptionSerializer)
        found = persons.probable_duplicates(**told)
        cedula = digits_of(told.get("cedula") or "")
        seen = persons.seen_by(self.actor, found)
        shown = DuplicateSerializer(found, many=True, context={"cedula": cedula, "seen": seen})
        return Response(shown.data)


# --- Where they are paid --------------------------------------------------------------------------


class BankAccountSerializer(RecordSerializer[BankAccount]):
    """Where a person is paid, or was."""

    class Meta:
        model = BankAccount
        fields: ClassVar[list[str]] = [
            "id",
            "person",
            "institution",
            "kind",
            "number",
            "closed_on",
        ]
        read_only_fields = fields


class NewBankAccountSerializer(RecordSerializer[BankAccount]):
    """The account from now on, since when, and why."""

    person = PersonField()
    on = serializers.DateField(
        help_text=_("Desde este día se paga ahí; la cuenta de antes queda en desuso.")
    )
    reason = ReasonField()

    class Meta:
        model = BankAccount
        fields: ClassVar[list[str]] = ["person", "institution", "kind", "number", "on", "reason"]
        validators: ClassVar[list[Any]] = []


class BankAccountClosureSerializer(RecordSerializer[BankAccount]):
    """Since when an account is not used, and why."""

    closed_on = serializers.DateField(help_text=_("Desde este día ya no se usa."))
    reason = ReasonField()

    class Meta:
        model = BankAccount
        fields: ClassVar[list[str]] = ["closed_on", "reason"]
        validators: ClassVar[list[Any]] = []


class BankAccountFilter(filters.FilterSet):
    """Which accounts a list holds."""

    person = filters.UUIDFilter(field_name="person", label=_("De una persona."))
    in_use = YesNoFilter(
        field_name="closed_on", lookup_expr="isnull", label=_("Solo en uso, o solo las de antes.")
    )
    changed_since = ChangedSinceFilter()


@extend_schema_view(
    list=extend_schema(summary=_("Las cuentas bancarias, para quien paga o revisa pagos")),
    retrieve=extend_schema(summary=_("Una cuenta bancaria")),
)
class BankAccountViewSet(ListedViewSet):
    """Bank accounts, for whoever pays and whoever checks payments; 404 for everybody else."""

    queryset = BankAccount.objects.all()
    serializer_class = BankAccountSerializer
    filterset_class = BankAccountFilter

    @extend_schema(
        summary=_("Pagar a una persona en otra cuenta"),
        request=NewBankAccountSerializer,
        responses={201: BankAccountSerializer},
    )
    def create(self, request: Request) -> Response:
        """A new account; the one in use until then is closed. Asks for a reason."""
        return self.written_by(NewBankAccountSerializer, persons.add_bank_account)

    @extend_schema(
        summary=_("Dejar de usar una cuenta"),
        request=BankAccountClosureSerializer,
        responses=BankAccountSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Close an account. Asks for a reason."""
        return self.written_by(
            BankAccountClosureSerializer, persons.close_bank_account, account=self.get_object()
        )


def register(router: BaseRouter) -> None:
    """Add the resources."""
    router.register("persons", PersonViewSet, basename="person")
    router.register("bank-accounts", BankAccountViewSet, basename="bank-account")
