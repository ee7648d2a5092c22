"""Every address, asked and posted to as every role: it answers as tests/rights_table.py says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import resolve, reverse
from django.utils.timezone import localdate, now

from harvests.imports.purchases import PurchaseImporter
from harvests.models import (
    Lot,
    ProcessKind,
    ProcessPhase,
    ProcessRoute,
    Product,
    ProductForm,
    PurchaseDocument,
)
from harvests.services import batches, processes, stock
from harvests.services.advances import give_advance
from harvests.services.batches import Given
from harvests.services.cash import move_cash
from harvests.services.catalog import add_season
from harvests.services.grade_tables import draft_edition
from harvests.services.ledger import Taken
from harvests.services.premiums import write_premium_rule
from harvests.services.prices import note_market_price
from harvests.services.quality import add_quality_photograph
from harvests.services.quotas import set_quota
from harvests.services.statement_links import make_statement_link
from harvests.services.usual_grades import add_usual_grades
from harvests.services.usual_processes import add_usual_processes
from kallari.accounts.models import User
from kallari.accounts.services import make_token
from kallari.files.services import store_document, store_photograph
from kallari.history.seals.writing import seal
from kallari.imports.services import take_file
from members.imports.communities import CommunityImporter
from members.imports.people import PersonImporter
from members.models import Chakra, Community, Family, ReinspectionSample
from members.rules import MINIMUM_AGE
from members.services import allies, chakras, families, gatherings, persons
from members.services.cards import issue_card
from members.services.communities import add_community
from members.services.inspections import impose_sanction
from members.services.partners import (
    add_trade_evidence,
    end_partnership,
    record_death,
    suspend_partner,
)
from members.services.yields import estimate_yield
from tests.addresses import Address, all_addresses
from tests.files.samples import PDF, picture
from tests.harvests import factories as harvests
from tests.harvests import handed_in, owed, tests_of_quality, works
from tests.members import certified, factories
from tests.people import ACTORS, make_passkey, sign_in
from tests.rights_table import ADMIN, NOT_STAFF, PAGES, READS_HISTORY, STAFF, Admin, Page

ANSWERS = {
    400: "wrong",
    401: "unauthorized",
    403: "refused",
    404: "missing",
    405: "method",
}
LETTERS = "".join(ACTORS)


# --- Reading the table --------------------------------------------------------------------------


def expectations(line: str) -> dict[str, str]:
    """Turn "ok:AM login:-" into {"A": "ok", "M": "ok", "-": "login"}.

    Raises:
        ValueError: an actor stands in two answers, or in none.
    """
    pairs = [
        (letter, answer)
        for answer, letters in (part.split(":") for part in line.split())
        for letter in letters
    ]
    if sorted(letter for letter, _answer in pairs) != sorted(LETTERS):
        raise ValueError(f"every actor of {LETTERS} stands in exactly one answer: {line!r}")
    return dict(pairs)


_ADMIN_MODEL = re.compile(r"^/admin/(?P<model>\w+/\w+)/(?P<rest>.*)$")


def admin_page(rights: Admin, rest: str) -> Page | None:
    """What the admin's page `rest` of a model answers, derived from the model's rights."""

    def for_staff(allowed: str, answer: str = "ok") -> str:
        if answer == "missing":
            allowed = ""
        others = "".join(letter for letter in STAFF if letter not in allowed) + NOT_STAFF
        parts = {answer: allowed} | {"missing": others, "login": "-"}
        return " ".join(f"{name}:{letters}" for name, letters in parts.items() if letters)

    seen = rights.view
    found = "ok" if rights.record else "missing"
    led = "moved" if rights.record else "missing"  # to the record's part of the change list
    args = {"object_id": rights.record or "no_such_key"}
    match rest:
        case "":
            return Page(for_staff(seen), for_staff(seen))
        case "add/":
            return Page(for_staff(rights.add), for_staff(rights.add))
        case "<path:object_id>/change/":
            return Page(for_staff(seen, found), for_staff(rights.change, found), args)
        case "<path:object_id>/delete/":
            return Page(for_staff(rights.delete, found), for_staff(rights.delete, found), args)
        case "<path:object_id>/history/":
            readers = "".join(letter for letter in seen if letter in READS_HISTORY)
            return Page(for_staff(readers, led), for_staff(readers, led), args)
        case "<path:object_id>/":
            return Page(for_staff(STAFF, "moved"), for_staff(STAFF, "moved"), args)
    return None


def page_of(address: Address) -> Page | None:
    """The entry of an address, from PAGES or from its model's line in ADMIN."""
    if address.route in PAGES:
        return PAGES[address.route]
    if (found := _ADMIN_MODEL.match(address.route)) and found["model"] in ADMIN:
        return admin_page(ADMIN[found["model"]], found["rest"])
    return None


# --- Rows to ask for ----------------------------------------------------------------------------


@dataclass
class World:
    """One row of each kind, so that every address has something to show."""

    values: dict[str, object]

    def url(self, address: Address, page: Page) -> str:
        """The address of an existing row.

        Raises:
            KeyError: with what is to be added, when World has no value for an argument.
        """
        try:
            return address.filled(
                {name: self.values[page.args.get(name, name)] for name in address.arguments}
            )
        except KeyError as missing:
            raise KeyError(
                f"{address.route}: give World (tests/test_rights.py) a value {missing}, "
                "or name another one in the entry's args"
            ) from missing


def community_life(community: Community) -> dict[str, object]:
    """A gathering, inputs, a volunteer and an ally in a community, with what belongs to them."""
    family = factories.family(of=community)
    gathering = factories.gathering(of=community)
    kept = gatherings.add_gathering_file(
        actor=None, gathering=gathering, upload=picture(), name="lista.jpg", caption="Lista firmada"
    )
    given = factories.handed_out(to=family)
    stay = factories.stay(community=community)
    ally = factories.ally()
    agreement = allies.sign_agreement(
        actor=None, ally=ally, title="Convenio", starts_on=factories.HELD_ON, upload=picture()
    )
    contribution = factories.contribution(ally)
    use = allies.use_contribution(
        actor=None,
        contribution=contribution,
        used_on=factories.HELD_ON,
        amount_usd=Decimal(10),
        purpose="Jornales",
    )
    return {
        "gathering": gathering.pk,
        "gathering_file": kept.pk,
        "input": given.pk,
        "input_kind": given.kind_id,
        "volunteer": stay.volunteer_id,
        "stay": stay.pk,
        "ally": ally.pk,
        "agreement": agreement.pk,
        "contribution": contribution.pk,
        "use": use.pk,
    }


def bought(family: Family, agent: User) -> dict[str, object]:
    """What is bought and paid: a catalogue, prices, a delivery, a quota, an advance, a device."""
    made = harvests.world()
    delivery = handed_in.delivery(family, made.primera, agent=agent)
    draft = harvests.draft((made.primera, "organic", "0.50"), resolution=harvests.RESOLUTION)
    quota = set_quota(
        actor=None,
        form=made.hoja,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        limit_kg=Decimal(1000),
    )
    advance = give_advance(
        actor=None,
        family=family,
        amount_usd=Decimal(20),
        given_on=date(2026, 1, 2),
        given_by="Contabilidad",
    )
    season = add_season(
        actor=None,
        product=made.cacao,
        name="2026",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    market_price = note_market_price(
        actor=None,
        product=made.cacao,
        day=date(2026, 2, 2),
        usd_per_tonne=Decimal(3226),
        source="ICE",
    )
    return owed_and_paid(family) | {
        "delivery": delivery.pk,
        "day": delivery.weighed_on.isoformat(),
        "alert": handed_in.alert(delivery, "quota").pk,
        "operation": handed_in.operation(uuid4(), {"product_form": "baba"}).pk,
        "price_list": made.price_list.pk,
        "price_draft": draft.pk,
        "price_line": draft.lines.get().pk,
        "quota": quota.pk,
        "advance": advance.pk,
        "device": harvests.device(agent).pk,
        "product": made.cacao.pk,
        "product_form": made.baba.pk,
        "variety": made.nacional.pk,
        "quality": made.primera.pk,
        "figure": made.baba.figures.first().pk,
        "season": season.pk,
        "center": made.tena.pk,
        "market_price": market_price.pk,
        **worked(family, made),
    }


def worked(family: Family, made: Any) -> dict[str, object]:
    """What becomes of it: a batch under way with a reading, a lot handed out of and counted, one
    that is held back."""
    add_usual_processes(actor=None)
    kind = ProcessKind.objects.get(code="beneficio")
    dry = ProductForm.objects.get(code="seco")
    place = processes.add_place(actor=None, code="cajon-1", name="Cajón 1", kind="box")
    begun: dict[str, Any] = {"actor": None, "kind": kind, "center": made.tena}
    given = [Given(form=dry, kg=Decimal(80)), Given(form=dry, kg=Decimal(20))]
    ended, under_way = (
        batches.start_batch(
            started_at=now() - timedelta(days=1),
            taken=[
                Taken(
                    handed_in.delivery(
                        family,
                        made.primera,
                        kg,
                        "kg",
                        of_class="organic",
                        weighed_at=now() - timedelta(days=2),
                    )
                )
            ],
            where=place,
            **begun,
        )
        for kg in ("260", "100")
    )
    batches.finish_batch(actor=None, batch=ended, given=given)
    lot, held = Lot.objects.filter(batch=ended).order_by("number")
    stock.hold_lot(actor=None, lot=held, reason=factories.REASON, with_all_made_of_it=False)
    dispatch = stock.dispatch_from_lot(actor=None, lot=lot, recipient="Feria", kg=Decimal(1))
    adjustment = stock.count_lot(
        actor=None, lot=lot, counted_kg=Decimal(1), reason=factories.REASON
    )
    reading = batches.note_reading(actor=None, batch=under_way, kind="turn")
    return {
        "process_kind": kind.pk,
        "process_kind_code": kind.code,
        "phase": ProcessPhase.objects.filter(kind=kind)[0].pk,
        "route": ProcessRoute.objects.filter(kind=kind)[0].pk,
        "place": place.pk,
        "batch": under_way.code,
        "reading": reading.pk,
        "lot": lot.code,
        "held_lot": held.code,
        "dispatch": dispatch.pk,
        "adjustment": adjustment.pk,
        "stock_sheet": "existencias",
        **_tested(made, family),
    }


def _tested(made: Any, of: Family) -> dict[str, object]:
    """A lot that was tested by a table that is no longer the newest, and a laboratory's word."""
    made.operator = None
    made.table = add_usual_grades(actor=None)
    add_usual_processes(actor=None)
    sack = handed_in.delivery(of, made.primera, weighed_at=now() - timedelta(days=3))
    made.lot = works.dry(made, sack, kg="17")
    old = tests_of_quality.noted(made, tested_at=now() - timedelta(days=2))
    tests_of_quality.newer(made)
    test = tests_of_quality.noted(made)
    draft = draft_edition(
        actor=None,
        product=made.cacao,
        name="NTE INEN 176",
        edition="2030",
        source="Invención de las pruebas",
        like=made.table,
    )
    photograph = add_quality_photograph(actor=None, test=test, upload=picture())
    return {
        "lot_code": made.lot.code,
        "tested_kind": "lote",
        "tested_code": made.lot.code,
        "quality_test": test.pk,
        "old_quality_test": old.pk,
        "quality_photograph": photograph.pk,
        "lab_result": tests_of_quality.cadmium(made, upload=PDF).pk,
        "grade_table": made.table.pk,
        "grade_draft": draft.pk,
        "draft_grade": draft.grades.get(code="ASE").pk,
    }


def owed_and_paid(family: Family) -> dict[str, object]:
    """A settlement with its payment and its document for the tax office, a premium, a cash box, the
    code of a statement."""
    today = localdate()
    settlement = owed.approved(family, today)
    session = owed.opened()
    moved = move_cash(actor=owed.account(), session=session, kind="put_in", amount_usd=Decimal(5))
    document = PurchaseDocument.objects.create(
        settlement=settlement,
        environment=1,
        establishment="001",
        emission_point="001",
        sequential=1,
        issued_on=today,
        access_key="1" * 49,
        seller_cedula="1500000001",
        seller_name="Rosa Grefa",
        facts={
            "issuer": {"ruc": "", "name": "", "address": "", "keeps_accounts": "SI"},
            "seller_address": "",
            "payments": [],
        },
    )
    rule = write_premium_rule(
        actor=owed.account(),
        name="Prima",
        product=Product.objects.first(),
        usd_per_unit=Decimal("0.05"),
        unit="kg",
        valid_from=today,
        resolution="Asamblea 2026-01",
        source="Contrato",
    )
    _link, code = make_statement_link(actor=None, family=family)
    return {
        "settlement": settlement.pk,
        "purchase_document": document.pk,
        "payment": owed.paid(settlement, "1.00", paid_on=today).pk,
        "premium_rule": rule.pk,
        "cash_box": session.box_id,
        "cash_session": session.pk,
        "cash_movement": moved.pk,
        "statement_code": code,
        "money_report": "comunidades",
    }


@pytest.fixture
def world(account: Callable[[str], User]) -> World:
    delegate = account("delegate")
    passkey = make_passkey(delegate)
    signed_in = sign_in(Client(), delegate)
    session = UserSession.objects.create(
        user=delegate, session_key=signed_in.session.session_key, ip="127.0.0.1"
    )
    token, _key = make_token(delegate, account=delegate, label="planilla")
    newest = seal()
    assert newest is not None
    rumi = add_community(actor=None, name="Rumi Yaku")
    for role in ("extension_agent", "delegate"):
        assignment = families.assign_community(actor=None, user=account(role), community=rumi)
    rosa = factories.person(of=factories.family(of=rumi))
    stored = store_photograph(actor=None, upload=picture(), name="rosa.jpg")
    persons.correct_person(actor=None, person=rosa, photograph=stored, reason="Foto")
    dead = factories.person(given_names="Luz", of=rosa.family)
    record_death(actor=None, person=dead, died_on=localdate(), reason=factories.REASON)
    bank_account = factories.bank_account(rosa)
    disputed = factories.conflict(rosa.family)
    chakra_photograph = chakras.add_chakra_photograph(
        actor=account("extension_agent"),
        chakra=disputed.one,
        upload=picture(),
        taken_on=date(2026, 3, 2),
    )
    partner, suspended, former = (
        factories.partner(factories.person(name, of=factories.family(name, of=rumi)))
        for name in ("Andi", "Cerda Tapuy", "Shiguango")
    )
    suspend_partner(
        actor=None,
        partner=suspended,
        starts_on=factories.REGISTERED_ON,
        resolution=factories.RESOLUTION,
        reason=factories.REASON,
    )
    end_partnership(
        actor=None, partner=former, ended_on=localdate(), how="left", reason=factories.REASON
    )
    card = issue_card(actor=None, partner=partner)
    evidence = add_trade_evidence(
        actor=None,
        family=partner.family,
        product="cocoa",
        first_on=factories.REGISTERED_ON,
        last_on=factories.REGISTERED_ON,
        reference="Cuaderno de compras",
        document=store_document(actor=None, upload=PDF, name="cuaderno.pdf"),
    )
    asked = factories.applicant(factories.person("Aguinda", of=factories.family(of=rumi)))
    return World(
        {
            "no_such_key": "987654321",
            "plot": "crecimiento",
            "report": "comunidades",
            "community": rumi.pk,
            "family": rosa.family_id,
            "person": rosa.pk,
            "dead_person": dead.pk,
            "bank_account": bank_account.pk,
            "chakra": disputed.one.pk,
            "chakra_photograph": chakra_photograph.pk,
            "conflict": disputed.pk,
            "landmark": factories.landmark().pk,
            "partner": partner.pk,
            "assignment": assignment.pk,
            "rule": MINIMUM_AGE.key,
            "rule_value": MINIMUM_AGE.row_on(factories.REGISTERED_ON).pk,
            **community_life(rumi),
            **bought(rosa.family, account("extension_agent")),
            "suspended_partner": suspended.pk,
            "former_partner": former.pk,
            "applicant": asked.pk,
            "trade_evidence": evidence.pk,
            "card_code": card.code,
            **_certification(disputed.one),
            "delegates_passkey": passkey.pk,
            "delegates_session": session.pk,
            "delegates_token": token.pk,
            "delegate": delegate.pk,
            "app_label": "accounts",
            "seal": newest.number,
            "upload": take_file(
                actor=account("administration"),
                importer=CommunityImporter(),
                file_name="lista.csv",
                content=b"Comunidad\nPano\n",
            ).pk,
            "people_upload": take_file(
                actor=account("administration"),
                importer=PersonImporter(),
                file_name="registro.csv",
                content=b"Apellidos;Nombres;Comunidad\nGrefa;Rosa;Pano\n",
            ).pk,
            "purchase_upload": take_file(
                actor=account("administration"),
                importer=PurchaseImporter(),
                file_name="compras.csv",
                content=b"Fecha;Cantidad\n14/03/2021;1\n",
            ).pk,
        }
    )


def _certification(chakra: Chakra) -> dict[str, object]:
    """A row of each kind under one scheme, with the paper of each that has one."""
    paper = store_document(actor=None, upload=picture(), name="papel.jpg")
    status = certified.certified(chakra)
    checklist = certified.checklist(status.scheme)
    inspection = certified.inspection(
        chakra.family, checklist, values=("no", "yes"), document=paper
    )
    told: dict[str, Any] = {"actor": None, "scheme": status.scheme}
    return {
        "scheme": status.scheme_id,
        "chakra_status": status.pk,
        "checklist": checklist.pk,
        "inspection": inspection.pk,
        "finding": inspection.findings.get().pk,
        "action": inspection.findings.get().actions.get().pk,
        "certificate": certified.certificate(status.scheme, document=paper).pk,
        "sanction": impose_sanction(
            **told,
            family=chakra.family,
            kind="warning",
            starts_on=date(2026, 4, 1),
            resolution=factories.RESOLUTION,
            note=factories.REASON,
        ).pk,
        "sample": ReinspectionSample.objects.create(
            scheme=status.scheme,
            drawn_on=date(2026, 6, 1),
            seed="vigilancia",
            size=0,
            by_risk=0,
            rule="ninguna",
            population=[],
        ).pk,
        "estimate": estimate_yield(
            actor=None,
            chakra=chakra,
            product="cocoa",
            year=2026,
            estimated_kg=Decimal(100),
            estimated_on=date(2026, 2, 1),
        ).pk,
    }


# --- Asking -------------------------------------------------------------------------------------


@pytest.fixture
def ask(account: Callable[[str], User]) -> Callable[..., str]:
    """Ask one address as one actor, undo what that did, and name the answer."""
    cookies: dict[str, Any] = {}

    def once(actor: str, method: str, url: str, *, csrf: bool = False) -> str:
        if actor != "anonymous" and actor not in cookies:
            cookies[actor] = sign_in(Client(), account(actor)).cookies
        client = Client(raise_request_exception=False, enforce_csrf_checks=csrf)
        client.cookies = cookies[actor].copy() if actor != "anonymous" else client.cookies
        with transaction.atomic():
            answer = name_of(client.generic(method, url))
            transaction.set_rollback(True)
        return answer

    return once


def name_of(response: HttpResponseBase) -> str:
    """The answer, in the table's words."""
    if response.status_code in ANSWERS:
        return ANSWERS[response.status_code]
    if 200 <= response.status_code < 300:
        return "ok"
    if response.status_code in {301, 302, 303, 307, 308}:
        there = urlsplit(response.headers["Location"]).path
        return "login" if there in {reverse("account_login"), reverse("admin:login")} else "moved"
    return f"error {response.status_code}"


def entered() -> Iterator[tuple[Address, Page]]:
    for address in all_addresses():
        if page := page_of(address):
            yield address, page


# --- The tests ----------------------------------------------------------------------------------


def test_every_address_is_entered_in_the_rights_table() -> None:
    missing = [address.route for address in all_addresses() if page_of(address) is None]
    assert not missing, (
        "Enter in tests/rights_table.py who may open and post to (a model of the admin is one "
        "line in ADMIN):\n" + "\n".join(f'    "{route}": Page(…, …),' for route in missing)
    )


def test_every_entry_of_the_rights_table_leads_somewhere() -> None:
    routes = {address.route for address in all_addresses()}
    models = {found["model"] for route in routes if (found := _ADMIN_MODEL.match(route))}
    assert set(PAGES) - routes == set(), "these addresses no longer exist: remove their entries"
    assert set(ADMIN) - models == set(), "these models left the admin: remove their entries"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("letter", ACTORS, ids=ACTORS.values())
def test_every_address_answers_as_the_table_says(
    letter: str, method: str, world: World, ask: Callable[..., str]
) -> None:
    surprises = []
    for address, page in entered():
        url = world.url(address, page)
        expected = expectations(page.get if method == "GET" else page.post)[letter]
        answered = ask(ACTORS[letter], method, url)
        if answered != expected:
            surprises.append(f"{method} {url}: {answered}, and the table says {expected}")
    assert not surprises, f"As {ACTORS[letter]}:\n" + "\n".join(surprises)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("letter", ACTORS, ids=ACTORS.values())
def test_the_api_takes_no_other_request_than_the_table_says(
    letter: str, method: str, world: World, ask: Callable[..., str]
) -> None:
    surprises = []
    for address, page in entered():
        if not address.route.startswith("/api/"):
            continue
        url = world.url(address, page)
        answered = ask(ACTORS[letter], method, url)
        expected = (
            {expectations(page.patch)[letter]}
            if page.patch and method == "PATCH"
            else {"method", "refused", "unauthorized", "missing"}
        )
        if answered not in expected:
            surprises.append(f"{method} {url}: {answered}, and the table says {expected}")
    assert not surprises, f"As {ACTORS[letter]}:\n" + "\n".join(surprises)


def test_every_address_is_reached_by_its_own_pattern(world: World) -> None:
    """An address that another pattern catches first would be tested under a false name."""
    caught = []
    for address, page in entered():
        url = world.url(address, page)
        if resolve(url).func != address.view:
            caught.append(f"{url} is not answered by {address.route}")
    assert not caught, "\n".join(caught)


def test_no_address_takes_a_post_from_another_site(world: World, ask: Callable[..., str]) -> None:
    """Without the CSRF token, nobody's signed-in browser can be made to act."""
    takes = []
    for address, page in entered():
        url = world.url(address, page)
        answered = ask("superuser", "POST", url, csrf=True)
        if answered not in {"refused", "method"}:
            takes.append(f"{url}: {answered}")
    assert not takes, "\n".join(takes)


def test_the_table_says_one_thing_about_everybody() -> None:
    for address, page in entered():
        for line in filter(None, (page.get, page.post, page.patch)):
            assert set(expectations(line)) == set(LETTERS), address.route


@pytest.mark.parametrize("line", ["ok:A", f"ok:{LETTERS} login:-"])
def test_an_entry_that_forgets_or_doubles_somebody_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        expectations(line)
