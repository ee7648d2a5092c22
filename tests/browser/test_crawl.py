"""Every role follows every link: no page is broken, foreign, untranslated or too wide."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Error, Page, ViewportSize

from tests.browser.watch import OVERFLOW, Watch, look_at
from tests.people import ACTORS

MOST_OF_A_ROUTE = {"administration": 2}
"""How many addresses of one kind a role visits: the lists are long, their pages alike, and what
roles see of them is tried in tests/test_rights.py. One, where nothing is said."""
IN_ENGLISH = {"administration", "delegate", "anonymous"}
"""Who walks in English too."""
CALLED = {"tel", "mailto"}
"""Links that leave the browser on purpose."""
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
START = ["/", "/cuenta/entrar/", "/no-existe/"]


@pytest.fixture
def something_to_show(transactional_db: None) -> None:
    call_command("demo", scale="small", verbosity=0)


@pytest.mark.parametrize(
    ("role", "language"),
    [
        (role, language)
        for role in ACTORS.values()
        for language in ("es", "en")
        if language == "es" or role in IN_ENGLISH
    ],
)
def test_every_page_in_reach_is_in_order(
    role: str,
    language: str,
    something_to_show: None,
    context: BrowserContext,
    signed_in: Callable[[str], BrowserContext],
    base_url: str,
    watch: Watch,
) -> None:
    watch.allow("/no-existe/")
    if role != "anonymous":
        signed_in(role)
    context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": base_url}]
    )
    page = context.new_page()
    wrong: list[str] = []
    most = MOST_OF_A_ROUTE.get(role, 1) if language == "es" else 1
    visited: Counter[str] = Counter()
    known = set(START)
    waiting = deque(START)
    while waiting:
        address = waiting.popleft()
        route = _route(address)
        if visited[route] >= most:
            continue
        visited[route] += 1
        for trouble, links in _visit(page, urljoin(base_url, address), language):
            wrong += [f"{address}: {sentence}" for sentence in trouble]
            for link in links:
                there = urlsplit(link)
                if there.scheme in CALLED:
                    continue
                if f"{there.scheme}://{there.netloc}" != base_url:
                    wrong.append(f"{address}: leads elsewhere, to {link}")
                    continue
                onward = there.path + (f"?{there.query}" if there.query else "")
                if onward not in known:
                    known.add(onward)
                    waiting.append(onward)
    assert len(visited) >= len(START)
    assert not wrong, f"As {role}:\n" + "\n".join(wrong)


def _visit(page: Page, url: str, language: str) -> list[tuple[list[str], list[str]]]:
    """Open one address at a desk and on a phone; return what is wrong and where it leads on."""
    page.set_viewport_size(DESK)
    try:
        answer = page.goto(url)
    except Error as error:
        if "Download is starting" in error.message:
            return []
        raise
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        return []
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    seen = [look_at(page, language)]
    if too_wide := page.evaluate(OVERFLOW):
        seen.append(([f"at a desk, {too_wide}"], []))
    page.set_viewport_size(PHONE)
    seen.append(look_at(page, language))
    if too_wide := page.evaluate(OVERFLOW):
        seen.append(([f"on a phone, {too_wide}"], []))
    return seen


def _route(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return address
