"""Names for families that cannot exist: given names as they are given, family names that nobody bears."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from typing import Final

from icart_intake.domain.matching.common import words

GIRLS: Final = words("""
    olivia amelia isla ava lily freya sophia grace mia evie florence ella willow ivy elsie emily daisy isabella phoebe
    sienna aisha fatima maryam zainab khadija mariam leila hannah sarah elizabeth charlotte matilda alice rosie poppy ruby
    millie harriet imogen eleanor abigail bella jessica lucy zara molly erin niamh siobhan aoife caitlin megan bronwen
    seren zofia maja natalia oliwia anastasia ioana mei ling xin yuki ngozi chiamaka adaeze temitope folake zainab amina
    noor ayesha layla yasmin safiya iqra hafsa anaya priya ananya diya saanvi meera katherine margaret rebecca nicola
    stephanie victoria
""")
BOYS: Final = words("""
    noah george oliver arthur leo theodore oscar archie henry charlie luca freddie thomas alfie jack muhammad mohammed
    jacob harry james william joshua edward samuel daniel alexander benjamin joseph yusuf ibrahim adam ali hassan hussein
    omar ahmed bilal hamza zakariya abdullah ismail mustafa usman tariq sean connor declan oisin cian dylan rhys owen
    ieuan jakub filip aleksander mateusz andrei stefan dmitri chen wei jun hiro emeka chidi tunde kofi kwame arjun rohan
    aarav vihaan krish michael david robert richard christopher matthew anthony nicholas peter stephen john paul philip
    andrew lewis max
""")
_ENDS_F: Final = ("a", "elle", "ine", "isa", "ora", "wyn", "ina", "ette", "alie", "ira", "una", "eta")
_ENDS_M: Final = ("on", "ric", "an", "en", "ulf", "or", "ander", "ic", "io", "ard", "us", "im")
_STARTS: Final = words("""
    tav bren cal dor el fen gal hal jor kel lor mar ner od per quin ral sel tor ul ven wil yor zan ard bel cor dav est far
    gwen hol ist jes kir lun mel nor orl pel ras sil tel urs vel wen xan
""")
_FIRST: Final = words("""
    quill low march thistle harrow bram pen wick fen ash black brook cald dun ever fair gos hazel inge kes lang mar nether
    oaks pem raven sedge tarn under wether yarrow bent clay drax elm flax gorse holm ivel jessam kelder linnet merle
    nettle otter plover rook swith teasel umber vetch wren alder briar cress dock fern
""")
_LAST: Final = words("""
    feather bridge banks wood ley ford gate mere stead thorpe wick combe dale field garth holt hurst croft shaw stow beck
    brough cote den fold grange head ing keld land march ness over pool rigg side tarn twaite wald worth yard barrow cliff
    dyke
""")
_SOUTH: Final = words("""
    khan pur van dar malik wala das nagar bari zai gul mir tan sai ram dev jot pal ander
""")
_AFAR: Final = words("""
    ok ade chi nwo olu eze tek asa bam dok fol gyi kwe mba nko obi ten uze
""")


def _zipf(names: list[str], flat: float) -> list[float]:
    weights = [1.0 / (rank + flat) for rank in range(1, len(names) + 1)]
    total = sum(weights)
    return list(accumulate(weight / total for weight in weights))


def _table(names: list[str], flat: float, size: int) -> tuple[str, ...]:
    """`names` repeated by how common they are: one look-up with a random number gives one of them."""
    sums = _zipf(names, flat)
    return tuple(names[min(bisect(sums, (slot + 0.5) / size), len(names) - 1)] for slot in range(size))


def _families() -> list[str]:
    english = [first + last for last in _LAST for first in _FIRST]
    others = [a + b for a in _SOUTH for b in _SOUTH if a != b] + [
        a + b + c for a in _AFAR for b in _AFAR for c in ("", "ka")
    ]
    # One in four is not English, spread over the common and the rare ones alike.
    mixed = []
    for place, name in enumerate(english):
        mixed.append(name)
        if place % 3 == 2 and others:
            mixed.append(others.pop((place * 7) % len(others)))
    # A fixed shuffle: by a multiplier that has no factor in common with the length.
    length = len(mixed)
    step = next(number for number in range(int(length * 0.618), length) if _coprime(number, length))
    return [mixed[(place * step) % length] for place in range(length)]


def _coprime(one: int, other: int) -> bool:
    while other:
        one, other = other, one % other
    return one == 1


SLOTS: Final = 1 << 16
FAMILY_TABLE: Final = _table(_families(), 40.0, SLOTS)
GIRL_TABLE: Final = _table([*dict.fromkeys(GIRLS), *(start + end for end in _ENDS_F for start in _STARTS)], 16.0, SLOTS)
BOY_TABLE: Final = _table([*dict.fromkeys(BOYS), *(start + end for end in _ENDS_M for start in _STARTS)], 16.0, SLOTS)
TWINS: Final[dict[str, str]] = {
    "lily": "lila", "ella": "ellie", "mia": "maya", "amelia": "emelia", "freya": "fraya", "evie": "edie", "isla": "ayla",
    "ava": "eva",
    "leo": "theo", "alfie": "archie", "noah": "noel", "luca": "lucas", "adam": "aden", "hassan": "hussein", "jack": "jake",
    "harry": "henry", "max": "mac", "oliver": "olivier", "aisha": "aliyah", "zara": "zahra", "ali": "alim", "omar": "amar",
    "daniel": "danial", "hannah": "joanna", "olivia": "alivia", "sophia": "sonia", "george": "gregor", "mohammed": "ahmed",
}  # fmt: skip
"""Names as twins are given them: alike to the eye or the ear, and two people."""
STREETS: Final = words("""
    elm holly larch rowan hazel alder maple birch cedar willow poplar juniper laurel myrtle sorrel clover bramble heather
    gorse fennel tansy yarrow sedge reed rush moss lichen
""")
ROADS: Final = ("st", "rd", "ave", "ln", "dr", "cl", "ct", "gr", "terr", "pl")
SCHOOLS: Final = tuple(
    f"{name} {kind}"
    for name in (f"st {saint}" for saint in ("osyth", "petroc", "wilfrith", "brannock", "ia", "neot", "mawes"))
    for kind in ("primary", "infants", "academy", "high")
) + tuple(
    f"{first}{last} {kind}" for first in _FIRST for last in ("ley", "stead", "mere") for kind in ("primary", "academy")
)
