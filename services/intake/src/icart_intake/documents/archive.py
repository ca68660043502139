"""What is inside of a zip file: an office document, or something that is refused. Everything is unpacked, within bounds."""

from __future__ import annotations

import struct
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO, Final

from icart_common.contracts.attachments import DocumentKind
from icart_intake.documents.marks import NotTaken, is_archive, is_executable

MOST_ENTRIES: Final = 5000
MOST_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes of all that is in a document, and in what is in that. A long office file with many pictures unpacks to a tenth of it."""
_CHUNK: Final = 64 * 1024
_IN_MEMORY: Final = 1024 * 1024
_OFFICE: Final[dict[str, DocumentKind]] = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_OPEN: Final[dict[bytes, DocumentKind]] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_COMPRESSED_PICTURE: Final = b"\x1f\x8b"
"""Office files hold drawings that are compressed one by one (`.emz`)."""
_COMPRESSIONS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those of office files."""
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OverflowError,
)


@dataclass(slots=True)
class _Budget:
    """How much may still be unpacked."""

    entries: int = MOST_ENTRIES
    unpacked: int = MOST_UNPACKED

    def spend(self, *, entries: int = 0, unpacked: int = 0) -> None:
        self.entries -= entries
        self.unpacked -= unpacked
        if self.entries < 0 or self.unpacked < 0:
            raise NotTaken("expands-too-far")


def office_kind(file: BinaryIO) -> DocumentKind:
    """The kind of an office file. Raises NotTaken for every other zip file, and for one that hides something."""
    kind = _walk(file, _Budget(), inside=False)
    if kind is None:
        raise NotTaken("archive")
    return kind


def _walk(file: BinaryIO, budget: _Budget, *, inside: bool) -> DocumentKind | None:
    """Look at everything in a zip file. None when it is no office file."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            budget.spend(entries=len(entries))
            if any(entry.flag_bits & 1 for entry in entries):
                raise NotTaken("encrypted")
            if any(entry.compress_type not in _COMPRESSIONS for entry in entries):
                raise NotTaken("damaged")
            kind = _kind(archive, {entry.filename for entry in entries})
            for entry in entries:
                _entry(archive, entry, budget, office=kind is not None, inside=inside)
            return kind
    except _DAMAGED:
        raise NotTaken("damaged") from None


def _kind(archive: zipfile.ZipFile, names: set[str]) -> DocumentKind | None:
    if "[Content_Types].xml" in names:
        if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names):
            raise NotTaken("macros")
        return next((kind for start, kind in _OFFICE.items() if any(name.startswith(start) for name in names)), None)
    if "mimetype" not in names:
        return None
    with archive.open("mimetype") as entry:
        kind = _OPEN.get(entry.read(100).strip())
    if kind and any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise NotTaken("macros")
    return kind


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget, *, office: bool, inside: bool) -> None:
    """Unpack one entry piece by piece, and what is in it if it is a zip file too."""
    with archive.open(entry) as unpacking:
        head = chunk = unpacking.read(_CHUNK)
        if is_executable(head):
            raise NotTaken("executable")
        if entry.filename == "META-INF/manifest.xml" and b"encryption-data" in head:
            raise NotTaken("encrypted")
        nested = is_archive(head) and not (office and head.startswith(_COMPRESSED_PICTURE))
        if nested and (inside or not office or not head.startswith(b"PK\x03\x04")):
            raise NotTaken("archive-within")
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
            while chunk:
                budget.spend(unpacked=len(chunk))
                if nested:
                    spool.write(chunk)
                chunk = unpacking.read(_CHUNK)
            if nested and _walk(spool, budget, inside=True) is None:  # type: ignore[arg-type]
                raise NotTaken("archive-within")
