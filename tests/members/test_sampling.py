"""The sample of the external body can be drawn again by anybody."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from members.models import Partner, ReinspectionSample, SampledPartner
from members.services import partners, sampling
from tests.members import certified, factories

DAY = date(2026, 6, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sampling_kind", "members", "size"),
    [
        ("percent", 305, 16),  # 5 % is 15.25 (REFERENCE.md: 305 members: 16)
        ("percent", 100, 10),  # at least ten
        ("percent", 4, 4),  # never more than there are
        ("root", 305, 25),  # 1.4 x 17.46 = 24.45 (REFERENCE.md: 25)
        ("root", 10_000, 200),  # 2 % = 200, 1.4 x 100 = 140
    ],
)
def test_a_sample_is_as_large_as_the_rule_says(sampling_kind: str, members: int, size: int) -> None:
    found = sampling.sample_size(sampling_kind, members, DAY)
    assert found.number == size
    assert not found.is_confirmed


@pytest.mark.django_db
def test_a_scheme_without_a_rule_has_no_sample() -> None:
    with pytest.raises(ValidationError, match="ninguna muestra"):
        sampling.sample_size("none", 305, DAY)


def _by_hand(population: list[tuple[int, int]], size: int, by_risk: int, seed: str) -> list[int]:
    """The sample as the description says it, written anew: see `members.services.sampling`."""
    lots = [
        (hashlib.sha256((seed + ":" + str(number)).encode("ascii")).digest(), number, risk)
        for number, risk in population
    ]
    lots.sort()
    chosen: list[int] = []
    for wanted in sorted({risk for _lot, _number, risk in lots if risk}, reverse=True):
        for _lot, number, risk in lots:
            if risk == wanted and len(chosen) < by_risk:
                chosen.append(number)
    for _lot, number, _risk in lots:
        if number not in chosen and len(chosen) < size:
            chosen.append(number)
    return chosen


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    risks=st.dictionaries(st.integers(1, 999), st.integers(0, 9), min_size=1, max_size=60),
    share=st.integers(0, 100),
    seed=st.text("abcdef0123456789", min_size=1, max_size=16),
    data=st.data(),
)
def test_anybody_draws_the_same(
    risks: dict[int, int], share: int, seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(risks)))
    by_risk = size * share // 100
    population = list(risks.items())
    drawn = sampling.draw(population, size=size, by_risk=by_risk, seed=seed)
    again = sampling.draw(population[::-1], size=size, by_risk=by_risk, seed=seed)
    assert drawn == again
    assert [one.number for one in drawn] == _by_hand(population, size, by_risk, seed)
    assert len(drawn) == len({one.number for one in drawn}) == size


def _group(scheme: Any, members: int) -> None:
    for _each in range(members):
        partner = factories.partner()
        certified.certified(factories.chakra(of=partner.family), scheme)


@pytest.mark.django_db
def test_a_sample_is_checked_from_what_was_kept() -> None:
    scheme = certified.scheme()
    _group(scheme, 12)
    sample = sampling.draw_sample(actor=None, scheme=scheme, drawn_on=DAY, seed="vigilancia")
    assert (sample.size, sample.by_risk) == (10, 5)
    assert sampling.is_as_drawn(sample)


@pytest.mark.django_db
def test_another_seed_is_noticed() -> None:
    scheme = certified.scheme()
    _group(scheme, 12)
    sample = sampling.draw_sample(actor=None, scheme=scheme, drawn_on=DAY, seed="vigilancia")
    ReinspectionSample.objects.filter(pk=sample.pk).update(seed="otra")
    sample.refresh_from_db()
    assert not sampling.is_as_drawn(sample)


@pytest.mark.django_db
def test_a_risky_family_is_in_the_sample_for_its_risk() -> None:
    scheme = certified.scheme()
    _group(scheme, 12)
    risky = factories.partner()
    certified.certified(factories.chakra(of=risky.family), scheme)
    asked = certified.checklist(scheme)
    certified.inspection(risky.family, asked, values=("no", "no"), on=date(2026, 2, 1))
    assert sampling.risks_on(scheme, DAY)[risky.family_id] == 3 + 1 + 2 + 2
    sample = sampling.draw_sample(actor=None, scheme=scheme, drawn_on=DAY, seed="vigilancia")
    first = sample.sampled.get(place=1)
    assert (first.partner, first.why) == (risky, SampledPartner.Why.RISK)


@pytest.mark.django_db
def test_nobody_outside_the_group_is_sampled() -> None:
    scheme = certified.scheme()
    _group(scheme, 3)
    factories.partner()
    sample = sampling.draw_sample(actor=None, scheme=scheme, drawn_on=DAY)
    assert sample.sampled.count() == 3
    assert len(sample.seed) == 16


@pytest.mark.django_db
def test_a_number_corrected_later_makes_no_sample_look_forged() -> None:
    scheme = certified.scheme()
    _group(scheme, 12)
    sample = sampling.draw_sample(actor=None, scheme=scheme, drawn_on=DAY, seed="vigilancia")
    first = sample.sampled.get(place=1).partner
    partners.correct_partner(actor=None, partner=first, number=900, reason=factories.REASON)
    assert sampling.is_as_drawn(sample)
    assert 900 not in [number for number, _risk in sample.lots]


@pytest.mark.django_db
def test_another_partner_in_the_place_of_one_drawn_is_noticed() -> None:
    scheme = certified.scheme()
    _group(scheme, 12)
    sample = sampling.draw_sample(actor=None, scheme=scheme, drawn_on=DAY, seed="vigilancia")
    drawn = sample.sampled.values_list("partner", flat=True)
    left_out = Partner.objects.exclude(pk__in=drawn).first()
    SampledPartner.objects.filter(sample=sample, place=10).update(partner=left_out)
    assert not sampling.is_as_drawn(sample)


@pytest.mark.django_db
def test_no_sample_is_drawn_of_a_day_to_come() -> None:
    scheme = certified.scheme()
    _group(scheme, 3)
    with pytest.raises(ValidationError) as refused:
        sampling.draw_sample(actor=None, scheme=scheme, drawn_on=date(2200, 1, 1))
    assert refused.value.error_dict["drawn_on"][0].code == "in_the_future"
    assert not ReinspectionSample.objects.exists()
