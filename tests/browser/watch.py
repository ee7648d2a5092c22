"""Watching a browser: what no page of this application may do, and what each must have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

REPORT_CSP = """
document.addEventListener("securitypolicyviolation", (violation) => {
  console.error(`content security policy: ${violation.violatedDirective} refused `
    + `${violation.blockedURI} at ${violation.sourceFile}:${violation.lineNumber}`);
});
"""

LOOK = """
() => {
  const hidden = (element) => !element.checkVisibility({visibilityProperty: true});
  const outline = (element) => element.outerHTML.slice(0, 160);
  const named = (element) => (element.labels && element.labels.length > 0)
    || element.getAttribute("aria-label") || element.getAttribute("aria-labelledby");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return {
    title: document.title,
    lang: document.documentElement.lang,
    headings: [...document.querySelectorAll("h1")].filter((h) => !hidden(h)).length,
    text: document.body.innerText,
    unlabelled: [...document.querySelectorAll(
        "input:not([type=hidden], [type=submit], [type=button], [type=reset]), select, textarea")]
      .filter((element) => !hidden(element) && !named(element)).map(outline),
    nameless: [...document.querySelectorAll("button, a[href], [role=button]")]
      .filter((element) => !hidden(element) && !(element.innerText ?? element.textContent).trim()
        && !element.getAttribute("aria-label") && !element.getAttribute("aria-labelledby")
        && !element.title && !element.querySelector("img[alt]:not([alt='']), svg title"))
      .map(outline),
    pictures: [...document.querySelectorAll("img:not([alt])")].map(outline),
    doubled: [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))],
    links: [...document.querySelectorAll("a[href]")]
      .map((link) => new URL(link.getAttribute("href"), document.baseURI).href),
  };
}
"""

OVERFLOW = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const wide = [...document.body.querySelectorAll("*")].find((element) =>
    element.getBoundingClientRect().right > root.clientWidth + 1
    || (element.scrollWidth > element.clientWidth + 1
      && getComputedStyle(element).overflowX === "visible"));
  return `${root.scrollWidth} px in ${root.clientWidth}: ${wide?.outerHTML.slice(0, 160)}`;
}
"""

FOREIGN_WORDS = {
    "es": re.compile(
        r"\b(Add|Apply|Cancel|Change|Choose|Clear|Close|Dashboard|Delete|Edit|Email|Export|False"
        r"|Filters?|Forgot|Go back|History|Home|Import|Log ?in|Log ?out|Next|None|Password"
        r"|Previous|Remove|Required|Save|Search|Select|Settings|Sign ?in|Sign ?out|Sign ?up"
        r"|Submit|True|Username|View|Welcome|Yes)\b"
    ),
    "en": re.compile(
        r"\b(Aceptar|Agregar|Buscar|Cambiar|Cambios|Cancelar|Cerrar|Clave|Contraseña|Correo"
        r"|Cuenta|Entrar|Filtrar|Guardar|Historia|Inicio|Motivo|Ninguno|Nombre|Quitar|Salir"
        r"|Siguiente|Todos|Usuario|Volver)\b"
    ),
}
"""Words that give away a text nobody translated, by the language of the page."""


@dataclass
class Watch:
    """Everything that went wrong in one browser context, and what the test said is meant."""

    home: str
    troubles: list[str] = field(default_factory=list)
    meant: list[re.Pattern[str]] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Say that a trouble which matches `pattern` is part of the test (a refused address)."""
        self.meant.append(re.compile(pattern))

    def found(self) -> list[str]:
        """The troubles that nobody meant."""
        return [
            trouble
            for trouble in self.troubles
            if not any(pattern.search(trouble) for pattern in self.meant)
        ]

    def attach(self, context: BrowserContext) -> None:
        """Listen to every page of a context, those that it opens later included."""
        context.add_init_script(REPORT_CSP)
        context.on("console", self._console)
        context.on("weberror", self._web_error)
        context.on("request", self._request)
        context.on("requestfailed", self._request_failed)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.page.url if message.page else ""
            self.troubles.append(f"console {message.type} on {where}: {message.text}")

    def _web_error(self, error: WebError) -> None:
        where = error.page.url if error.page else ""
        self.troubles.append(f"uncaught on {where}: {error.error}")

    def _request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in {"data", "blob", "about"}:
            return
        if f"{asked.scheme}://{asked.netloc}" != self.home:
            self.troubles.append(f"request to another host: {request.url}")

    def _request_failed(self, request: Request) -> None:
        # A download, or a page left before all its parts had come, is aborted and no failure.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request failed: {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"answer {response.status}: {response.url}")


def look_at(page: Page, language: str) -> tuple[list[str], list[str]]:
    """Look at the page that is open; return what is wrong with it, and the links it offers."""
    seen = page.evaluate(LOOK)
    wrong = []
    if not seen["title"].strip():
        wrong.append("no title")
    if seen["lang"].split("-")[0] != language:
        wrong.append(f"lang is {seen['lang']!r}, and the page was asked for in {language!r}")
    if seen["headings"] != 1:
        wrong.append(f"{seen['headings']} h1")
    wrong += [f"without a label: {element}" for element in seen["unlabelled"]]
    wrong += [f"without a name: {element}" for element in seen["nameless"]]
    wrong += [f"without alt: {element}" for element in seen["pictures"]]
    wrong += [f"two elements have the id {name!r}" for name in seen["doubled"]]
    words = sorted(set(FOREIGN_WORDS[language].findall(seen["text"])))
    if words:
        wrong.append(f"not in {language!r}: {', '.join(words)}")
    return wrong, seen["links"]
