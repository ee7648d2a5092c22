"""The watch sees what it is there for."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.watch import OVERFLOW, Watch, look_at


def _troubles(page: Page, watch: Watch, script: str, *, policy: str = "") -> list[str]:
    """Run `script` in an empty page under `policy`, and take what the watch then holds."""
    page.route(
        "**/empty",
        lambda route: route.fulfill(
            headers={"content-security-policy": policy},
            content_type="text/html",
            body='<!doctype html><link rel="icon" href="data:,">',
        ),
    )
    page.goto("/empty")
    page.evaluate(script)
    page.wait_for_function("() => window.done === true")
    troubles, watch.troubles = watch.troubles, []
    return troubles


def test_a_page_in_order_causes_no_trouble(page: Page, watch: Watch) -> None:
    assert _troubles(page, watch, "() => { window.done = true }") == []


def test_a_console_error_is_seen(page: Page, watch: Watch) -> None:
    (trouble,) = _troubles(page, watch, "() => { console.error('oh'); window.done = true }")
    assert "oh" in trouble


def test_an_inline_style_is_seen(page: Page, watch: Watch) -> None:
    troubles = _troubles(
        page,
        watch,
        """() => {
          document.addEventListener("securitypolicyviolation", () => { window.done = true });
          const style = document.createElement("style");
          style.textContent = "body { color: red }";
          document.head.append(style);
        }""",
        policy="style-src 'self'",
    )
    assert any("content security policy: style-src" in trouble for trouble in troubles)


def test_a_request_to_another_host_is_seen(page: Page, watch: Watch) -> None:
    troubles = _troubles(
        page,
        watch,
        """() => {
          const picture = new Image();
          picture.onerror = () => { window.done = true };
          picture.src = "http://127.0.0.1:9/pixel.png";
        }""",
    )
    assert any("127.0.0.1:9" in trouble for trouble in troubles)


def test_an_uncaught_error_is_seen(page: Page, watch: Watch) -> None:
    troubles = _troubles(
        page,
        watch,
        """() => { setTimeout(() => {
          setTimeout(() => { window.done = true });
          throw new Error("nobody caught me");
        }) }""",
    )
    assert any("nobody caught me" in trouble for trouble in troubles)


def test_a_missing_file_is_seen(page: Page, watch: Watch) -> None:
    troubles = _troubles(
        page,
        watch,
        "() => fetch('/static/no-such-file').then(() => { window.done = true })",
    )
    assert any("404" in trouble for trouble in troubles)


def test_a_careless_page_is_described(page: Page) -> None:
    page.set_content(
        """<!doctype html><html lang="en"><body><h1>Uno</h1><h1>Dos</h1>
        <input name="x"><button></button><img src="data:,"><p id="a"></p><p id="a"></p>
        <p>Save</p></body></html>"""
    )
    wrong, _links = look_at(page, "es")
    text = "\n".join(wrong)
    for part in ["no title", "lang is 'en'", "2 h1", 'name="x"', "<button>", "alt", "'a'", "Save"]:
        assert part in text


def test_a_careful_page_passes(page: Page) -> None:
    html = """<!doctype html><html lang="es"><head><title>Cuidada</title><link rel="icon"
        href="data:,"></head><body><h1>Uno</h1><label>Peso <input name="x"></label>
        <button>Guardar</button><p id="a"></p><a href="/healthz">Pulso</a></body></html>"""
    page.route("**/careful", lambda route: route.fulfill(content_type="text/html", body=html))
    page.goto("/careful")
    wrong, links = look_at(page, "es")
    assert wrong == []
    assert links[0].endswith("/healthz")


def test_a_page_wider_than_the_screen_is_seen(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.set_content("<!doctype html><body><p>corto</p></body>")
    assert page.evaluate(OVERFLOW) == ""
    page.set_content("<!doctype html><body><pre>" + "largo" * 100 + "</pre></body>")
    assert "pre" in page.evaluate(OVERFLOW)
