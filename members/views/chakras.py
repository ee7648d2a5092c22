"""The pages at /chakras/."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import carried_out
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.forms import written
from kallari.history.newest import newest_changes
from members.forms.chakras import (
    ChakraFilterForm,
    ChakraForm,
    ChakraPhotographForm,
    CloseChakraForm,
    CropFormSet,
    DecideForm,
    GeometryForm,
    NewChakraForm,
    WhyForm,
)
from members.geometry.drawing import Context, Map, Plot, draw
from members.models import (
    Chakra,
    ChakraConflict,
    ChakraGeometry,
    ChakraPhotograph,
    Community,
    Family,
    Landmark,
)
from members.permissions import chakras as permissions
from members.services import chakras as services
from members.views import PAGE_SIZE

if TYPE_CHECKING:
    from uuid import UUID


def _chakra(request: HttpRequest, pk: UUID) -> Chakra:
    rows = Chakra.objects.visible_to(request.user).with_people().with_boundary()
    return get_object_or_404(rows, pk=pk)


def _filtered(request: HttpRequest) -> tuple[ChakraFilterForm, Any]:
    """The filter form, and the chakras it leaves; a wrong filter leaves all."""
    communities = Community.objects.visible_to(request.user).opened()
    form = ChakraFilterForm(request.GET, communities=communities)
    rows = Chakra.objects.visible_to(request.user)
    told = form.cleaned_data if form.is_valid() else {}
    state = told.get("estado", "")
    rows = rows.exclude(closed_on=None) if state == "dejadas" else rows.opened()
    if state in Chakra.State.values:
        rows = rows.filter(state=state)
    elif state == "conflicto":
        rows = rows.in_conflict()
    elif state == "sin-lugar":
        rows = rows.filter(geometries=None)
    if community := told.get("comunidad"):
        rows = rows.filter(family__community=community)
    return form, rows.find(told.get("buscar", ""))


@only(permissions.may_see_chakras)
@require_safe
def chakras(request: HttpRequest) -> HttpResponse:
    """All chakras in the order of their numbers, with what they measure."""
    form, rows = _filtered(request)
    listed = rows.with_people().with_areas()
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "area": rows.with_areas().order_by().aggregate(total=Sum("known_area_ha"))["total"],
        "query": request.GET.urlencode(),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "members/chakras.html", context, status=status)


@only(permissions.may_see_chakras)
@require_safe
def chakra_map(request: HttpRequest) -> HttpResponse:
    """The chakras of a list on one map: of a community, of an agent's round, or all."""
    form, rows = _filtered(request)
    boundaries = (
        ChakraGeometry.objects.filter(is_current=True, chakra__in=rows)
        .select_related("chakra__family__community")
        .order_by("chakra__number")
    )
    conflicts = ChakraConflict.objects.undecided().filter(one__in=rows, other__in=rows)
    community = form.cleaned_data.get("comunidad") if form.is_valid() else None
    title = (
        _("Chakras de %(community)s") % {"community": community}
        if community
        else _("Mapa de las chakras")
    )
    plots = list(boundaries)
    context = {
        "form": form,
        "map": draw(
            [_plot(boundary, labelled=len(plots) <= 120) for boundary in plots],
            title=title,
            overlaps=[part for one in conflicts for part in one.overlap],
            words=_state_words(),
            context=_landmarks(request.user),
            size=(640, 640),
        ),
        "count": len(plots),
        "unplaced": rows.filter(geometries=None).count(),
        "title": title,
        "query": request.GET.urlencode(),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "members/chakra_map.html", context, status=status)


def _state_words() -> dict[str, str]:
    """The legend calls the states as the lists do."""
    return {value: capfirst(str(label)) for value, label in Chakra.State.choices}


def _landmarks(user: Any) -> list[Context]:
    """Rivers and centers, to find one's way by."""
    return [
        Context(cast("Any", one.kind), one.geometry, one.name)
        for one in Landmark.objects.visible_to(user)
    ]


def _plot(boundary: ChakraGeometry, *, labelled: bool = True, linked: bool = True) -> Plot:
    chakra = boundary.chakra
    return Plot(
        geometry=boundary.geometry,
        status=cast("Any", chakra.state),
        label=chakra.code if labelled else "",
        title=f"{chakra.code}, {chakra.family.name}",
        href=chakra.get_absolute_url() if linked else "",
        area_ha=boundary.area_ha if boundary.is_point else None,
    )


def _own_map(chakra: Chakra, user: Any, conflicts: Iterable[ChakraConflict]) -> Map | None:
    """A chakra with those beside it that the reader may see."""
    boundary = chakra.boundary
    if boundary is None:
        return None
    margin = (max(boundary.east - boundary.west, boundary.north - boundary.south)) / 2
    near = (
        ChakraGeometry.objects.visible_to(user)
        .present()
        .exclude(chakra=chakra)
        .meeting(
            boundary.west - margin,
            boundary.south - margin,
            boundary.east + margin,
            boundary.north + margin,
        )
        .select_related("chakra__family")[:40]
    )
    boundary.chakra = chakra
    return draw(
        [_plot(boundary, linked=False), *(_plot(one) for one in near)],
        title=_("Dónde queda %(chakra)s") % {"chakra": chakra.code},
        overlaps=[part for one in conflicts if one.is_open for part in one.overlap],
        words=_state_words(),
        context=_landmarks(user),
        size=(640, 480),
    )


@only(permissions.may_see_chakras)
@require_safe
def chakra(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One chakra: where it lies, how large it is, what grows there, what was changed."""
    found = _chakra(request, pk)
    conflicts = list(
        ChakraConflict.objects.visible_to(request.user)
        .of(found)
        .select_related("one__family", "other__family")
    )
    return render(
        request,
        "members/chakra.html",
        {
            "chakra": found,
            "boundary": found.boundary,
            "map": _own_map(found, request.user, conflicts),
            "versions": found.geometries.model.objects.filter(chakra=found).defer("geometry"),
            "crops": found.crops.all(),
            "photographs": found.photographs.all(),
            "conflicts": conflicts,
            "disputed": any(one.is_open for one in conflicts),
            "may_change": permissions.may_change_chakra(request.user),
            "may_decide": permissions.may_decide_conflicts(request.user),
            "newest": newest_changes(request.user, found),
        },
    )


@only(permissions.may_add_chakra)
@form_page
def chakra_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A chakra of a family; where it lies is asked next."""
    family = get_object_or_404(Family.objects.visible_to(request.user), pk=pk)
    form = NewChakraForm(request.POST or None)
    return carried_out(
        request,
        form,
        lambda told: services.add_chakra(actor=actor_of(request), family=family, **told),
        done=lambda made: (
            _("La chakra %(code)s queda registrada. Ahora anote dónde queda.") % {"code": made.code}
        ),
        then=lambda made: reverse("members:chakra_geometry", args=[made.pk]),
    ) or _form(request, "members/chakra_add.html", form, family=family)


@only(permissions.may_change_chakra)
@form_page
def chakra_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is written of a chakra, and why it differs."""
    found = _chakra(request, pk)
    form = ChakraForm(request.POST or None, instance=_chakra(request, pk))
    return _act(
        request,
        "members/chakra_correct.html",
        form,
        found,
        services.correct_chakra,
        _("La chakra %(code)s queda corregida."),
    )


@only(permissions.may_change_chakra)
@form_page
def chakra_geometry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a chakra lies, by file, typed, pasted or walked."""
    found = _chakra(request, pk)
    initial = {
        "captured_by": str(request.user),
        "declared_area_ha": found.declared_area_ha,
    }
    form = GeometryForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told, read = form.cleaned_data, form.brought
        version = written(
            form,
            lambda: services.set_geometry(
                actor=actor_of(request),
                chakra=found,
                geometry=read.geometry,
                captured_on=told["captured_on"],
                captured_by=told["captured_by"],
                method=told["method"],
                accuracy_m=read.accuracy_m,
                declared_area_ha=told["declared_area_ha"],
                noticed=read.noticed,
            ),
        )
        if version is not None:
            messages.success(
                request,
                _("Queda guardado dónde está %(code)s: %(area)s ha.")
                % {"code": found.code, "area": floatformat(version.area_ha, "2g")},
            )
            for sentence in filter(None, version.noticed.splitlines()):
                messages.info(request, sentence)
            if ChakraConflict.objects.of(found).undecided().exists():
                messages.warning(
                    request, _("Se encima con la chakra de otra familia. Vea abajo con cuál.")
                )
            return redirect(found)
    return _form(request, "members/chakra_geometry.html", form, chakra=found)


@only(permissions.may_change_chakra)
@form_page
def chakra_crops(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a chakra grows, as one list."""
    found = _chakra(request, pk)
    initial = [
        {
            "crop": line.crop,
            "variety": line.variety,
            "area_ha": line.area_ha,
            "plants": line.plants,
            "planted_in": line.planted_in,
        }
        for line in found.crops.all()
    ]
    form = WhyForm(request.POST or None)
    lines = CropFormSet(request.POST or None, initial=initial, prefix="lineas")
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        crops = [line.cleaned_data for line in lines if line.cleaned_data.get("crop")]
        done = written(
            form,
            lambda: services.set_crops(
                actor=actor_of(request),
                chakra=found,
                crops=crops,
                reason=form.cleaned_data["reason"],
            ),
        )
        if done is not None:
            messages.success(
                request, _("Queda anotado qué crece en %(code)s.") % {"code": found.code}
            )
            return redirect(found)
    return _form(request, "members/chakra_crops.html", form, chakra=found, lines=lines)


@only(permissions.may_change_chakra)
@form_page
def chakra_photograph_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A photograph of a chakra."""
    found = _chakra(request, pk)
    form = ChakraPhotographForm(request.POST or None, request.FILES or None)
    return _act(
        request,
        "members/chakra_photograph.html",
        form,
        found,
        services.add_chakra_photograph,
        _("La fotografía de %(code)s queda guardada."),
    )


@only(permissions.may_see_chakras)
@require_safe
def chakra_photograph(request: HttpRequest, pk: UUID, photograph: int) -> HttpResponseBase:
    """The picture itself, or with ``?reducida`` its preview."""
    rows = ChakraPhotograph.objects.visible_to(request.user).select_related("file")
    found = get_object_or_404(rows, pk=photograph, chakra=pk)
    return file_response(request, found.file, preview="reducida" in request.GET)


@only(permissions.may_change_chakra)
@form_page
def chakra_verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The association stands for a chakra."""
    return _act(
        request,
        "members/chakra_verify.html",
        WhyForm(request.POST or None),
        _chakra(request, pk),
        services.verify_chakra,
        _("La chakra %(code)s queda verificada."),
    )


@only(permissions.may_change_chakra)
@form_page
def chakra_suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The association no longer stands for a chakra."""
    return _act(
        request,
        "members/chakra_suspend.html",
        WhyForm(request.POST or None),
        _chakra(request, pk),
        services.suspend_chakra,
        _("La chakra %(code)s queda suspendida."),
    )


@only(permissions.may_change_chakra)
@form_page
def chakra_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A family no longer works a chakra."""
    return _act(
        request,
        "members/chakra_close.html",
        CloseChakraForm(request.POST or None),
        _chakra(request, pk),
        services.close_chakra,
        _("La chakra %(code)s queda dejada."),
    )


@only(permissions.may_change_chakra)
@form_page
def chakra_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A family works a chakra again."""
    return _act(
        request,
        "members/chakra_reopen.html",
        WhyForm(request.POST or None),
        _chakra(request, pk),
        services.reopen_chakra,
        _("La chakra %(code)s se trabaja otra vez."),
    )


@only(permissions.may_see_chakras)
@form_page
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Two boundaries that lie on each other; the office writes down what was decided."""
    found = get_object_or_404(
        ChakraConflict.objects.visible_to(request.user).select_related(
            "one__family__community", "other__family__community"
        ),
        pk=pk,
    )
    may_decide = permissions.may_decide_conflicts(request.user) and found.is_open
    if request.method == "POST" and not may_decide:
        raise Http404
    form = DecideForm(request.POST or None)
    answer = carried_out(
        request,
        form,
        lambda told: services.decide_conflict(actor=actor_of(request), conflict=found, **told),
        done=lambda _decided: _("La decisión queda escrita."),
    )
    if answer:
        return answer
    boundaries = (
        ChakraGeometry.objects.visible_to(request.user)
        .filter(is_current=True, chakra__in=[found.one_id, found.other_id])
        .select_related("chakra__family")
    )
    seen = set(
        Chakra.objects.visible_to(request.user)
        .filter(pk__in=[found.one_id, found.other_id])
        .values_list("pk", flat=True)
    )
    drawn = draw(
        [_plot(boundary) for boundary in boundaries],
        title=_("Dónde se enciman %(one)s y %(other)s")
        % {"one": found.one.code, "other": found.other.code},
        overlaps=found.overlap if found.is_open else [],
        words=_state_words(),
        context=_landmarks(request.user),
        size=(640, 480),
    )
    return _form(
        request,
        "members/conflict.html",
        form,
        conflict=found,
        sides=[(side, side.pk in seen) for side in (found.one, found.other)],
        map=drawn,
        may_decide=may_decide,
        newest=newest_changes(request.user, found),
    )


def _act(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    found: Chakra,
    service: Callable[..., Any],
    done: str,
) -> HttpResponse:
    return carried_out(
        request,
        form,
        lambda told: service(actor=actor_of(request), chakra=found, **told),
        done=lambda _made: done % {"code": found.code},
        then=lambda _made: found,
    ) or _form(request, template, form, chakra=found)


def _form(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context})
