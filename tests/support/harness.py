"""A whole bot between the stand-ins of its vendors, in one event loop, with time moved by hand.

Nothing runs by itself: `settle` lets happen what may happen now, `forward` moves the clock from deadline
to deadline. Rates of both vendors are enforced, and paced by the same clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import yaml
from pydantic import SecretStr

import manifests
from bot.adapters.clock import RandomIds, WallClock
from bot.app import opened
from bot.app.alert_watch import SUMMARIES, WATCH, WATCH_SECONDS
from bot.app.change_watch import WATCH_CHANGES
from bot.app.checklists import PROMPTS
from bot.app.gate import NEWS
from bot.app.homes import REFRESH
from bot.app.silences import LOOK_JOB
from bot.app.wiring import Opsbot
from bot.domain.delivery import Recipient
from bot.domain.guide import Guide, Mention
from bot.domain.severity import Severity
from bot.sandbox.alertmanager import AlertmanagerStandIn
from bot.sandbox.pagerduty import PagerDutyStandIn
from bot.sandbox.pagerduty.incidents import Incident, Notification
from bot.sandbox.pagerduty.people import routing_key
from bot.sandbox.prometheus import PrometheusStandIn
from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.manifest import App, parse
from bot.services.timers import Timers
from bot.settings import Settings
from handlers.after_ack import AfterAck
from tests.support.alertmanager import served_alertmanager
from tests.support.builders import TITLES, a_guide
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.deployer import HOOK_SECRET, ServedDeployer, deployed_by, served_deployer
from tests.support.firing import ALERTS_TOKEN, AT_ONCE, let_fire, let_hear, let_resolve, next_told
from tests.support.pagerduty import served_pagerduty
from tests.support.people import Card, Person, is_alert_card, is_card, is_change_card, is_run_card
from tests.support.prometheus import served_prometheus
from tests.support.slack import SIGNING_SECRET, serving, slack_stand_in
from tests.support.slack_requests import signed

GATE_TOKEN = "gate-token-of-the-tests"
WEBHOOK_SECRET = "webhook-secret-of-the-tests"
CALENDAR_TOKEN = "calendar-token-of-the-tests"
ON_CALL, TEAM_LEAD, DIRECTOR = "S0ONCALL1", "S0LEADS01", "S0DIRECT1"
LONGEST_STEP = 16.0


def a_staffed_guide(guide: Guide | None = None, *, still_on_it: timedelta | None = None) -> Guide:
    """The shipped guide with the stand-in's user groups filled in, so that there is whom to mention.

    `still_on_it` is how long whoever has a P0 may be silent: for ever, so that a story may pass over hours.
    """
    given = guide or a_guide()
    groups = dict(zip(TITLES, (ON_CALL, TEAM_LEAD, DIRECTOR), strict=True))
    tiers = {
        key: replace(tier, mention=Mention(groups=(groups[key],))) if key in groups else tier
        for key, tier in given.tiers.items()
    }
    teams = {key: replace(team, mention=Mention(groups=(TEAM_LEAD,))) for key, team in given.teams.items()}
    patient = replace(given.severities[Severity.P0], still_on_it=still_on_it)
    severities = {**given.severities, Severity.P0: patient}
    return replace(given, tiers=tiers, teams=teams, severities=severities)


def an_unfollowed_guide() -> Guide:
    """The same, with nobody told in #leadership: the first message that is posted is the card."""
    guide = a_staffed_guide()
    unfollowed = replace(guide.severities[Severity.P0], leadership=False)
    return replace(guide, severities={**guide.severities, Severity.P0: unfollowed})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How the bot of a story is set up: by default with everything that PagerDuty and Alertmanager offer.

    Without `alertmanager` the bot is told of alerts, but has no ALERTMANAGER_URL; with `prometheus` it has
    PROMETHEUS_URL, too. With `deployer` the guide's webhook of that name takes back changes of payment.
    """

    database_url: str
    guide: Guide = field(default_factory=a_staffed_guide)
    keys: tuple[str, ...] = tuple(TITLES)
    rest: bool = True
    webhook: bool = False
    socket: bool = False
    alertmanager: bool = True
    prometheus: bool = False
    deployer: bool = False
    calendar: bool = True
    start: datetime = MONDAY_NOON


class World:
    """The bot, its vendors, the people, and the clock."""

    def __init__(
        self,
        setup: Setup,
        clock: FakeClock,
        *,
        slack: SlackStandIn,
        pagerduty: PagerDutyStandIn,
        alertmanager: AlertmanagerStandIn,
        prometheus: PrometheusStandIn,
        deployer: ServedDeployer,
    ) -> None:
        self.setup = setup
        self.clock = clock
        self.slack = slack
        self.pagerduty = pagerduty
        self.alertmanager = alertmanager
        self.prometheus = prometheus
        self.deployer, self.deployer_url = deployer.stand_in, deployer.url
        self.pagerduty_url = ""
        self.alertmanager_url = ""
        self.prometheus_url = ""
        self.queries: list[str] = []
        self.url = ""
        self._running = AsyncExitStack()
        self._bot: Opsbot | None = None
        self.ana, self.lee, self.dia, self.sam, self.kim, self.gus = (
            Person(self, name) for name in ("ana", "lee", "dia", "sam", "kim", "gus")
        )

    @property
    def bot(self) -> Opsbot:
        assert self._bot is not None, "the bot is down"
        return self._bot

    # --- The bot

    async def start(self, guide: Guide | None = None) -> None:
        """Start the bot as `serve` does, all but its loops."""
        chosen = guide or self.setup.guide
        if self.setup.deployer:
            chosen = deployed_by(chosen, self.deployer_url)
        settings = _settings(self)
        bot = await self._running.enter_async_context(opened(settings, clock=self.clock, guide=chosen))
        self.url = await self._running.enter_async_context(serving(bot.web))
        self._bot = bot
        await bot.watch.recall()
        await bot.watch.refresh()
        if not self.setup.socket:
            self.slack.connect(self.url, SIGNING_SECRET)
        if self.setup.webhook:
            self.pagerduty.subscribe(
                f"{self.url}/webhooks/pagerduty", WEBHOOK_SECRET, redelivery_seconds=(0.0, 0.0)
            )
        let_hear(self.alertmanager, self.url)
        await self.settle()

    async def stop(self) -> None:
        """Stop the bot. What it owes stays in its database."""
        self._bot = None
        await self._running.aclose()
        self._running = AsyncExitStack()

    async def outage(self, **parts: float) -> None:
        """The bot is down for a while, and then comes back."""
        await self.stop()
        self.clock.advance(timedelta(**parts))
        await self.start()

    # --- Alerts

    async def fires(
        self, alertname: str, /, *, annotations: Mapping[str, str] | None = None, **labels: str
    ) -> str:
        """An alert fires in Alertmanager until it is resolved, and the bot hears of it. Its fingerprint."""
        fingerprint = let_fire(self.alertmanager, alertname, labels, annotations or {})
        await self.settle()
        return fingerprint

    async def resolves(self, alertname: str, /, **labels: str) -> None:
        """The alerts that fire with this name and these labels are over, and the bot hears of it."""
        assert let_resolve(self.alertmanager, alertname, labels), "nothing of that fires"
        await self.settle()

    # --- Time

    async def settle(self) -> None:
        """Let happen what may happen now: timers, deliveries, answers, webhooks."""
        if self._bot is None:
            return
        bot = self._bot
        timers = Timers(store=bot.store, clock=self.clock, ids=RandomIds(), directory=bot.directory)
        moved = 1
        while moved:
            self.alertmanager.tick()
            await self.alertmanager.settled()
            await self.pagerduty.webhooks.settled()
            await self.slack.settled()
            await _answers_given()
            moved = (await timers.fire_due()).count
            for loop in bot.outbox.values():
                moved += await loop.drain()

    async def forward(self, **parts: float) -> None:
        """Move the clock from one deadline to the next, letting each happen, for so long."""
        until = self.clock.now() + timedelta(**parts)
        await self.settle()
        step = 1.0
        while (coming := await self._next(step)) is not None and coming < until:
            waits = coming == self.clock.now() + timedelta(seconds=step)
            step = min(step * 2, LONGEST_STEP) if waits else 1.0
            self.clock.advance_to(coming)
            await self.settle()
        self.clock.advance_to(until)
        await self.settle()

    async def forward_to(self, instant: datetime) -> None:
        """Move the clock so to an instant."""
        seconds = (instant - self.clock.now()).total_seconds()
        await self.forward(seconds=seconds)

    async def polls(self) -> int:
        """The bot looks at PagerDuty, as it does every minute."""
        looks = await self.bot.sync.poll()
        await self.settle()
        return looks

    async def sums_up(self) -> None:
        """The bot looks whether a summary of alerts is due, as it does every minute."""
        [look] = [job.do for job in self.bot.jobs if job.name == SUMMARIES]
        await look()
        await self.settle()

    async def notes_budgets(self) -> None:
        """The bot notes how error budgets stand, as it does every minute."""
        [look] = [job.do for job in self.bot.jobs if job.name == NEWS]
        await look()

    async def prompts(self) -> None:
        """The bot looks whether a checklist is due, as it does every few seconds."""
        [look] = [job.do for job in self.bot.jobs if job.name == PROMPTS]
        await look()
        await self.settle()

    async def watches(self, **parts: float) -> None:
        """So much time passes, in which the bot looks for signs of life as often as it does."""
        until = self.clock.now() + timedelta(**parts)
        [look] = [job.do for job in self.bot.jobs if job.name == WATCH]
        while self.clock.now() < until:
            await self.forward(seconds=WATCH_SECONDS)
            await look()
        await self.settle()

    async def looks(self) -> None:
        """The bot looks at Alertmanager, as it does every minute."""
        look = next(job.do for job in self.bot.jobs if job.name == LOOK_JOB)
        await look()
        await self.settle()

    async def watches_changes(self) -> None:
        """The bot looks what breaks after changes, as it does every few seconds."""
        [look] = [job.do for job in self.bot.jobs if job.name == WATCH_CHANGES]
        await look()
        await self.settle()

    async def refreshes(self) -> None:
        """The bot looks whether Home tabs are to be shown anew, as it does every few seconds."""
        [look] = [job.do for job in self.bot.jobs if job.name == REFRESH]
        await look()
        await self.settle()

    async def _next(self, step: float) -> datetime | None:
        """The next deadline; `step` seconds from now where something only waits for its lane or turn."""
        now = self.clock.now()
        deadlines = await self.bot.store.read(
            lambda tx: [tx.timers.soonest(), *(tx.outbox.soonest(recipient) for recipient in Recipient)]
        )
        deadlines.append(next_told(self.alertmanager))
        coming = [at if at > now else now + timedelta(seconds=step) for at in deadlines if at is not None]
        return min(coming, default=None)

    # --- What there is to see

    def paged(self) -> list[str]:
        """The tiers that PagerDuty has notified, in order."""
        return [one.tier for one in self.pages()]

    def pages(self) -> list[Notification]:
        """Everybody whom PagerDuty has notified, in order."""
        return self.pagerduty.notifications

    def alerts(self) -> list[Incident]:
        """PagerDuty's incidents, in order."""
        return self.pagerduty.incidents

    def cards(self) -> list[Card]:
        """Every card in every channel, oldest first."""
        return [Card.of(self.slack, message) for message in self.slack.messages if is_card(message)]

    def card(self, number: int | None = None) -> Card:
        """The card of an incident; without a number the only one that there is."""
        cards = [card for card in self.cards() if number is None or f"#{number} " in card.text]
        assert len(cards) == 1, [card.text for card in self.cards()]
        return cards[0]

    def alert_cards(self) -> list[Card]:
        """Every card of an alert group in every channel, oldest first."""
        return [Card.of(self.slack, message) for message in self.slack.messages if is_alert_card(message)]

    def alert_card(self, number: int | None = None) -> Card:
        """The card of an alert group (`A12`); without a number the only one that there is."""
        cards = [card for card in self.alert_cards() if number is None or f"A{number} " in f"{card.text} "]
        assert len(cards) == 1, [card.text for card in self.alert_cards()]
        return cards[0]

    def run_cards(self) -> list[Card]:
        """Every card of a checklist's run in every channel, oldest first."""
        return [Card.of(self.slack, message) for message in self.slack.messages if is_run_card(message)]

    def run_card(self, title: str) -> Card:
        """The newest card of a checklist's run, by its title."""
        return [card for card in self.run_cards() if title in card.content.text][-1]

    def change_cards(self) -> list[Card]:
        """Every card of a change in every channel, oldest first."""
        return [Card.of(self.slack, message) for message in self.slack.messages if is_change_card(message)]

    def change_card(self, number: int | None = None) -> Card:
        """The card of a change (`CH12`); without a number the only one that there is."""
        cards = [
            card
            for card in self.change_cards()
            if number is None or card.content.text.startswith(f"CH{number} ")
        ]
        assert len(cards) == 1, [card.text for card in self.change_cards()]
        return cards[0]

    async def get(self, path: str) -> tuple[int, str]:
        """Status and text of one of the bot's pages."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}{path}") as response:
            return response.status, await response.text()

    def signed(self, body: bytes, content_type: str) -> dict[str, str]:
        """The headers with which Slack would send a body now. It signs in real time, as the bot checks."""
        return signed(body, WallClock().now(), content_type=content_type, secret=SIGNING_SECRET)

    async def waiting(self) -> int:
        """How many deliveries the bot still owes."""
        rows = await self.bot.store.read(lambda tx: tx.outbox.backlog())
        return sum(count for _, count, _ in rows)


@asynccontextmanager
async def opened_world(setup: Setup) -> AsyncIterator[World]:
    """A running bot between its stand-ins."""
    clock = FakeClock(setup.start)

    def milliseconds() -> int:
        return round(clock.now().timestamp() * 1000)

    def seconds() -> float:
        return clock.now().timestamp()

    slack = SlackStandIn(
        app=the_app(), clock=milliseconds, rates=True, monotonic=seconds, redelivery_seconds=()
    )
    async with (
        slack_stand_in(slack),
        served_pagerduty(clock=milliseconds, monotonic=seconds) as pagerduty,
        served_alertmanager(clock=milliseconds, timing=AT_ONCE, tick_seconds=None) as alertmanager,
        served_prometheus(clock=milliseconds) as prometheus,
        served_deployer(clock=milliseconds) as deployer,
    ):
        world = World(
            setup,
            clock,
            slack=slack,
            pagerduty=pagerduty.stand_in,
            alertmanager=alertmanager.stand_in,
            prometheus=prometheus.stand_in,
            deployer=deployer,
        )
        world.pagerduty_url, world.alertmanager_url = pagerduty.url, alertmanager.url
        world.prometheus_url, world.queries = prometheus.url, prometheus.queries
        try:
            yield world
        finally:
            await world.stop()


def the_app() -> App:
    """The app as its manifest installs it, with commands besides its own, so that they can be refused."""
    text = (Path(manifests.__file__).parent / "slack-app.yaml").read_text(encoding="utf-8")
    return replace(parse(yaml.safe_load(text)), commands=None, shortcuts=None)


def _settings(world: World) -> Settings:
    setup, slack, pagerduty_url = world.setup, world.slack, world.pagerduty_url
    return Settings(
        slack_bot_token=SecretStr(slack.tokens.bot),
        slack_signing_secret=() if setup.socket else (SecretStr(SIGNING_SECRET),),
        slack_app_token=SecretStr(slack.tokens.app) if setup.socket else None,
        slack_api_url=f"{slack.url}/api/",
        pagerduty_routing_keys={key: SecretStr(routing_key(key)) for key in setup.keys},
        pagerduty_api_key=SecretStr("sandbox-pagerduty-api-key") if setup.rest else None,
        pagerduty_from_email="opsbot@example.com" if setup.rest else None,
        pagerduty_webhook_secret=(SecretStr(WEBHOOK_SECRET),) if setup.webhook else (),
        pagerduty_events_url=pagerduty_url,
        pagerduty_api_url=pagerduty_url,
        alertmanager_url=world.alertmanager_url if setup.alertmanager else None,
        alertmanager_webhook_token=SecretStr(ALERTS_TOKEN),
        prometheus_url=world.prometheus_url if setup.prometheus else None,
        opsbot_webhook_secrets={"deployer": SecretStr(HOOK_SECRET)} if setup.deployer else {},
        database_url=SecretStr(setup.database_url),
        opsbot_calendar_token=SecretStr(CALENDAR_TOKEN) if setup.calendar else None,
        opsbot_gate_token=SecretStr(GATE_TOKEN),
    )


async def _answers_given() -> None:
    """Wait for what the bot still tells people after its acknowledgements."""
    answering = AfterAck._guarded.__qualname__
    while tasks := [task for task in asyncio.all_tasks() if _name_of(task) == answering]:
        await asyncio.wait(tasks)  # one may have begun another: a chart comes after its answer


def _name_of(task: asyncio.Task[object]) -> str:
    return getattr(task.get_coro(), "__qualname__", "")
