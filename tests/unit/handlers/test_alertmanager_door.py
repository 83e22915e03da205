"""What Alertmanager posts is answered so that it tells again what may pass, and only that."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from bot.domain.alert import GroupNews
from bot.ports.store import StoreUnavailable
from bot.services.alert_intake import AlertIntake, Heard
from handlers.http import LARGEST_BODY
from handlers.webhooks.alertmanager import PATH, AlertmanagerWebhook
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.fake_vendors import NoMeter
from tests.unit.handlers.test_alertmanager_news import a_body, an_alert

TOKEN = "a-secret-token"


class Intake(AlertIntake):
    """Takes everything, unless it is troubled."""

    def __init__(self) -> None:
        self.heard: list[GroupNews] = []
        self.trouble: Exception | None = None

    @override
    async def hear(self, news: GroupNews) -> Heard:
        if self.trouble:
            raise self.trouble
        self.heard.append(news)
        return Heard.NEW


Client = TestClient[web.Request, web.Application]


@asynccontextmanager
async def serving(intake: Intake, *, token: str | None = TOKEN) -> AsyncIterator[Client]:
    webhook = AlertmanagerWebhook(
        intake=intake,
        clock=FakeClock(MONDAY_NOON),
        meter=NoMeter(),
        token=token,
    )
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_post(PATH, webhook.post)
    async with TestClient(TestServer(app)) as client:
        yield client


async def told(client: Client, body: Any, authorization: str | None = f"Bearer {TOKEN}") -> tuple[int, str]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {} if authorization is None else {"Authorization": authorization}
    async with client.post(PATH, data=BytesIO(content), headers=headers) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer ", 401),
        (TOKEN, 401),
        (f"Basic {TOKEN}", 401),
        ("Bearer \u00e9", 401),
        (None, 401),
    ],
)
async def test_who_knows_the_token_is_heard(authorization: str | None, status: int) -> None:
    intake = Intake()
    async with serving(intake) as client:
        assert (await told(client, a_body(), authorization))[0] == status
    assert len(intake.heard) == (status == 200)


async def test_without_a_token_it_is_off_and_says_which_variable() -> None:
    async with serving(Intake(), token=None) as client:
        status, text = await told(client, a_body())
    assert (status, json.loads(text)) == (404, {"error": "ALERTMANAGER_WEBHOOK_TOKEN is not set"})


async def test_trouble_of_the_database_is_told_again_later() -> None:
    intake = Intake()
    async with serving(intake) as client:
        intake.trouble = StoreUnavailable("gone")
        async with client.post(PATH, json=a_body(), headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        intake.trouble = None
        assert (await told(client, a_body()))[0] == 200
    assert len(intake.heard) == 1


async def test_a_body_that_is_too_large_says_what_to_set() -> None:
    async with serving(Intake()) as client:
        status, text = await told(client, a_body(receiver="x" * LARGEST_BODY))
    assert status == 413
    assert "max_alerts" in text


async def test_what_is_refused_is_logged_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(Intake()) as client:
        await told(client, a_body(), "Bearer another-secret")
        await told(client, a_body(alerts=[an_alert(startsAt="a secret of theirs")]))
    refused = [one.getMessage() for one in caplog.records if one.name.startswith("handlers")]
    assert len(refused) == 2
    assert not any("secret" in message for message in refused)


bodies: st.SearchStrategy[Any] = st.one_of(
    st.binary(max_size=300),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from([*a_body(), *an_alert()]), inner, max_size=8)
        ),
        max_leaves=30,
    ),
    st.builds(
        lambda change, alert: {**a_body(), **change, "alerts": [{**an_alert(), **alert}]},
        st.dictionaries(st.sampled_from([*a_body()]), st.none() | st.integers() | st.text(), max_size=2),
        st.dictionaries(st.sampled_from([*an_alert()]), st.none() | st.integers() | st.text(), max_size=2),
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(told_bodies=st.lists(bodies, min_size=1, max_size=5))
async def test_no_body_is_a_fault_of_ours(told_bodies: list[Any]) -> None:
    async with serving(Intake()) as client:
        for body in told_bodies:
            status, text = await told(client, body)
            assert status in {200, 400}, text
            assert status == 200 or json.loads(text)["error"]
