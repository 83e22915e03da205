"""Charts of a run's evidence, in the thread of its card."""

from __future__ import annotations

from bot.domain.checklists.run import Run
from bot.domain.delivery import Delivery
from bot.domain.face import Face
from bot.domain.slo.plan import rounded
from bot.ports.store import Transaction
from bot.services.picture_owing import owe_picture
from bot.services.picture_work import CourseAsked, Sketch
from bot.services.record import Record

EVIDENCE = "evidence"
"""What these pictures are of."""


def owe_evidence_pictures(record: Record, run: Run) -> None:
    """Owe a chart for all that has one, once the card stands in whose thread they hang."""
    if not record.directory.measures:
        return
    for item in run.items:
        for index, spec in enumerate(item.evidence):
            if spec.chart is not None:
                place = {"run": run.id, "position": item.position, "index": index}
                key = f"picture/{run.id}/{item.position}/{index}"
                payload = {"of": EVIDENCE, **place}
                owe_picture(record.tx, record.now, key=key, channel=run.channel, payload=payload)


def evidence_sketch(tx: Transaction, delivery: Delivery) -> Sketch | None:
    """What is drawn for one thing that an open run looks at."""
    facts = delivery.payload
    run = tx.runs.by_id(facts["run"])
    at = tx.messages.of(facts["run"], Face.RUN)
    if run is None or at is None or not run.is_open:
        return None
    item = run.item(facts["position"])
    return Sketch(
        name=f"review-{run.label}-{item.position}-{facts['index'] + 1}.png",
        at=at,
        drawn=CourseAsked(spec=item.evidence[facts["index"]], until=rounded(delivery.created_at)),
        about=f"{run.label}, item {item.position}",
        told=run,
    )
