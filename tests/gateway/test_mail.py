"""Mail leaves once, in order, and nothing in it can forge anything; delays and refusals are told apart."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.clock import SteppedClock
from gateway.mail import SmtpMailer, compose
from gateway.settings import Smtp, SmtpTls
from gateway.simulators.mailbox import Failure, Mailbox, Received
from resolvers.ports import DeliveryDelayed, DeliveryRefused, Mail, Mailer

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
CLOCK = SteppedClock(NOW)
MAIL = Mail(
    key="invoice-issued:42",
    sender="ne-pas-repondre@chavagne.example",
    recipient="elodie@example.org",
    subject="Votre facture n° 2026-F-000001 — 12,50 €",
    body="Bonjour Élodie,\n\n.une ligne qui commence par un point\nhttps://portail.example/" + "x" * 200 + "\n",
    reply_to="enfance@chavagne.example",
)


def mailer(port: int, timeout: float = 5) -> SmtpMailer:
    return SmtpMailer(Smtp("127.0.0.1", port, SmtpTls.NONE), CLOCK, timeout)


@asynccontextmanager
async def server(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[int]:
    """A bare TCP server that says what a test wants; yields its port."""

    conversations: list[asyncio.Future[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.get_running_loop().create_future()
        conversations.append(ended)
        try:
            await talk(reader, writer)
            writer.close()
            await writer.wait_closed()
        except ConnectionError:
            writer.close()  # the client left first
        finally:
            ended.set_result(None)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]
    await asyncio.gather(*conversations)


async def test_a_message_arrives_whole() -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving():
        port: Mailer = mailer(mailbox.port)
        await port.send(MAIL)

    assert mailbox.messages() == (
        Received(
            id=1,
            sent_by="ne-pas-repondre@chavagne.example",
            to="elodie@example.org",
            reply_to="enfance@chavagne.example",
            subject=MAIL.subject,
            text=MAIL.body,
            message_id="<invoice-issued%3A42@chavagne.example>",
            received_at=NOW,
        ),
    )


def test_headers_say_that_a_program_wrote_and_when() -> None:
    message = message_from_bytes(compose(MAIL, NOW).as_bytes(), policy=default)

    assert {
        name: str(value) for name, value in message.items() if name not in ("From", "To", "Reply-To", "Subject")
    } == {
        "Date": "Sun, 01 Nov 2026 08:30:00 +0000",
        "Message-ID": "<invoice-issued%3A42@chavagne.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }


def test_the_same_key_makes_the_same_message_id_and_another_key_another() -> None:
    keys = ["a:b", "a.b", "a b", "a%3Ab", "é", "a\r\nBcc: x@y.fr", "<a@b>"]
    ids = [compose(replace(MAIL, key=key), NOW)["Message-ID"] for key in keys]

    assert len(set(ids)) == len(keys)
    assert ids[0] == compose(replace(MAIL, key="a:b"), NOW)["Message-ID"]
    assert [message_id.count("@") for message_id in ids] == [1] * len(keys)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x00", "\x85", "\u2028", "\r\n\r\n"])
async def test_a_subject_cannot_add_a_header_nor_a_body(end: str) -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving():
        await mailer(mailbox.port).send(replace(MAIL, subject=f"Dossier de Léa{end}Bcc: pirate@example.org{end}X"))

    assert [(mail.to, mail.subject, mail.text) for mail in mailbox.messages()] == [
        ("elodie@example.org", "Dossier de Léa Bcc: pirate@example.org X", MAIL.body)
    ]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "elodie",
        "élodie@example.org",
        "@example.org",
        "elodie@",
        "a@b@c",
        "elodie@example..org",
        "elodie@exa mple.org",
        "elodie@example.org\r\nBcc: pirate@example.org",
        "elodie@example.org\nRCPT TO:<pirate@example.org>",
        "elodie@example.org, pirate@example.org",
        "pirate@example.org,elodie@example.org",
        "elodie@example.org;pirate@example.org",
        "<elodie@example.org> pirate@example.org",
        "elodie\x00@example.org",
        "elo\ud800die@example.org",
        "elodie@\ud800.org",
        "é" * 500 + "@" + "x" * 500 + ".org",
        '"elodie',
        "(",
        "a b@example.org",
    ],
)
@pytest.mark.parametrize("part", ["recipient", "reply_to", "sender"])
async def test_a_malformed_address_is_refused_and_nothing_leaves(part: str, address: str) -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving():
        with pytest.raises(DeliveryRefused):
            await mailer(mailbox.port).send(replace(MAIL, **{part: address}))

    assert mailbox.messages() == ()


async def test_a_text_that_no_charset_can_write_is_refused() -> None:
    with pytest.raises(DeliveryRefused):
        await mailer(1).send(replace(MAIL, body="\ud800"))


async def test_names_with_accents_and_international_domains_are_written_properly() -> None:
    mailbox = Mailbox(CLOCK)
    sender = '"Mairie de Chavagne, pôle enfance" <a@chavagne.example>'

    async with mailbox.serving():
        await mailer(mailbox.port).send(replace(MAIL, sender=sender, recipient="x@mairie-née.example"))

    assert [(mail.sent_by, mail.to) for mail in mailbox.messages()] == [(sender, "x@xn--mairie-ne-i4a.example")]


@pytest.mark.parametrize(
    ("failure", "verdict"),
    [
        (Failure.DELAY, DeliveryDelayed),
        (Failure.REFUSE, DeliveryRefused),
        (Failure.REFUSE_TEXT, DeliveryRefused),
        (Failure.STALL, DeliveryDelayed),
        (Failure.DROP, DeliveryDelayed),
    ],
)
async def test_a_failure_is_a_delay_or_a_refusal_and_the_next_message_leaves(
    failure: Failure, verdict: type[Exception]
) -> None:
    mailbox = Mailbox(CLOCK)
    mailbox.fail(failure)

    async with mailbox.serving():
        with pytest.raises(verdict) as told:
            await mailer(mailbox.port, timeout=0.5).send(MAIL)
        after_failure = mailbox.messages()
        await mailer(mailbox.port).send(MAIL)

    assert after_failure == ()
    assert [mail.to for mail in mailbox.messages()] == ["elodie@example.org"]
    assert "elodie" not in str(told.value)


async def test_a_closed_port_is_a_delay() -> None:
    mailbox = Mailbox(CLOCK)
    async with mailbox.serving():
        port = mailbox.port

    with pytest.raises(DeliveryDelayed):
        await mailer(port).send(MAIL)


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"421 too busy\r\n", b"", b"\xff\xfe\r\n", b"hello\r\n"])
async def test_a_server_that_refuses_the_connection_is_a_delay(greeting: bytes) -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()

    async with server(talk) as port:
        with pytest.raises(DeliveryDelayed):
            await mailer(port).send(MAIL)


async def test_a_silent_server_is_a_delay() -> None:
    async def talk(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with server(talk) as port:
        with pytest.raises(DeliveryDelayed):
            await mailer(port, timeout=0.2).send(MAIL)


async def test_a_server_that_answers_one_byte_at_a_time_is_abandoned() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"2")
            await asyncio.sleep(0.02)

    started = asyncio.get_running_loop().time()
    async with server(talk) as port:
        with pytest.raises(DeliveryDelayed):
            await mailer(port, timeout=0.3).send(MAIL)

    assert asyncio.get_running_loop().time() - started < 3


async def test_once_accepted_a_message_is_not_sent_again_because_the_farewell_failed() -> None:
    class Deaf(Mailbox):
        async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
            assert server.transport is not None
            server.transport.close()
            return "554 never"

    mailbox = Deaf(CLOCK)

    async with mailbox.serving():
        await mailer(mailbox.port).send(MAIL)

    assert len(mailbox.messages()) == 1


async def test_a_refused_sender_is_a_delay_since_the_configuration_is_ours() -> None:
    class Picky(Mailbox):
        async def handle_MAIL(  # noqa: N802
            self, _server: SMTP, _session: Session, _envelope: Envelope, _address: str, _options: list[str]
        ) -> str:
            return "550 5.7.1 Sender not allowed"

    mailbox = Picky(CLOCK)

    async with mailbox.serving():
        with pytest.raises(DeliveryDelayed):
            await mailer(mailbox.port).send(MAIL)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS, signed by itself, and a client that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.now(UTC) - timedelta(minutes=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(hours=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(private)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return serving, ssl.create_default_context(cafile=folder / "cert.pem")


def _authenticator(seen: list[bytes]) -> Callable[..., AuthResult]:
    def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object) -> AuthResult:
        password: bytes = data.password  # type: ignore[attr-defined]
        seen.append(password)
        return AuthResult(success=password == b"hunter2", handled=False)

    return authenticate


@pytest.mark.parametrize(
    ("password", "trusted", "passwords_seen", "delivered"),
    [("hunter2", True, [b"hunter2"], 1), ("wrong", True, [b"wrong"] * 2, 0), ("hunter2", False, [], 0)],
)
async def test_a_password_goes_only_to_a_server_whose_certificate_is_trusted(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
    password: str,
    trusted: bool,
    passwords_seen: list[bytes],
    delivered: int,
) -> None:
    serving, trusting = certificate
    seen: list[bytes] = []
    mailbox = Mailbox(CLOCK)
    options: dict[str, Any] = {"tls_context": serving, "auth_required": True, "authenticator": _authenticator(seen)}

    async with mailbox.serving(**options):
        smtp = Smtp("127.0.0.1", mailbox.port, SmtpTls.STARTTLS, "portail", password)
        sending = SmtpMailer(smtp, CLOCK, 5, trusting if trusted else None).send(MAIL)
        if delivered:
            await sending
        else:
            with pytest.raises(DeliveryDelayed):
                await sending

    assert set(seen) == set(passwords_seen)
    assert len(mailbox.messages()) == delivered


async def test_a_server_that_cannot_protect_the_connection_gets_nothing() -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving():
        smtp = Smtp("127.0.0.1", mailbox.port, SmtpTls.STARTTLS, "portail", "hunter2")
        with pytest.raises(DeliveryDelayed):
            await SmtpMailer(smtp, CLOCK, 5).send(MAIL)

    assert mailbox.messages() == ()


async def test_fifty_messages_at_once_all_arrive_once() -> None:
    mailbox = Mailbox(CLOCK)
    people = [f"parent{number}@example.org" for number in range(50)]

    async with mailbox.serving():
        port = mailer(mailbox.port)
        await asyncio.gather(*(port.send(replace(MAIL, recipient=person, key=person)) for person in people))

    assert sorted(mail.to for mail in mailbox.messages()) == sorted(people)
