"""The rules of the house that are about Python code. Each takes a parsed module and yields (line, what is wrong)."""

import ast
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from icart_common.observability.logs import ALLOWED
from tools.register import AUTHORITIES, fault_of_mark

Finding = tuple[int, str]

LONGEST_MODULE = 400
_BROAD = {"Exception", "BaseException"}
_READS_THE_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "monotonic"),
}
_LOGS = {"debug", "info", "warning", "error", "critical", "exception", "bind"}
_DOMAIN_MAY_IMPORT = ("pydantic", "icart_common.contracts", "icart_common.policy", "icart_common.worktime", "rapidfuzz")
_DOMAIN_MAY_NOT = {"asyncio", "socket", "sqlite3", "subprocess", "threading", "urllib", "http", "logging", "os"}


def findings(path: PurePosixPath, source: str) -> Iterator[Finding]:
    """Everything that is wrong with one module; `path` is relative to the root of the repository."""
    length = len(source.splitlines())
    if length > LONGEST_MODULE:
        yield 1, f"{length} lines: a module reads in one sitting, split it by subject (at most {LONGEST_MODULE})"
    tree = ast.parse(source, filename=str(path))
    yield from broad_excepts(tree)
    yield from marks_of_no_row(tree)
    if "tests" not in path.parts and "tools" not in path.parts:
        yield from authority_by_name(tree)
        yield from words_lost_to_the_log(tree)
    if "domain" in path.parts:
        yield from clock_reads(tree)
        yield from domain_imports(tree, path)


def broad_excepts(tree: ast.AST) -> Iterator[Finding]:
    """`except:`, `except Exception:` and `suppress(Exception)`, unless the handler ends by raising again."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _raises_again(node):
            yield node.lineno, "broad except: name the exceptions that are expected here"
        if isinstance(node, ast.Call) and _last_name(node.func) == "suppress" and any(map(_is_broad, node.args)):
            yield node.lineno, "broad suppress: name the exceptions that are expected here"


def authority_by_name(tree: ast.AST) -> Iterator[Finding]:
    """A comparison with the id of an authority: what differs between them belongs in their packs."""
    for node in ast.walk(tree):
        compared: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            compared = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            compared = [node.value]
        for value in compared:
            for named in sorted(set(_texts(value)) & set(AUTHORITIES.values())):
                yield value.lineno, f"compares with the authority {named!r}: put the difference in the policy pack"


def words_lost_to_the_log(tree: ast.AST) -> Iterator[Finding]:
    """A call of `log` with a field that no log line has, or with an event that is put together."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if _last_name(node.func.value) not in ("log", "logger") or node.func.attr not in _LOGS:
            continue
        for word in node.keywords:
            if word.arg not in ALLOWED | {"exc_info"}:
                yield (
                    word.value.lineno,
                    f"logs {word.arg or 'a mapping'}, which is dropped: use a field of `logs.ALLOWED`",
                )
        for event in node.args:
            if not (isinstance(event, ast.Constant) and isinstance(event.value, str)):
                yield event.lineno, "logs an event that is put together: write its name, and the rest in fields"


def clock_reads(tree: ast.AST) -> Iterator[Finding]:
    """A domain that asks for the time: the instant is an argument, so that topics can be read again."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if (_last_name(node.func.value), node.func.attr) in _READS_THE_CLOCK:
            yield node.lineno, f"reads the clock ({ast.unparse(node.func)}): take the instant as an argument"


def domain_imports(tree: ast.AST, path: PurePosixPath) -> Iterator[Finding]:
    """An import in a domain package of anything but the standard library, pydantic and the shared words."""
    own = next((part for part in path.parts if part.startswith("icart_")), "")
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif node.level == 0:
            module = node.module or ""
            # "from icart_common import policy" names the package in its second half.
            whole = module in {"icart_common", own}
            names = [f"{module}.{alias.name}" for alias in node.names] if whole else [module]
        elif node.level > 1:
            yield node.lineno, "climbs out of its folder with a relative import: write the full name"
        for name in names:
            if not _domain_may_import(name, f"{own}.domain"):
                yield node.lineno, f"a domain imports {name}: only values go in, no I/O and no framework"


def marks_of_no_row(tree: ast.AST) -> Iterator[Finding]:
    """`pytest.mark.req(...)` with a row or an authority that the register does not have."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "req":
            continue
        if _last_name(node.func.value) != "mark":
            continue
        # Values that are worked out (a parametrised id) are checked by tools/marks.py when tests are collected.
        rows = tuple(arg.value if isinstance(arg, ast.Constant) else "IN-1" for arg in node.args)
        given = next((word.value for word in node.keywords if word.arg == "authority"), None)
        authority = given.value if isinstance(given, ast.Constant) else None
        if fault := fault_of_mark(rows, authority):
            yield node.lineno, fault


def _domain_may_import(name: str, own_domain: str) -> bool:
    top = name.split(".", maxsplit=1)[0]
    if top in sys.stdlib_module_names:
        return top not in _DOMAIN_MAY_NOT
    return any(name == allowed or name.startswith(f"{allowed}.") for allowed in (*_DOMAIN_MAY_IMPORT, own_domain))


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    if isinstance(caught, ast.Tuple):
        return any(map(_is_broad, caught.elts))
    return _last_name(caught) in _BROAD


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for element in node.elts:
            yield from _texts(element)
