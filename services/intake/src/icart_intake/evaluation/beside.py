"""splink beside us, with the settings that its documentation gives for FEBRL ("Deduplicating the febrl3 dataset", "Linking the
febrl4 datasets"): comparisons, blocking rules, training. It is no dependency: `make evaluate` installs it.
"""

from __future__ import annotations

import logging
import warnings
from importlib.util import find_spec
from typing import Any

from icart_intake.evaluation.measure import Figures, Step, figures
from icart_intake.evaluation.pairs import Pair
from icart_intake.evaluation.sets import Described

COLUMNS = ("given_name", "surname", "date_of_birth", "soc_sec_id", "street_number", "postcode", "address_1", "state")
DECISIONS = ((0.5, "probability from 0.5"), (0.9999, "probability from 0.9999"))


def is_installed() -> bool:
    """Whether splink and what it needs here are on this machine."""
    return all(find_spec(name) is not None for name in ("splink", "pandas", "duckdb"))


def splink_beside(data: Described, step: Step) -> list[Figures]:
    """What splink finds on the set. Needs splink, pandas and duckdb."""
    import splink

    step(f"{data.name}: splink {splink.__version__}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scored = _two_files(data) if data.between is not None else _one_file(data)
    true = data.true_pairs()
    way = f"splink {splink.__version__}"
    return [
        figures(data, way, words, {pair for pair, chance in scored if chance >= least}, true)
        for least, words in DECISIONS
    ]


def _frame(data: Described, start: int, end: int) -> Any:
    import pandas

    rows = [{"rec_id": place, **{name: data.plain[place].get(name) for name in COLUMNS}} for place in range(start, end)]
    return pandas.DataFrame(rows).astype(dict.fromkeys(COLUMNS, "string"))


def _one_file(data: Described) -> list[tuple[Pair, float]]:
    """The settings documented for febrl3."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
    )
    database = DuckDBAPI()
    linker = Linker(database.register(_frame(data, 0, len(data.people))), settings, log_level=logging.ERROR)
    known = [
        block_on("soc_sec_id"),
        block_on("given_name", "surname", "date_of_birth"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ]
    linker.training.estimate_probability_two_random_records_match(known, recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for rule in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(rule))
    return _pairs(linker)


def _two_files(data: Described) -> list[tuple[Pair, float]]:
    """The detailed settings documented for febrl4."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            *(block_on(name) for name in ("date_of_birth", "soc_sec_id")),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
    )
    database = DuckDBAPI()
    middle = data.between or 0
    frames = [_frame(data, 0, middle), _frame(data, middle, len(data.people))]
    linker = Linker([database.register(frame) for frame in frames], settings, log_level=logging.ERROR)
    known = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    linker.training.estimate_probability_two_random_records_match(known, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for rule in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(rule), estimate_without_term_frequencies=True
        )
    return _pairs(linker)


def _pairs(linker: Any) -> list[tuple[Pair, float]]:
    rows = linker.inference.predict(threshold_match_probability=0.2).as_record_list()
    found = []
    for row in rows:
        a, b = int(row["rec_id_l"]), int(row["rec_id_r"])
        found.append(((min(a, b), max(a, b)), float(row["match_probability"])))
    return found
