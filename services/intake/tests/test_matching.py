"""How likely two descriptions are of one person: the properties that hold for everybody, and the cases that people know."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.contracts.referral import Account, ReferralSubmitted
from icart_intake.domain.matching import Band, Facts, Named, Place, blocks_of, compare, exact, facts_of, stands_out
from icart_intake.domain.matching.facts import names_of, phone_of
from icart_intake.domain.matching.identifiers import nhs_number_checks, upn_checks
from icart_intake.domain.matching.levels import FIELDS
from icart_intake.domain.matching.sound import sound_of
from icart_intake.domain.matching.start import START
from icart_intake.domain.matching.terms import WORDS
from icart_intake.domain.matching.weights import Weights
from icart_intake.evaluation.families import nhs_number, upn
from icart_intake.weights import load_weights

WEIGHTS = load_weights()
AUTHORITIES = ("halton", "cheshire-west", "york")
GIVEN = st.sampled_from(
    ["lila", "lily", "lilly", "tamsin", "mohammed", "muhammad", "liz", "elizabeth", "odalys rose", "o", ""]
)
FAMILY = st.sampled_from(["quillfeather", "quilfeather", "lowbridge", "quillfeather lowbridge", "tamsin", ""])
DAYS = st.sampled_from([date(2017, 2, 3), date(2017, 3, 2), date(2017, 2, 4), date(2019, 11, 30), date(2011, 5, 9)])
PLACES = st.sampled_from(
    [
        Place(lines="12 elm st", postcode="ZZ991AA"),
        Place(lines="14 elm st", postcode="ZZ991AA"),
        Place(lines="12 elm street", postcode="ZZ991AB"),
        Place(postcode="ZZ559QQ"),
    ]
)
RELATIVES = st.builds(
    Named, given=st.sampled_from(["lila", "lily", "odile", "mia"]), family=FAMILY, born=st.none() | DAYS
)
FACTS = st.builds(
    Facts,
    names=st.lists(st.tuples(GIVEN, FAMILY).filter(any), max_size=2, unique=True).map(
        lambda names: tuple(sorted(names))
    ),
    born=st.none() | DAYS,
    estimated=st.booleans(),
    expected=st.none() | st.just(date(2019, 12, 14)),
    sex=st.sampled_from([None, "female", "male"]),
    nhs_number=st.sampled_from([None, "9990000018", "9990000026", "9990000019"]),
    upn=st.sampled_from([None, upn(1), upn(2)]),
    places=st.lists(PLACES, max_size=2, unique=True).map(tuple),
    phones=st.sampled_from([(), ("01632960123",), ("01632960124",)]),
    school=st.sampled_from(["", "elm primary", "st osyth academy"]),
    mother=st.none() | RELATIVES,
    beside=st.lists(RELATIVES, max_size=2, unique=True).map(tuple),
)
HOME = {
    "places": (Place(lines="12 elm st", postcode="ZZ991AA"),),
    "phones": ("01632960123",),
    "school": "elm primary",
    "mother": Named(given="odile", family="quillfeather", born=date(1990, 4, 1)),
}


def somebody(given_name="Tamsin", family_name="Quillfeather", born=date(2017, 2, 3), **more):
    return Facts(names=names_of(given_name, family_name), born=born, **more)


@given(FACTS, FACTS)
@settings(max_examples=150)
def test_comparing_is_symmetric(one, other):
    there, back = compare(one, other, WEIGHTS), compare(other, one, WEIGHTS)
    assert (there.score, there.band, there.exact) == (back.score, back.band, back.exact)


@given(FACTS, FACTS)
def test_the_terms_add_up_to_the_score(one, other):
    likeness = compare(one, other, WEIGHTS)
    assert abs(sum(term.weight for term in likeness.terms) - likeness.score) < 0.06
    assert all(str(term).endswith(f", {term.weight:+.1f}") for term in likeness.terms)


@given(FACTS)
def test_a_blank_adds_nothing(facts):
    assert compare(facts, Facts(), WEIGHTS).score == 0.0
    assert compare(facts, Facts(), WEIGHTS).band is Band.DIFFERENT


@given(
    FACTS, FACTS, st.sampled_from(["names", "born", "sex", "nhs_number", "upn", "places", "phones", "school", "mother"])
)
@settings(max_examples=200)
def test_what_agrees_never_lowers_a_score(one, other, field):
    """Whatever the rest says: a field that is the same on both sides speaks for one person, or not at all."""
    blank = Facts.model_fields[field].get_default()
    without = compare(one.model_copy(update={field: blank}), other.model_copy(update={field: blank}), WEIGHTS)
    alike = {field: getattr(one, field)} | ({"estimated": False} if field == "born" else {})
    both = compare(one.model_copy(update=alike), other.model_copy(update=alike), WEIGHTS)
    if field == "names":  # a name that is also a brother's or sister's is another matter: see `listed`
        blank_kin = {"beside": ()}
        without = compare(
            one.model_copy(update={field: blank} | blank_kin),
            other.model_copy(update={field: blank} | blank_kin),
            WEIGHTS,
        )
        both = compare(one.model_copy(update=alike | blank_kin), other.model_copy(update=alike | blank_kin), WEIGHTS)
    assert both.score >= without.score - 0.011


@given(
    st.sampled_from(
        [
            ("lila", "lily"),
            ("ella", "ellie"),
            ("jack", "jake"),
            ("mia", "tamsin"),
            ("kayden", "kaidon"),
            ("ali", "alim"),
        ]
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "female"]),
)
@pytest.mark.req("IN-17")
def test_twins_are_never_certain(names, phone, school, mother, sex):
    shared = {"places": HOME["places"], "sex": sex}
    shared |= {"phones": HOME["phones"]} if phone else {}
    shared |= {"school": HOME["school"]} if school else {}
    shared |= {"mother": HOME["mother"]} if mother else {}
    one, other = (somebody(name, **shared) for name in names)
    assert compare(one, other, WEIGHTS).band is not Band.CERTAIN
    # Not even with the other's NHS number by mistake, when the names are not alike.
    if names == ("mia", "tamsin"):
        numbered = [facts.model_copy(update={"nhs_number": "9990000018"}) for facts in (one, other)]
        assert compare(numbered[0], numbered[1], WEIGHTS).band is not Band.CERTAIN


@pytest.mark.req("IN-17")
def test_an_initial_is_no_name_that_twins_could_not_share():
    one = somebody("L", **HOME)
    assert not exact(one, somebody("L", **HOME))
    assert compare(one, one, WEIGHTS).band is Band.POSSIBLE


@given(FACTS, FACTS)
@settings(max_examples=150)
def test_who_matches_exactly_is_certain_or_offered_and_shares_a_block(one, other):
    if exact(one, other):
        assert compare(one, other, WEIGHTS).band is not Band.DIFFERENT
        assert set(blocks_of("halton", one)) & set(blocks_of("halton", other))


@given(FACTS, FACTS)
def test_another_number_that_checks_is_never_certain(one, other):
    one = one.model_copy(update={"nhs_number": "9990000018"})
    other = other.model_copy(update={"nhs_number": "9990000026"})
    assert compare(one, other, WEIGHTS).band is not Band.CERTAIN


@given(FACTS)
def test_facts_survive_being_kept(facts):
    kept = Facts.model_validate_json(facts.model_dump_json(exclude_defaults=True))
    assert kept == facts
    assert compare(kept, facts, WEIGHTS).levels == compare(facts, facts, WEIGHTS).levels


def test_a_copy_does_not_remember_what_its_original_looked_like():
    one = somebody()
    assert one.seen.full == ("tamsin quillfeather",)
    assert one.model_copy(update={"names": (("lily", "moss"),)}).seen.full == ("lily moss",)


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (somebody("Mohammed"), somebody("Muhammad")),
        (somebody("Mohamad"), somebody("Muhammad")),
        (somebody("Siobhan"), somebody("Shivaun")),
        (somebody("Yusuf"), somebody("Josef")),
        (somebody("Liz"), somebody("Elizabeth")),
        (somebody(born=date(2017, 2, 3)), somebody(born=date(2017, 3, 2))),
        (somebody("Tamsin", "Quillfeather"), somebody("Quillfeather", "Tamsin")),
        (somebody("Tamsin", "Quillfeather"), somebody("Tamsin", "Quillfeather Lowbridge")),
        (somebody("Tamsin", "Quillfeather"), somebody("Tamsin", "Lowbridge")),
        (somebody("Tamsin", "Quillfeather"), somebody("Tamsin", "Quilfether", None)),
        (somebody("Tamsin", None, None, **HOME), somebody("Tamsin", "Moss", None, places=HOME["places"])),
        (
            somebody("Baby", "Moss", None, expected=date(2017, 1, 20), mother=HOME["mother"]),
            somebody("Ava", "Reed", date(2016, 12, 30), mother=HOME["mother"]),
        ),
        (somebody(None, None, None, nhs_number="9990000018"), somebody(nhs_number="9990000018")),
        (somebody("T", "M", None, phones=("01632960123",)), somebody(phones=("01632960123",))),
    ],
)
@pytest.mark.req("IN-17")
def test_variants_are_found_in_a_block(authority, one, other):
    assert set(blocks_of(authority, one)) & set(blocks_of(authority, other))


def test_blocks_tell_nothing_and_belong_to_an_authority():
    one = somebody(**HOME, nhs_number="9990000018")
    assert all(-(2**63) <= block < 2**63 for block in blocks_of("halton", one))
    assert not set(blocks_of("halton", one)) & set(blocks_of("york", one))
    assert blocks_of("halton", Facts()) == ()
    assert len(blocks_of("halton", one)) <= 12
    # A number that does not check leads nowhere.
    wrong = Facts(nhs_number="9990000019", upn="A999000000001")
    assert blocks_of("halton", wrong) == ()


def _words(one, other):
    return {str(term) for term in compare(one, other, WEIGHTS).terms}


@pytest.mark.req("IN-17")
def test_terms_say_what_a_worker_needs():
    one, other = somebody(sex="female"), somebody("Tamzin", "Quillfeather", date(2017, 3, 2), sex="female")
    likeness = compare(one, other, WEIGHTS)
    words = {term.words for term in likeness.terms}
    assert "date of birth: day and month swapped" in words
    assert "sex: the same" in words
    assert likeness.band is Band.POSSIBLE
    sister = compare(somebody(**HOME), somebody("Mia", born=date(2015, 6, 1), **HOME), WEIGHTS)
    pull = next(term for term in sister.terms if term.field == "sibling")
    assert pull.weight < -1
    assert pull.words == "may be a brother or sister: they share address, surname, mother and telephone number"
    assert sister.band is Band.DIFFERENT


@pytest.mark.req("IN-17")
def test_a_name_beside_the_other_is_a_brothers_or_sisters():
    lila = somebody("Lila", beside=(Named(given="lily", family="quillfeather"),), **HOME)
    assert "listed" in {term.field for term in compare(lila, somebody("Lily", **HOME), WEIGHTS).terms}
    assert "listed" not in {term.field for term in compare(lila, lila, WEIGHTS).terms}


def test_a_number_that_does_not_check_is_said_and_not_counted():
    one, other = somebody(nhs_number="9990000019"), somebody(nhs_number="9990000018")
    assert "NHS number: one does not check, and is not counted, +0.0" in _words(one, other)
    assert compare(one, other, WEIGHTS).score == compare(somebody(), somebody(), WEIGHTS).score
    assert one.nhs_number == "9990000019"


def test_a_number_of_somebody_else_is_against_it():
    same, other = somebody(nhs_number="9990000018"), somebody(nhs_number="9990000026")
    likeness = compare(same, other, WEIGHTS)
    assert not likeness.exact
    assert likeness.score < compare(somebody(), somebody(), WEIGHTS).score - 5
    assert likeness.band is not Band.CERTAIN


def test_a_guess_at_a_birthday_is_no_birthday():
    guessed = somebody(born=date(2016, 10, 1), estimated=True)
    assert not exact(guessed, somebody(born=date(2016, 10, 1)))
    near = compare(guessed, somebody(), WEIGHTS)
    assert "date of birth: near enough to the estimated or expected one" in {term.words for term in near.terms}


def test_an_unborn_child_is_the_one_who_was_born_then():
    unborn = somebody("Unborn", born=None, expected=date(2026, 12, 14), **HOME)
    assert unborn.names == (("", "quillfeather"),)
    born = somebody("Ava", born=date(2026, 12, 9), **HOME)
    older = somebody("Ava", born=date(2019, 12, 9), **HOME)
    assert compare(unborn, born, WEIGHTS).band is Band.POSSIBLE
    assert compare(unborn, older, WEIGHTS).band is Band.DIFFERENT


def test_the_one_who_stands_out():
    asked = somebody(**HOME)
    same, like, other = (
        compare(asked, facts, WEIGHTS)
        for facts in (somebody(**HOME), somebody("Tamzin", **HOME), somebody("Bela", "Moss", date(2001, 1, 1)))
    )
    assert same.band is Band.CERTAIN
    assert stands_out([other, same], WEIGHTS.thresholds.margin) == 1
    assert stands_out([same, same], WEIGHTS.thresholds.margin) is None
    assert stands_out([same, like], 1000.0) is None
    assert stands_out([like, other], WEIGHTS.thresholds.margin) is None
    assert stands_out([], WEIGHTS.thresholds.margin) is None
    numbered = somebody(**HOME, nhs_number="9990000018")
    by_number = compare(numbered, numbered, WEIGHTS)
    assert stands_out([same, by_number], WEIGHTS.thresholds.margin) == 1


def test_facts_of_an_account_have_the_mother_and_the_other_children(writer):
    body: ReferralSubmitted = writer.referral(
        people=(
            writer.child(
                "p1", other_names=["Tammy", "Tamsin Rose Lowbridge"], phones=["+44 1632 960123"], school="Elm Primary"
            ),
            writer.child("p2", role="sibling", given_name="Bela"),
            writer.child("p3", role="parent", given_name="Odile", born="1990-04-01"),
            writer.child("p4", role="other", given_name="Nobody"),
        ),
        relationships=({"person": "p3", "kind": "mother", "of": "p1"},),
    )
    account: Account = body
    facts = facts_of(body.people[0], account)
    assert facts.names == (("tammy", "quillfeather"), ("tamsin", "quillfeather"), ("tamsin rose", "lowbridge"))
    assert facts.mother == Named(given="odile", family="quillfeather", born=date(1990, 4, 1))
    assert [one.given for one in facts.beside] == ["bela"]
    assert facts.phones == ("01632960123",)
    assert facts.school == "elm primary"
    assert [one.given for one in facts_of(body.people[2], account).beside] == ["bela", "tamsin"]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("01632 960123", "01632960123"),
        ("+44 (0)1632 960 123", "01632960123"),
        ("0044 1632960123", "01632960123"),
        ("999", ""),
        ("n/a", ""),
    ],
)
def test_telephone_numbers_in_one_form(text, digits):
    assert phone_of(text) == digits


@given(st.integers(0, 899_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_an_nhs_number_never_checks(number, place, by):
    whole = nhs_number(number)
    if whole:
        assert nhs_number_checks(whole)
        wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
        assert not nhs_number_checks(wrong)


@given(st.integers(0, 999_999_999), st.integers(1, 12), st.integers(1, 9))
def test_one_wrong_digit_of_a_upn_never_checks(number, place, by):
    whole = upn(number)
    assert upn_checks(whole)
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert not upn_checks(wrong)


@pytest.mark.parametrize("text", ["", "999000001", "99900000189", "0000000000", "999000001A", "٩٩٩٠٠٠٠٠١٨"])
def test_what_is_no_nhs_number(text):
    assert not nhs_number_checks(text)


@pytest.mark.parametrize(
    "text", ["", "I999000000001", "A99900000000", "A99900000000?", "a999000000001", "B99900000000I"]
)
def test_what_is_no_upn(text):
    assert not upn_checks(text)


def test_a_temporary_upn_ends_in_a_letter():
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    checks = [first for first in letters if upn_checks(f"{first}99900000000A")]
    assert len(checks) == 1


@pytest.mark.parametrize(
    "names",
    [("mohammed", "muhammad", "mohamad"), ("catherine", "katherine", "kathryn"), ("philip", "filip"), ("shawn", "shaun"),
     ("thompson", "tomson"), ("macdonald", "mcdonald"), ("wright", "rite"), ("haroon", "harun")],
)  # fmt: skip
def test_names_that_sound_alike(names):
    assert len({sound_of(name) for name in names}) == 1


@pytest.mark.parametrize(("one", "other"), [("mia", "tamsin"), ("lowbridge", "quillfeather"), ("李明", "李红")])
def test_names_that_do_not(one, other):
    assert sound_of(one) != sound_of(other)


def test_every_level_has_words_and_something_to_begin_with():
    assert {field: tuple(words) for field, words in WORDS.items()} == FIELDS
    assert {field: tuple(shares) for field, shares in START.items()} == FIELDS
    for field, shares in START.items():
        for kind in range(3):
            if field != "listed":
                assert abs(sum(share[kind] for share in shares.values()) - 1) < 1e-6, (field, kind)


def test_weights_out_of_order_are_refused():
    whole = WEIGHTS.model_dump()
    whole["fields"]["born"]["differ"]["weight"] = 50.0
    with pytest.raises(ValueError, match="born: near agrees more than the next level"):
        Weights.model_validate(whole)
    whole = WEIGHTS.model_dump()
    del whole["fields"]["born"]
    with pytest.raises(ValueError, match="every field and level"):
        Weights.model_validate(whole)


def test_weights_for_more_people_ask_for_more_evidence():
    more = WEIGHTS.among(12_000_000, WEIGHTS.thresholds)
    assert more.kin_share < WEIGHTS.kin_share
    assert WEIGHTS.fields == more.fields
