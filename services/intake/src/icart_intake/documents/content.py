"""What a document is, by its content: of a kind that is taken, or refused with the reason.

An allow-list: what is not known to be one of the kinds is refused. A file's name says nothing here. The magic numbers are
puremagic's; text, e-mail and what is inside of zip files have none that would do.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final

import puremagic

from icart_common.contracts.attachments import DocumentKind, RefusedFor
from icart_intake.documents.archive import office_kind
from icart_intake.documents.marks import NotTaken, is_archive, is_executable

_HEAD: Final = 8192
_CHUNK: Final = 64 * 1024
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP: Final = b"PK\x03\x04"
_KINDS: Final[dict[str, DocumentKind]] = {
    "application/pdf": "pdf", "image/jpeg": "jpeg", "image/png": "png", "image/gif": "gif", "image/tiff": "tiff",
    "image/heif": "heic", "image/heic": "heic", "image/webp": "webp",
}  # fmt: skip
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_DECLARED: Final[dict[str, frozenset[DocumentKind]]] = {
    "application/pdf": frozenset({"pdf"}), "image/jpeg": frozenset({"jpeg"}), "image/jpg": frozenset({"jpeg"}),
    "image/png": frozenset({"png"}), "image/gif": frozenset({"gif"}), "image/tiff": frozenset({"tiff"}),
    "image/heic": frozenset({"heic"}), "image/heif": frozenset({"heic"}), "image/webp": frozenset({"webp"}),
    "text/plain": frozenset({"text", "eml"}), "text/csv": frozenset({"text"}), "message/rfc822": frozenset({"eml"}),
    f"{_OFFICE}.wordprocessingml.document": frozenset({"docx"}),
    f"{_OFFICE}.spreadsheetml.sheet": frozenset({"xlsx"}),
    f"{_OFFICE}.presentationml.presentation": frozenset({"pptx"}),
    f"{_OPEN}.text": frozenset({"odt"}), f"{_OPEN}.spreadsheet": frozenset({"ods"}),
    f"{_OPEN}.presentation": frozenset({"odp"}),
}  # fmt: skip
_SAYS_NOTHING: Final = "application/octet-stream"
_ENCRYPTED_PDF: Final = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_CONTROL: Final = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_PAGE_OR_SCRIPT: Final = re.compile(rb"\s*<(?:!doctype\s+html|html|script|svg|\?php|\?xml[^>]*>\s*<(?:svg|html))", re.I)
_MAIL_HEADER: Final = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_FROM: Final = re.compile(rb"^From:", re.I | re.M)
_OTHER_HEADER: Final = re.compile(rb"^(?:Date|Subject|Message-ID|MIME-Version):", re.I | re.M)


def agrees(declared: str, kind: DocumentKind) -> bool:
    """Whether a document is what its sender says it is. A sender who says nothing does not lie."""
    return declared == _SAYS_NOTHING or kind in _DECLARED.get(declared, frozenset())


def kind_of(file: BinaryIO) -> DocumentKind:
    """The kind of a document. Raises NotTaken for what is taken of nobody, whatever the pack says."""
    head = file.read(_HEAD)
    if not head:
        raise NotTaken("empty")
    if is_executable(head):
        raise NotTaken("executable")
    file.seek(0)
    if head.startswith(_OLE):
        raise NotTaken(_old_office(file))
    if head.startswith(_ZIP):
        return office_kind(file)
    if is_archive(head):
        raise NotTaken("archive")
    kind = _by_magic(head)
    if kind == "pdf" and _found(_ENCRYPTED_PDF, file):
        raise NotTaken("encrypted")
    return kind or _text(head, file)


def _by_magic(head: bytes) -> DocumentKind | None:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    best = max((match.confidence for match in matches), default=0)
    kinds = (_KINDS.get(match.mime_type) for match in matches if match.confidence == best)
    return next((kind for kind in kinds if kind), None)


def _old_office(file: BinaryIO) -> RefusedFor:
    """An office file of before 2007, an Outlook message, or a new office file with a password."""
    return "encrypted" if _found(re.compile(re.escape("EncryptedPackage".encode("utf-16-le"))), file) else "old-office"


def _text(head: bytes, file: BinaryIO) -> DocumentKind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            head.decode("utf-16", errors="strict" if len(head) < _HEAD else "ignore")
        except UnicodeDecodeError:
            raise NotTaken("type-not-taken") from None
        return "text"
    if _PAGE_OR_SCRIPT.match(head.removeprefix(b"\xef\xbb\xbf")) or _found(_CONTROL, file):
        raise NotTaken("type-not-taken")
    headers = _MAIL_HEADER.match(head)
    if headers and _FROM.search(headers[0]) and _OTHER_HEADER.search(headers[0]):
        return "eml"
    return "text"


def _found(pattern: re.Pattern[bytes], file: BinaryIO) -> bool:
    """Whether a pattern (shorter than a hundred bytes) is anywhere in the file, read piece by piece."""
    file.seek(0)
    before = b""
    while chunk := file.read(_CHUNK):
        if pattern.search(before + chunk):
            return True
        before = chunk[-100:]
    return False


def look(file: BinaryIO, declared: str, kinds: frozenset[DocumentKind]) -> DocumentKind:
    """The kind of a document of which its sender says `declared`, when it is one of `kinds`. Raises NotTaken."""
    kind = kind_of(file)
    if kind not in kinds:
        raise NotTaken("type-not-taken")
    if not agrees(declared, kind):
        raise NotTaken("type-differs")
    return kind
