"""The simulated mailbox, read as a person does and as a journey test does."""

from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from gateway.clock import SteppedClock
from gateway.mail import SmtpMailer
from gateway.settings import Smtp, SmtpTls
from gateway.simulators.mailbox import Failure, Mailbox, mailbox_app
from resolvers.ports import DeliveryDelayed, DeliveryRefused, Mail

pytestmark = pytest.mark.anyio

CLOCK = SteppedClock(datetime(2026, 11, 1, 8, 30, tzinfo=UTC))
MAIL = Mail(
    key="activation:1",
    sender="ne-pas-repondre@chavagne.example",
    recipient="Parent1@example.org",
    subject="Activez votre compte <script>alert(1)</script>",
    body="Bonjour,\nhttp://localhost:8000/chavagne/activation?token=abc&x=1\n<b>gras</b>\n",
)


def browser(mailbox: Mailbox) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(mailbox_app(mailbox)), base_url="http://localhost")


async def deliver(mailbox: Mailbox, *mails: Mail) -> None:
    for mail in mails:
        await SmtpMailer(Smtp("127.0.0.1", mailbox.port, SmtpTls.NONE), CLOCK, 0.5).send(mail)


async def test_tests_read_the_messages_of_one_person_as_json() -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving(), browser(mailbox) as web:
        await deliver(mailbox, MAIL, replace(MAIL, key="2", recipient="autre@example.org"))
        mine = await web.get("/messages", params={"to": "parent1@EXAMPLE.org"})
        everybody = await web.get("/messages")
        nobody = await web.get("/messages", params={"to": ""})

    assert mine.json() == [
        {
            "id": 1,
            "from": "ne-pas-repondre@chavagne.example",
            "to": "Parent1@example.org",
            "reply_to": None,
            "subject": MAIL.subject,
            "text": MAIL.body,
            "message_id": "<activation%3A1@chavagne.example>",
            "received_at": "2026-11-01T08:30:00+00:00",
        }
    ]
    assert [mail["id"] for mail in everybody.json()] == [1, 2]
    assert nobody.json() == []


async def test_people_read_the_messages_as_pages_where_only_links_are_live() -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving(), browser(mailbox) as web:
        empty = await web.get("/")
        await deliver(mailbox, MAIL)
        index, letter, missing = await web.get("/"), await web.get("/message/1"), await web.get("/message/2")

    assert "Aucun message reçu." in empty.text
    assert '<html lang="fr">' in index.text
    assert '<a href="/message/1">Activez votre compte &lt;script&gt;alert(1)&lt;/script&gt;</a>' in index.text
    link = "http://localhost:8000/chavagne/activation?token=abc&amp;x=1"
    assert f'<a href="{link}">{link}</a>\n&lt;b&gt;gras&lt;/b&gt;' in letter.text
    assert [page.text.count("<script") for page in (index, letter)] == [0, 0]
    assert index.headers["Content-Security-Policy"] == "default-src 'none'"
    assert missing.status_code == 404


async def test_the_box_can_be_emptied() -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving(), browser(mailbox) as web:
        await deliver(mailbox, MAIL)
        emptied = await web.delete("/messages")
        left = await web.get("/messages")

    assert (emptied.status_code, left.json()) == (204, [])


async def test_the_box_forgets_the_oldest_messages() -> None:
    mailbox = Mailbox(CLOCK, kept=3)

    async with mailbox.serving():
        await deliver(mailbox, *(replace(MAIL, key=str(number)) for number in range(5)))

    assert [mail.id for mail in mailbox.messages()] == [3, 4, 5]


@pytest.mark.parametrize("failure", list(Failure))
async def test_failures_are_ordered_through_the_wire_for_so_many_messages(failure: Failure) -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving(), browser(mailbox) as web:
        ordered = await web.post("/control", json={"failure": failure.value, "times": 2})
        for _ in range(2):
            with pytest.raises((DeliveryDelayed, DeliveryRefused)):
                await deliver(mailbox, MAIL)
        await deliver(mailbox, MAIL)

    assert ordered.status_code == 204
    assert len(mailbox.messages()) == 1


async def test_a_failure_can_be_called_off() -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving(), browser(mailbox) as web:
        await web.post("/control", json={"failure": "refuse", "times": 100})
        await web.post("/control", json={"failure": None})
        await deliver(mailbox, MAIL)

    assert len(mailbox.messages()) == 1


@pytest.mark.parametrize(
    "order", [b"", b"{", b"[]", b"{}", b'{"failure": "explode"}', b'{"failure": "stall", "times": "x"}', b"\xff"]
)
async def test_an_order_that_means_nothing_is_refused(order: bytes) -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving(), browser(mailbox) as web:
        answer = await web.post("/control", content=order)
        await deliver(mailbox, MAIL)

    assert answer.status_code == 400
    assert answer.json() == {
        "error": "Expected a failure (null or one of ['delay', 'refuse', 'refuse_text', 'stall', 'drop']) and times."
    }
    assert len(mailbox.messages()) == 1


async def test_links_stay_right_when_the_pages_are_mounted() -> None:
    mailbox = Mailbox(CLOCK)

    async with mailbox.serving(), browser(mailbox):
        await deliver(mailbox, MAIL)
        mounted = httpx.ASGITransport(mailbox_app(mailbox), root_path="/simulators/mailbox")
        async with httpx.AsyncClient(transport=mounted, base_url="http://localhost") as web:
            index = await web.get("/simulators/mailbox/")
            letter = await web.get("/simulators/mailbox/message/1")

    assert 'href="/simulators/mailbox/message/1"' in index.text
    assert 'href="/simulators/mailbox/"' in letter.text
