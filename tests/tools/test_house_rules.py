"""Each rule of the house finds what it is for, and leaves alone what it is not for."""

import subprocess
from pathlib import PurePosixPath

import pytest

from tools.code_rules import LONGEST_MODULE, findings
from tools.house_rules import file_findings, files, text_findings

SERVICE = PurePosixPath("services/intake/src/icart_intake/handlers.py")
DOMAIN = PurePosixPath("services/intake/src/icart_intake/domain/decide.py")
TESTS = PurePosixPath("services/intake/tests/test_decide.py")


def _found(path: PurePosixPath, source: str) -> list[str]:
    return [what for _, what in findings(path, source)]


def test_a_module_over_the_limit_is_found_and_one_at_the_limit_is_not():
    assert _found(SERVICE, "x = 1\n" * LONGEST_MODULE) == []
    (what,) = _found(SERVICE, "x = 1\n" * (LONGEST_MODULE + 1))
    assert "401 lines" in what


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    f()\nexcept:\n    pass",
        "try:\n    f()\nexcept Exception:\n    pass",
        "try:\n    f()\nexcept (ValueError, BaseException) as e:\n    log(e)",
        "try:\n    f()\nexcept builtins.Exception:\n    raise Other from None",
        "with contextlib.suppress(Exception):\n    f()",
    ],
)
def test_broad_excepts_are_found(source):
    (what,) = _found(SERVICE, source)
    assert what.startswith("broad")


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    f()\nexcept ValueError:\n    pass",
        "try:\n    f()\nexcept BaseException:\n    undo()\n    raise",
        "with contextlib.suppress(TimeoutError):\n    f()",
    ],
)
def test_named_excepts_and_those_that_raise_again_are_not(source):
    assert _found(SERVICE, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "if authority == 'halton':\n    f()",
        "if 'york' != pack.authority:\n    f()",
        "found = authority in ('cheshire-west', 'york')",
        "match authority:\n    case 'york':\n        f()",
    ],
)
def test_code_that_compares_with_an_authority_is_found_except_in_tests(source):
    assert any("compares with the authority" in what for what in _found(SERVICE, source))
    assert _found(TESTS, source) == []


def test_a_comparison_between_two_authorities_that_came_from_data_is_fine():
    assert _found(SERVICE, "if message.authority == pack.authority:\n    f()") == []


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()"])
def test_a_domain_that_reads_the_clock_is_found_and_a_handler_may(call):
    (what,) = _found(DOMAIN, f"x = {call}")
    assert "reads the clock" in what
    assert _found(SERVICE, f"x = {call}") == []


@pytest.mark.parametrize(
    "line",
    [
        "import asyncpg",
        "import asyncio",
        "from icart_common import messaging",
        "from icart_common.db.pool import Database",
        "from icart_intake.store import load",
        "from icart_intake import store",
        "from icart_screening.domain import decide",
        "from ..store import load",
        "from icart_common.policymaking import x",
    ],
)
def test_a_domain_that_imports_more_than_values_is_found(line):
    assert len(_found(DOMAIN, line)) == 1
    assert _found(SERVICE, line) == []


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import datetime",
        "from pydantic import BaseModel",
        "from icart_common import policy",
        "from icart_common.contracts.envelope import Envelope",
        "from icart_intake.domain.models import Contact",
        "from .models import Contact",
    ],
)
def test_a_domain_may_import_values(line):
    assert _found(DOMAIN, line) == []


def test_a_mark_of_a_row_or_an_authority_that_is_not_in_the_register_is_found():
    assert _found(TESTS, '@pytest.mark.req("IN-4", authority="halton")\ndef test(): ...') == []
    assert "IN-999" in _found(TESTS, '@pytest.mark.req("IN-999")\ndef test(): ...')[0]
    assert "haltonia" in _found(TESTS, '@pytest.mark.req("IN-4", authority="haltonia")\ndef test(): ...')[0]
    assert "names no row" in _found(TESTS, "@pytest.mark.req()\ndef test(): ...")[0]


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME"])
def test_unfinished_work_is_found_in_what_is_written_by_hand(word):
    assert [line for line, _ in text_findings(PurePosixPath("a.sql"), f"select 1;\n-- {word}: later")] == [2]
    assert list(text_findings(PurePosixPath("page.js"), f"// {word}")) == []


@pytest.mark.parametrize("host", ["files.pythonhosted" + ".org", "registry.npmjs" + ".org", "repo1.maven" + ".org"])
def test_a_registrys_host_is_found_in_any_text_file(host):
    (finding,) = text_findings(PurePosixPath("any.lock"), f"url = https://{host}/x")
    assert "names the registry" in finding[1]


def test_files_are_those_that_git_tracks_or_would_track(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("build/\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "made.py").write_text("x = 1\n")
    (tmp_path / "new one.py").write_text("def broken(:\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    assert files(tmp_path) == [PurePosixPath(name) for name in (".gitignore", "new one.py", "picture.png")]
    assert [line for line, _ in file_findings(tmp_path, PurePosixPath("new one.py"))] == [1]
    assert list(file_findings(tmp_path, PurePosixPath("picture.png"))) == []


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("log.warning('sign-in-refused', reason=str(error))", "logs reason, "),
        ("self.log.info('went', count=1, given_name='x')", "logs given_name, "),
        ("log.error('went', **fields)", "logs a mapping, "),
        ("log.info(f'{child} went')", "put together"),
    ],
)
def test_words_that_no_log_line_would_have_are_found(source, lost):
    (what,) = _found(SERVICE, source)
    assert lost in what


@pytest.mark.parametrize("source", ["log.warning('went', count=1, exc_info=True)", "log.parent.mkdir(parents=True)"])
def test_fields_of_the_log_and_paths_are_not(source):
    assert _found(SERVICE, source) == []
