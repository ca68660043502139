"""Generated families, learning from them, and how well people are matched by what was learned."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import islice

import pytest

from icart_intake.domain.matching import Facts, blocks_of, compare
from icart_intake.domain.matching.forms import groups_of
from icart_intake.domain.matching.identifiers import nhs_number_checks, upn_checks
from icart_intake.domain.matching.learn import Pass, expected_matches, learn
from icart_intake.domain.matching.levels import BLANK, BORN, FIELDS
from icart_intake.domain.matching.made import levels_of_field, thresholds_for
from icart_intake.evaluation.families import facts, people
from icart_intake.evaluation.learning import learned_from
from icart_intake.evaluation.made_names import TWINS
from icart_intake.evaluation.measure import by_exact_fields, figures, ours
from icart_intake.evaluation.pairs import candidates
from icart_intake.evaluation.retold import records
from icart_intake.evaluation.sets import families
from icart_intake.weights import load_weights, read_weights, write_weights


def silent(_):
    """Nobody is told what is being done."""


@pytest.fixture(scope="module")
def small():
    return families(4, 700)


def test_families_are_the_same_for_the_same_seed_and_can_be_divided():
    whole = list(people(3, 40))
    assert whole == list(people(3, 25)) + list(people(3, 15, first=25))
    assert whole != list(people(4, 40))
    assert list(records(3, 10)) == list(records(3, 10))


def test_nobody_generated_can_exist():
    for one in islice(people(5, 400), 1200):
        assert one.place.postcode.startswith("ZZ")
        assert one.phone.startswith("01632")
        assert len(one.phone) == 12
        assert one.nhs is None or (one.nhs.startswith("999") and nhs_number_checks(one.nhs))
        assert one.upn is None or (one.upn[1:4] == "999" and upn_checks(one.upn))


def test_numbers_are_given_to_one_person_alone():
    everybody = list(people(5, 2000))
    for numbers in ([one.nhs for one in everybody], [one.upn for one in everybody], [one.number for one in everybody]):
        given = [number for number in numbers if number is not None]
        assert len(set(given)) == len(given)


def test_there_are_twins_and_brothers_and_sisters_close_in_age():
    births = defaultdict(list)
    for one in people(6, 1500, adults=False):
        births[one.household].append(one)
    twins = sum(len({child.born for child in children}) < len(children) for children in births.values())
    close = sum(
        1
        for children in births.values()
        for older, younger in zip(
            sorted(child.born for child in children)[:-1], sorted(child.born for child in children)[1:], strict=True
        )
        if 0 < (younger - older).days < 400
    )
    assert twins > 40
    assert close > 100
    assert max(Counter(one.family for one in people(6, 1500)).values()) > 10


def test_made_facts_are_what_reading_them_again_gives():
    for one in islice(people(8, 60), 100):
        made = facts(one)
        assert Facts.model_validate_json(made.model_dump_json(exclude_defaults=True)) == made


def test_who_is_retold_keeps_their_number(small):
    described = Counter(small.whose)
    assert 0.4 < sum(count > 1 for count in described.values()) / len(described) < 0.6
    assert small.all_pairs() == len(small.people) * (len(small.people) - 1) // 2


@pytest.mark.req("IN-17")
def test_blocks_find_nearly_everybody_and_stay_small(small):
    true = small.true_pairs()
    pairs, passed_over = candidates(small.people)
    assert len(true & pairs) / len(true) > 0.985
    assert passed_over == 0
    assert sum(len(blocks_of("halton", one)) for one in small.people) / len(small.people) < 13


@pytest.mark.req("IN-17")
def test_the_weights_of_the_release_put_no_two_people_together(small):
    found = {one.band: one for one in ours(small, load_weights(), silent)}
    assert found["certain"].wrong == 0
    assert found["certain"].recall > 0.55
    assert found["certain or possible"].recall > 0.95
    assert found["certain or possible"].precision > 0.95
    (exact,) = by_exact_fields(small, silent)
    assert found["certain or possible"].f1 > exact.f1 + 0.1
    assert exact.band == "found"


def test_figures_count_what_was_put_together_wrongly(small):
    true = small.true_pairs()
    first = next(
        n for n in range(1, 50) if small.households[0] == small.households[n] and small.whose[0] != small.whose[n]
    )
    one = figures(small, "a way", "a band", {*list(true)[:9], (0, first)}, true)
    assert (one.right, one.wrong, one.same_household) == (9, 1, 1)
    assert one.precision == 0.9
    assert one.false_rate == pytest.approx(0.1)
    nothing = figures(small, "a way", "a band", set(), true)
    assert (nothing.precision, nothing.recall, nothing.f1) == (1.0, 0.0, 0.0)


def test_learning_finds_the_shares_that_pairs_were_made_by():
    """Pairs are drawn by known shares; nobody says which are one person; learning comes near the shares."""
    fields = ("given", "family", "sex", "phone")
    kinds = {"same": (0.3, 0), "stranger": (0.7, 2)}
    truth = {
        "given": {"same": (0.8, 0, 0.02), "differ": (0.2, 0, 0.98)},
        "family": {"same": (0.7, 0, 0.01), "differ": (0.3, 0, 0.99)},
        "sex": {"same": (0.97, 0, 0.5), "differ": (0.03, 0, 0.5)},
        "phone": {"same": (0.5, 0, 0.001), "differ": (0.5, 0, 0.999)},
    }

    def patterns(share, kind):
        found: dict[tuple[int, ...], float] = {(): share}
        for field in FIELDS:
            options = truth[field].items() if field in fields else ()
            steps = [(FIELDS[field].index(name), by[kind]) for name, by in options] or [(BLANK, 1.0)]
            found = {(*levels, level): part * by for levels, part in found.items() for level, by in steps}
        return found

    counts: Counter[tuple[int, ...]] = Counter()
    strangers: Counter[tuple[int, ...]] = Counter()
    for share, kind in kinds.values():
        for levels, part in patterns(share, kind).items():
            counts[levels] += round(part * 200_000)
    for levels, part in patterns(1.0, 2).items():
        strangers[levels] += round(part * 1_000_000)
    lesson = learn([Pass("born", frozenset({BORN}), counts, teaches_kin=False)], strangers, kin=False)
    for field in fields:
        for name, (same, _, stranger) in truth[field].items():
            assert lesson.shares[field][name][0] == pytest.approx(same, abs=0.01), (field, name)
            assert lesson.shares[field][name][2] == pytest.approx(stranger, abs=0.002), (field, name)
    assert lesson.rounds > 1


def test_levels_that_weigh_more_than_better_ones_are_weighed_as_one():
    shares = dict.fromkeys(FIELDS["family"], (0.1, 0.1, 0.1))
    shares |= {"same": (0.5, 0.5, 0.001), "common": (0.01, 0.01, 0.01), "part": (0.2, 0.2, 0.0001)}
    made = levels_of_field("family", shares)
    weights = [made[name].weight for name in FIELDS["family"]]
    assert weights == sorted(weights, reverse=True)
    assert made["same"].weight > made["common"].weight == made["part"].weight > made["sound"].weight


def test_expected_matches_follow_the_scores():
    assert expected_matches([40.0] * 30 + [-20.0] * 70, 1_000_000) == pytest.approx(30, abs=0.1)
    assert expected_matches([], 1_000_000) == 1.0


def test_thresholds_follow_the_number_of_people():
    few, many = (thresholds_for(count, wrong=1e-4, offered=0.05, margin=10) for count in (1000, 1_024_000))
    assert many.certain - few.certain == pytest.approx(10.0, abs=0.11)
    assert few.possible < few.certain


def test_what_is_learned_can_be_kept_and_read_again(small, tmp_path):
    learned = learned_from(
        small.people, version="9999.1", source="a test", on=date(2026, 6, 9), among=1000, strangers=20_000
    )
    path = tmp_path / "9999.1.json"
    write_weights(learned, path)
    again = read_weights(path)
    assert again == learned
    assert again.learned.records == len(small.people)
    one, other = small.people[0], small.people[1]
    assert compare(one, other, again).score == compare(one, other, learned).score
    # It learned what a name says: the same one far more than another one.
    assert again.fields["given"]["same"].weight > 5 > -3 > again.fields["given"]["differ"].weight


def test_the_release_has_the_weights_that_links_name():
    weights = load_weights()
    assert weights.version == "2026.1"
    assert weights.learned.pairs > 100_000
    with pytest.raises(FileNotFoundError):
        load_weights("1999.1")


def test_names_that_twins_are_given_are_not_taken_for_one():
    for one, other in TWINS.items():
        assert not groups_of(one) & groups_of(other), (one, other)
