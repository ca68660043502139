"""The rules of the house that ruff and mypy do not know (make check).

Looks at every file that git tracks or would track, prints one line for each finding, and leaves with 1 when
there is one.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tools.code_rules import Finding, findings
from tools.register import ROOT

# Put together from halves, so that this file does not find itself.
_UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
_HOSTS = re.compile(
    "|".join(
        re.escape(name + "." + domain)
        for name, domain in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("repo1.maven", "org"),
            ("repo.maven.apache", "org"),
            ("search.maven", "org"),
            ("docker", "io"),
            ("hub.docker", "com"),
            ("ghcr", "io"),
            ("quay", "io"),
            ("gcr", "io"),
            ("mcr.microsoft", "com"),
            ("proxy.golang", "org"),
            ("crates", "io"),
        )
    )
)
_WRITTEN_BY_HAND = {".py", ".sql", ".sh", ".yaml", ".yml", ".toml", ".md", ".ini", ".cfg", ".csv", ""}


def files(root: Path) -> list[PurePosixPath]:
    """What git tracks, and what is new and not ignored, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted({PurePosixPath(name) for name in listed.split("\0") if name and (root / name).is_file()})


def text_findings(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """What may stand in no text file: unfinished work, and the host of a package registry."""
    for number, line in enumerate(text.splitlines(), start=1):
        if path.suffix in _WRITTEN_BY_HAND and (mark := _UNFINISHED.search(line)):
            yield number, f"{mark[0]}: finish it, or open an issue for it"
        if host := _HOSTS.search(line):
            yield number, f"names the registry {host[0]}: where packages come from is the machine's setting"


def file_findings(root: Path, path: PurePosixPath) -> Iterator[Finding]:
    """Everything that is wrong with one file. Bytes that are not UTF-8 text are nobody's prose: skipped."""
    try:
        text = (root / path).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return
    yield from text_findings(path, text)
    if path.suffix == ".py":
        try:
            yield from findings(path, text)
        except SyntaxError as broken:
            yield broken.lineno or 1, f"is not Python: {broken.msg}"


def main() -> int:
    """Print what is wrong; 0 when nothing is."""
    count = 0
    looked_at = files(ROOT)
    for path in looked_at:
        for line, what in sorted(file_findings(ROOT, path)):
            print(f"{path}:{line}: {what}")
            count += 1
    print(f"Rules of the house: {len(looked_at)} files, {count or 'no'} finding{'' if count == 1 else 's'}.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
