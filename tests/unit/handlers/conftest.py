from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from handlers.http import SlackEvents, web_app
from handlers.probes import Probes
from handlers.signature import SigningSecrets
from handlers.webhooks.pagerduty import PATH, PagerDutyWebhook
from tests.support.front import PAGERDUTY_SECRET, Front, Slack, StoppedClock
from tests.support.slack_requests import SECRET


@pytest.fixture
def front() -> Front:
    return Front()


@pytest.fixture
async def slack(front: Front) -> AsyncIterator[Slack]:
    async with front.after_ack:
        app = web_app(
            probes=Probes(front.health),
            slack=SlackEvents(
                door=front.door(), secrets=SigningSecrets.of(["older", SECRET]), clock=StoppedClock()
            ),
            posts={PATH: PagerDutyWebhook(sync=front.sync, secrets=(PAGERDUTY_SECRET,)).post},
        )
        async with TestClient(TestServer(app)) as client:
            yield Slack(http=client)
