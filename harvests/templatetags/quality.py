"""The quality of a lot, a batch or a delivery, for the page that shows it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from harvests.limits import with_limits
from harvests.models import Batch, Delivery, LabResult, Lot, QualityTest
from harvests.permissions import quality as permissions

register = template.Library()


@register.inclusion_tag("harvests/components/quality_of.html", takes_context=True)
def quality_of(context: Context, subject: Lot | Batch | Delivery) -> dict[str, Any]:
    """What was found in samples of `subject` and, of a lot, by laboratories, the newest first;
    nothing for who may not see it. One query, for a lot three.

        {% load quality %} … {% quality_of lot %}
    """
    user = context["request"].user
    if not permissions.may_see_quality(user):
        return {"may_see": False}
    tests = QualityTest.objects.visible_to(user).standing().with_names()
    told: dict[str, Any] = {"may_see": True, "results": [], "may_note": False}
    if isinstance(subject, Lot):
        results = LabResult.objects.visible_to(user).standing().with_names()
        told |= {"kind": "lote", "code": subject.code, "tests": list(tests.filter(lot=subject))}
        told |= {
            "results": list(with_limits(results.filter(lot=subject))),
            "may_note": permissions.may_note_lab_results(user),
        }
        counts = subject.form.is_weighed  # bars have no beans to cut
    elif isinstance(subject, Batch):
        told |= {"kind": "proceso", "code": subject.code}
        told["tests"] = list(tests.filter(batch=subject))
        counts = subject.status != Batch.Status.VOIDED
    else:
        told |= {"kind": "entrega", "code": subject.folio}
        told["tests"] = list(tests.filter(delivery=subject))
        counts = subject.is_valid
    return told | {"may_test": counts and permissions.may_test(user)}
