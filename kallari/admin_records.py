"""Data entry for board staff: what every page of /admin/ that shows records is built on.

`RecordAdmin` and its inlines ask why something is changed, take rights from the one matrix in
`kallari.roles`, and turn what a service or the database refuses into words on the form. An app's
``admin.py`` declares which columns and fields there are, and holds no rules::

    @admin.register(Community)
    class CommunityAdmin(RecordAdmin):
        list_display = ["name", "parish"]
        search_fields = ["name"]
        inlines = [AliasInline]          # a RecordTabularInline

        def save_model(self, request, obj, form, change):
            services.save_community(request.user, community=obj)  # may raise ValidationError
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.core import checks
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import Error as DatabaseError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.checks import UnfoldModelAdminChecks
from unfold.overrides import FORMFIELD_OVERRIDES_INLINE

from kallari import roles
from kallari.history.context import REASON_REQUIRED, acting
from kallari.history.permissions import reads_history
from kallari.refusals import in_words

REASON = "change_reason"
"""The name of the field, in every form of the admin, that asks why."""


def reason_field() -> forms.CharField:
    """The question that every change answers; the answer becomes the history reason."""
    return forms.CharField(
        label=_("Motivo del cambio"),
        help_text=_("Qué se corrige y por qué. Queda en la historia junto a su nombre."),
        error_messages={"required": REASON_REQUIRED},
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """The one question of the confirmation page."""

    change_reason = reason_field()


class ReasonActionForm(ActionForm):
    """The choice of an action over many rows, and why."""

    change_reason = forms.CharField(
        label="",
        required=False,
        max_length=500,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "placeholder": _("Motivo del cambio"),
                "aria-label": _("Motivo del cambio"),
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].label = ""
        self.fields["action"].widget.attrs["aria-label"] = _("Qué hacer con lo marcado")


# --- What a page loads --------------------------------------------------------------------------

_JQUERY = ("vendor/jquery/jquery", "jquery.init", "core", "admin/RelatedObjectLookups")
_NEVER = ("urlify", "prepopulate", "vendor/xregexp/xregexp", "inlines")
"""What Django lists for every page: helps for fields that we do not use, and inline rows, which
Unfold's own script adds."""

NATIVE_WIDGETS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.BooleanField: {"widget": forms.CheckboxInput},
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    models.TimeField: {
        "widget": forms.TimeInput(format="%H:%M:%S", attrs={"type": "time", "step": "1"})
    },
    models.DateTimeField: {
        "form_class": forms.SplitDateTimeField,
        "widget": forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            date_attrs={"type": "date"},
            time_format="%H:%M:%S",
            time_attrs={"type": "time", "step": "1"},
        ),
    },
}
"""Dates, times and boxes by the browser's own fields: known from every phone, no script needed."""


def _without(media: forms.Media, *names: str) -> forms.Media:
    """The same media less the admin's scripts of these names."""
    left_out = {f"admin/js/{name}{ending}" for name in names for ending in (".js", ".min.js")}
    scripts = [script for script in media._js if script not in left_out]  # type: ignore[attr-defined]  # noqa: SLF001
    return forms.Media(css=media._css, js=scripts)  # type: ignore[attr-defined]  # noqa: SLF001


def _needs_jquery(form: forms.BaseForm) -> bool:
    """Whether a field opens a pop-up to add what it points to, or searches while one types."""
    return any(
        isinstance(widget, AutocompleteMixin)
        or (isinstance(widget, RelatedFieldWidgetWrapper) and widget.can_add_related)
        or hasattr(widget, "rel")
        for widget in (field.widget for field in form.fields.values())
    )


# --- What was refused, on the form ----------------------------------------------------------------


def _add_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Show a refusal at the fields it names; what the form does not show stands on top."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        shown = name != NON_FIELD_ERRORS and name in form.fields
        form.add_error(name if shown else None, errors)


# --- Rights -------------------------------------------------------------------------------------


class MatrixRights:
    """Rights from `kallari.roles.MATRIX` alone.

    What the matrix gives to nobody, nobody may do here: not a superuser either, who installs and
    repairs but does not work in the register.
    """

    opts: Any

    def _may(self, request: HttpRequest, action: str) -> bool:
        given = roles.MATRIX.get(self.opts.label_lower, {}).get(action)
        return bool(given) and request.user.has_perm(
            f"{self.opts.app_label}.{action}_{self.opts.model_name}"
        )

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "delete")

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, "view") or self._may(request, "change")


# --- Pages --------------------------------------------------------------------------------------


class RecordAdminChecks(UnfoldModelAdminChecks):
    """Refuses what would change records without asking why."""

    def check(self, admin_obj: Any, **kwargs: Any) -> list[checks.CheckMessage]:
        found: list[checks.CheckMessage] = super().check(admin_obj, **kwargs)
        for option in (
            "list_editable",
            "ordering_field",
            "actions_list",
            "actions_row",
            "actions_detail",
            "actions_submit_line",
        ):
            if getattr(admin_obj, option):
                found.append(
                    checks.Error(
                        f"{type(admin_obj).__name__}.{option} would change records without "
                        "asking for a reason.",
                        hint="Use the change form, or an action, which asks for it.",
                        obj=type(admin_obj),
                        id="kallari.E001",
                    )
                )
        return found


class RecordAdmin(MatrixRights, ModelAdmin):
    """The pages of one kind of record.

    - A change and a removal ask for their reason; a creation does not. The reason holds for
      the record, its inlines, and whatever a service writes meanwhile.
    - Rows come from ``visible_to(user)`` where the manager has it; what one may not see is 404.
    - A `ValidationError` raised while saving, and what the database refuses, come back on the
      form with everything that was typed.
    - Nothing is removed in bulk. An action that only reads says so: ``action.only_reads = True``.
    """

    checks_class = RecordAdminChecks
    formfield_overrides = NATIVE_WIDGETS
    compressed_fields = False  # labels above
    action_form = ReasonActionForm
    change_form_template = "kallari/admin/change_form.html"
    delete_confirmation_template = "kallari/admin/delete_confirmation.html"
    list_per_page = 50
    save_on_top = False
    warn_unsaved_form = True
    view_on_site = False

    @property
    def asks_why(self) -> bool:
        """Whether the model keeps history, and so wants a reason."""
        return hasattr(self.model._meta, "simple_history_manager_attribute")

    # Rows

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        manager = self.model._default_manager  # noqa: SLF001  # Django's name for it
        if not hasattr(manager, "visible_to"):
            return super().get_queryset(request)
        rows = manager.visible_to(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404

    # What the pages load, and where they lead

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.request = request  # Unfold's media asks the filters of this request
        unused = _NEVER if IS_POPUP_VAR in request.GET else (*_NEVER, *_JQUERY)
        media = _without(self.media, *unused)
        return super().changelist_view(request, {"media": media, **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        shown = [context["adminform"].form, *(formset.empty_form for formset in formsets)]
        unused: tuple[str, ...] = (*_NEVER, "actions")
        if not any(_needs_jquery(form) for form in shown) and not context["is_popup"]:
            unused += _JQUERY
        context["media"] = _without(context["media"], *unused)
        if context["show_history"] and kwargs.get("obj") is not None and self.asks_why:
            context["changes_url"] = self._changes_url(kwargs["obj"])
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The record's part of the one change list, for those who may read it."""
        record = self.get_object(request, unquote(object_id))
        seen = record is not None and self.has_view_permission(request, record)
        if not seen or not self.asks_why or not reads_history(request.user):
            raise Http404
        return HttpResponseRedirect(self._changes_url(record))

    def _changes_url(self, record: models.Model) -> str:
        about = {"modelo": self.opts.label_lower, "objeto": record.pk}
        return f"{reverse('history:changes')}?{urlencode(about)}"

    # Changing

    def get_form(
        self,
        request: HttpRequest,
        obj: models.Model | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[forms.ModelForm]:
        form_class = super().get_form(request, obj, change=change, **kwargs)

        def post_clean(form: Any) -> None:
            super(type(form), form)._post_clean()
            if refusal := getattr(request, "kallari_refusal", None):
                _add_refusal(form, refusal)

        attributes: dict[str, Any] = {"_post_clean": post_clean}
        if change and self.asks_why:
            attributes[REASON] = reason_field()
        return type(form_class)(form_class.__name__, (form_class,), attributes)

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        show = super()._changeform_view
        if request.method != "POST":
            return show(request, object_id, form_url, extra_context)
        reason = request.POST.get(REASON, "").strip() if object_id else ""
        try:
            with acting(reason=reason), transaction.atomic():
                return show(request, object_id, form_url, extra_context)
        except (ValidationError, DatabaseError) as error:
            # The form is shown again with the refusal on it; being invalid, it saves nothing.
            request.kallari_refusal = in_words(error)  # type: ignore[attr-defined]
            return show(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the record, unless nothing of its own was changed: history holds no echoes."""
        if change and not set(form.changed_data) - {REASON}:
            return
        super().save_model(request, obj, form, change)

    # Removing

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def _delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_delete_permission(request, obj):
            raise PermissionDenied
        _tree, _counts, perms_lacking, protected = self.get_deleted_objects([obj], request)
        form = ReasonForm(request.POST or None)
        if not self.asks_why:
            form.fields.pop(REASON)
        if request.method == "POST" and not protected and not perms_lacking and form.is_valid():
            name, key = str(obj), obj.pk
            try:
                with acting(reason=form.cleaned_data.get(REASON, "")), transaction.atomic():
                    self.delete_model(request, obj)
            except (ValidationError, DatabaseError) as error:
                _add_refusal(form, in_words(error))
            else:
                return self.response_delete(request, name, key)
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Quitar: %(record)s") % {"record": obj},
            "subtitle": None,
            "object": obj,
            "form": form,
            "protected": [*protected, *perms_lacking],
            "opts": self.opts,
            "app_label": self.opts.app_label,
            "media": self.media,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.delete_confirmation_template, context)

    # Actions over many rows

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> HttpResponse | None:
        chosen = self.get_actions(request).get(request.POST.get("action", ""))
        reason = request.POST.get(REASON, "").strip()
        reads = chosen is not None and getattr(chosen[0], "only_reads", False)
        if self.asks_why and chosen is not None and not reads and not reason:
            self.message_user(request, REASON_REQUIRED, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        try:
            with acting(reason=reason), transaction.atomic():
                return super().response_action(request, queryset)
        except (ValidationError, DatabaseError) as error:
            for sentence in in_words(error).messages:
                self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    # One history, not two: kallari.history keeps it, with the reason

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """History has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """History has it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """History has it."""


class RecordTabularInline(MatrixRights, TabularInline):
    """Rows that belong to a record, one below the other; the record's reason covers them."""

    extra = 0
    view_on_site = False
    formfield_overrides: ClassVar[dict[Any, Any]] = {**FORMFIELD_OVERRIDES_INLINE, **NATIVE_WIDGETS}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Name the field for who does not see the column's head."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            for widget in (field.widget, getattr(field.widget, "widget", field.widget)):
                widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field
