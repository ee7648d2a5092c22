"""People, and where they are paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kallari.admin_records import REASON, RecordAdmin
from members.admin.families import ReadOnlyInline
from members.models import BankAccount, Partner, Person
from members.permissions.people import may_identify
from members.services import persons as services

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from kallari.accounts.models import User


class PersonForm(forms.ModelForm):
    """A person; whoever resembles another is entered once somebody has looked."""

    distinct = forms.BooleanField(
        label=_("Lo he revisado: es otra persona"),
        required=False,
        help_text=_("Márquelo solo si no es ninguna de las personas que se nombran arriba."),
    )

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = [
            "family",
            "surnames",
            "given_names",
            "cedula",
            "cedula_missing_reason",
            "sex",
            "born_on",
            "birth_year",
            "kinship",
            "speaks_kichwa",
            "speaks_spanish",
            "other_languages",
            "phone",
            "next_of_kin_name",
            "next_of_kin_relation",
            "next_of_kin_phone",
            "note",
        ]


class PartnershipInline(ReadOnlyInline):
    model = Partner
    fk_name = "person"
    fields: ClassVar[list[str]] = [
        "number",
        "applied_on",
        "registered_on",
        "ended_on",
        "ended_how",
    ]
    show_change_link = True


class BankAccountInline(ReadOnlyInline):
    model = BankAccount
    fields: ClassVar[list[str]] = ["institution", "kind", "number", "closed_on"]


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    form = PersonForm
    list_display: ClassVar[list[str]] = [
        "listed_name",
        "family",
        "community",
        "sex",
        "born_in",
        "kinship",
    ]
    list_filter: ClassVar[list[Any]] = ["family__community", "sex", "kinship"]
    list_select_related: ClassVar[list[str]] = ["family__community"]
    show_full_result_count = False
    search_fields: ClassVar[list[str]] = ["surnames"]
    search_help_text = _(
        "Un nombre escrito de cualquier manera, o desde cuatro cifras de la cédula."
    )
    autocomplete_fields: ClassVar[list[str]] = ["family"]
    inlines: ClassVar[list[Any]] = [PartnershipInline, BankAccountInline]

    @admin.display(description=_("apellidos y nombres"), ordering="search_key")
    def listed_name(self, person: Person) -> str:
        return person.listed_name

    @admin.display(description=_("año de nacimiento"), ordering="birth_year")
    def born_in(self, person: Person) -> str:
        return str(person.birth_year or "")

    @admin.display(description=_("comunidad"), ordering="family__community__search_key")
    def community(self, person: Person) -> str:
        return person.community.name

    def get_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        told = PersonForm.Meta.fields
        return [*told, "distinct"] if obj is None else [*told, "distinct", "died_on"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Person | None = None
    ) -> tuple[str, ...]:
        return () if obj is None else ("died_on",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """Any spelling finds the row, and a cédula for who may see it."""
        found: Any = queryset
        return found.find(search_term, by_cedula=may_identify(request.user)), False

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        actor, told = cast("User", request.user), dict(form.cleaned_data)
        if not change:
            made = services.add_person(actor=actor, **told)
            vars(obj).update(vars(made))
            return
        reason, family = told.pop(REASON), told.pop("family")
        before = Person.objects.get(pk=obj.pk)
        services.move_person(actor=actor, person=before, family=family, reason=reason)
        services.correct_person(actor=actor, person=before, reason=reason, **told)
