"""The offline intake in Chromium: nothing is lost, nothing doubled, whatever the network does."""

from __future__ import annotations

import json
import re
import shutil
import time
import uuid
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
import segno.encoder
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from harvests.acopio import shell as acopio_shell
from harvests.models import Delivery
from kallari.accounts.models import User
from kallari.cedula import validate_cedula
from kallari.search.spelling import search_key, search_words, sound_key
from members.cards import new_code, read_code
from members.demo.communities import COMMUNITIES, NAMED_ELSEWHERE
from members.demo.invented import SURNAMES
from members.services.cards import issue_card
from tests.browser.watch import OVERFLOW, look_at
from tests.harvests.factories import world
from tests.members import factories
from tests.people import PASSWORD, sign_in

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
CARD = new_code()
FAMILY, PARTNER, OTHER_FAMILY = (str(uuid.UUID(int=number, version=4)) for number in (1, 2, 3))
CHAKRAS = [str(uuid.UUID(int=number, version=4)) for number in (4, 5)]

REGISTER: dict[str, tuple[list[str], list[list[Any]]]] = {
    "communities": (["id", "name", "spellings"], [[1, "Rumi Yaku", ["Rumi Yacu"]]]),
    "families": (
        ["id", "number", "name", "community", "people"],
        [[FAMILY, 42, "Shiguango Grefa", 1, []], [OTHER_FAMILY, 43, "Andi", 1, ["Andi Xavier"]]],
    ),
    "partners": (
        ["id", "number", "name", "family", "card", "standing"],
        [[PARTNER, 7, "Shiguango Grefa Rosa", 42, CARD, "registered"]],
    ),
    "chakras": (
        ["id", "number", "name", "family", "area_ha", "class"],
        [
            [CHAKRAS[0], 1, "La loma", 42, "1.2000", "organic"],
            [CHAKRAS[1], 2, "El río", 42, "0.8000", "conventional"],
        ],
    ),
    "products": (["code", "name", "kind"], [["cacao", "Cacao", "cocoa"]]),
    "forms": (
        [
            "code",
            "product",
            "name",
            "counted",
            "unit",
            "tare_kg",
            "late_days",
            "ripe_months",
            "moisture",
        ],
        [
            ["baba", "cacao", "Baba", "weight", "lb", "0.500", 7, None, False],
            ["seco", "cacao", "Cacao seco", "weight", "qq", "0.000", None, None, True],
        ],
    ),
    "varieties": (["code", "product", "name"], []),
    "qualities": (
        ["code", "form", "name", "is_default"],
        [["baba-1", "baba", "Primera", True], ["seco-1", "seco", "Primera", True]],
    ),
    "centers": (["code", "name"], [["tena", "Tena"]]),
    "prices": (
        ["id", "form", "quality", "class", "price_usd", "premium_usd", "unit", "valid_from"],
        [
            [1, "baba", "baba-1", "conventional", "0.5500", "0.0000", "lb", "2026-01-01T05:00:00Z"],
            [2, "baba", "baba-1", "organic", "0.6500", "0.0500", "lb", "2026-01-01T05:00:00Z"],
        ],
    ),
    "quotas": (
        ["id", "form", "community", "family", "starts_on", "ends_on", "limit_kg", "delivered_kg"],
        [],
    ),
}


@dataclass
class Office:
    """The server's side of docs/sync.md, and what the network makes of it."""

    mode: str = "well"
    """well, away (no network), 500, 401, cut (what is pushed arrives, its answer does not), or the
    result that every operation gets."""
    clock: timedelta = timedelta()
    """How far the server's clock is ahead of the telephone's."""
    slow: float = 0
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrived: list[str] = field(default_factory=list)
    pushes: int = 0

    def answer(self, route: Route) -> None:
        path = route.request.url.split("/api/v1/sync/")[1].split("?")[0]
        if self.mode == "away":
            return route.abort("internetdisconnected")
        if self.mode in {"500", "401"}:
            return route.fulfill(status=int(self.mode), json={"title": "no"})
        if path == "push/":
            self.pushes += 1
            time.sleep(self.slow)
            told: Any = route.request.post_data_json
            results = [self.take(one) for one in told["operations"]]
            if self.mode == "cut":
                return route.abort("connectionreset")
            return route.fulfill(json={"results": results})
        return route.fulfill(json=self.hello() if path == "hello/" else self.pull(route))

    def take(self, operation: dict[str, Any]) -> dict[str, Any]:
        self.arrived.append(operation["op_id"])
        errors = []
        key = f"{operation['action']} {operation['entity_id']}"
        result = "duplicate" if key in self.kept else "created"
        if self.mode in {"held", "conflict", "rejected"}:
            result = self.mode
            errors = [{"field": "quality", "code": "no_price", "message": "No hay precio."}]
        number = len(self.kept) + 1
        kept = self.kept.setdefault(key, operation | {"folio": f"TENA-2026-{number:05d}"})
        return {
            "op_id": operation["op_id"],
            "result": result,
            "entity_id": operation["entity_id"],
            "folio": kept["folio"] if operation["entity"] == "delivery" else None,
            "errors": errors,
        }

    def hello(self) -> dict[str, Any]:
        return {
            "csrf_token": "token",
            "server_time": (timezone.now() + self.clock).isoformat(),
            "oldest_schema": 1,
            "newest_schema": 1,
            "user": {"username": "tecnico", "name": "Wilmer Calapucha", "may_receive": True},
            "device": {"id": "", "name": "", "state": "known", "last_seq": 0},
        }

    def pull(self, route: Route) -> dict[str, Any]:
        full = "since=" not in route.request.url
        tables = {name: {"fields": f, "rows": rows} for name, (f, rows) in REGISTER.items()}
        return {
            "version": "1",
            "full": full,
            "server_time": timezone.now().isoformat(),
            "tables": tables if full else {},
            "gone": {},
        }

    @property
    def operations(self) -> list[dict[str, Any]]:
        return sorted(self.kept.values(), key=lambda one: one["device_seq"])


@dataclass
class Telephone:
    """A browser with a memory on disk, that can be closed and opened again."""

    launch: Callable[..., BrowserContext]
    folder: Path
    office: Office
    shape: dict[str, Any]
    context: BrowserContext | None = None
    cookies: list[Any] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, *, offline: bool = False) -> Page:
        """Start the browser and the app in it. Without a network nothing is answered: neither what
        the page asks for nor what the service worker does."""
        self.context = self.launch(self.folder, **self.shape)
        self.context.set_default_timeout(10_000)
        self.context.route("**/api/v1/sync/**", self.office.answer)
        if self.cookies:
            self.context.add_cookies(self.cookies)
        if offline:
            self.context.set_offline(True)
            self.office.mode = "away"
        return self.page()

    def page(self) -> Page:
        assert self.context is not None
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto("/acopio/")
        expect(page.locator("body[data-ready]")).to_be_attached()
        return page

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
        self.context = None


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def telephone(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    base_url: str,
    tmp_path: Path,
    office: Office,
    transactional_db: None,
) -> Iterator[Telephone]:
    def launch(folder: Path, **shape: Any) -> BrowserContext:
        told = {**browser_type_launch_args, **browser_context_args, **shape, "base_url": base_url}
        return playwright.chromium.launch_persistent_context(folder, **told)

    made = Telephone(launch, tmp_path / "chromium", office, PHONE)
    yield made
    made.close()
    assert made.errors == []


@pytest.fixture
def desk(telephone: Telephone) -> Telephone:
    telephone.shape = DESK
    return telephone


def ready(page: Page) -> None:
    """The register has come, and the service worker can start the app alone."""
    expect(page.get_by_label("¿Quién entrega?")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    until(page, lambda: page.evaluate("navigator.serviceWorker.controller !== null"))


def until(page: Page, holds: Callable[[], Any]) -> None:
    """Wait until something holds; the browser and the server go on meanwhile."""
    for _try in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("it never was so")


def all_sent(page: Page, items: int) -> None:
    """So many operations of this telephone have been acknowledged, and none waits."""
    until(page, lambda: len(stored(page)) == items and waiting(page) == 0)


def weigh(page: Page, who: str, quantity: str, *, saves: bool = True) -> None:
    page.get_by_label("¿Quién entrega?").fill(who)
    expect(page.locator(".found-community")).to_have_count(0)
    page.locator(".found-one").first.click()
    expect(page.locator(".chosen")).to_be_visible()
    if page.get_by_role("radio", name="Baba", exact=True).count():
        page.get_by_role("radio", name="Baba", exact=True).click()
    page.get_by_label("Peso", exact=True).fill(quantity)
    page.get_by_role("button", name="Guardar entrega").click()
    if saves:
        expect(page.locator(".receipt")).to_be_visible()


def next_one(page: Page) -> None:
    page.get_by_role("button", name="Siguiente entrega").click()


def send(page: Page) -> None:
    page.goto("/acopio/#salida")
    page.get_by_role("button", name="Enviar ahora").click()


def stored(page: Page, store: str = "outbox") -> list[Any]:
    return page.evaluate(
        """(store) => new Promise((done, failed) => {
          const opened = indexedDB.open("kallari-acopio");
          opened.onerror = () => failed(opened.error);
          opened.onsuccess = () => {
            const asked = opened.result.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => { opened.result.close(); done(asked.result); };
          };
        })""",
        store,
    )


def waiting(page: Page) -> int:
    return sum(item["state"] == "waiting" for item in stored(page))


# --- The journey of issue 4 -----------------------------------------------------------------------


class RealOffice(Office):
    """The application's own API, behind a network that can be as bad as the stub's."""

    def answer(self, route: Route) -> None:
        if self.mode == "well":
            return route.continue_()
        if self.mode == "cut" and route.request.url.endswith("/push/"):
            route.fetch()  # it arrives, and is answered to nobody
            return route.abort("connectionreset")
        return route.continue_() if self.mode == "cut" else super().answer(route)


@pytest.fixture
def real(
    telephone: Telephone, account: Callable[[str], User], base_url: str
) -> tuple[Telephone, RealOffice]:
    """A telephone in the hands of somebody of the collection center, who is signed in on it, and
    the application with two families of Rumi Yaku."""
    rosa = factories.partner(
        factories.person("Shiguango Grefa", "Rosa", of=factories.family("Shiguango Grefa")),
        number=7,
    )
    issue_card(actor=None, partner=rosa)
    factories.person("Andi", "Xavier", of=factories.family("Andi"))
    world()
    office = RealOffice()
    telephone.office = office
    client = sign_in(Client(), account("center_operator"))
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": base_url,
        "expires": time.time() + 3600,
    }
    telephone.cookies = [cookie]
    return telephone, office


def test_three_deliveries_without_a_network_arrive_once_each(real):
    """Issue 4, to the letter, with the application's own server."""
    telephone, office = real
    ready(telephone.open())
    telephone.close()

    page = telephone.open(offline=True)
    assert page.evaluate("fetch('/healthz').then(() => 'network', () => 'none')") == "none"
    weigh(page, "chihuango gref", "103,5")
    expect(page.locator(".receipt-folio")).to_contain_text(re.compile(r"P-[0-9A-Z]{4}-1"))
    expect(page.locator(".receipt")).to_contain_text("46,947 kg")  # 103.5 × 0.45359237
    expect(page.locator(".receipt")).to_contain_text("39,33 USD")  # 103.5 × 0.38, conventional
    expect(page.locator(".receipt-state")).to_contain_text("Espera")
    next_one(page)
    weigh(page, "rumi iacu anddi", "50")
    next_one(page)
    weigh(page, "7", "60,25")
    expect(page.get_by_role("link", name="Por enviar")).to_contain_text("3")
    telephone.close()

    page = telephone.open(offline=True)
    assert waiting(page) == 3
    office.mode = "500"
    telephone.context.set_offline(False)
    send(page)
    expect(page.get_by_text("La oficina no puede recibir ahora")).to_be_visible()
    assert (waiting(page), Delivery.objects.count()) == (3, 0)

    office.mode = "401"
    send(page)
    expect(page.get_by_text("Vuelva a entrar con su cuenta")).to_be_visible()
    link = page.locator(".message").get_by_role("link", name="Entrar")
    assert link.get_attribute("href") == "/cuenta/entrar/?next=/acopio/"
    assert (waiting(page), Delivery.objects.count()) == (3, 0)

    office.mode = "cut"
    send(page)
    expect(page.get_by_text("La conexión se cortó")).to_be_visible()
    assert (waiting(page), Delivery.objects.count()) == (3, 3)

    office.mode = "well"
    send(page)
    expect(page.get_by_text("Nada espera: todo llegó a la oficina.")).to_be_visible()
    assert (waiting(page), Delivery.objects.count()) == (0, 3)
    assert {item["result"] for item in stored(page)} == {"duplicate"}
    deliveries = Delivery.objects.order_by("folio")
    assert [str(one.net_kg) for one in deliveries] == ["46.947", "22.680", "27.329"]
    for one in deliveries:
        expect(page.get_by_text(f"Entrega {one.folio}")).to_be_visible()
    # What the telephone showed is what the server wrote down.
    shown = {item["op"]["entity_id"]: item["seen"]["amount"] for item in stored(page)}
    assert shown == {str(one.pk): f"{one.amount_usd * 100:.0f}" for one in deliveries}


def test_an_update_with_items_waiting_keeps_them(telephone, office, monkeypatch):
    page = telephone.open()
    ready(page)
    office.mode = "500"
    weigh(page, "rosa", "100")
    before = page.evaluate("caches.keys()")
    monkeypatch.setattr(acopio_shell, "version", lambda: "0123456789abcdef")
    page.evaluate("navigator.serviceWorker.getRegistration().then((known) => known.update())")
    expect(page.get_by_text("Hay una versión nueva")).to_be_visible()
    assert page.evaluate("caches.keys()") == [*before, "kallari-acopio-0123456789abcdef"]

    page.get_by_role("button", name="Siguiente entrega").click()
    page.locator(".found-community").click()
    page.locator(".found-one").first.click()
    expect(page.get_by_role("button", name="Actualizar")).to_have_count(0)  # a form half filled
    page.get_by_role("button", name="Cambiar quién entrega").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Actualizar").click()
    expect(page.locator("body[data-ready]")).to_be_attached()
    assert page.evaluate("caches.keys()") == ["kallari-acopio-0123456789abcdef"]
    assert waiting(page) == 1
    office.mode = "well"
    send(page)
    expect(page.get_by_text("Nada espera")).to_be_visible()
    assert len(office.kept) == 1


def test_a_new_version_takes_over_at_the_next_start(telephone, monkeypatch):
    page = telephone.open()
    ready(page)
    monkeypatch.setattr(acopio_shell, "version", lambda: "fedcba9876543210")
    page.evaluate("navigator.serviceWorker.getRegistration().then((known) => known.update())")
    expect(page.get_by_text("Hay una versión nueva")).to_be_visible()
    telephone.close()
    page = telephone.open()
    until(page, lambda: page.evaluate("caches.keys()") == ["kallari-acopio-fedcba9876543210"])


def test_what_waits_survives_signing_out(real):
    telephone, office = real
    page = telephone.open()
    ready(page)
    office.mode = "500"
    weigh(page, "rosa", "100")
    page.goto("/cuenta/salir/")
    page.get_by_role("button", name="Salir").last.click()
    office.mode = "well"
    page.goto("/acopio/#salida")
    expect(page.get_by_text("Vuelva a entrar con su cuenta")).to_be_visible()
    assert (waiting(page), Delivery.objects.count()) == (1, 0)
    page.locator(".message").get_by_role("link", name="Entrar").click()
    page.get_by_label("Usuario").fill("prueba-center_operator")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page).to_have_url(re.compile("/acopio/$"))
    all_sent(page, 1)
    assert Delivery.objects.count() == 1


def test_two_tabs_send_once(telephone, office):
    one = telephone.open()
    ready(one)
    two = telephone.page()
    office.mode = "500"
    weigh(one, "rosa", "100")
    weigh(two, "xavier", "80")
    expect(one.get_by_role("link", name="Por enviar")).to_contain_text("2")
    office.mode = "well"
    office.slow = 0.5
    one.goto("/acopio/#salida")
    two.goto("/acopio/#salida")
    one.get_by_role("button", name="Enviar ahora").click()
    two.get_by_role("button", name="Enviar ahora").click()
    expect(one.get_by_text("Nada espera")).to_be_visible()
    expect(two.get_by_text("Nada espera")).to_be_visible()
    assert len(office.arrived) == len(set(office.arrived)) == 2
    assert [one["device_seq"] for one in office.operations] == [1, 2]


EARLIER = """([item, photograph]) => new Promise((done, failed) => {
  const opened = indexedDB.open("kallari-acopio", 1);
  opened.onupgradeneeded = () => {
    opened.result.createObjectStore("kept").put("11111111-1111-4111-8111-111111111111", "device");
    opened.result.createObjectStore("tables");
    const box = opened.result.createObjectStore("outbox", { keyPath: "op_id" });
    box.put(item);
    box.put({ ...photograph, photograph: new Blob(["JPEG"], { type: "image/jpeg" }) });
  };
  opened.onerror = () => failed(opened.error);
  opened.onsuccess = () => { opened.result.close(); done(); };
})"""


def kept_by_the_earlier_version(sequence: int, entity: str, payload: dict[str, Any]) -> Any:
    key = str(uuid.uuid4())
    return {
        "op_id": key,
        "state": "waiting",
        "madeAt": 1_700_000_000_000,
        "seen": {"who": "Rosa", "day": "2026-11-01", "at": 1_700_000_000_000, "net": "1000"},
        "op": {
            "op_id": key,
            "entity": entity,
            "entity_id": str(uuid.uuid4()),
            "action": "create",
            "schema": 1,
            "device_id": "11111111-1111-4111-8111-111111111111",
            "device_seq": sequence,
            "recorded_at": "2026-11-01T10:00:00-05:00",
            "clock_offset_ms": 0,
            "payload": payload,
        },
    }


def test_what_waits_in_the_earlier_schema_is_kept_and_sent(telephone, office, base_url):
    telephone.context = telephone.launch(telephone.folder, **telephone.shape)
    page = telephone.context.new_page()
    page.goto("/healthz")
    payload = {"family": FAMILY, "product_form": "baba", "quantity": "1", "unit": "kg"}
    items = [
        kept_by_the_earlier_version(1, "delivery", payload),
        kept_by_the_earlier_version(2, "photograph", {"chakra": CHAKRAS[0]}),
    ]
    page.evaluate(EARLIER, items)
    telephone.close()
    page = telephone.open()
    page.goto("/acopio/#salida")
    expect(page.get_by_text("Nada espera")).to_be_visible()
    assert [one["op_id"] for one in office.operations] == [item["op_id"] for item in items]
    assert office.operations[1]["payload"]["jpeg"] == "SlBFRw=="  # base64 of JPEG
    assert len(stored(page)) == 2
    assert stored(page, "photographs") == []


# --- What the office answers ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("held", "Llegó. La oficina tiene que decidir."),
        ("conflict", "La oficina ya tenía otro contenido"),
        ("rejected", "La oficina no pudo leerla."),
    ],
)
def test_what_needs_attention_says_what_happened(telephone, office, result, words):
    page = telephone.open()
    ready(page)
    office.mode = result
    weigh(page, "rosa", "100")
    page.goto("/acopio/#salida")
    expect(page.get_by_text("Por revisar: 1").first).to_be_visible()
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text("No hay precio.")).to_be_visible()
    assert waiting(page) == 0


def test_an_answer_without_results_acknowledges_nothing(telephone, office, monkeypatch):
    page = telephone.open()
    ready(page)
    monkeypatch.setattr(office, "take", lambda operation: {"op_id": str(uuid.uuid4())})
    weigh(page, "rosa", "100")
    send(page)
    expect(page.get_by_text("La oficina no puede recibir ahora")).to_be_visible()
    assert waiting(page) == 1


def test_a_delivery_is_corrected_and_voided(telephone, office):
    page = telephone.open()
    ready(page)
    weigh(page, "rosa", "100")
    page.goto("/acopio/#dia")
    page.get_by_role("button", name="Corregir").click()
    page.get_by_label("Peso", exact=True).fill("90")
    page.get_by_role("button", name="Guardar corrección").click()
    expect(page.get_by_text("Escriba el motivo.")).to_be_visible()
    page.get_by_label("Motivo").fill("Se leyó mal la balanza")
    page.get_by_role("button", name="Guardar corrección").click()
    expect(page.locator(".receipt")).to_contain_text("Corrige a TENA-2026-00001")
    page.goto("/acopio/#dia")
    expect(page.get_by_role("button", name="Corregir")).to_have_count(1)
    page.get_by_role("button", name="Anular").click()
    page.get_by_label("Motivo").fill("Era de otra familia")
    page.get_by_role("button", name="Anular entrega").click()
    expect(page.get_by_text("Todavía ninguna.")).to_be_visible()
    all_sent(page, 3)
    created, corrected, voided = office.operations
    assert corrected["action"] == "correct"
    assert corrected["payload"]["supersedes"] == created["entity_id"]
    assert corrected["payload"]["reason"] == "Se leyó mal la balanza"
    assert corrected["payload"]["quantity"] == "90"
    assert (voided["action"], voided["entity_id"]) == ("void", corrected["entity_id"])
    assert voided["payload"] == {"reason": "Era de otra familia"}


def test_the_receipt_of_a_voided_delivery_says_so_wherever_it_goes(telephone, office):
    page = telephone.open()
    page.evaluate("void (navigator.share = async ({text}) => { window.shared = text; })")
    ready(page)
    weigh(page, "rosa", "100")
    all_sent(page, 1)
    receipt = page.url
    badge = page.locator(".receipt-state .badge")
    expect(badge).to_have_text(" Enviado")
    page.get_by_role("button", name="Compartir").click()
    assert page.evaluate("window.shared").startswith("Kallari · Recibo de entrega\n")
    page.goto("/acopio/#dia")
    page.get_by_role("button", name="Anular").click()
    page.get_by_label("Motivo").fill("Era de otra familia")
    page.get_by_role("button", name="Anular entrega").click()
    all_sent(page, 2)
    page.goto(receipt)
    expect(badge).to_have_text(" Anulada")
    expect(page.locator(".receipt-screen .badge-good")).to_have_count(0)
    page.get_by_role("button", name="Compartir").click()
    assert page.evaluate("window.shared").startswith("ANULADO: este recibo no vale.\n")
    page.goto("/acopio/#salida")
    expect(page.locator(".badge", has_text="Anulada")).to_have_count(1)


def test_the_outbox_leaves_as_a_file(telephone, office):
    page = telephone.open()
    ready(page)
    office.mode = "500"
    weigh(page, "rosa", "100")
    page.goto("/acopio/#salida")
    with page.expect_download() as download:
        page.get_by_role("button", name="Guardar en un archivo").click()
    written = json.loads(Path(download.value.path()).read_text())
    assert written["kallari_outbox"] == 1
    (operation,) = written["operations"]
    assert operation["payload"]["partner"] == PARTNER
    assert operation["device_id"] == written["device_id"]
    assert waiting(page) == 1


def test_a_clock_that_is_wrong_is_measured_and_told(telephone, office):
    office.clock = timedelta(hours=26)
    page = telephone.open()
    ready(page)
    expect(page.get_by_text("El reloj de este teléfono está mal por 1560 minutos")).to_be_visible()
    weigh(page, "rosa", "100")
    all_sent(page, 1)
    (operation,) = office.operations
    assert abs(operation["clock_offset_ms"] - 26 * 3_600_000) < 5_000
    weighed_at = datetime.fromisoformat(operation["payload"]["weighed_at"])
    assert abs(weighed_at - timezone.now()) < timedelta(minutes=1)  # as the telephone showed it
    # The receipt shows the same minute as the office, which reckons with whole seconds.
    (item,) = stored(page)
    reckoned = weighed_at + timedelta(milliseconds=item["op"]["clock_offset_ms"])
    assert item["seen"]["at"] == round(reckoned.timestamp() * 1000)


# --- Weighing -------------------------------------------------------------------------------------


def test_a_desk_needs_no_mouse(desk, office):
    page = desk.open()
    ready(page)
    expect(page.get_by_label("¿Quién entrega?")).to_be_focused()
    page.keyboard.type(f"kallari/s/{CARD.lower()}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Shiguango Grefa Rosa")).to_be_visible()
    page.keyboard.press("Space")  # the first product
    expect(page.get_by_label("Peso", exact=True)).to_be_focused()
    page.keyboard.type("2qq")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Guardada: ")).to_be_visible()
    expect(page.get_by_label("¿Quién entrega?")).to_be_focused()
    page.keyboard.type("43")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Peso", exact=True)).to_be_focused()
    page.keyboard.type("100lb")
    page.keyboard.press("Enter")
    expect(page.locator(".totals")).to_contain_text("Baba × 2")
    expect(page.locator(".totals")).to_contain_text("136,077 kg")  # 90.718 + 45.359
    expect(page.locator(".day")).to_contain_text("Solo las de este dispositivo.")
    all_sent(page, 2)
    first, second = (one["payload"] for one in office.operations)
    assert (first["partner"], first["quantity"], first["unit"]) == (PARTNER, "2", "qq")
    assert (second["family"], second["quantity"], second["unit"]) == (OTHER_FAMILY, "100", "lb")


def test_only_who_is_not_signed_in_is_offered_to_sign_in(desk, office):
    page = desk.open()
    ready(page)
    page.goto("/acopio/#mas")
    expect(page.get_by_text("Wilmer Calapucha")).to_be_visible()
    expect(page.get_by_role("link", name="Entrar", exact=True)).to_have_count(0)
    office.mode = "401"
    page.get_by_role("button", name="Bajar la lista").click()
    expect(page.get_by_role("link", name="Entrar", exact=True)).to_be_visible()


def test_a_family_is_found_by_what_is_printed_of_it(desk, office):
    page = desk.open()
    ready(page)
    who = page.get_by_label("¿Quién entrega?")
    for typed in ("42", "F-0042", "Familia 42", "N.º 7"):
        who.fill(typed)
        expect(page.locator(".found-one")).to_have_count(1)
        expect(page.locator(".found-one")).to_contain_text("N.º 7 · F-0042")
    # 42 is no partner's number, and 7 no family's.
    for typed in ("N.º 42", "F-0007"):
        who.fill(typed)
        expect(page.locator(".found-one")).to_have_count(0)
    # Of several nobody is pointed at until Enter or an arrow does it; a second Enter chooses.
    who.fill("rumi yaku")
    expect(page.locator(".found-one")).to_have_count(2)
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("[aria-selected=true]")).to_have_text(re.compile("Andi Xavier"))
    page.keyboard.press("Enter")
    expect(page.locator(".chosen")).to_contain_text("Andi Xavier")


COVERED = """() => {
  const shown = document.activeElement.getBoundingClientRect();
  const bar = document.querySelector(".save-bar").getBoundingClientRect();
  return shown.bottom > bar.top && !document.activeElement.closest(".save-bar");
}"""


def test_what_has_the_focus_is_never_behind_the_bar(desk, office):
    page = desk.open()
    ready(page)
    page.get_by_label("¿Quién entrega?").fill("rosa")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Baba", exact=True).click()
    page.get_by_label("Peso", exact=True).fill("100")
    reached: list[str] = []
    while not page.evaluate("document.activeElement.matches('.save')"):
        page.keyboard.press("Tab")
        assert not page.evaluate(COVERED), reached
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
    assert {"containers", "tare", "harvested", "note"} <= set(reached)
    # What was saved is said on top, where the next one is asked for.
    assert page.evaluate("scrollY") > 0
    page.keyboard.press("Enter")
    expect(page.get_by_text("Guardada: ")).to_be_in_viewport()
    expect(page.get_by_label("¿Quién entrega?")).to_be_in_viewport()


def test_a_filled_form_is_not_dropped_unasked(desk, office):
    page = desk.open()
    ready(page)
    weight = page.get_by_label("Peso", exact=True)
    question = page.get_by_role("dialog")
    page.get_by_label("¿Quién entrega?").fill("rosa")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Baba", exact=True).click()
    page.keyboard.press("Escape")  # a product alone is one tap: not worth a question
    expect(page.get_by_label("¿Quién entrega?")).to_be_focused()
    page.get_by_label("¿Quién entrega?").fill("rosa")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Baba", exact=True).click()
    weight.fill("103,5")
    page.keyboard.press("Escape")
    expect(question).to_contain_text("La entrega de Shiguango Grefa Rosa no está guardada.")
    expect(page.get_by_role("button", name="Seguir con la entrega")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(weight).to_be_focused()
    expect(weight).to_have_value("103,5")
    page.get_by_role("button", name="Cambiar quién entrega").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("¿Quién entrega?")).to_be_focused()
    assert stored(page) == []


def test_a_correction_is_dropped_unasked_while_it_says_nothing_new(telephone, office):
    page = telephone.open()
    ready(page)
    weigh(page, "rosa", "100")
    question = page.get_by_role("dialog")
    for changes in (False, True):
        page.goto("/acopio/#dia")
        page.get_by_role("button", name="Corregir").click()
        if changes:
            page.get_by_label("Peso", exact=True).fill("90")
        page.get_by_role("button", name="Dejarlo").click()
        expect(question).to_have_count(int(changes))
    question.get_by_role("button", name="Dejarla sin guardar").click()
    expect(page.get_by_label("¿Quién entrega?")).to_be_visible()


def test_chakras_decide_the_class_and_the_price(telephone, office):
    page = telephone.open()
    ready(page)
    page.get_by_label("¿Quién entrega?").fill("rosa")
    page.locator(".found-one").first.click()
    page.get_by_role("radio", name="Baba", exact=True).click()
    page.get_by_label("Peso", exact=True).fill("100")
    # Both chakras, one of them conventional: 100 × 0.55.
    expect(page.locator(".save-bar")).to_contain_text("55,00 USD")
    page.get_by_role("checkbox", name="La loma").click()
    expect(page.locator(".save-bar")).to_contain_text("65,00 USD")  # organic: 100 × 0.65
    expect(page.locator(".save-bar")).to_contain_text("premio 5,00 USD")
    page.get_by_role("checkbox", name="El río").click()
    page.get_by_label("Parte de La loma, en porcentaje").fill("60")
    expect(page.get_by_label("Parte de El río, en porcentaje")).to_have_value("40")  # of two
    page.get_by_label("Parte de El río, en porcentaje").fill("100")
    page.get_by_label("Parte de La loma, en porcentaje").fill("")
    page.get_by_label("Parte de El río, en porcentaje").fill("120")
    expect(page.get_by_text("Las partes de las chakras suman 100 %.")).to_be_visible()
    page.get_by_label("Parte de La loma, en porcentaje").fill("60")
    page.get_by_role("button", name="Guardar entrega").click()
    all_sent(page, 1)
    payload = office.operations[0]["payload"]
    assert payload["chakras"] == [
        {"chakra": CHAKRAS[0], "share": "0.60"},
        {"chakra": CHAKRAS[1], "share": "0.40"},
    ]
    assert payload["price_line_seen"] == 1


def test_what_is_unusual_asks_for_a_note_and_is_no_wall(telephone, office):
    page = telephone.open()
    ready(page)
    weigh(page, "rosa", "100")
    next_one(page)
    weigh(page, "rosa", "101", saves=False)  # within 2 %
    expect(page.locator(".alerts").get_by_text("Se parece a la entrega")).to_be_visible()
    expect(page.get_by_text("Explique en la nota")).to_be_visible()
    expect(page.locator("label", has_text="Nota").locator("span")).to_be_hidden()  # (opcional)
    page.get_by_label("Nota").fill("Son dos sacos iguales")
    page.get_by_role("button", name="Guardar entrega").click()
    expect(page.locator(".receipt")).to_be_visible()
    all_sent(page, 2)
    assert office.operations[1]["payload"]["note"] == "Son dos sacos iguales"


def test_a_quota_says_what_is_left_of_it_or_by_how_much_it_is_passed(
    telephone, office, monkeypatch
):
    names, _none = REGISTER["quotas"]
    whole_year = (1, "baba", None, FAMILY, "2000-01-01", "2099-12-31")
    for delivered, words in (
        ("80.5", "Pasa del cupo: quedan 19,500 de 100,000 kg."),
        ("285.301", "El cupo de 100,000 kg ya se pasó por 185,301 kg."),
    ):
        rows = [[*whole_year, "100.000", delivered]]
        monkeypatch.setitem(REGISTER, "quotas", (names, rows))
        page = telephone.open()
        ready(page)
        weigh(page, "rosa", "100", saves=False)  # lb: 45.359 kg
        expect(page.locator(".alerts")).to_contain_text(words)
        telephone.close()
        shutil.rmtree(telephone.folder)


def test_a_number_that_may_be_a_thousand_is_asked_again(telephone, office):
    page = telephone.open()
    ready(page)
    weigh(page, "rosa", "1.250", saves=False)
    expect(page.get_by_text("¿Cuánto es?")).to_be_visible()
    page.get_by_role("button", name="1,250", exact=True).click()
    page.get_by_role("button", name="Guardar entrega").click()
    expect(page.locator(".receipt")).to_contain_text("0,567 kg")  # 1.25 × 0.45359237


def test_the_pad_types_under_a_thumb(telephone, office):
    page = telephone.open()
    ready(page)
    page.get_by_label("¿Quién entrega?").fill("rosa")
    page.locator(".found-one").first.click()
    page.get_by_role("radio", name="Baba", exact=True).click()
    keys_end, bar_top = page.evaluate(
        "[[...document.querySelectorAll('.pad-key')].at(-1).getBoundingClientRect().bottom,"
        " document.querySelector('.save-bar').getBoundingClientRect().top]"
    )
    assert keys_end <= bar_top
    expect(page.get_by_label("Peso", exact=True)).to_be_in_viewport(ratio=1)
    for key in "103,5":
        page.get_by_role("button", name=key, exact=True).click()
    expect(page.get_by_label("Peso", exact=True)).to_have_value("103,5")
    page.get_by_role("button", name="Guardar entrega").click()
    expect(page.locator(".receipt")).to_contain_text("46,947 kg")


def test_a_second_print_is_marked_as_a_copy(telephone, office):
    page = telephone.open()
    ready(page)
    weigh(page, "rosa", "100")
    page.evaluate(
        "window.print = () => (window.printed = [document.body.className,"
        " document.querySelector('#sheet').innerText])"
    )
    page.get_by_label("Papel").select_option("58")
    page.get_by_role("button", name="Imprimir").click()
    paper, text = page.evaluate("window.printed")
    assert "print-58" in paper
    assert "COPIA" not in text
    page.get_by_role("button", name="Imprimir copia").click()
    assert "COPIA" in page.evaluate("window.printed")[1]


# --- A chakra and a person ------------------------------------------------------------------------


def test_a_boundary_is_walked_and_a_photograph_reduced(telephone, office):
    telephone.shape = PHONE | {"permissions": ["geolocation"]}
    page = telephone.open()
    ready(page)
    page.goto("/acopio/#lindero")
    page.get_by_label("¿De quién es la chakra?").fill("rosa")
    page.locator(".found-one").first.click()
    page.get_by_role("button", name="La loma").click()
    corners = [(0, 0, 5), (0, 40, 6), (15, 40, 7.5), (15, 0, 6), (60, 60, 45), (16, 1, 5)]
    step = 1 / 111_195  # degrees of a metre on a sphere of 6371 km
    page.get_by_role("button", name="Empezar").click()
    for north, east, accuracy in corners:
        place = {"latitude": -1 + north * step, "longitude": -77.8 + east * step}
        telephone.context.set_geolocation({**place, "accuracy": accuracy})
        expect(page.locator(".walk-figure span").first).to_contain_text(f"{round(accuracy)} m")
    page.get_by_role("button", name="Detener").click()
    page.get_by_role("button", name="Guardar lindero").click()
    expect(page.get_by_text("Lindero guardado.")).to_be_visible()
    picture = page.evaluate(
        """async () => {
          const canvas = document.createElement("canvas");
          Object.assign(canvas, { width: 3000, height: 2000 });
          const ground = canvas.getContext("2d");
          const noise = ground.createImageData(3000, 2000);
          for (let at = 0; at < noise.data.length; at += 1) noise.data[at] = Math.random() * 256;
          ground.putImageData(noise, 0, 0);
          return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
        }"""
    )
    page.evaluate(
        """() => {
          const atOnce = window.createImageBitmap;
          window.createImageBitmap = async (...given) => {
            await new Promise((done) => { setTimeout(done, 1500); });
            return atOnce(...given);
          };
        }"""
    )
    page.get_by_label("Fotografía").set_input_files(
        {"name": "chakra.jpg", "mimeType": "image/jpeg", "buffer": b64decode(picture)}
    )
    keep = page.get_by_role("button", name="Guardar fotografía")
    keep.dblclick()  # while a slow telephone still reduces it: saved, and once
    expect(page.get_by_text("Fotografía guardada.")).to_be_visible()
    all_sent(page, 2)
    boundary, photograph = office.operations
    assert (boundary["entity"], boundary["action"]) == ("chakra", "correct")
    assert boundary["entity_id"] == CHAKRAS[0]
    (ring,) = boundary["payload"]["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    assert len(ring) == 5  # four corners: the poor one, and one a metre away, are not kept
    assert boundary["payload"]["accuracy_m"] == "7.5"
    assert photograph["payload"]["chakra"] == CHAKRAS[0]
    assert len(photograph["payload"]["jpeg"]) * 3 / 4 <= 600 * 1024
    assert stored(page, "photographs") == []


def test_a_new_person_is_taken_down(telephone, office):
    page = telephone.open()
    ready(page)
    page.goto("/acopio/#persona")
    page.get_by_label("¿De qué familia es?").fill("42")
    page.locator(".found-one").first.click()
    page.get_by_label("Apellidos").fill("Grefa Andi")
    page.get_by_label("Nombres").fill("Luz")
    page.get_by_label("Cédula", exact=False).first.fill("1500123457")
    page.get_by_role("button", name="Guardar persona").click()
    expect(page.get_by_text("Revise la cédula")).to_be_visible()
    page.get_by_label("Cédula", exact=False).first.fill("150012345-8")
    page.get_by_role("button", name="Guardar persona").click()
    expect(page.get_by_text("Persona guardada.")).to_be_visible()
    all_sent(page, 1)
    payload = office.operations[0]["payload"]
    assert payload["family"] == FAMILY
    assert payload["cedula"] == "1500123458"


# --- The small modules against the house's own rules ----------------------------------------------


@pytest.fixture
def module(context: BrowserContext, transactional_db: None) -> Callable[[str, str, Any], Any]:
    """`module("qr", "matrix", values)`: what a function of a module answers for each value."""
    page = context.new_page()
    page.goto("/cuenta/entrar/")

    def answers(name: str, function: str, values: list[Any]) -> Any:
        return page.evaluate(
            """async ([name, functionName, values]) => {
              const module = await import(`/static/harvests/acopio/${name}.js`);
              return values.map((value) => {
                const answer = module[functionName](...[value].flat());
                return typeof answer === "bigint" ? String(answer) : answer;
              });
            }""",
            [name, function, values],
        )

    return answers


TRICKY = [
    "ÑUKANCHIK  KAWSAY", "EL MIRADOR", "10 de Agosto", "Diez de Agosto", "Treinta y uno de Mayo",
    "los los el", "n\u0303ukanchi\u0301k", "Ǆordža ﬃ ＡＢＣ ẞ ŉ", "11 de Noviembre, 31 & 22",
    "1ro de Mayo",
    "Jatun Yacu", "Hatun Yaku", "Shiguango Hernández", "Guamán Guerra", "Xavier Ximénez", "Apaai",
    "Veintitrés", "Philipe Llerena", "h", "", "·", "Quishpe Cuji", "İstanbul", "Nº 2",
]  # fmt: skip


def test_names_have_the_same_keys_on_the_telephone(module):
    places = [place if isinstance(place, str) else str(place) for place in NAMED_ELSEWHERE]
    names = [*TRICKY, *SURNAMES, *places, *(str(one) for one in COMMUNITIES)]
    names += [f"a{chr(code)}b" for code in range(1, 0x2FFF)]
    assert module("spelling", "searchKey", names) == [search_key(name) for name in names]
    assert module("spelling", "soundKey", names) == [sound_key(name) for name in names]
    assert module("spelling", "searchWords", TRICKY) == [search_words(name) for name in TRICKY]


@pytest.mark.parametrize("length", [1, 14, 15, 26, 42, 62, 73, 84, 106])
def test_the_qr_is_that_of_segno(module, monkeypatch, length):
    """Versions 1 to 6 (14 to 106 bytes with level M, ISO/IEC 18004 table 7), every mask. Segno adds
    an empty codeword where the text ends on a whole one (8 − 0 bits of padding): mended here."""
    monkeypatch.setattr(
        segno.encoder,
        "write_padding_bits",
        lambda buff, _version, size: buff.extend([0] * (-size % 8)),
    )
    address = "https://kallari.example/recibo/0b3c1f9e-2d7a-4a65-9d0e-3f6a4f3f1c55/" * 2
    text = address[:length]
    drawn = module("qr", "matrix", [[text, mask] for mask in range(8)])
    for mask, modules in enumerate(drawn):
        code = segno.make(text, error="m", mode="byte", micro=False, boost_error=False, mask=mask)
        assert modules == [list(row) for row in code.matrix]
    assert module("qr", "matrix", [text])[0] in drawn


def test_a_card_checks_itself_on_the_telephone(module):
    codes = [new_code() for _ in range(50)]
    assert module("codes", "readCard", codes) == codes
    typed = [f"kallari/s/{code.lower()}" for code in codes[:5]]
    assert module("codes", "readCard", typed) == [read_code(one) for one in typed]
    wrong = [code[:3] + ("0" if code[3] != "0" else "1") + code[4:] for code in codes]
    assert module("codes", "readCard", [*wrong, "rosa", ""]) == [None] * 52


def test_a_cedula_checks_itself_on_the_telephone(module):
    def is_right(digits: str) -> bool:
        try:
            validate_cedula(digits)
        except ValidationError:
            return False
        return True

    numbers = [f"{number:010d}" for number in range(1_500_123_400, 1_500_123_500)]
    numbers += ["9900123458", "1700000000", "3000000003", "150012345", "15001234588"]
    assert module("codes", "cedulaIsRight", numbers) == [is_right(one) for one in numbers]


def test_a_number_is_read_as_it_is_printed(module):
    family = {"of": "family", "number": 30}
    partner = {"of": "partner", "number": 5}
    typed = ["30", " 0030 ", "F-30", "f-0030", "F 0030", "Familia 30", "familia 0030", "Family 30"]
    typed += ["N.º 5", "n.º5", "Nº 5", "No. 5", "socia 5", "rosa 5", "grefa", "15001234567", ""]
    either = {"of": None, "number": 30}
    expected = [either, either] + [family] * 6 + [partner] * 5 + [None] * 4
    assert module("codes", "readNumber", typed) == expected


def test_sums_are_exact_on_the_telephone(module):
    """The pound of 1959: 0.45359237 kg; a quintal 100, an arroba 25 of them (issue 4)."""
    weights = [["1", "qq"], ["3", "arroba"], ["103.5", "lb"], ["0.0005", "kg"]]
    assert module("decimals", "grams", weights) == ["45359", "34019", "46947", "1"]
    read = module("decimals", "read", ["12,5", "12.5", "1.250", "1,250", "1.234,5", "1e3", ""])
    assert read == [
        {"value": "12.5"},
        {"value": "12.5"},
        {"choices": ["1250", "1.250"]},
        {"value": "1.250"},
        {"wrong": True},
        {"wrong": True},
        {},
    ]


# --- How it looks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", "salida", "dia", "mas", "lindero", "persona"])
def test_every_screen_has_labels_and_fits_a_phone(telephone, office, place):
    page = telephone.open()
    ready(page)
    weigh(page, "rosa", "100")
    all_sent(page, 1)
    page.goto(f"/acopio/#{place}")
    page.wait_for_timeout(100)
    wrong, _links = look_at(page, "es")
    assert wrong == []
    assert page.evaluate(OVERFLOW) == ""
