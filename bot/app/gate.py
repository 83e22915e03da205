"""Joins the gate: what it goes by is noted every minute, and pipelines ask it over HTTP."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Job, Part
from bot.services.gates import GateReader
from bot.services.slo_news import SloNews
from bot.views.slo.words import meaning
from handlers.gate_http import PATH, GateHttp

NEWS_SECONDS = 60.0
FIRST_NEWS_SECONDS = 0.5
"""Soon: until then the gate says how long nobody listened while no bot ran."""
NEWS = "note how error budgets stand"


def gates_of(inside: Inside) -> GateReader:
    """Who answers for the gate."""
    return GateReader(store=inside.outside.store, clock=inside.outside.clock, directory=inside.directory)


def wire_gate(inside: Inside) -> Part:
    """Join it."""
    token = inside.outside.settings.opsbot_gate_token
    asked = GateHttp(gates=gates_of(inside), token=None if token is None else token.get_secret_value())
    news = SloNews(reader=inside.slo, store=inside.outside.store, said=meaning)
    return Part(
        gets={PATH: asked.get},
        jobs=(Job(every=NEWS_SECONDS, name=NEWS, do=news.look, first=FIRST_NEWS_SECONDS),),
    )
