"""Handing messages to the commune's mail server, and telling a delay from a refusal."""

import asyncio
import ssl
import unicodedata
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

import aiosmtplib

from gateway.settings import Smtp, SmtpTls
from resolvers.ports import Clock, DeliveryDelayed, DeliveryRefused, Mail


class SmtpMailer:
    """Implements :class:`resolvers.ports.Mailer`: one connection per message, abandoned after *timeout* seconds.

    Whatever is not about this recipient or this message (no server, sign-in or sender refused) is a delay: the
    operator has something to repair, and the message must leave afterwards. *tls_context* defaults to the system's
    authorities.
    """

    def __init__(
        self, smtp: Smtp, clock: Clock, timeout: float = 30, tls_context: ssl.SSLContext | None = None
    ) -> None:
        self._smtp = smtp
        self._clock = clock
        self._timeout = timeout
        self._tls_context = tls_context

    async def send(self, mail: Mail) -> None:
        """Return once the server accepted the message.

        Raises :class:`DeliveryDelayed` or :class:`DeliveryRefused`; their words hold neither address nor text.
        After a delay the server may have taken the message all the same: the Message-ID tells the copies.
        """
        message = compose(mail, self._clock.now())
        sender, recipient = _address(mail.sender), _address(mail.recipient)
        server = self._client(sender.domain)
        try:
            async with asyncio.timeout(self._timeout):
                await server.connect()
                await server.send_message(message, sender=sender.addr_spec, recipients=recipient.addr_spec)
            await _take_leave(server)
        # OSError covers time-outs, refused and broken connections.
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _verdict(error) from error
        finally:
            server.close()

    def _client(self, ehlo_name: str) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._smtp.host,
            port=self._smtp.port,
            username=self._smtp.username,
            password=self._smtp.password,
            use_tls=self._smtp.tls is SmtpTls.TLS,
            start_tls=self._smtp.tls is SmtpTls.STARTTLS,
            tls_context=self._tls_context,
            local_hostname=ehlo_name,
            timeout=self._timeout,
        )


def compose(mail: Mail, date: datetime) -> EmailMessage:
    """The message as it travels: UTF-8, dated, marked automatic (RFC 3834), its Message-ID made from the mail's key.

    Nothing in the mail can add a header. Raises :class:`DeliveryRefused` when an address or a text cannot be written.
    """
    try:
        sender = _address(mail.sender)
        message = EmailMessage(policy=SMTP)
        message["From"] = sender
        message["To"] = _address(mail.recipient)
        if mail.reply_to is not None:
            message["Reply-To"] = _address(mail.reply_to)
        message["Subject"] = _one_line(mail.subject)
        message["Date"] = format_datetime(date)
        # Quoting keeps different keys different, and leaves only what RFC 5322 accepts in an identifier.
        message["Message-ID"] = f"<{quote(mail.key, safe='').replace('.', '%2E')}@{sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body, charset="utf-8", cte="quoted-printable")
    # The standard library raises IndexError on some malformed addresses.
    except (ValueError, IndexError, MessageError) as error:
        raise DeliveryRefused(f"The message cannot be written: {type(error).__name__}.") from error
    return message


def _address(text: str) -> Address:
    """« Nom <boîte@domaine> » or a bare mailbox; ``ValueError`` unless it is exactly one address on one line.

    The mailbox is ASCII, as every French provider has it; the domain may be international.
    """
    if _one_line(text) != text:
        raise ValueError("an address stands on one line")
    name, mailbox = parseaddr(text)
    if not text.endswith((mailbox, f"<{mailbox}>")):
        raise ValueError("more than one address")
    local, _, domain = mailbox.rpartition("@")
    if not local or not domain:
        raise ValueError("an address is local@domain")
    return Address(display_name=name, addr_spec=f"{local}@{domain.encode('idna').decode('ascii')}")


def _one_line(text: str) -> str:
    printable = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    return " ".join(printable.split())


async def _take_leave(server: aiosmtplib.SMTP) -> None:
    # The message is accepted: whatever happens to the farewell must not send it twice.
    with suppress(aiosmtplib.SMTPException, OSError):
        await server.quit(timeout=5)


def _verdict(error: aiosmtplib.SMTPException | OSError | ValueError) -> DeliveryDelayed | DeliveryRefused:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None
    words = type(error).__name__ if code is None else f"{type(error).__name__} {code}"
    if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError) and error.code >= 500:
        return DeliveryRefused(f"The mail server refused the message for good ({words}).")
    return DeliveryDelayed(f"The mail server did not take the message ({words}).")
