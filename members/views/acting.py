"""The page of one act: a form, the service it calls, and where it leads afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kallari.forms import written

if TYPE_CHECKING:
    from kallari.accounts.models import User

form_page = require_http_methods(["GET", "HEAD", "POST"])


def actor_of(request: HttpRequest) -> User:
    """Who acts; the door has let them in."""
    return cast("User", request.user)


def act_page(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    button: str,
    back: Any,
    done: Callable[[Any], str],
    lead: str = "",
    is_dangerous: bool = False,
    then: Callable[[Any], Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form; once it is valid, call `act` with what was told, and say what was done.

    Args:
        act: the service, from the form's cleaned data; its refusal stands on the form.
        back: a record, or the address of a list.
        then: from what was made, where to go; without it, what was made has a page.
    """
    if request.method == "POST" and form.is_valid():
        made = written(form, lambda: act(dict(form.cleaned_data)))
        if made is not None:
            messages.success(request, done(made))
            return redirect(then(made) if then else made)
    back_url = back if isinstance(back, str) else back.get_absolute_url()
    return render(
        request,
        "members/act.html",
        {
            "form": form,
            "title": title,
            "lead": lead,
            "button": button,
            "back_url": back_url,
            "back_label": context.pop("back_label", "") or str(back),
            "is_dangerous": is_dangerous,
            "is_multipart": form.is_multipart(),
            **context,
        },
    )
