"""`GET /api/gate`, from the database to the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from typing_extensions import override

from bot.domain.changes.change import Approval, Change, ChangeState
from bot.domain.changes.gate import BudgetNews
from bot.domain.changes.span import Span
from bot.domain.directory import Directory
from bot.domain.severity import Severity
from bot.domain.slo.gate import Permission
from bot.domain.slo.objective import PLATFORM, promises
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.services.gates import GateReader
from bot.services.pager_sync import ASKED, HEARD
from handlers.gate_http import PATH, GateHttp
from handlers.http import web_app
from handlers.probes import Probes
from storage.open import OpenStore
from tests.support.builders import LEE, a_change, a_path, a_plan, a_span, an_alert_group, an_incident
from tests.support.clock import FakeClock
from tests.support.fakes_services import FakeHealth

TOKEN = "the-gate's-own-token"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

Answer = tuple[int, Any]
Ask = Callable[..., Awaitable[Answer]]
IsWell = Callable[..., Awaitable[None]]


class Silent(Store):
    """A database that takes questions and never answers."""

    @override
    async def transaction(self, name: str, body: Callable[[Transaction], Any]) -> Any:
        return await self.read(body)

    @override
    async def read(self, body: Callable[[Transaction], Any]) -> Any:
        await asyncio.Event().wait()


class Away(Silent):
    """A database that is not there."""

    @override
    async def read(self, body: Callable[[Transaction], Any]) -> Any:
        raise StoreUnavailable("connection refused")


@asynccontextmanager
async def served(
    store: Store, clock: FakeClock, directory: Directory, *, token: str | None = TOKEN, seconds: float = 60.0
) -> AsyncIterator[Ask]:
    gates = GateReader(store=store, clock=clock, directory=directory)
    gate = GateHttp(gates=gates, token=token, seconds=seconds)
    app = web_app(probes=Probes(FakeHealth()), slack=None, posts={}, gets={PATH: gate.get})
    async with TestClient(TestServer(app)) as client:

        async def ask(query: str, headers: dict[str, str] | None = None) -> Answer:
            async with client.get(f"{PATH}{query}", headers=RIGHT if headers is None else headers) as answer:
                assert answer.headers["Cache-Control"] == "no-store"
                return answer.status, await answer.json()

        yield ask


@pytest.fixture
async def ask(store: OpenStore, clock: FakeClock, directory: Directory) -> AsyncIterator[Ask]:
    async with served(store, clock, directory) as asked:
        yield asked


@pytest.fixture
def is_well(store: OpenStore, clock: FakeClock, directory: Directory) -> IsWell:
    """Every budget has enough left, PagerDuty has been heard, and there are the changes that are given."""

    async def make(*changes: Change) -> None:
        news = [
            BudgetNews(service=key, permission=Permission.SHIP, said="82 % left", at=clock.now() - MINUTE)
            for key, promise in promises(directory.guide).items()
            if promise.objectives
        ]

        def body(tx: Transaction) -> None:
            tx.budgets.put(news)
            tx.facts.put(HEARD, (clock.now() - 2 * MINUTE).isoformat())
            for change in changes:
                tx.changes.add(change)

        await store.transaction("is_well", body)

    return make


def ready(clock: FakeClock, **changes: Any) -> Change:
    """One that is approved and tested."""
    approval = Approval(by=LEE, at=clock.now() - DAY, revision=1, expires=clock.now() + DAY)
    given = {"number": 0, "state": ChangeState.TESTING, "approvals": (approval,)}
    return a_change(**{**given, **changes})


async def test_a_pipeline_is_told_that_it_may_and_everything_that_this_rests_on(
    ask: Ask, is_well: IsWell, clock: FakeClock
) -> None:
    await is_well(ready(clock))
    status, told = await ask("?service=payment&type=standard")
    assert (status, told["verdict"], told["service"], told["type"]) == (200, "allow", "payment", "standard")
    assert (told["title"], told["change"], told["opens_at"]) == ("Payment Service", "CH1", None)
    assert [(one["ground"], one["weight"]) for one in told["reasons"]] == [
        ("approval", "supports"),
        ("phase", "supports"),
        ("window", "supports"),
        ("incident", "supports"),
        ("budget", "supports"),
    ]
    window = told["reasons"][2]
    assert window["until"] == "2026-03-17T20:00:00Z"
    assert [(one["of"], one["age_seconds"]) for one in told["news"]] == [
        ("Prometheus", 60),
        ("PagerDuty", 120),
    ]


async def test_without_a_type_it_is_the_guides_usual_one_and_titles_are_names_too(
    ask: Ask, is_well: IsWell, clock: FakeClock
) -> None:
    await is_well(ready(clock))
    for query in ("?service=payment", "?service=Payment%20Service&type=", "?service=PAYMENT&type=standard"):
        assert (await ask(query))[1]["verdict"] == "allow"


async def test_every_refusal_is_a_200_whose_verdict_says_no(
    ask: Ask, is_well: IsWell, store: OpenStore, clock: FakeClock
) -> None:
    await is_well()

    def body(tx: Transaction) -> None:
        tx.incidents.add(an_incident(number=0, service="payment"))
        tx.spans.add(Span(**{**_fields(a_span()), "number": 0, "ends": clock.now() + DAY}))

    await store.transaction("trouble", body)
    status, told = await ask("?service=payment")
    assert (status, told["verdict"]) == (200, "deny")
    assert {one["ground"] for one in told["reasons"] if one["weight"] == "denies"} == {
        "approval",
        "freeze",
        "incident",
    }
    assert told["opens_at"] == "2026-03-19T18:00:00Z"


@pytest.mark.parametrize("about", ["payment", "content", None])
async def test_a_secret_incident_is_no_yes_for_anything_and_its_service_is_not_told(
    ask: Ask, is_well: IsWell, store: OpenStore, clock: FakeClock, about: str | None
) -> None:
    secret = an_incident(number=0, service=about, security=True, title="token leaked")
    drill = an_incident(id="drill", number=0, security=True, drill=True)
    less = an_incident(id="less", number=0, security=True, severity=Severity.P2)
    await is_well(ready(clock))
    await store.transaction("less", lambda tx: [tx.incidents.add(one).id for one in (drill, less)])
    assert (await ask("?service=payment"))[1]["verdict"] == "allow"
    number = await store.transaction("declare", lambda tx: tx.incidents.add(secret).number)
    status, told = await ask("?service=payment")
    assert (status, told["verdict"]) == (200, "unknown")
    said = f"Whether Security incident {number}, P0 is about Payment Service is not told here"
    assert [one["text"] for one in told["reasons"] if one["ground"] == "incident"] == [said]


@pytest.mark.parametrize("changes", [{}, {"silenced": True}, {"path": replace(a_path(), pages=False)}])
async def test_a_secret_alert_that_pages_is_no_yes_either(
    ask: Ask, is_well: IsWell, store: OpenStore, clock: FakeClock, changes: dict[str, Any]
) -> None:
    await is_well(ready(clock))
    quiet = {"silenced_by": LEE, "silenced_until": clock.now() + DAY} if "silenced" in changes else changes
    group = an_alert_group(number=0, security=True, service="content", name="Intruder", **quiet)
    await store.transaction("fire", lambda tx: tx.alert_groups.add(group).id)
    told = (await ask("?service=payment"))[1]
    assert told["verdict"] == ("allow" if changes else "unknown")
    assert "Intruder" not in str(told)


async def test_while_alertmanager_is_silent_alerts_are_not_known(
    ask: Ask, is_well: IsWell, store: OpenStore, clock: FakeClock, directory: Directory
) -> None:
    watchdog = directory.guide.alerting.watchdog
    assert watchdog is not None
    await is_well(ready(clock))
    await store.transaction("beat", lambda tx: tx.heartbeats.beat(watchdog.alert, clock.now()))
    told = (await ask("?service=payment"))[1]
    assert told["verdict"] == "allow"
    assert ("Alertmanager", 0) in [(one["of"], one["age_seconds"]) for one in told["news"]]
    clock.advance(minutes=6)
    told = (await ask("?service=payment"))[1]
    assert told["verdict"] == "unknown"
    assert told["reasons"][0]["text"] == (
        "Whether an alert of Payment Service fires is not known: Alertmanager was heard 6 min ago"
    )


async def test_who_wants_a_change_to_be_named_hears_no_for_a_question_that_names_none(
    ask: Ask, is_well: IsWell, clock: FakeClock
) -> None:
    await is_well(ready(clock))
    for yes in ("1", "true"):
        _, told = await ask(f"?service=payment&require_change={yes}")
        assert (told["verdict"], told["change"]) == ("deny", None)
        assert told["reasons"][0]["text"].startswith("No change is named, and one has to be")
        assert (await ask(f"?change=CH1&require_change={yes}"))[1]["verdict"] == "allow"
    for no in ("0", "false", ""):
        assert (await ask(f"?service=payment&require_change={no}"))[1]["verdict"] == "allow"
    status, told = await ask("?service=payment&require_change=please")
    assert (status, told["error"][:32]) == (400, "`require_change` is `1` or `0`: ")


async def test_pagerduty_that_was_asked_nothing_is_told_from_one_that_does_not_answer(
    ask: Ask, store: OpenStore, clock: FakeClock
) -> None:
    async def of_pagerduty() -> Any:
        return (await ask("?service=payment"))[1]["news"][1]

    assert await of_pagerduty() == {"of": "PagerDuty", "at": None, "age_seconds": None, "idle": True}
    await store.transaction("ask", lambda tx: tx.facts.put(ASKED, clock.now().isoformat()))
    assert (await of_pagerduty())["idle"] is False


async def test_where_nothing_was_heard_nothing_is_known_and_that_is_no_yes(
    ask: Ask, is_well: IsWell, clock: FakeClock
) -> None:
    await is_well(ready(clock))
    clock.advance(minutes=15)
    status, told = await ask("?service=payment")
    assert (status, told["verdict"]) == (200, "unknown")
    assert told["reasons"][0]["text"] == (
        "The error budget of Payment Service is not known: Prometheus was heard 16 min ago (then: 82 % left)"
    )


async def test_the_platform_is_asked_for_by_its_name(ask: Ask, is_well: IsWell, clock: FakeClock) -> None:
    await is_well(ready(clock, plan=a_plan(service=None)))
    _, told = await ask(f"?service={PLATFORM}")
    assert (told["verdict"], told["service"], told["change"]) == ("allow", "platform", "CH1")
    assert (await ask("?service=payment"))[1]["verdict"] == "deny"


async def test_a_change_is_asked_for_by_its_number_and_says_what_it_is_about(
    ask: Ask, is_well: IsWell, clock: FakeClock
) -> None:
    emergency = ready(clock, state=ChangeState.APPROVED, plan=a_plan(kind="emergency"))
    await is_well(emergency)
    for named in ("CH1", "ch1", "1", "%231"):
        _, told = await ask(f"?change={named}")
        assert (told["verdict"], told["service"], told["type"]) == ("allow", "payment", "emergency")
    assert (await ask("?change=CH1&service=payment&type=emergency"))[1]["verdict"] == "allow"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "May which service be changed? Name one, or `platform`, or a change."),
        ("?service=paymnt", "The guide has no service `paymnt`. Nearest: `payment`"),
        ("?service=pay", "The guide has no service `pay`. Nearest: `payment`."),
        ("?service=payment&type=stand", "The guide has no type of change `stand`. Nearest: `standard`."),
        ("?service=payment&type=standrd", "The guide has no type of change `standrd`. Nearest: `standard`"),
        ("?sevice=payment", "There is no parameter `sevice`: `/api/gate?service=payment&type=standard`."),
        ("?sevice=payment", "Did you mean `service`?"),
        ("?service=payment&service=content", "`service` is asked for once"),
        ("?change=soon", "A change is named by its number, as in `CH12`."),
        ("?change=CH9", "There is no change CH9."),
        ("?change=CH1&service=content", "CH1 is of Payment Service, not of Content Service."),
        ("?change=CH1&type=major", "CH1 is of the type `standard`, not `major`."),
        ("?service=%00%1b[31m%60x", "The guide has no service `[31m'x`."),
    ],
)
async def test_what_means_nothing_is_refused_with_what_is_right(
    ask: Ask, is_well: IsWell, clock: FakeClock, query: str, said: str
) -> None:
    await is_well(ready(clock))
    status, told = await ask(query)
    assert status == 400
    assert said in told["error"]
    assert "verdict" not in told


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer \u00e9"},
    ],
)
async def test_who_does_not_know_the_token_is_told_nothing(ask: Ask, headers: dict[str, str]) -> None:
    assert await ask("?service=payment", headers) == (401, {"error": "unauthorized"})
    assert await ask("?sevice=", headers) == (401, {"error": "unauthorized"})


async def test_without_a_token_the_gate_is_off(
    store: OpenStore, clock: FakeClock, directory: Directory
) -> None:
    async with served(store, clock, directory, token=None) as ask:
        off = (404, {"error": "the gate is off: set OPSBOT_GATE_TOKEN"})
        assert await ask("?service=payment") == off
        assert await ask("?service=payment", {"Authorization": "Bearer "}) == off


@pytest.mark.parametrize("database", [Silent(), Away()])
async def test_a_database_that_does_not_answer_is_no_yes_and_is_not_waited_for(
    database: Store, clock: FakeClock, directory: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(database, clock, directory, seconds=0.05) as ask:
        status, told = await ask("?service=payment")
    assert (status, told["verdict"]) == (503, "unknown")
    assert told["reasons"][0]["text"].endswith("nobody knows, which is no yes")
    assert "the gate cannot be asked" in caplog.text


async def test_a_service_that_is_not_measured_is_told_so_and_not_held_up(
    is_well: IsWell, store: OpenStore, clock: FakeClock, directory: Directory
) -> None:
    await is_well(ready(clock))
    async with served(store, clock, replace(directory, measures=False)) as ask:
        _, told = await ask("?service=payment")
    assert told["verdict"] == "allow"
    assert "Error budgets are not looked at: PROMETHEUS_URL is not set" in str(told["reasons"])
    assert [one["of"] for one in told["news"]] == ["PagerDuty"]


def _fields(span: Span) -> dict[str, Any]:
    return {name: getattr(span, name) for name in Span.__dataclass_fields__}
