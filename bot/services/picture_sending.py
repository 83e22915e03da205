"""Draws charts, and hangs them where they are owed."""

from __future__ import annotations

import asyncio
from datetime import tzinfo

from bot.domain.checklists.evidence_chart import chart_step, evidence_chart, is_compared
from bot.domain.slo.samples import Course
from bot.ports.charts import Chart, Charts
from bot.ports.failures import DeliveryFailure, TemporaryFailure, UnknownOutcome
from bot.ports.files import Picture
from bot.ports.metrics import MetricSource
from bot.ports.pictures import Pictures
from bot.ports.workspace import Workspace, may_read
from bot.services.picture_work import CourseAsked, DrawPicture, Sketch
from bot.services.work import Done

DRAWING_SECONDS = 6.5
"""For looking whether it hangs already, asking and drawing."""

HANGING_SECONDS = 5.0
"""For the upload. Both together stay below a lease."""


class PictureSender:
    """Draws and hangs; one that an earlier try may have hung is looked for first."""

    def __init__(
        self,
        *,
        source: MetricSource,
        charts: Charts,
        pictures: Pictures,
        workspace: Workspace,
        zone: tzinfo,
        drawing_seconds: float = DRAWING_SECONDS,
        hanging_seconds: float = HANGING_SECONDS,
    ) -> None:
        self._source = source
        self._charts = charts
        self._pictures = pictures
        self._workspace = workspace
        self._zone = zone
        self._drawing_seconds = drawing_seconds
        self._hanging_seconds = hanging_seconds

    async def send(self, work: DrawPicture) -> Done:
        """Do it. Raises DeliveryFailure's subclasses."""
        sketch = work.sketch
        if sketch is None or not self._may_hang(sketch):
            return Done()
        try:
            async with asyncio.timeout(self._drawing_seconds):
                picture = await self._picture(work, sketch)
        except TimeoutError as error:
            raise TemporaryFailure("The chart was not drawn in time.") from error
        if picture is not None:
            await self._hang(picture, sketch)
        return Done()

    async def _picture(self, work: DrawPicture, sketch: Sketch) -> Picture | None:
        """The picture; None where it hangs already, or nothing can be seen on it."""
        since = work.delivery.created_at
        if work.delivery.uncertain and await self._pictures.hangs(sketch.name, sketch.at, since):
            return None
        drawn = sketch.drawn
        chart = await self._course(drawn) if isinstance(drawn, CourseAsked) else drawn
        if chart is None:
            return None
        return Picture(
            name=sketch.name,
            content=await self._charts.draw(chart),
            title=chart.title,
            comment=f"{sketch.about}: {chart.alt_text}" if sketch.about else chart.alt_text,
            alt_text=chart.alt_text,
        )

    async def _course(self, asked: CourseAsked) -> Chart | None:
        spec, until = asked.spec, asked.until
        assert spec.chart is not None, "a chart is owed where the guide wants one"
        step, since = chart_step(spec.chart), until - spec.chart

        async def then() -> Course | None:
            """How it went before that, where it can be had: it only stands beside it."""
            if spec.compare is None or not is_compared(spec):
                return None
            try:
                return await self._source.course(
                    spec.of, since=since - spec.compare, until=until - spec.compare, step=step
                )
            except DeliveryFailure:
                return None

        now, before = await asyncio.gather(
            self._source.course(spec.of, since=since, until=until, step=step), then()
        )
        return evidence_chart(spec, now, before, until=until, zone=self._zone)

    async def _hang(self, picture: Picture, sketch: Sketch) -> None:
        try:
            async with asyncio.timeout(self._hanging_seconds):
                await self._pictures.hang(picture, sketch.at)
        except TimeoutError as error:
            raise UnknownOutcome("Slack did not take the picture in time.") from error

    def _may_hang(self, sketch: Sketch) -> bool:
        return sketch.told is None or may_read(self._workspace, sketch.told, sketch.at.channel)
