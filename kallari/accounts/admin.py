"""Accounts and their roles at the desk. What may be done is decided by the services."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kallari.accounts import permissions, services
from kallari.accounts.models import ApiToken, RoleAssignment, User
from kallari.admin_records import REASON, RecordAdmin, RecordTabularInline
from kallari.history.context import current_reason
from kallari.roles import Role


class RoleInline(RecordTabularInline):
    """The roles of an account: given and taken, never changed."""

    model = RoleAssignment
    fields: ClassVar[list[str]] = ["group"]
    hide_title = True
    verbose_name = gettext_lazy("rol")
    verbose_name_plural = gettext_lazy("roles")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[RoleAssignment]:
        rows: models.QuerySet[RoleAssignment] = super().get_queryset(request)
        return rows.select_related("user", "group")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the roles alone, not every group there may be."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "group":
            field.queryset = field.queryset.filter(name__in=Role.values)
        return field

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and _within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _within_reach(request, obj)


def _within_reach(request: HttpRequest, account: User | None) -> bool:
    actor = request.user
    if not isinstance(actor, User):  # nobody is signed in
        return False
    return account is None or permissions.may_manage(actor, account)


class RoleFilter(admin.SimpleListFilter):
    """The roles by their names, in the order of `Role`."""

    title = gettext_lazy("rol")
    parameter_name = "rol"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(role.value, role.label) for role in Role]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[User]
    ) -> models.QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(RecordAdmin):
    """Opens accounts, corrects whose they are, gives and takes roles; actions do the rest."""

    fields: ClassVar[list[str]] = ["username", "full_name", "cedula", "email"]
    readonly_fields: ClassVar[list[str]] = [
        "is_active",
        "installs",
        "is_demo",
        "must_change_password",
        "second_factor_since",
        "joined_at",
        "last_login",
    ]
    list_display: ClassVar[list[str]] = [
        "username",
        "full_name",
        "roles",
        "is_active",
        "has_second_factor",
        "last_login",
    ]
    list_filter: ClassVar[list[Any]] = ["is_active", RoleFilter]
    search_fields: ClassVar[list[str]] = ["username", "full_name", "cedula"]
    search_help_text = gettext_lazy("Usuario, nombre o cédula.")
    inlines: ClassVar[list[type[RecordTabularInline]]] = [RoleInline]
    actions: ClassVar[list[str]] = [
        "reset_password",
        "reset_second_factor",
        "close_accounts",
        "reopen_accounts",
    ]

    @admin.display(description=gettext_lazy("cuenta de instalación"), boolean=True)
    def installs(self, account: User) -> bool:
        return account.is_superuser

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.fields if obj is None else [*self.fields, *self.readonly_fields]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        accounts: models.QuerySet[User] = super().get_queryset(request)
        return accounts.prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, account: User) -> str:
        return account.role_labels

    @admin.display(
        description=gettext_lazy("segundo factor"), boolean=True, ordering="second_factor_since"
    )
    def has_second_factor(self, account: User) -> bool:
        return account.second_factor_since is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _within_reach(request, obj)

    # Writing

    def save_model(self, request: Any, obj: User, form: ModelForm[User], change: bool) -> None:
        if not change:
            opened, request.kallari_password = services.open_account(
                request.user,
                **{name: form.cleaned_data[name] for name in self.fields},
                reason="Cuenta abierta.",
            )
            obj.__dict__.update(opened.__dict__)
        elif corrected := set(form.changed_data) - {REASON}:
            services.correct_account(
                request.user,
                account=obj,
                reason=current_reason(),
                **{name: form.cleaned_data[name] for name in corrected},
            )

    def save_formset(
        self, request: Any, form: Any, formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        reason = current_reason() or "Cuenta abierta."
        given = formset.save(commit=False)
        for assignment in formset.deleted_objects:
            services.take_role(
                request.user,
                account=form.instance,
                role=Role(assignment.group.name),
                reason=reason,
            )
        for assignment in given:
            services.give_role(
                request.user,
                account=form.instance,
                role=Role(assignment.group.name),
                reason=reason,
            )

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._show_password(request, obj, request.kallari_password)  # type: ignore[attr-defined]

    def _show_password(self, request: HttpRequest, account: User, password: str) -> HttpResponse:
        """Show a provisional password, once: it is stored nowhere."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Contraseña provisional"),
            "opts": self.opts,
            "account": account,
            "password": password,
        }
        answer = TemplateResponse(request, "accounts/admin/password.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    # Acts on chosen accounts

    @admin.action(
        description=gettext_lazy("Dar una contraseña provisional"), permissions=["change"]
    )
    def reset_password(self, request: Any, queryset: models.QuerySet[User]) -> HttpResponse | None:
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            raise ValidationError(
                _("Elija una sola cuenta: la contraseña se entrega a su dueña o dueño."),
                code="choose_one",
            )
        password = services.reset_password(request.user, account=chosen[0], reason=current_reason())
        return self._show_password(request, chosen[0], password)

    @admin.action(
        description=gettext_lazy("Quitar el segundo factor (perdió el teléfono)"),
        permissions=["change"],
    )
    def reset_second_factor(self, request: Any, queryset: models.QuerySet[User]) -> None:
        for account in queryset:
            services.reset_second_factor(request.user, account=account, reason=current_reason())
        self._say_done(request, queryset)

    @admin.action(description=gettext_lazy("Cerrar la cuenta"), permissions=["change"])
    def close_accounts(self, request: Any, queryset: models.QuerySet[User]) -> None:
        for account in queryset:
            services.close_account(request.user, account=account, reason=current_reason())
        self._say_done(request, queryset)

    @admin.action(description=gettext_lazy("Abrir de nuevo la cuenta"), permissions=["change"])
    def reopen_accounts(self, request: Any, queryset: models.QuerySet[User]) -> None:
        for account in queryset:
            services.reopen_account(request.user, account=account, reason=current_reason())
        self._say_done(request, queryset)

    def _say_done(self, request: HttpRequest, queryset: models.QuerySet[User]) -> None:
        count = len(queryset)
        sentence = ngettext("Hecho en %(count)d cuenta.", "Hecho en %(count)d cuentas.", count) % {
            "count": count
        }
        self.message_user(request, sentence, messages.SUCCESS)


@admin.register(ApiToken)
class ApiTokenAdmin(RecordAdmin):
    """Which programs act in whose name; a token is revoked, never changed."""

    fields: ClassVar[list[str]] = ["user", "label", "created_at", "last_used_at", "revoked_at"]
    readonly_fields = fields
    list_display: ClassVar[list[str]] = [
        "user",
        "label",
        "created_at",
        "last_used_at",
        "revoked_at",
    ]
    list_filter: ClassVar[list[str]] = ["revoked_at"]
    list_select_related: ClassVar[list[str]] = ["user"]
    search_fields: ClassVar[list[str]] = ["user__username", "user__full_name", "label"]
    actions: ClassVar[list[str]] = ["revoke"]

    @admin.action(description=gettext_lazy("Anular la clave"))
    def revoke(self, request: Any, queryset: models.QuerySet[ApiToken]) -> None:
        for token in queryset:
            services.revoke_token(request.user, token=token, reason=current_reason())
        count = len(queryset)
        sentence = ngettext(
            "%(count)d clave quedó anulada.", "%(count)d claves quedaron anuladas.", count
        ) % {"count": count}
        self.message_user(request, sentence, messages.SUCCESS)
