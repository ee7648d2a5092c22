"""Pages of the admin whose records the services write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from kallari.admin_records import REASON, RecordAdmin
from members.forms.community_life import ServiceForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from kallari.accounts.models import User


class ByServices(RecordAdmin):
    """Written by the services alone, which hold the rules."""

    form = ServiceForm
    enter: ClassVar[Callable[..., Any] | None] = None
    correct: ClassVar[Callable[..., Any]]
    corrected_as: ClassVar[str]
    """How the correcting service calls the row."""
    fixed: ClassVar[tuple[str, ...]] = ()
    """What is told once, when the row is entered."""
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.enter is not None and super().has_add_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        given = tuple(self.readonly_fields)
        return given if obj is None else (*given, *self.fixed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor, told = cast("User", request.user), dict(form.cleaned_data)
        if change:
            before = type(obj).objects.get(pk=obj.pk)
            reason = told.pop(REASON)
            row = self.correct(**{self.corrected_as: before}, actor=actor, reason=reason, **told)
        elif self.enter is not None:
            row = self.enter(actor=actor, **told)
        vars(obj).update(vars(row))
