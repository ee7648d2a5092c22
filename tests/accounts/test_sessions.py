"""Where an account is signed in: listed, ended at once, renewed with every gain of power."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from kallari.accounts import devices, services
from kallari.accounts.models import User
from kallari.roles import Role
from tests.accounts.door import is_in, session_key, type_in
from tests.people import PASSWORD, make_account
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db
LIST = "/cuenta/sesiones/"
NEW_PASSWORD = "lluvia sobre hojas de cacao"
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0"


@pytest.fixture
def rosa() -> User:
    return make_account("auditor", username="rosa")


def browser(user_agent: str = DESK, **headers: Any) -> Client:
    client = Client(headers={"User-Agent": user_agent}, **headers)
    type_in(client, "rosa")
    return client


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Chrome en Android"),
        (DESK, "Firefox en Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
            "Version/17.0 Mobile/15E148 Safari/604.1",
            "Safari en iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge en Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A146M) AppleWebKit/537.36 SamsungBrowser/23.0 "
            "Chrome/115.0 Mobile Safari/537.36",
            "Samsung Internet en Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
            "Version/17.0 Safari/605.1.15",
            "Safari en Mac",
        ),
        ("curl/8.5.0", "Equipo desconocido"),
        ("", "Equipo desconocido"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Linux"),
    ],
)
def test_a_machine_is_named_in_words(user_agent: str, words: str) -> None:
    assert devices.in_words(user_agent) == words


def test_the_list_shows_each_session_and_which_one_this_is(rosa: User) -> None:
    noon = dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False) as clock:
        phone = browser(PHONE, REMOTE_ADDR="203.0.113.7")
        clock.shift(3600)
        desk = browser(DESK, REMOTE_ADDR="203.0.113.8")
        clock.shift(600)
        page = desk.get(LIST)
        assert [(s.device, s.ip) for s in page.context["sessions"]] == [
            ("Firefox en Windows", "203.0.113.8"),
            ("Chrome en Android", "203.0.113.7"),
        ]
        this_row, other_row = page.content.decode().split("<tbody>")[1].split("</tr>")[:2]
        assert "Esta sesión" in this_row
        assert "Esta sesión" not in other_row
        this, other = page.context["sessions"]
        assert (this.created_at, this.last_seen_at) == (
            noon + dt.timedelta(hours=1),
            noon + dt.timedelta(hours=1, minutes=10),
        )
        assert other.last_seen_at == noon
        assert "Firefox en Windows" in this_row
        clock.shift(600)
        phone.get("/")
        assert desk.get(LIST).context["sessions"][0].device == "Chrome en Android"


def test_activity_is_written_once_a_minute(rosa: User) -> None:
    noon = dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False) as clock:
        client = browser()
        seen = []
        for _step in range(4):
            clock.shift(25)
            client.get("/healthz")
            client.get("/cuenta/")
            seen.append((UserSession.objects.get().last_seen_at - noon).total_seconds())
    assert seen == [0, 0, 75, 75]


def test_ending_a_session_shuts_that_browser_out_at_once(rosa: User) -> None:
    phone, desk = browser(PHONE), browser()
    other = UserSession.objects.get(session_key=session_key(phone))
    assert desk.post(f"{LIST}{other.pk}/cerrar/")["Location"] == LIST
    assert not is_in(phone)
    assert is_in(desk)
    assert not Session.objects.filter(session_key=other.session_key).exists()


def test_ending_the_session_in_use_is_signing_out(rosa: User) -> None:
    desk = browser()
    this = UserSession.objects.get()
    assert desk.post(f"{LIST}{this.pk}/cerrar/")["Location"] == "/cuenta/entrar/"
    assert not is_in(desk)


def test_ending_all_others_leaves_the_one_in_use(rosa: User) -> None:
    others = [browser(PHONE), browser(PHONE)]
    desk = browser()
    desk.post(LIST)
    assert [is_in(other) for other in others] == [False, False]
    assert is_in(desk)
    assert UserSession.objects.count() == 1


def test_a_session_of_somebody_else_is_not_there(rosa: User) -> None:
    make_account("delegate", username="luis")
    luis = Client()
    type_in(luis, "luis")
    of_luis = UserSession.objects.get(user__username="luis")
    desk = browser()
    assert desk.post(f"{LIST}{of_luis.pk}/cerrar/").status_code == 404
    assert desk.get(LIST).context["session_count"] == 1
    assert is_in(luis)
    mine = UserSession.objects.get(user=rosa)
    assert desk.get(f"{LIST}{mine.pk}/cerrar/").status_code == 405
    assert is_in(desk)


def test_changing_the_password_ends_the_others_and_renews_this_one(rosa: User) -> None:
    phone, desk = browser(PHONE), browser()
    before = session_key(desk)
    typed = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert desk.post("/cuenta/contrasena/", typed)["Location"] == "/cuenta/"
    assert not is_in(phone)
    assert is_in(desk)
    assert session_key(desk) != before
    (left,) = UserSession.objects.all()
    assert left.session_key == session_key(desk)
    newest = rosa.history.first()
    assert newest.history_change_reason == "Cambió su propia contraseña."
    assert newest.history_user_id == rosa.pk
    assert type_in(Client(), "rosa", NEW_PASSWORD).status_code == 302
    assert type_in(Client(), "rosa", PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"oldpassword": "no es"}, "La contraseña actual no es correcta"),
        ({"password2": "otra cosa distinta"}, "misma contraseña"),
        ({"password1": PASSWORD, "password2": PASSWORD}, "distinta de la actual"),
        ({"password1": "corta", "password2": "corta"}, "10 caracteres"),
        ({"password1": "8243076195", "password2": "8243076195"}, "numérica"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(
    rosa: User, typed: dict[str, str], message: str
) -> None:
    desk = browser()
    good = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = desk.post("/cuenta/contrasena/", good | typed)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert type_in(Client(), "rosa").status_code == 302


def test_a_gain_of_power_ends_the_sessions_from_before(rosa: User, administration: User) -> None:
    desk = browser()
    services.take_role(administration, account=rosa, role=Role.AUDITOR, reason="Termina su encargo")
    assert is_in(desk)
    services.give_role(
        administration, account=rosa, role=Role.EXTENSION_AGENT, reason="Va al campo"
    )
    assert not is_in(desk)


def test_pages_of_who_is_signed_in_stay_out_of_the_browsers_cache(rosa: User) -> None:
    assert "no-store" in browser().get("/cuenta/")["Cache-Control"]


def test_the_list_asks_the_same_for_many_sessions_of_others(rosa: User) -> None:
    desk = browser()
    luis = make_account("delegate", username="luis")

    def sessions_of_luis(number: int) -> None:
        start = UserSession.objects.count()
        UserSession.objects.bulk_create(
            UserSession(user=luis, ip="203.0.113.7", session_key=f"k{start + n}", user_agent="x")
            for n in range(number)
        )

    def look() -> None:
        assert desk.get(LIST).status_code == 200

    assert_same_queries(sessions_of_luis, look, many=30)
