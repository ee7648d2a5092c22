"""Partners' cards: their codes, which card is in force, and whose it is."""

from __future__ import annotations

from datetime import date

import pytest
import segno
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from hypothesis import given
from hypothesis import strategies as st

from kallari.history.context import acting
from kallari.history.wording import masked_fields
from members import cards
from members.models import CommunityAssignment, Partner, PartnerCard, Standing
from members.services import cards as services
from members.services import partners
from tests.members import factories
from tests.members.factories import REASON

TODAY = date(2026, 3, 2)

codes = st.text(cards.ALPHABET, min_size=16, max_size=16).map(
    lambda signs: signs + cards.check_sign(signs)
)


@pytest.fixture
def today():
    with time_machine.travel(f"{TODAY}T12:00:00-05:00", tick=False) as traveller:
        yield traveller


def code_of(error):
    return error.value.error_list[0].code


# --- Codes ------------------------------------------------------------------------------------


def check_sign_by_the_standard(signs):
    """ISO/IEC 7064 clause 9, hybrid systems, written down from the text: M = 32."""
    p = 32
    for sign in signs:
        s = (p + cards.ALPHABET.index(sign)) % 32 or 32
        p = s * 2 % 33
    return cards.ALPHABET[(1 - p) % 32]


@given(st.text(cards.ALPHABET, min_size=16, max_size=16))
def test_the_check_character_is_that_of_iso_7064(signs):
    assert cards.check_sign(signs) == check_sign_by_the_standard(signs)


def test_a_code_holds_80_random_bits_and_is_never_drawn_twice():
    drawn = {cards.new_code() for _time in range(2000)}
    assert len(drawn) == 2000
    assert {len(code) for code in drawn} == {17}
    assert len(cards.ALPHABET) ** cards.RANDOM_SIGNS == 2**80
    assert set("".join(code[:-1] for code in drawn)) == set(cards.ALPHABET)


@given(codes, st.integers(0, 16), st.sampled_from(cards.ALPHABET))
def test_one_wrong_sign_is_always_noticed(code, place, sign):
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong == code:
        assert cards.read_code(wrong) == code
    else:
        with pytest.raises(ValidationError) as error:
            cards.read_code(wrong)
        assert code_of(error) == "card_misread"


@given(codes)
def test_a_code_is_read_as_people_write_it(code):
    groups = cards.in_groups(code)
    for written in (
        code,
        cards.qr_text(code),
        groups,
        groups.lower().replace(" ", "-"),
        f"  kallari/s/{code.lower()} ",
        code.replace("1", "I").replace("0", "O"),
        code.replace("1", "l").replace("0", "o"),
    ):
        assert cards.read_code(written) == code


@pytest.mark.parametrize("text", ["", "KALLARI/S/", "1500123458", "HTTP://KALLARI/S/1", "ñ" * 17])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ValidationError) as error:
        cards.read_code(text)
    assert code_of(error) == "card_misread"


def test_the_qr_is_small_and_robust():
    """ISO/IEC 18004, table 7: version 2 with level Q holds 29 alphanumeric signs; ours are 27."""
    qr = segno.make(cards.qr_text(cards.new_code()), error="q", boost_error=False)
    assert (qr.designator, qr.mode) == ("2-Q", "alphanumeric")


# --- Cards ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_card_tells_whose_it_is(today):
    partner = factories.partner()
    card = services.issue_card(actor=None, partner=partner)
    found = services.partner_by_card(cards.qr_text(card.code))
    assert found is not None
    assert (found, found.standing) == (partner, Standing.REGISTERED)
    assert services.partner_by_card(cards.new_code()) is None


@pytest.mark.django_db
def test_a_partner_has_one_card_in_force(today):
    partner = factories.partner()
    services.issue_card(actor=None, partner=partner)
    with pytest.raises(ValidationError) as error:
        services.issue_card(actor=None, partner=partner)
    assert "Ya tiene un carné" in error.value.messages[0]
    with (
        pytest.raises(IntegrityError, match="one_card_in_force_a_partner"),
        transaction.atomic(),
    ):
        PartnerCard(partner=partner).save()


@pytest.mark.django_db
def test_a_lost_card_opens_nothing_and_another_one_does(today):
    partner = factories.partner()
    lost = services.issue_card(actor=None, partner=partner)
    new = services.replace_card(actor=None, card=lost, reason="Se perdió en el río.")
    assert services.partner_by_card(lost.code) is None
    assert services.partner_by_card(new.code) == partner
    lost.refresh_from_db()
    assert (lost.revoked_on, lost.revoked_because) == (TODAY, "Se perdió en el río.")
    with pytest.raises(ValidationError) as error:
        services.revoke_card(actor=None, card=lost, reason=REASON)
    assert code_of(error) == "already_revoked"


@pytest.mark.django_db
def test_a_card_is_not_revoked_without_saying_why(today):
    card = services.issue_card(actor=None, partner=factories.partner())
    with pytest.raises(ValidationError) as error:
        services.revoke_card(actor=None, card=card, reason=" ")
    assert code_of(error) == "reason_required"
    assert services.partner_by_card(card.code) is not None


@pytest.mark.django_db
def test_applicants_have_no_card(today):
    with pytest.raises(ValidationError) as error:
        services.issue_card(actor=None, partner=factories.applicant())
    assert code_of(error) == "not_member"


@pytest.mark.django_db
def test_a_suspended_partners_card_tells_it_and_that_of_one_who_left_is_void(today):
    partner = factories.partner()
    card = services.issue_card(actor=None, partner=partner)
    partners.suspend_partner(
        actor=None, partner=partner, starts_on=TODAY, resolution="R-1", reason=REASON
    )
    found = services.partner_by_card(card.code)
    assert found is not None
    assert found.standing == Standing.SUSPENDED
    partners.end_partnership(
        actor=None, partner=partner, ended_on=TODAY, how=Partner.Ending.LEFT, reason=REASON
    )
    assert services.partner_by_card(card.code) is None


@pytest.mark.django_db
def test_the_missing_cards_are_issued_and_no_second_ones(today):
    having, lacking, waiting = (
        factories.partner(surnames="Andi"),
        factories.partner(surnames="Cerda"),
        factories.applicant(factories.person("Shiguango")),
    )
    services.issue_card(actor=None, partner=having)
    made = services.issue_missing_cards(actor=None, partners=[having, lacking, waiting])
    assert [card.partner for card in made] == [lacking]
    assert services.issue_missing_cards(actor=None, partners=[having, lacking]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("changed", [{"code": cards.new_code()}, {"issued_on": date(2020, 1, 1)}])
def test_a_card_stays_as_it_was_issued(today, changed):
    card = services.issue_card(actor=None, partner=factories.partner())
    for name, value in changed.items():
        setattr(card, name, value)
    with (
        pytest.raises(InternalError, match="stays as it was issued"),
        transaction.atomic(),
        acting(None, reason=REASON),
    ):
        card.save()


@pytest.mark.django_db
def test_a_revoked_card_is_never_in_force_again(today):
    card = services.issue_card(actor=None, partner=factories.partner())
    card = services.revoke_card(actor=None, card=card, reason=REASON)
    card.revoked_on, card.revoked_because = None, ""
    with (
        pytest.raises(InternalError, match="final"),
        transaction.atomic(),
        acting(None, reason=REASON),
    ):
        card.save()


def test_the_change_list_never_shows_a_code():
    assert masked_fields(PartnerCard) == {"code"}


@pytest.mark.django_db
def test_a_code_is_checked_before_it_is_looked_for():
    with pytest.raises(ValidationError) as error:
        services.partner_by_card("KALLARI/S/AAAA")
    assert code_of(error) == "card_misread"


# --- For programs -----------------------------------------------------------------------------

API = "/api/v1/partner-cards/"


@pytest.mark.django_db
def test_the_api_tells_whose_card_was_read_and_of_a_lost_one_nothing(today, client_of):
    partner = factories.partner(number=12)
    lost = services.issue_card(actor=None, partner=partner)
    client = client_of("center_operator")
    told = client.get(f"{API}{lost.printed_code.lower()}/").json()
    assert told["valid"] is True
    assert told["partner"] == {
        "id": str(partner.pk),
        "number": 12,
        "name": "Rosa Elena Grefa Andi",
        "family": str(partner.family_id),
        "community": "Rumi Yaku",
        "standing": "registered",
    }
    services.revoke_card(actor=None, card=lost, reason=REASON)
    told = client.get(f"{API}{lost.code}/").json()
    assert (told["valid"], told["partner"]) == (False, None)
    assert client.get(f"{API}{cards.new_code()}/").status_code == 404
    assert client.get(f"{API}{'A' * 17}/").status_code == 404


@pytest.mark.django_db
def test_the_api_answers_agents_for_the_cards_of_their_communities_alone(today, client_of, account):
    partner = factories.partner()
    card = services.issue_card(actor=None, partner=partner)
    client = client_of("extension_agent")
    assert client.get(f"{API}{card.code}/").status_code == 404
    CommunityAssignment.objects.create(
        user=account("extension_agent"), community=partner.family.community
    )
    assert client.get(f"{API}{card.code}/").status_code == 200
