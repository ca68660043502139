"""Documents that somebody adds to the form: put into the arrivals in the name of the public's door (IN-14)."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from starlette.datastructures import UploadFile

from icart_common.contracts.ids import new_id
from icart_common.policy import PolicyPack
from icart_gateway.api.calling import Api
from icart_gateway.api.uploads import Measured, keep, store_of
from icart_gateway.refer.referral import public_door

_PIECE: Final = 256 * 1024
_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")


class NotADocument(ValueError):
    """The file cannot be taken. Says what to do."""


async def add_document(api: Api, pack: PolicyPack, file: UploadFile, *, before: int) -> dict[str, Any]:
    """Put a file into the arrivals, after so many others; returns how the referral names it. Raises `NotADocument`, `Refused`."""
    if before >= pack.documents.most.value:
        raise NotADocument(f"You can add {pack.documents.most.value} documents: remove one first")
    most = pack.documents.largest
    with TemporaryDirectory(prefix="icart-upload-") as folder:
        beside = Path(folder) / "document"
        digest, size = hashlib.sha256(), 0
        with beside.open("wb") as writing:
            while piece := await file.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise NotADocument(f"Choose a file that is smaller than {pack.documents.largest_mib.value} MB")
                digest.update(piece)
                writing.write(piece)
        if not size:
            raise NotADocument("Choose a file that is not empty")
        measured, identifier = Measured(size, digest.hexdigest()), new_id()
        sent = (file.content_type or "").partition(";")[0].strip().lower()
        media_type = sent if _TYPE.fullmatch(sent) else "application/octet-stream"
        await keep(api, store_of(api), public_door(pack), identifier, media_type, measured, beside)
    name = (file.filename or "document").replace("\0", "").strip()[:300] or "document"
    return {"id": str(identifier), "name": name, "type": media_type, "size": size, "sha256": measured.sha256}
