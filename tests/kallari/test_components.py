"""The components: forms, messages, pager, empty lists, the menu."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import TemplateDoesNotExist, engines
from django.urls import reverse

from kallari.navigation import ENTRIES, links_for


class SackForm(forms.Form):
    family = forms.CharField(label="Familia", help_text="Como consta en el registro.")
    note = forms.CharField(label="Nota", required=False)
    agreed = forms.BooleanField(label="Peso aceptado")
    unit = forms.ChoiceField(
        label="Unidad", choices=[("kg", "kilogramo"), ("lb", "libra")], widget=forms.RadioSelect
    )

    def clean(self) -> None:
        if self.data.get("family") == "nobody":
            raise forms.ValidationError("Elija una familia registrada.")


def render(source: str, **context: Any) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(context)


def test_a_refused_form_lists_its_errors_on_top_each_linked_to_its_field() -> None:
    html = str(SackForm({"family": "", "unit": "kg", "agreed": "on"}))
    summary, rest = html.split("</ul>", 1)
    assert 'role="alert"' in summary
    assert '<a href="#id_family">Familia: ' in summary
    assert 'id="id_family"' in rest
    assert 'aria-invalid="true"' in rest
    assert 'aria-describedby="id_family_helptext id_family_error"' in rest
    assert 'id="id_family_helptext"' in rest
    assert 'id="id_family_error"' in rest


def test_a_form_without_errors_has_no_list_of_errors() -> None:
    html = str(SackForm())
    assert 'role="alert"' not in html
    assert "aria-invalid" not in html


def test_an_error_of_the_whole_form_stands_in_the_list_too() -> None:
    html = str(SackForm({"family": "nobody", "unit": "kg", "agreed": "on"}))
    assert "<li>Elija una familia registrada.</li>" in html


def test_what_was_typed_stays_in_a_refused_form() -> None:
    assert 'value="Tanguila"' in str(SackForm({"family": "Tanguila"}))


def test_only_what_may_stay_empty_is_called_optional() -> None:
    form = SackForm()
    assert "(opcional)" in render("{% field form.note %}", form=form)
    assert "(opcional)" not in render("{% field form.family %}", form=form)


def test_a_group_of_choices_is_a_fieldset_with_its_legend() -> None:
    html = render("{% field form.unit %}", form=SackForm())
    assert "<fieldset" in html
    assert "<legend>Unidad</legend>" in html


def test_a_box_to_tick_stands_before_its_words() -> None:
    html = render("{% field form.agreed %}", form=SackForm())
    assert html.index('type="checkbox"') < html.index("Peso aceptado")


def test_an_icon_is_drawn_into_the_page_and_hidden_from_readers_aloud() -> None:
    assert render("{% icon 'home' %}").startswith('<svg class="icon"')
    assert 'aria-hidden="true"' in render("{% icon 'home' %}")


def test_an_icon_that_nobody_drew_is_refused() -> None:
    with pytest.raises(TemplateDoesNotExist):
        render("{% icon 'unicorn' %}")


def test_the_pager_keeps_the_filters_in_the_address(rf: Any) -> None:
    request: HttpRequest = rf.get("/", {"buscar": "Yacu", "page": "2"})
    page = Paginator(range(30), 10).page(2)
    html = (
        engines["django"]
        .from_string("{% include 'kallari/components/pager.html' %}")
        .render({"page": page}, request)
    )
    assert 'href="?buscar=Yacu&amp;page=1"' in html
    assert 'href="?buscar=Yacu&amp;page=3"' in html
    assert "Página 2 de 3" in html


def test_one_page_needs_no_pager() -> None:
    page = Paginator(range(3), 10).page(1)
    assert render("{% include 'kallari/components/pager.html' %}", page=page).strip() == ""


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.url_name)
def test_every_entry_of_the_menu_leads_to_a_page_and_has_an_icon(entry: Any) -> None:
    assert reverse(entry.url_name)
    assert render("{% icon name %}", name=entry.icon)


def test_the_menu_marks_where_one_is(superuser: Any) -> None:
    def current(path: str) -> list[str]:
        return [link.url for link in links_for(superuser, path) if link.is_current]

    assert current("/") == ["/"]
    assert current("/admin/") == ["/admin/"]
    assert current("/admin/accounts/user/") == ["/admin/"]
    assert current("/insumos/entregas/") == current("/encuentros/") == ["/encuentros/"]
    assert current("/nowhere/") == []


def test_the_menu_shows_the_admin_to_those_who_enter_data_there(
    administration: Any, delegate: Any
) -> None:
    assert "/admin/" in [link.url for link in links_for(administration, "/")]
    assert "/admin/" not in [link.url for link in links_for(delegate, "/")]


class ListForm(forms.Form):
    buscar = forms.CharField(label="Nombre", required=False)
    estado = forms.ChoiceField(
        label="Estado", choices=[("abiertas", "Abiertas"), ("todas", "Todas")], required=False
    )


@pytest.mark.parametrize(
    ("asked", "is_open"),
    [
        ({}, False),
        ({"buscar": "Grefa"}, False),
        ({"estado": "abiertas"}, False),
        ({"estado": "todas"}, True),
        ({"estado": "otras"}, True),
    ],
)
def test_filters_stand_open_on_a_telephone_while_one_narrows_the_list(
    asked: dict[str, str], *, is_open: bool
) -> None:
    html = render("{% filters form '/lista/' %}", form=ListForm(asked))
    assert ('<details class="filter-box" open>' in html) == is_open
    assert ("Quitar los filtros" in html) == (is_open or "buscar" in asked)


def test_what_may_not_stand_in_an_address_is_sent_by_post() -> None:
    html = render("{% filters form '/lista/' 'post' %}", form=ListForm({}), csrf_token="x")
    assert 'method="post"' in html
    assert "csrfmiddlewaretoken" in html
    assert "csrfmiddlewaretoken" not in render("{% filters form '/lista/' %}", form=ListForm({}))
