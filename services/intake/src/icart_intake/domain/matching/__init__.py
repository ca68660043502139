"""Who is who: what of a person is compared, where candidates are looked for, and how likely two descriptions are one person.

    facts_of(person, account)      what is compared (`facts`)
    blocks_of(authority, facts)    where to look for candidates (`blocks`)
    compare(one, other, weights)   how likely both are one person, in terms that a person can read (`likeness`)
    stands_out(likenesses, ...)    the one who is certainly meant, and nobody else nearly as likely (`standing_out`)

Everything here is a pure function of its arguments; the weights come from a file with a version (`icart_intake.weights`).
docs/matching.md tells it with a worked example.
"""

from icart_intake.domain.matching.bands import Band
from icart_intake.domain.matching.blocks import blocks_of
from icart_intake.domain.matching.exact import exact, keys_of, same_identifier
from icart_intake.domain.matching.facts import Facts, Named, Place, facts_of, is_named
from icart_intake.domain.matching.likeness import Likeness, compare
from icart_intake.domain.matching.standing_out import stands_out
from icart_intake.domain.matching.terms import Term
from icart_intake.domain.matching.weights import Weights

__all__ = [
    "Band",
    "Facts",
    "Likeness",
    "Named",
    "Place",
    "Term",
    "Weights",
    "blocks_of",
    "compare",
    "exact",
    "facts_of",
    "is_named",
    "keys_of",
    "same_identifier",
    "stands_out",
]
