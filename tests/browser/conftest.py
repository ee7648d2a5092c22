"""The system's Chromium, watched on every page it visits."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from kallari.accounts.models import User
from tests.browser.watch import Watch
from tests.people import sign_in

expect.set_options(timeout=20_000)  # a busy machine is no reason to fail

FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the Chromium that the system has; none is downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        sentence = f"no Chromium: none of {', '.join(names)} is in PATH"
        if os.environ.get("KALLARI_REQUIRE_BROWSER") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to sandbox root
    return {
        **browser_type_launch_args,
        "executable_path": executable,
        "args": [*FLAGS, *as_root],
    }


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Addresses without a host are the live server's."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "es-EC",
        "timezone_id": "America/Guayaquil",
        "viewport": {"width": 1280, "height": 800},
    }


@pytest.fixture(scope="session", autouse=True)
def _queries_beside_the_browsers_loop() -> Iterator[None]:
    """Playwright keeps an event loop in the tests' thread, where Django refuses queries; nothing
    asynchronous runs in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def watch(base_url: str) -> Watch:
    """What goes wrong in the browser; `watch.allow(pattern)` says what is meant to."""
    return Watch(base_url)


@pytest.fixture
def context(context: BrowserContext, watch: Watch) -> Iterator[BrowserContext]:
    """A browser context in which nothing may go wrong: no console error, no violation of the
    content security policy, no failed request, no request to another host."""
    watch.attach(context)
    yield context
    assert not watch.found(), "\n".join(watch.found())


@pytest.fixture
def signed_in(
    context: BrowserContext, base_url: str, account: Callable[[str], User]
) -> Callable[[str], BrowserContext]:
    """`signed_in("manager")`: the browser signed in as that role, without the sign-in page."""

    def enter(role: str) -> BrowserContext:
        client = sign_in(Client(), account(role))
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": base_url,
                }
            ]
        )
        return context

    return enter
