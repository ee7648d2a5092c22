"""The pages of an import: choose a file, look at what it would do, read what was done.

An app adds them with `addresses`: ``path("importar/", include(addresses(CommunityImporter)))``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kallari.doors import form_page, only
from kallari.exports import csv_response, xlsx_response
from kallari.forms import written
from kallari.imports import services
from kallari.imports.forms import UploadForm
from kallari.imports.models import Upload
from kallari.imports.plans import Fate, Importer, Plan
from kallari.imports.reading import LARGEST_FILE_MB

if TYPE_CHECKING:
    from uuid import UUID

    from kallari.accounts.models import User

SHOWN_ROWS = 200
"""Of each fate, so that the page of a long list still opens on a phone."""

ORDER = [Fate.ASK, Fate.WRONG, Fate.REPEATED, Fate.CHANGED, Fate.NEW, Fate.SAME]
"""What a person must look at comes first."""


def addresses(importer: type[Importer]) -> list[Any]:
    """The addresses of one importer's pages, to be included below its own path."""

    @only(importer.may)
    @form_page
    def upload(request: HttpRequest) -> HttpResponseBase:
        return _upload(request, importer())

    @only(importer.may)
    @require_safe
    def template(request: HttpRequest) -> HttpResponseBase:
        headings = [column.heading for column in importer.columns]
        return csv_response(f"{slugify(importer.title)}.csv", headings, importer.example)

    @only(importer.may)
    @require_safe
    def workbook_template(request: HttpRequest) -> HttpResponseBase:
        return xlsx_response(
            f"{slugify(importer.title)}.xlsx",
            [column.heading for column in importer.columns],
            importer.example,
            title=str(importer.title),
            sheet=str(importer.columns[0].heading),
        )

    @only(importer.may)
    @form_page
    def preview(request: HttpRequest, pk: UUID) -> HttpResponseBase:
        return _preview(request, importer(), _own(request, importer, pk))

    @only(importer.may)
    @require_POST
    def discard(request: HttpRequest, pk: UUID) -> HttpResponseBase:
        services.discard_file(actor=cast("User", request.user), upload=_own(request, importer, pk))
        messages.success(request, _("El archivo queda descartado. No se importó nada."))
        return redirect(importer.list_url)

    prefix = importer.url_prefix
    return [
        path("", upload, name=prefix),
        path("plantilla.csv", template, name=f"{prefix}_template"),
        path("plantilla.xlsx", workbook_template, name=f"{prefix}_workbook_template"),
        path("<uuid:pk>/", preview, name=f"{prefix}_preview"),
        path("<uuid:pk>/descartar/", discard, name=f"{prefix}_discard"),
    ]


def _own(request: HttpRequest, importer: type[Importer], pk: UUID) -> Upload:
    uploads = Upload.objects.visible_to(request.user).of_kind(importer.kind)
    return get_object_or_404(uploads, pk=pk)


def _upload(request: HttpRequest, importer: Importer) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            upload = written(
                form,
                lambda: services.take_file(
                    actor=cast("User", request.user),
                    importer=importer,
                    file_name=file.name or "",
                    content=file.read(),
                ),
            )
            if upload is not None:
                return redirect(importer.preview_url, upload.pk)
    return render(
        request,
        "kallari/imports/upload.html",
        {"form": form, "importer": importer, "megabytes": LARGEST_FILE_MB},
    )


def _preview(request: HttpRequest, importer: Importer, upload: Upload) -> HttpResponse:
    if upload.state != Upload.State.WAITING:
        return render(
            request,
            "kallari/imports/done.html",
            {
                "importer": importer,
                "upload": upload,
                "imported": upload.state == Upload.State.IMPORTED,
                "outcome": [(fate, upload.outcome.get(fate.value, 0)) for fate in Fate],
            },
        )
    refusals: list[str] = []
    if request.method == "POST":
        try:
            outcome = services.import_file(
                actor=cast("User", request.user),
                importer=importer,
                upload=upload,
                fingerprint=request.POST.get("huella", ""),
                given=request.POST.dict(),
            )
        except ValidationError as refusal:
            refusals = refusal.messages
        else:
            changed = outcome.get(Fate.NEW, 0) + outcome.get(Fate.CHANGED, 0)
            messages.success(
                request,
                _("Importación terminada. Filas escritas: %(rows)s.") % {"rows": changed},
            )
            return redirect(importer.preview_url, upload.pk)
    plan = importer.plan(bytes(upload.content))
    for step in plan.questions:
        step.given = request.POST.get(f"fila-{step.number}", "")
    return render(
        request,
        "kallari/imports/preview.html",
        {
            "importer": importer,
            "upload": upload,
            "plan": plan,
            "counts": list(plan.counts.items()),
            "groups": _groups(plan),
            "refusals": refusals,
        },
    )


def _groups(plan: Plan) -> list[dict[str, Any]]:
    """The rows by fate, what needs eyes first. All questions are shown: each wants an answer."""
    groups = []
    for fate in ORDER:
        steps = [step for step in plan.steps if step.fate is fate]
        if steps:
            shown = steps if fate is Fate.ASK else steps[:SHOWN_ROWS]
            groups.append(
                {"fate": fate, "steps": shown, "count": len(steps), "more": len(steps) - len(shown)}
            )
    return groups
