"""One e-mail through the mail server, and what became of it: delivered, to be tried again, or refused for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Literal

import aiosmtplib

from icart_notifications.domain.leaving import Delivery
from icart_notifications.settings import Settings


class MailServerAway(Exception):
    """The mail server cannot be reached, or lets us not in: no e-mail is to blame for that."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one e-mail. `reason` is a class of reason and a code, never the server's words."""

    outcome: Literal["made", "again", "failed"]
    reason: str | None = None


class MailServer:
    """A connection that is opened when it is first needed, and opened anew when the server dropped it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, message: EmailMessage, address: str) -> Result:
        """Hand one e-mail over. Raises `MailServerAway`."""
        client = await self._connected()
        try:
            await client.send_message(message, sender=self._settings.smtp_sender, recipients=[address])
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as error:
            client.close()
            return Result("again", _class_of(error))
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _by_code("recipient-refused", error.recipients[0].code)
        except aiosmtplib.SMTPSenderRefused as error:  # our own address: the next try may find it mended
            return Result("again", f"sender-refused {error.code}")
        except aiosmtplib.SMTPResponseException as error:
            return _by_code("message-refused", error.code)
        except aiosmtplib.SMTPNotSupported:
            return Result("failed", "address-not-supported")
        except ValueError:
            return Result("failed", "address-malformed")
        return Result("made")

    async def close(self) -> None:
        """Say goodbye, if there is still somebody to say it to."""
        if self._client is not None and self._client.is_connected:
            try:
                await self._client.quit()
            except (aiosmtplib.SMTPException, OSError):
                self._client.close()
        self._client = None

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
            start_tls=settings.smtp_starttls,
            cert_bundle=str(settings.smtp_ca_file) if settings.smtp_ca_file else None,
            timeout=settings.smtp_timeout_seconds,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise MailServerAway(_class_of(error)) from None
        self._client = client
        return client


def email_of(delivery: Delivery, *, sender: str, reply_to: str | None, at: datetime) -> EmailMessage:
    """The e-mail of a delivery. Raises `ValueError` for an address that cannot stand in a header.

    Its Message-ID follows from the delivery and from how often it was sent on demand, so that a receiver can drop what we
    tried twice, and not what somebody asked for twice.
    """
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = sender
    message["To"] = delivery.address or ""
    if reply_to is not None:
        message["Reply-To"] = reply_to
    message["Subject"] = delivery.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{delivery.id}.{delivery.sendings}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(delivery.text)
    return message


def _by_code(what: str, code: int) -> Result:
    return Result("failed" if code >= 500 else "again", f"{what} {code}")


def _class_of(error: BaseException) -> str:
    return f"mail-server {type(error).__name__}"
