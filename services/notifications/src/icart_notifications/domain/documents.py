"""To the sender of a document that was refused or never came: which one, why, and what to do (IN-14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from icart_common.contracts.attachments import RefusedFor
from icart_common.contracts.documents import DocumentMissing, DocumentRefused
from icart_common.policy import PolicyPack
from icart_common.policy.views import DocumentNotTakenView
from icart_common.policy.wording import listed
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.ways import to_referrer

_NAMES: Final = {
    "pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "tiff": "TIFF", "heic": "HEIC", "webp": "WebP",
    "text": "plain text", "docx": "Word (.docx)", "xlsx": "Excel (.xlsx)", "pptx": "PowerPoint (.pptx)",
    "odt": "OpenDocument (.odt)", "ods": "OpenDocument (.ods)", "odp": "OpenDocument (.odp)", "eml": "e-mail (.eml)",
}  # fmt: skip
_AGAIN: Final = "send it again, under a new id"
_WHY: Final[dict[RefusedFor, tuple[str, str]]] = {
    "empty": ("it is empty.", f"Look at the file on your side, and {_AGAIN}."),
    "size-differs": ("it is not as long as you said: it may have broken off on its way.", f"Please {_AGAIN}."),
    "digest-differs": ("it is not what you said it is: it may have changed on its way.", f"Please {_AGAIN}."),
    "type-differs": (
        "its content is of another kind than you said.",
        f"Look whether it is the right file, say what it is, and {_AGAIN}.",
    ),
    "old-office": (
        "it is an office file of an old kind, or an Outlook message, in which programs can hide.",
        f"Save it as PDF or in the present format, and {_AGAIN}.",
    ),
    "executable": (
        "it is a program, or there is one in it.",
        "Send the document itself, as PDF for example. If you did not know of it, tell whoever looks after your computers.",
    ),
    "archive": ("it is an archive of files.", "Send the documents in it one by one."),
    "archive-within": ("there is an archive within it.", "Send the documents in it one by one."),
    "expands-too-far": ("it is far larger inside than it seems.", f"Save it as PDF, and {_AGAIN}."),
    "encrypted": ("it is locked with a password.", f"Save it without the password, and {_AGAIN}."),
    "macros": ("there are macros in it.", f"Save it without macros, or as PDF, and {_AGAIN}."),
    "damaged": ("it is damaged and cannot be opened.", f"Look at the file on your side, and {_AGAIN}."),
    "malware": (
        "our scanner found harmful software in it. Nobody here has opened it.",
        "Do not send it again. Tell whoever looks after your computers, and send a clean copy under a new id.",
    ),
}


def refused(event: DocumentRefused, pack: PolicyPack) -> Iterable[ToSend]:
    """Why it was refused, and how to mend it."""
    why, what_to_do = _words(event.reason, pack)
    yield _to_sender(event, pack, why, what_to_do)


def missing(event: DocumentMissing, pack: PolicyPack) -> Iterable[ToSend]:
    """It never came."""
    hours = pack.documents.wait_hours.value
    why = f"it did not arrive within {hours} hours of your submission."
    yield _to_sender(event, pack, why, f"If it still matters, please {_AGAIN}.")


def _words(reason: RefusedFor, pack: PolicyPack) -> tuple[str, str]:
    rules = pack.documents
    if reason == "too-many":
        return (
            f"a submission has at most {rules.most.value} documents.",
            "Put several into one, or send those that matter most in place of others.",
        )
    if reason == "too-large":
        return f"it is larger than {rules.largest_mib.value} MiB.", f"Make it smaller or split it, and {_AGAIN}."
    if reason == "type-not-taken":
        kinds = listed([_NAMES[kind] for kind in rules.kinds.value])
        return "it is of a kind that is not taken here.", f"Save it as one of these, and {_AGAIN}: {kinds}."
    return _WHY[reason]


def _to_sender(event: DocumentRefused | DocumentMissing, pack: PolicyPack, why: str, what_to_do: str) -> ToSend:
    view = DocumentNotTakenView(
        **letterhead(pack), reference=event.reference, document=event.name, why=why, what_to_do=what_to_do
    )
    ways = to_referrer(pack, event.reply_to)
    return ToSend("document-not-taken", view, ways, event.submission, event.reference, in_reply_to=event.submission)
