"""Services that remember what they were asked and answer what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.alert_listing import AlertListing, arranged
from bot.domain.card import IncidentCard, MessageRef
from bot.domain.change_policy import ChangePolicy
from bot.domain.guide import (
    BusinessHours,
    Channel,
    Contact,
    Defaults,
    Guide,
    Organization,
    Platform,
    ReachKind,
    Runbook,
    Service,
    Slo,
    Team,
    Tier,
)
from bot.domain.incident import Incident, Status
from bot.domain.incident_policy import SeverityPolicy
from bot.domain.noise import NoiseReport, noise_report
from bot.domain.path import Path, Rung
from bot.domain.severity import Severity
from bot.domain.silencing import SilenceFor
from bot.domain.slo.objective import promises
from bot.domain.slo.reading import Reported
from bot.domain.statistics import Span, Statistics, statistics
from bot.domain.timeline import TimelinePage
from bot.ports.charts import Chart, Charts
from bot.ports.conversation import Blocks, Replies
from bot.ports.files import Files, Picture
from bot.ports.pager_news import PagerNews
from bot.services.alert_declaring import AlertDeclaring
from bot.services.alert_noise import NoiseReader
from bot.services.alert_reader import AlertReader
from bot.services.alerts import Alerts
from bot.services.charting import Charting
from bot.services.exports import Exports
from bot.services.health import Health, Part, Readiness
from bot.services.homes import Homes
from bot.services.incident_reader import IncidentReader
from bot.services.incidents import Incidents
from bot.services.items import Items, ListedItem
from bot.services.linked_alerts import LinkedAlerts
from bot.services.marking import Marking
from bot.services.marks import Marks
from bot.services.merging import Merging
from bot.services.pager_sync import PagerSync
from bot.services.postmortems import OwedPostmortem, Postmortems
from bot.services.questions import Questions
from bot.services.requests import Answer, Declaration, Ref, Request
from bot.services.silences import Silences
from bot.services.slo_reader import SloReader
from bot.services.statistics import StatisticsReader
from bot.services.updates import Updates, Word

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call of a use case: its name, the request, and what else it was given."""

    what: str
    request: Request
    given: dict[str, Any] = field(default_factory=dict)


class FakeIncidents(Incidents):
    """Records every call; answers `answer`, or raises `error`, once `wait_for` is set, where there is one."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer = Answer(text="P0 #42 is declared.", card=None)
        self.error: Exception | None = None
        self.wait_for: asyncio.Event | None = None
        self.entered = asyncio.Event()

    @property
    def only(self) -> Asked:
        (asked,) = self.asked
        return asked

    async def _take(self, what: str, request: Request, **given: Any) -> Answer:
        self.asked.append(Asked(what=what, request=request, given=given))
        self.entered.set()
        if self.wait_for is not None:
            await self.wait_for.wait()
        if self.error is not None:
            raise self.error
        return self.answer

    @override
    def check_may_declare(self, request: Request) -> None:
        return

    @override
    async def declare(self, request: Request, said: Declaration) -> Answer:
        return await self._take("declare", request, said=said)

    @override
    async def acknowledge(self, request: Request, ref: Ref) -> Answer:
        return await self._take("acknowledge", request, ref=ref)

    @override
    async def mitigate(self, request: Request, ref: Ref, text: str | None = None) -> Answer:
        return await self._take("mitigate", request, ref=ref, text=text)

    @override
    async def resolve(self, request: Request, ref: Ref, text: str | None = None) -> Answer:
        return await self._take("resolve", request, ref=ref, text=text)

    @override
    async def cancel(self, request: Request, ref: Ref, text: str | None = None) -> Answer:
        return await self._take("cancel", request, ref=ref, text=text)

    @override
    async def reopen(self, request: Request, ref: Ref) -> Answer:
        return await self._take("reopen", request, ref=ref)

    @override
    async def change_severity(self, request: Request, ref: Ref, severity: Severity) -> Answer:
        return await self._take("change_severity", request, ref=ref, severity=severity)

    @override
    async def escalate(self, request: Request, ref: Ref) -> Answer:
        return await self._take("escalate", request, ref=ref)

    @override
    async def give_role(self, request: Request, ref: Ref, role: str, to: Actor | None) -> Answer:
        return await self._take("give_role", request, ref=ref, role=role, to=to)


class FakeMerging(Merging):
    """Records every merge, and answers the same each time."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    @override
    async def merge(self, request: Request, ref: Ref, into: Ref) -> Answer:
        self.asked.append(Asked(what="merge", request=request, given={"ref": ref, "into": into}))
        return Answer(text="P0 #42 was merged into #41.")


class FakeAlertDeclaring(AlertDeclaring):
    """Is there, and does nothing."""

    def __init__(self) -> None:
        pass


class FakeLinkedAlerts(LinkedAlerts):
    """Is there, and does nothing."""

    def __init__(self) -> None:
        pass


class FakeUpdates(Updates):
    """Records every call, and answers the same to each."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def _take(self, what: str, request: Request, **given: Any) -> Answer:
        self.asked.append(Asked(what=what, request=request, given=given))
        return Answer(text="P0 #42 was acknowledged by ana.", card=None)

    @override
    async def write(self, request: Request, ref: Ref, word: Word) -> Answer:
        return self._take("write", request, ref=ref, word=word)

    @override
    async def set_impact(self, request: Request, ref: Ref, text: str) -> Answer:
        return self._take("set_impact", request, ref=ref, text=text)

    @override
    async def ask_every(self, request: Request, ref: Ref, every: timedelta | None) -> Answer:
        return self._take("ask_every", request, ref=ref, every=every)

    @override
    async def snooze(self, request: Request, ref: Ref) -> Answer:
        return self._take("snooze", request, ref=ref)

    @override
    async def still_on_it(self, request: Request, ref: Ref) -> Answer:
        return self._take("still_on_it", request, ref=ref)


class FakeExports(Exports):
    """Hands out nothing."""

    def __init__(self) -> None:
        self.asked: list[Ref] = []


class FakeFiles(Files):
    """Remembers what was shared, by name."""

    def __init__(self) -> None:
        self.shared: dict[str, bytes] = {}

    @override
    async def share(self, name: str, content: bytes, *, title: str, comment: str, at: MessageRef) -> None:
        self.shared[name] = content

    @override
    async def show(self, picture: Picture, channel: str, thread: str | None) -> None:
        self.shared[picture.name] = picture.content


class FakeMarking(Marking):
    """Adds no messages."""

    def __init__(self) -> None:
        self.asked: list[Ref] = []


class FakeMarks(Marks):
    """Takes no notes."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Ref]] = []

    @override
    async def note(self, request: Request, ref: Ref, text: str) -> Answer:
        self.asked.append((text, ref))
        return Answer(text="Noted.")


class FakeReader(IncidentReader):
    """Shows `cards`; what is of a security incident shows in the channel `home` only."""

    def __init__(self, cards: tuple[IncidentCard, ...] = (), home: str = "CSEC") -> None:
        self.cards = cards
        self.home = home
        self.asked: list[tuple[str, str | None]] = []

    @property
    @override
    def guide(self) -> Guide:
        return GUIDE

    @override
    async def open(self, channel: str | None) -> tuple[tuple[IncidentCard, ...], int]:
        self.asked.append(("open", channel))
        return self.cards, 0

    @override
    async def show(
        self, request: Request, ref: Ref, *, verb: str = "show", before: int | None = None
    ) -> tuple[IncidentCard, TimelinePage]:
        self.asked.append((verb, request.channel))
        return self.cards[0], TimelinePage()

    @override
    def may_show(self, card: IncidentCard, channel: str | None) -> bool:
        return not card.incident.security or channel == self.home


class FakePostmortems(Postmortems):
    """None is owed."""

    def __init__(self) -> None:
        pass

    @override
    async def open(self, channel: str | None) -> tuple[OwedPostmortem, ...]:
        return ()


class FakeItems(Items):
    """There are none."""

    def __init__(self) -> None:
        pass

    @override
    async def list(self, request: Request, number: int | None) -> tuple[ListedItem, ...]:
        return ()


class FakeAlerts(AlertReader):
    """Nothing fires."""

    def __init__(self) -> None:
        pass

    @property
    @override
    def guide(self) -> Guide:
        return GUIDE

    @override
    async def firing(
        self, request: Request, *, severity: Severity | None = None, service: str | None = None
    ) -> AlertListing:
        return arranged((), NOW)


class FakeAlertChanges(Alerts):
    """Does whatever is asked, and remembers what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int | None]] = []

    @override
    async def acknowledge(self, request: Request, ref: Ref) -> Answer:
        return self._done("ack", request, ref)

    @override
    async def unacknowledge(self, request: Request, ref: Ref) -> Answer:
        return self._done("unack", request, ref)

    @override
    async def escalate(self, request: Request, ref: Ref) -> Answer:
        return self._done("escalate", request, ref)

    def _done(self, verb: str, request: Request, ref: Ref) -> Answer:
        self.asked.append((verb, request.delivery_id, ref.number))
        return Answer(text=f"{verb} A{ref.number}")


class FakeSilences(Silences):
    """Silences whatever is wanted."""

    def __init__(self) -> None:
        pass

    @override
    async def silence(self, request: Request, ref: Ref, how_long: SilenceFor, comment: str = "") -> Answer:
        return Answer(text=f"A{ref.number} is silenced.")

    @override
    async def unsilence(self, request: Request, ref: Ref) -> Answer:
        return Answer(text=f"A{ref.number} is not silenced any more.")


class FakeNoise(NoiseReader):
    """Nothing has fired."""

    def __init__(self) -> None:
        pass

    @override
    async def of(self, length: timedelta, channel: str | None, service: str | None = None) -> NoiseReport:
        return noise_report((), NOW - length, NOW, hidden=lambda _fired: False)


class FakeStatistics(StatisticsReader):
    """Nothing was declared, whatever is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[timedelta, str | None]] = []

    @override
    async def of(self, length: timedelta, service: str | None = None) -> Statistics:
        self.asked.append((length, service))
        return statistics((), Span(since=NOW - length, until=NOW, service=service), UTC)


class FakeCharting(Charting):
    """Has nothing drawn."""

    def __init__(self) -> None:
        pass


class FakeCharts(Charts):
    """Draws nothing."""

    @override
    async def draw(self, chart: Chart) -> bytes:
        return b"PNG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message: to a `response_url`, or to one person in a channel."""

    text: str
    response_url: str | None = None
    channel: str | None = None
    user: str | None = None
    thread: str | None = None


class FakeReplies(Replies):
    """Remembers what was said after acknowledgements."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.views: list[tuple[str, Mapping[str, Any]]] = []
        self.error: Exception | None = None
        self._heard = asyncio.Event()

    async def next(self) -> Said:
        """The one message that was said, once it has been."""
        async with asyncio.timeout(5):
            await self._heard.wait()
        (said,) = self.said
        return said

    @override
    async def ephemeral(
        self, channel: str, user: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        self._say(Said(text=text, channel=channel, user=user, thread=thread))

    @override
    async def say(self, channel: str, *, text: str, blocks: Blocks, thread: str | None = None) -> None:
        self._say(Said(text=text, channel=channel, thread=thread))

    @override
    async def respond(
        self, response_url: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        self._say(Said(text=text, response_url=response_url, thread=thread))

    @override
    async def announce(
        self, response_url: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        self._say(Said(text=text, response_url=response_url, thread=thread))

    @override
    async def replace(self, response_url: str, *, text: str, blocks: Blocks) -> None:
        self._say(Said(text=text, response_url=response_url))

    @override
    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        self.views.append((trigger_id, view))
        return f"V{len(self.views)}"

    @override
    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        self.views.append((view_id, view))

    def _say(self, said: Said) -> None:
        self.said.append(said)
        self._heard.set()
        if self.error is not None:
            raise self.error


class FakeHomes(Homes):
    """Remembers who has opened theirs."""

    def __init__(self) -> None:
        self.opened_by: list[str] = []

    @override
    async def opened(self, request: Request) -> None:
        self.opened_by.append(request.actor.id)

    @override
    async def refresh(self, user: str) -> None:
        self.opened_by.append(user)


class FakeQuestions(Questions):
    """Everything is asked for the first time."""

    def __init__(self) -> None:
        pass

    @override
    async def is_new(self, request: Request) -> bool:
        return True


class FakeSloReader(SloReader):
    """Knows what the guide promises, and no number."""

    def __init__(self) -> None:
        self.promises = promises(GUIDE)

    @override
    async def overview(self) -> tuple[Reported, ...]:
        return tuple(
            Reported(promise=one, window=timedelta(days=30), report=None, trouble="Nobody measures.")
            for one in self.promises.values()
        )


class FakeSync(PagerSync):
    """Remembers the news that it hears."""

    def __init__(self) -> None:
        self.heard: list[PagerNews] = []
        self.error: Exception | None = None

    @override
    async def hear(self, news: PagerNews) -> None:
        if self.error is not None:
            raise self.error
        self.heard.append(news)


class FakeHealth(Health):
    """As well as a test says."""

    def __init__(self) -> None:
        self.alive = True
        self.database_text = "answers"
        self.error: Exception | None = None

    @override
    def is_alive(self) -> bool:
        return self.alive

    @override
    async def readiness(self) -> Readiness:
        ok = self.database_text == "answers"
        return Readiness(parts=(Part(name="database", ok=ok, text=self.database_text),))

    @override
    async def metrics(self) -> bytes:
        if self.error is not None:
            raise self.error
        return b"opsbot_up 1\n"


def card(*, number: int = 42, security: bool = False) -> IncidentCard:
    """A card of a P0 that nobody has acknowledged."""
    incident = Incident(
        id="abc",
        number=number,
        severity=Severity.P0,
        status=Status.TRIGGERED,
        title="checkout is down",
        service=None,
        channel="ops",
        security=security,
        path=Path(
            rungs=(Rung(tier="on-call", title="On-call"),),
            response=timedelta(minutes=15),
            pages=True,
            repeats=True,
        ),
        declared_by=Actor(id="U1", name="ana"),
        declared_at=NOW,
        epoch_at=NOW,
    )
    runbook = Runbook(key="r", title="Incident Response", file="r.md", section="", url=None)
    return IncidentCard(
        incident=incident,
        next_step=None,
        pages=(),
        service=None,
        team="Platform",
        runbook=runbook,
        dashboards=(),
        roles=(),
        confirmable=False,
    )


def _guide() -> Guide:
    hours = BusinessHours(opens=time(9), closes=time(17), weekdays=frozenset(range(5)))
    services = ("payment", "search")
    return Guide(
        organization=Organization(name="Example", zone=ZoneInfo("UTC"), business_hours=hours),
        channels={"ops": Channel(key="ops", name="ops", purpose="operations")},
        severities={
            severity: SeverityPolicy(
                severity=severity,
                title=f"Severity {severity}",
                meaning="bad",
                response=timedelta(minutes=15),
                path=("on-call",),
                pages=True,
                repeats=True,
            )
            for severity in Severity
        },
        tiers={"on-call": Tier(key="on-call", title="On-call", reach=ReachKind.SERVICE)},
        services={
            key: Service(key=key, title=key.title(), team="platform", runbook="r", dashboards=())
            for key in services
        },
        platform=Platform(slo=Slo(window=timedelta(days=30))),
        checklists={},
        changes=ChangePolicy(types={}, phases=()),
        runbooks={},
        dashboards={},
        teams={"platform": Team(key="platform", title="Platform", channel="ops")},
        vendors={},
        contacts=(Contact(title="On-call Engineer", how="PagerDuty escalation"),),
        alerts=(),
        defaults=Defaults(
            ops="ops",
            security="ops",
            leadership="ops",
            team="platform",
            security_team="platform",
            runbook="r",
            security_runbook="r",
            dashboards=(),
        ),
    )


GUIDE = _guide()
