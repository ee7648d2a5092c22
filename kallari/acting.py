"""The page of one act: a form, the service it calls, and where it leads afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kallari.forms import written


def carried_out(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: Callable[[Any], str],
    then: Callable[[Any], Any] | None = None,
) -> HttpResponse | None:
    """Once the form is sent and valid, call `act` with what was told, say what was done, lead on.

    None as long as there is nothing to carry out, or a service refused it, which the form then
    says: the page with the form is to be shown.

    Args:
        act: the service, from the form's cleaned data; it returns what was made, never None.
        then: from what was made, where to go; without it, what was made has a page.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    made = written(form, lambda: act(dict(form.cleaned_data)))
    if made is None:
        return None
    messages.success(request, done(made))
    return redirect(then(made) if then else made)


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
    back_label: str = "",
    template: str = "kallari/act.html",
    **more: Any,
) -> HttpResponse:
    """Show a page that has nothing but the form, or carry out what it tells.

    Args:
        act, done, then: as `carried_out` takes them.
        back: a record, or the address of a list.
        template, more: a template that extends the usual one, and what it needs beyond; perhaps
            ``cannot``: why it cannot be done now, each in a sentence. Then there is no form.
    """
    if answer := carried_out(request, form, act, done=done, then=then):
        return answer
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "button": button,
        "back_url": back if isinstance(back, str) else back.get_absolute_url(),
        "back_label": back_label or str(back),
        "is_dangerous": is_dangerous,
        "is_multipart": form.is_multipart(),
    }
    return render(request, template, context | more)
