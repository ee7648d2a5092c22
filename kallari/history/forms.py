"""The filters of the change list, as they stand in its address."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kallari.history.changes import Cursor, Filters, Kind, parse_pk
from kallari.history.tracked import tracked_models
from kallari.history.wording import capitalized

WITHOUT_ACCOUNT = "sin-cuenta"

KIND_WORDS = {"creacion": Kind.CREATED, "cambio": Kind.CHANGED, "retiro": Kind.REMOVED}

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)


def day_validators() -> list[Any]:
    """Refuse days that no change of this association can have."""
    message = _("Escriba un día entre 2000 y 2999, por ejemplo 22/11/2026.")
    return [MinValueValidator(FIRST_DAY, message), MaxValueValidator(LAST_DAY, message)]


class DayInput(forms.DateInput):
    """The browser's own calendar, which speaks ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ChangeFilterForm(forms.Form):
    """Which changes to show. Everything is optional; what is given narrows."""

    shows_optional = False
    use_required_attribute = False

    persona = forms.ChoiceField(
        label=_("Persona"),
        required=False,
        error_messages={"invalid_choice": _("Esa cuenta no existe. Escoja una de la lista.")},
    )
    modelo = forms.ChoiceField(
        label=_("Tipo de registro"),
        required=False,
        error_messages={"invalid_choice": _("Ese tipo no existe. Escoja uno de la lista.")},
    )
    clase = forms.ChoiceField(
        label=_("Qué pasó"),
        required=False,
        error_messages={"invalid_choice": _("Escoja creación, cambio o retiro.")},
    )
    desde = forms.DateField(
        label=_("Desde el día"),
        required=False,
        widget=DayInput,
        validators=day_validators(),
        error_messages={"invalid": _("Escriba un día que exista, por ejemplo 22/11/2026.")},
    )
    hasta = forms.DateField(
        label=_("Hasta el día"),
        required=False,
        widget=DayInput,
        validators=day_validators(),
        error_messages={"invalid": _("Escriba un día que exista, por ejemplo 22/11/2026.")},
    )
    objeto = forms.CharField(
        label=_("Número del registro"),
        required=False,
        max_length=100,
    )
    acto = forms.UUIDField(
        label=_("Número del acto"),
        required=False,
        error_messages={"invalid": _("Copie el número del acto completo, con sus guiones.")},
    )
    cursor = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    ON_SCREEN: ClassVar[list[str]] = [
        "persona",
        "modelo",
        "clase",
        "desde",
        "hasta",
        "objeto",
        "acto",
    ]

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filtro_%s")
        self._set_choices("persona", [("", _("Todas")), (WITHOUT_ACCOUNT, no_account()), *people()])
        self._set_choices("modelo", [("", _("Todos")), *models_by_app()])
        self._set_choices(
            "clase", [("", _("Todo")), *((word, kind.label) for word, kind in KIND_WORDS.items())]
        )

    def _set_choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_cursor(self) -> Cursor | None:
        text = self.cleaned_data["cursor"]
        return Cursor.parse(text) if text else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("desde"), data.get("hasta")
        if since and until and since > until:
            self.add_error(
                "hasta",
                ValidationError(
                    gettext("El último día es anterior al primero. Cambie uno de los dos."),
                    code="days_reversed",
                ),
            )
        if data.get("objeto") and "modelo" in data:
            self._clean_object(data)
        return data

    def _clean_object(self, data: dict[str, Any]) -> None:
        if not data["modelo"]:
            self.add_error(
                "modelo",
                ValidationError(
                    gettext("Escoja también el tipo: los números se repiten de un tipo a otro."),
                    code="model_needed",
                ),
            )
            return
        try:
            data["object_pk"] = parse_pk(apps.get_model(data["modelo"]), data["objeto"])
        except ValidationError as error:
            self.add_error("objeto", error)

    @property
    def filters(self) -> Filters:
        """The filters of a valid form."""
        data = self.cleaned_data
        person = data["persona"]
        return Filters(
            model=apps.get_model(data["modelo"]) if data["modelo"] else None,
            object_pk=data.get("object_pk"),
            kind=KIND_WORDS.get(data["clase"]),
            actor_id=int(person) if person and person != WITHOUT_ACCOUNT else None,
            without_account=person == WITHOUT_ACCOUNT,
            since=data["desde"],
            until=data["hasta"],
            request_id=data["acto"],
        )

    @property
    def on(self) -> list[tuple[str, str]]:
        """The filters that are on: label and value, as a person reads them."""
        return [
            (str(self[name].label), self._shown(name))
            for name in self.ON_SCREEN
            if self.cleaned_data.get(name)
        ]

    def _shown(self, name: str) -> str:
        value = self.cleaned_data[name]
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(_flat(field.choices)).get(value, value))
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def no_account() -> str:
    """What stands where an account would: a command, or a visitor before signing in."""
    return gettext("Sin cuenta (el sistema o una visita)")


def people() -> list[tuple[str, str]]:
    """Every account, by name."""
    accounts = get_user_model().objects.values_list("pk", "full_name", "username")
    named = [(str(pk), f"{name} ({user})" if name else user) for pk, name, user in accounts]
    return sorted(named, key=lambda choice: choice[1].casefold())


def models_by_app() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind of record with history, in groups by app."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for model in tracked_models():
        app = str(apps.get_app_config(model._meta.app_label).verbose_name)
        groups[app].append((model._meta.label_lower, capitalized(model._meta.verbose_name)))
    return [(app, sorted(choices, key=lambda c: c[1])) for app, choices in sorted(groups.items())]


def _flat(choices: Any) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for value, label in choices:
        flat += _flat(label) if isinstance(label, (list, tuple)) else [(value, label)]
    return flat
