"""Webhooks, asked over HTTP: signed, once each, with no secret in any text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.adapters.clock import WallClock
from bot.adapters.hooks import SignedHooks, signature
from bot.domain.change_policy import Webhook
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.hooks import HookCall
from bot.sandbox.served import listening
from tests.support.clock import FakeClock
from tests.support.deployer import HOOK_SECRET, ServedDeployer, served_deployer

BODY = {
    "event": "change.rollback",
    "change": "CH12",
    "title": "Neues “Büro”",
    "service": "payment",
    "reason": None,
    "by": "Ana",
}


@pytest.fixture
async def deployer() -> AsyncIterator[ServedDeployer]:
    async with served_deployer() as served:
        yield served


@pytest.fixture
async def hooks() -> AsyncIterator[SignedHooks]:
    made = SignedHooks({"deployer": HOOK_SECRET}, clock=WallClock())
    yield made
    await made.aclose()


def call(url: str, key: str = "rollback/ch12/1", name: str = "deployer") -> HookCall:
    return HookCall(webhook=Webhook(key=name, url=url), key=key, body=BODY)


async def failure(hooks: SignedHooks, asked: HookCall) -> DeliveryFailure:
    with pytest.raises(DeliveryFailure) as raised:
        await hooks.post(asked)
    return raised.value


async def test_what_is_asked_is_signed_and_done_once_under_its_key(
    hooks: SignedHooks, deployer: ServedDeployer
) -> None:
    assert await hooks.post(call(deployer.url)) == "Rolling back payment."
    assert await hooks.post(call(deployer.url)) == "Rolling back payment."
    assert await hooks.post(call(deployer.url, key="rollback/ch13/1")) is not None
    first, second = deployer.stand_in.rollbacks.values()
    assert (first.key, first.times, first.title) == ("rollback/ch12/1", 2, BODY["title"])
    assert (second.key, second.times) == ("rollback/ch13/1", 1)


def test_a_signature_is_of_time_and_body() -> None:
    known = signature("s", 1_780_000_000, b"{}")
    assert known.startswith("t=1780000000,v1=")
    assert len(known.partition("v1=")[2]) == 64
    others = {("t", 1_780_000_000, b"{}"), ("s", 1, b"{}"), ("s", 1_780_000_000, b"")}
    assert len({known, *(signature(*one) for one in others)}) == 4


async def test_another_secret_or_an_old_signature_is_refused(deployer: ServedDeployer) -> None:
    late = FakeClock()
    for secret, clock in (("another", WallClock()), (HOOK_SECRET, late)):
        hooks = SignedHooks({"deployer": secret}, clock=clock)
        failed = await failure(hooks, call(deployer.url))
        await hooks.aclose()
        assert isinstance(failed, PermanentFailure)
        assert failed.reason.startswith("The webhook deployer refused it (401: the signature is ")
    assert deployer.stand_in.rollbacks == {}


async def test_without_a_secret_nothing_is_sent(hooks: SignedHooks, deployer: ServedDeployer) -> None:
    assert hooks.reaches("deployer")
    assert not hooks.reaches("other")
    failed = await failure(hooks, call(deployer.url, name="other"))
    assert isinstance(failed, PermanentFailure)
    assert deployer.stand_in.refused == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, PermanentFailure),
        (400, PermanentFailure),
        (404, PermanentFailure),
        (408, TemporaryFailure),
        (429, TemporaryFailure),
        (500, UnknownOutcome),
        (502, UnknownOutcome),
        (503, TemporaryFailure),
    ],
)
async def test_what_an_answer_means(
    hooks: SignedHooks, deployer: ServedDeployer, status: int, kind: type[DeliveryFailure]
) -> None:
    deployer.stand_in.faults.add("status", status=status)
    failed = await failure(hooks, call(deployer.url))
    assert type(failed) is kind
    assert str(status) in failed.reason or status == 302


async def test_what_cannot_be_reached_was_not_asked_and_what_breaks_may_have_been(
    hooks: SignedHooks, deployer: ServedDeployer
) -> None:
    assert type(await failure(hooks, call("http://127.0.0.1:9/secret-token"))) is TemporaryFailure
    deployer.stand_in.faults.add("cut", count=1)
    assert type(await failure(hooks, call(deployer.url))) is UnknownOutcome
    assert len(deployer.stand_in.rollbacks) == 1


async def test_no_text_holds_the_address_or_the_secret(hooks: SignedHooks, deployer: ServedDeployer) -> None:
    deployer.stand_in.faults.add("status", status=404)
    for url in ("http://127.0.0.1:9/T0/zebra", f"{deployer.url}?token=zebra", "http://[::zebra/x"):
        failed = await failure(hooks, call(url))
        assert "zebra" not in failed.reason
        assert HOOK_SECRET not in failed.reason


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", None),
        (b"  \n", None),
        (b"<html>ok</html>", None),
        (b"queued\nas run 7", "queued as run 7"),
        (b'{"message": "run 7"}', "run 7"),
        (b'{"id": 7}', None),
        (b'{"message": 7}', None),
        (b"{broken", "{broken"),
        (b"x" * 1000, "x" * 200),
        (b"\xff\xfe", "��"),
    ],
)
async def test_what_it_says_is_kept_in_a_line(hooks: SignedHooks, answer: bytes, said: str | None) -> None:
    async def handle(_request: web.Request) -> web.Response:
        return web.Response(body=answer)

    async with _serving(handle) as url:
        found = await hooks.post(call(url))
    assert found is None if said is None else found is not None and found[:150] == said[:150]
    assert found is None or len(found) <= 200


def _serving(handle: Handler) -> AbstractAsyncContextManager[str]:
    app = web.Application()
    app.router.add_post("/", handle)
    return listening(app, 0, grace=0.1)
