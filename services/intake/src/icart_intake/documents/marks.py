"""The first bytes of what is never taken: programs and archives."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.attachments import RefusedFor

_PROGRAMS: Final = (
    b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
    b"dex\n", b"\x00asm", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00",
)  # fmt: skip
"""Linux, macOS (five), Android, WebAssembly, scripts, and Windows' shortcuts."""
_ARCHIVES: Final = (
    b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd", b"MSCF", b"\x1f\x9d",
)  # fmt: skip
_ISO, _ISO_AT, _TAR, _TAR_AT = b"CD001", 32769, b"ustar", 257


class NotTaken(Exception):
    """A document is refused by its content."""

    def __init__(self, reason: RefusedFor) -> None:
        super().__init__(reason)
        self.reason: RefusedFor = reason


def is_executable(head: bytes) -> bool:
    """Whether a file that begins with `head` (64 bytes or more, when it has them) is a program."""
    windows = head.startswith(b"MZ") and b"\0" in head[:64]  # a text may begin with these letters
    return windows or head.startswith(_PROGRAMS)


def is_archive(head: bytes) -> bool:
    """Whether a file that begins with `head` is an archive, or compressed."""
    return head.startswith(_ARCHIVES) or head[_TAR_AT:].startswith(_TAR) or head[_ISO_AT:].startswith(_ISO)
