"""Names made comparable, and who certainly is who."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.ids import derived_id
from icart_intake.domain.identities import Candidate, Identities
from icart_intake.domain.matching import Facts, Place, blocks_of, exact, facts_of, keys_of
from icart_intake.domain.matching.blocks import MOST_ALONE
from icart_intake.domain.mentions import Mention
from icart_intake.domain.names import comparable, full_names
from icart_intake.domain.pairs import MOST_OFFERS
from icart_intake.domain.people import KnownPerson
from icart_intake.weights import load_weights

WORDS = st.sampled_from(["tamsin", "quillfeather", "odalys", "o brien", "ngozi", "li", "sukarno"])
FACTS = st.builds(
    Facts,
    names=st.lists(st.tuples(WORDS | st.just(""), WORDS), max_size=2, unique=True).map(
        lambda names: tuple(sorted(names))
    ),
    born=st.none() | st.sampled_from([date(2017, 2, 28), date(2016, 2, 29)]),
    expected=st.none() | st.just(date(2026, 12, 14)),
    nhs_number=st.none() | st.sampled_from(["9990000018", "9990000026"]),
    upn=st.none() | st.sampled_from(["C999000000001", "R999000000002"]),
    places=st.just(()) | st.just((Place(postcode="ZZ991AA"),)),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siobhán", "SIOBHAN"),
        ("O’Brien", "o'brien"),
        ("O`Brien", "OBrien"),
        ("Smith-Jones", "smith  jones"),
        ("Łukasz", "Lukasz"),
        ("Søren", "soren"),
        ("Weiß", "WEISS"),
        ("Zoë", "Zoe\u0308"),
        ("İpek", "ipek"),
        (" Ng\u200bozi ", "Ngozi"),
    ],
)
def test_spellings_that_are_one_name(one, other):
    assert comparable(one) == comparable(other) != ""


@pytest.mark.parametrize(("one", "other"), [("राज", "राजु"), ("李明", "李红"), ("Tamsin", "Tamzin")])
def test_names_that_are_two(one, other):
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize("text", ["", "  ", "-", "?", "Unknown", "not known", "N/K", "N/A", "'"])
def test_what_says_nothing_is_blank(text):
    assert comparable(text) == ""


@given(st.text(max_size=40))
def test_twice_is_once(text):
    assert comparable(comparable(text)) == comparable(text)


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=1, max_size=20))
def test_case_and_the_form_of_accents_do_not_matter(text):
    assert comparable(unicodedata.normalize("NFD", text)) == comparable(unicodedata.normalize("NFC", text))
    assert comparable(text.casefold()) == comparable(text)


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from([" ", "  ", "\t", "\u00a0", "-"]))
def test_white_space_does_not_matter(words, between):
    assert comparable(f" {between.join(words)} ") == comparable(" ".join(words))


def test_other_names_of_one_word_go_with_the_family_name():
    assert full_names("Tamsin", "Quillfeather", ["Tammy", "Tamsin Lowbridge", ""]) == (
        "tammy quillfeather",
        "tamsin lowbridge",
        "tamsin quillfeather",
    )
    assert full_names(None, "Sukarno") == ("sukarno",)
    assert full_names("unknown", "") == ()


@given(FACTS, FACTS)
def test_matching_is_symmetric_and_needs_evidence(one, other):
    assert exact(one, other) == exact(other, one)
    if exact(one, other):
        assert not (one.nhs_number and other.nhs_number and one.nhs_number != other.nhs_number)
        assert not (one.born and other.born and one.born != other.born)
        assert set(keys_of("halton", one)) & set(keys_of("halton", other)), "a match that the keys would not find"


@given(FACTS)
def test_blank_is_no_evidence(facts):
    assert not exact(facts, Facts())
    assert not exact(Facts(names=facts.names), Facts(names=facts.names))
    assert not exact(Facts(born=facts.born), Facts(born=facts.born))


@given(FACTS)
def test_whoever_has_evidence_matches_themselves(facts):
    whole = any(" " in name for name in facts.full_names) or (facts.names and facts.places)
    evidence = facts.nhs_number or facts.upn or (whole and (facts.born or facts.expected))
    assert exact(facts, facts) == bool(evidence)


def test_rules_by_example(writer):
    tamsin = facts_of(writer.child())
    shout = facts_of(
        writer.child(given_name="TAMSÍN", family_name="Quill-Feather", other_names=["Tamsin Quillfeather"])
    )
    assert exact(tamsin, shout)
    assert not exact(tamsin, facts_of(writer.child(born="2017-02-27")))
    one = facts_of(writer.child(nhs_number="9990000018"))
    assert exact(one, tamsin)
    assert not exact(one, facts_of(writer.child(nhs_number="9990000026")))
    renamed = facts_of(writer.child(nhs_number="9990000018", family_name="Lowbridge"))
    assert exact(one, renamed)
    no_birthday = facts_of(writer.child(nhs_number="9990000018", born=None, given_name="Bela", family_name="Moss"))
    assert not exact(one, no_birthday)


def test_one_word_names_need_the_address_too(writer):
    at_home = writer.child(
        given_name=None, family_name="Sukarno", addresses=[{"lines": "1 Elm", "postcode": "ZZ99 1AA"}]
    )
    same = writer.child(given_name="Sukarno", family_name=None, addresses=[{"lines": "One Elm", "postcode": "zz991aa"}])
    nowhere = writer.child(given_name="Sukarno", family_name=None)
    assert exact(facts_of(at_home), facts_of(same))
    assert not exact(facts_of(at_home), facts_of(nowhere))


def _identities(*people):
    known = Identities(load_weights())
    for number, (facts, held) in enumerate(people, 1):
        person = KnownPerson(
            id=UUID(f"0198c2a4-7d02-7002-8002-{number:012}"), authority="halton", facts=facts, number=held
        )
        known.take(person)
        known.meet(Candidate(person.id, "halton", person.id, facts, held is not None), blocks_of("halton", facts))
    return known


def test_two_who_match_alike_are_no_certain_match():
    facts = Facts(names=(("tamsin", "quillfeather"),), born=date(2017, 2, 28))
    assert _identities((facts, None), (facts, None)).ask("halton", facts) is None
    found = _identities((facts, None), (facts, None), (facts, "c-3")).ask("halton", facts)
    assert found
    assert found.person.number == "c-3"
    with_number = facts.model_copy(update={"nhs_number": "9990000018"})
    found = _identities((facts, None), (facts, "c-2"), (with_number, None)).ask("halton", with_number)
    assert found
    assert found.member.hex.endswith("3")


def test_people_of_another_authority_are_not_looked_at():
    facts = Facts(names=(("tamsin", "quillfeather"),), born=date(2017, 2, 28))
    assert _identities((facts, None)).ask("york", facts) is None


def _namesakes(count):
    """People who share a name and nothing else, each born in another year."""
    return [Facts(names=(("tamsin", "quillfeather"),), born=date(2000 + year, 2, 28)) for year in range(count)]


@pytest.mark.req("IN-17")
def test_a_name_that_many_share_finds_nobody_by_itself():
    asked = Facts(names=(("tamsin", "quillfeather"),))
    few = _identities(*((facts, None) for facts in _namesakes(MOST_ALONE)))
    assert len(few.likely("halton", asked)) == MOST_ALONE
    many = _identities(*((facts, None) for facts in _namesakes(MOST_ALONE + 1)))
    assert many.likely("halton", asked) == []
    (found,) = many.likely("halton", Facts(names=asked.names, born=date(2003, 2, 28)))
    assert found.candidate.facts.born == date(2003, 2, 28)
    known_to_be_large = _identities((_namesakes(1)[0], None))
    known_to_be_large.large(blocks_of("halton", asked))
    assert known_to_be_large.likely("halton", asked) == []


ALIKE = [
    Facts(names=((given, "quillfeather"),), born=born)
    for given in ("tamsin", "tamsyn")
    for born in (date(2017, 2, 3), date(2017, 3, 2), date(2017, 2, 4), date(2011, 5, 9))
]
"""Any two of them may be one person, or are two: none is certainly another."""


def _offered(said, order):
    """The offers that are open when these mentions were read in an order; two and two have the same time."""
    known = Identities(load_weights())
    for number in order:
        at = datetime(2026, 6, 9, 10, tzinfo=UTC) + timedelta(seconds=number // 2)
        mention, submission, person = (derived_id(at, what, number) for what in ("mention", "submission", "person"))
        known.mention(Mention(mention, "halton", submission, "p1", at, "{}", said[number], person), submission)
    return known.changes.pairs


@pytest.mark.req("IN-17")
@given(st.data(), st.lists(st.sampled_from(ALIKE), unique_by=id, min_size=2, max_size=MOST_OFFERS + 1))
def test_offers_are_the_same_in_whatever_order_mentions_of_several_topics_are_read(data, said):
    in_time = range(len(said))
    assert _offered(said, data.draw(st.permutations(in_time))) == _offered(said, in_time)
