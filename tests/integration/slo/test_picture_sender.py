"""A chart is drawn and hung within bounds, and one that may hang already is looked for first."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from bot.domain.card import MessageRef
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.evidence import EvidenceSpec, Source
from bot.domain.slo.samples import Course, Line, Point
from bot.ports.charts import Chart, Charts
from bot.ports.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.files import Picture
from bot.ports.pictures import Pictures
from bot.services.picture_sending import PictureSender
from bot.services.picture_work import CourseAsked, DrawPicture, Sketch
from tests.support.builders import NEW_YORK, a_run
from tests.support.clock import MONDAY_NOON
from tests.support.fake_vendors import FakeWorkspace
from tests.support.metric_source import FakeMetrics

A_DAY = timedelta(days=1)
SOON, FAR = 0.05, 60.0
SPEC = EvidenceSpec(title="Errors", source=Source.QUERY, of="errors", chart=A_DAY)
AT = MessageRef(channel="C1", ts="1.0")
DRAWN = b"\x89PNG"


@dataclass
class Drawing(Charts):
    """Draws, or hangs. `asked` is what was to be drawn."""

    hangs: bool = False
    asked: list[Chart] = field(default_factory=list)

    @override
    async def draw(self, chart: Chart) -> bytes:
        self.asked.append(chart)
        if self.hangs:
            await asyncio.Event().wait()
        return DRAWN


@dataclass
class Wall(Pictures):
    """Where pictures hang, by their names."""

    hung: list[Picture] = field(default_factory=list)
    looked_for: list[str] = field(default_factory=list)
    stuck: bool = False

    @override
    async def hangs(self, name: str, at: MessageRef, since: datetime) -> bool:
        self.looked_for.append(name)
        return name in [one.name for one in self.hung]

    @override
    async def hang(self, picture: Picture, at: MessageRef) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        self.hung.append(picture)


@dataclass
class Studio:
    """Who draws, asks and hangs."""

    source: FakeMetrics = field(default_factory=FakeMetrics)
    charts: Drawing = field(default_factory=Drawing)
    wall: Wall = field(default_factory=Wall)
    drawing_seconds: float = FAR
    hanging_seconds: float = FAR

    def __post_init__(self) -> None:
        points = tuple(Point(at=MONDAY_NOON - timedelta(minutes=5 * n), value=n / 10) for n in (2, 1, 0))
        self.source.course_answer = Course(lines=(Line(labels={}, points=points),))

    async def send(self, sketch: Sketch | None, *, uncertain: bool = False) -> None:
        sender = PictureSender(
            source=self.source,
            charts=self.charts,
            pictures=self.wall,
            workspace=FakeWorkspace(),
            zone=NEW_YORK,
            drawing_seconds=self.drawing_seconds,
            hanging_seconds=self.hanging_seconds,
        )
        await sender.send(DrawPicture(delivery=replace(DELIVERY, uncertain=uncertain), sketch=sketch))


DELIVERY = Delivery(
    key="picture/r12/1/0",
    kind=DeliveryKind.PICTURE,
    subject="picture/r12/1/0",
    epoch=0,
    order_key="picture/r12/1/0",
    lane="slack/post/platform-alerts",
    method="",
    priority=60,
    not_before=MONDAY_NOON,
    created_at=MONDAY_NOON,
)
SKETCH = Sketch(
    name="review-C12-1-1.png",
    at=AT,
    drawn=CourseAsked(spec=SPEC, until=MONDAY_NOON),
    about="C12, item 1",
    told=a_run(),
)


@pytest.fixture
def studio() -> Studio:
    return Studio()


async def test_it_hangs_with_its_conclusion_beside_it(studio: Studio) -> None:
    await studio.send(SKETCH)
    [picture] = studio.wall.hung
    assert (picture.name, picture.content) == (SKETCH.name, DRAWN)
    assert picture.comment == f"C12, item 1: {picture.alt_text}"
    assert picture.alt_text.startswith("Errors, last 1 d: 0 now, ")
    assert studio.wall.looked_for == []


async def test_the_span_and_the_one_before_are_asked_for(studio: Studio) -> None:
    await studio.send(SKETCH)
    assert [(since, until) for _, since, until, _ in studio.source.spans] == [
        (MONDAY_NOON - A_DAY, MONDAY_NOON),
        (MONDAY_NOON - timedelta(days=8), MONDAY_NOON - timedelta(days=7)),
    ]


async def test_one_that_may_hang_is_looked_for_first(studio: Studio) -> None:
    await studio.send(SKETCH, uncertain=True)
    await studio.send(SKETCH, uncertain=True)
    assert len(studio.wall.hung) == 1
    assert len(studio.charts.asked) == 1, "what hangs is not drawn again"
    assert studio.wall.looked_for == [SKETCH.name] * 2


async def test_a_drawing_that_takes_too_long_has_hung_nothing(studio: Studio) -> None:
    studio.charts.hangs, studio.drawing_seconds = True, SOON
    with pytest.raises(TemporaryFailure, match="not drawn in time"):
        await studio.send(SKETCH)
    assert studio.wall.hung == []


async def test_a_prometheus_that_hangs_is_given_up(studio: Studio) -> None:
    studio.source.hangs, studio.drawing_seconds = lambda _query: True, SOON
    with pytest.raises(TemporaryFailure, match="not drawn in time"):
        await studio.send(SKETCH)


async def test_an_upload_that_takes_too_long_may_hang(studio: Studio) -> None:
    studio.wall.stuck, studio.hanging_seconds = True, SOON
    with pytest.raises(UnknownOutcome):
        await studio.send(SKETCH)


async def test_a_query_that_is_refused_is_a_failure_and_the_time_before_is_not(studio: Studio) -> None:
    refused = PermanentFailure("Prometheus refuses the query.")
    asked: list[str] = []

    def fails(query: str) -> PermanentFailure | None:
        asked.append(query)
        return refused if len(asked) == 2 else None

    studio.source.fails = fails
    await studio.send(SKETCH)
    assert len(studio.wall.hung) == 1
    studio.source.fails = lambda _query: refused
    with pytest.raises(PermanentFailure):
        await studio.send(SKETCH)


async def test_what_gives_nothing_and_what_is_no_more_is_not_drawn(studio: Studio) -> None:
    studio.source.course_answer = Course(lines=())
    await studio.send(SKETCH)
    await studio.send(None)
    assert studio.wall.hung == []
    assert studio.charts.asked == []


async def test_where_others_read_nothing_of_the_security_teams_hangs(studio: Studio) -> None:
    await studio.send(replace(SKETCH, told=a_run(security=True, channel="security-incidents")))
    assert studio.wall.hung == []
    assert studio.source.spans == []
