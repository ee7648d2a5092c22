"""Every page of the admin as it is registered: in Spanish, searchable, no slower with more rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from kallari.accounts.models import ApiToken, User
from kallari.admin_records import RecordAdmin
from members.models import Community
from tests.members.factories import community
from tests.people import sign_in
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(
    r"\b(the|accountant|administration|and|add|added|agent|any|are|cancel|change|changed|choose|clear|close|contains|counts|delegate|delete"
    r"|deleted|does|enter|export|false|field|for|from|have|hide|history|home|import|is|item|items"
    r"|log|manager|next|none|not|object|objects|of|operator|password|please|previous|remove|required|results?|rows"
    r"|save|search|select|selected|show|site|successfully|surveillance|this|to|true|type|unknown|user|users"
    r"|value|view|welcome|with|yes|you|your)\b",
    re.IGNORECASE,
)
"""Common English words, none of which is a Spanish one."""

NAMES = re.compile(r'"type"|English|[A-Z][a-z]+ ([A-Z][a-z]+ )?de Prueba|[Pp]rueba-\w+')
"""A word of GeoJSON, the name of a language, and the tests' people (tests/people.py), who are named
for their roles."""

INLINE_STYLE = re.compile(r"""<[^>]*\sstyle=["'][^>]*>""")
"""What the content security policy refuses."""

FORM = {"_save": "1", "post": "yes", "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"}
"""What a page is sent, with nothing filled in, to see its refusals."""


class _Words(HTMLParser):
    """Collects what a reader sees or hears of a page: text, titles, labels, placeholders."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in {"script", "style"}:
            self.silent += 1
        for name in ("title", "aria-label", "placeholder", "alt"):
            if values.get(name):
                self.found.append(str(values[name]))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


def words_of(html: str) -> list[str]:
    reader = _Words()
    reader.feed(html)
    return reader.found


def known_english() -> set[str]:
    """What the packages and Django say in English, where Spanish says it otherwise."""
    catalog = trans_real.translation("es")._catalog  # type: ignore[attr-defined]
    return {
        key
        for key in catalog.keys()  # noqa: SIM118  # a TranslationCatalog iterates otherwise
        if isinstance(key, str) and len(key) > 2 and catalog[key] != key and "\x04" not in key
    }


def english_in(html: str) -> set[str]:
    """The texts of a page that are, or contain, English."""
    known = known_english()
    said = (NAMES.sub("", text).strip() for text in words_of(html))
    return {text for text in said if text in known or ENGLISH.search(text)}


@pytest.fixture
def rows(account: Callable[[str], User]) -> dict[type[models.Model], models.Model]:
    """One row of every kind that the admin shows: invented ones, and a key."""
    call_command("demo", scale="small", verbosity=0)
    person = account("delegate")
    ApiToken.objects.create(user=person, digest="0" * 64, label="balanza")
    kinds = {model: model._default_manager.first() for model in admin.site._registry}
    shown = {model: row for model, row in kinds.items() if row is not None}
    missing = set(admin.site._registry) - set(shown)
    assert not missing, f"the invented data lack a row of {missing}"
    return shown


def pages(rows: dict[type[models.Model], models.Model]) -> Iterator[str]:
    """Every address of the admin that a person reads."""
    yield reverse("admin:index")
    for app in sorted({model._meta.app_label for model in admin.site._registry}):
        yield reverse("admin:app_list", args=[app])
    for model, pages_of_model in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = reverse(f"{name}_changelist")
        yield from (listed, f"{listed}?q=zzzz", f"{listed}?_popup=1", f"{listed}?o=-1.2")
        yield reverse(f"{name}_add")
        yield reverse(f"{name}_change", args=[rows[model].pk])
        yield reverse(f"{name}_delete", args=[rows[model].pk])
        for option in pages_of_model.list_filter:
            if isinstance(option, str):
                yield f"{listed}?{option}__exact=1"


@pytest.mark.parametrize("who", ["superuser", "administration", "manager", "accountant"])
def test_every_page_is_in_spanish_and_without_inline_style(
    who: str,
    client: Client,
    account: Callable[[str], User],
    rows: dict[type[models.Model], models.Model],
) -> None:
    sign_in(client, account(who))
    with translation.override("es"):
        seen, wrong = 0, {}
        for page in pages(rows):
            for answer in (client.get(page), client.post(page, FORM)):
                if answer.status_code == 200:
                    seen += 1
                    html = answer.content.decode()
                    wrong[page] = english_in(html) | set(INLINE_STYLE.findall(html))
    assert seen > 10
    told = [f"{page}: {words}" for page, words in wrong.items() if words]
    assert not told, "\n".join(told)


def test_english_would_be_found() -> None:
    with translation.override("es"):
        assert english_in("<p>Select all rows</p>") == {"Select all rows"}
        assert english_in('<input placeholder="Type to search">') == {"Type to search"}
        assert english_in("<p>Deselect</p><script>delete the.rows</script>") == set()


def test_every_list_can_be_searched() -> None:
    assert len(admin.site._registry) >= 2
    for model, pages_of_model in admin.site._registry.items():
        assert isinstance(pages_of_model, RecordAdmin)
        assert pages_of_model.search_fields, model


def test_the_list_of_accounts_asks_the_same_for_more_rows(
    client: Client, account: Callable[[str], User]
) -> None:
    sign_in(client, account("administration"))

    def make_rows(number: int) -> None:
        start = User.objects.count()
        for row in range(start, start + number):
            User.objects.create_user(f"persona{row}", "una clave larga")

    assert_same_queries(make_rows, lambda: client.get("/admin/accounts/user/"))


def test_the_list_of_communities_asks_the_same_for_more_rows(
    client: Client, account: Callable[[str], User]
) -> None:
    sign_in(client, account("administration"))

    def make_rows(number: int) -> None:
        start = Community.objects.count()
        for row in range(start, start + number):
            community(f"Comunidad {row}", f"Lugar {row}")

    assert_same_queries(make_rows, lambda: client.get("/admin/members/community/"))
