"""How much is taken in, at most."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from harvests.models import Quota
from harvests.services import quotas as services
from tests.harvests import factories
from tests.harvests.refusals import refused
from tests.members.factories import community, family

pytestmark = pytest.mark.django_db

MARCH = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}


def _quota(world, limit="200", **told):
    return services.set_quota(
        actor=None, **{"form": world.hoja, "limit_kg": Decimal(limit), **MARCH, **told}
    )


def test_a_quota_counts_what_its_own_families_brought_in_its_days(account):
    world = factories.world()
    serena, puni = community("Serena"), community("Puni Bocana")
    grefa, cerda, andi = family("Grefa", of=serena), family("Cerda", of=serena), family(of=puni)
    of_all = _quota(world)
    of_serena = _quota(world, community=serena)
    of_grefa = _quota(world, family=grefa)
    weighs = {"center": world.tena, "agent": account("center_operator")}
    first = datetime(2026, 3, 1, 0, 0, tzinfo=factories.GUAYAQUIL)
    last = datetime(2026, 3, 31, 23, 59, tzinfo=factories.GUAYAQUIL)
    april = datetime(2026, 4, 1, 0, 0, tzinfo=factories.GUAYAQUIL)
    for who, kg, at in [(grefa, "10", first), (cerda, "20", last), (andi, "40", last)]:
        factories.weighed(world.hoja_primera, family=who, kg=kg, at=at, **weighs)
    factories.weighed(world.hoja_primera, family=grefa, kg="80", at=april, **weighs)
    factories.weighed(world.primera, family=grefa, kg="160", at=first, **weighs)
    delivered = {quota.pk: quota.delivered_kg for quota in Quota.objects.with_delivered()}
    assert delivered == {of_all.pk: 70, of_serena.pk: 30, of_grefa.pk: 10}


def test_two_quotas_of_the_same_families_do_not_share_a_day():
    world = factories.world()
    first = _quota(world)
    with refused("overlapping"):
        _quota(world, starts_on=date(2026, 3, 31), ends_on=date(2026, 4, 30))
    april = _quota(world, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 30))
    _quota(world, community=community("Serena"))
    with refused("overlapping"):
        services.correct_quota(
            actor=None, quota=april, starts_on=date(2026, 3, 31), reason="Antes."
        )
    services.withdraw_quota(actor=None, quota=first, reason="Hay compradores.")
    services.correct_quota(actor=None, quota=april, starts_on=date(2026, 3, 31), reason="Antes.")


def test_a_quota_is_of_what_is_weighed():
    world = factories.world()
    with refused("not_weighed"):
        _quota(world, form=world.pieza)


def test_a_quota_is_withdrawn_once_and_then_stays():
    world = factories.world()
    quota = _quota(world)
    with refused("reason_required"):
        services.withdraw_quota(actor=None, quota=quota, reason=" ")
    services.withdraw_quota(actor=None, quota=quota, reason="Hay compradores.")
    with refused("withdrawn"):
        services.withdraw_quota(actor=None, quota=quota, reason="Otra vez.")
    with refused("withdrawn"):
        services.correct_quota(actor=None, quota=quota, limit_kg=Decimal(1), reason="Menos.")
    assert not Quota.objects.on(date(2026, 3, 15)).exists()


def test_a_quota_is_not_of_a_family_and_a_community_at_once():
    world = factories.world()
    one = family()
    with pytest.raises(ValidationError, match="de una familia o de una comunidad"):
        _quota(world, family=one, community=one.community)


def test_an_agent_sees_the_quotas_of_their_communities_and_of_all(account):
    from members.services.families import assign_community

    world = factories.world()
    serena, puni = community("Serena"), community("Puni Bocana")
    agent = account("extension_agent")
    assign_community(actor=None, user=agent, community=serena)
    seen = [_quota(world), _quota(world, community=serena), _quota(world, family=family(of=serena))]
    _quota(world, community=puni)
    _quota(world, family=family(of=puni))
    assert set(Quota.objects.visible_to(agent)) == set(seen)
    assert Quota.objects.visible_to(account("accountant")).count() == 5
