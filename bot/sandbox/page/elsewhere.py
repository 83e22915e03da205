"""Where the guide's links lead in the sandbox: pages that say what would open, and what sets it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape

from aiohttp import web

from bot.guide.document import parse
from bot.guide.shipped import SHIPPED, shipped
from bot.sandbox.page.guard import ELSEWHERE

RUNBOOKS = f"{ELSEWHERE}runbooks"
DASHBOARDS = f"{ELSEWHERE}dashboards"
GRAPHS = f"{ELSEWHERE}prometheus"

_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{title} · opsbot sandbox</title>
  <link rel="icon" href="/static/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/static/base.css">
  <link rel="stylesheet" href="/static/elsewhere.css">
  <script src="/static/early.js"></script>
</head>
<body>
  <main>
    <p class="where">
      <img src="/static/icon.svg" alt="" width="24" height="24">
      opsbot <small>sandbox</small>
    </p>
    <h1>{title}</h1>
    <p>{says}</p>
    <p class="set">{set_by}</p>
    <p><a href="/">Open the sandbox</a></p>
  </main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a link of the guide's, or of an alert's, leads to, and the setting of its address in the guide.

    Without a setting the address comes with the alert.
    """

    title: str
    kind: str
    name: str
    setting: str | None


def routes() -> list[web.AbstractRouteDef]:
    """The pages' routes."""
    return [web.get(f"{folder}/{{name}}", _show) for folder in (RUNBOOKS, DASHBOARDS, GRAPHS)]


async def _show(request: web.Request) -> web.Response:
    """The page that stands for a runbook or a dashboard."""
    found = (await asyncio.to_thread(_linked)).get(request.path)
    if found is None:
        page = _page("Nothing here", "The guide names no such runbook or dashboard.", "")
        return web.Response(text=page, content_type="text/html", status=web.HTTPNotFound.status_code)
    says = f"Here your {found.kind} opens: <code>{escape(found.name)}</code>."
    set_by = "Its address comes with the alert."
    if found.setting is not None:
        set_by = f"Its address is set in the guide: <code>{escape(found.setting)}</code>."
    return web.Response(text=_page(escape(found.title), says, set_by), content_type="text/html")


def _page(title: str, says: str, set_by: str) -> str:
    return _PAGE.format(title=title, says=says, set_by=set_by)


@cache
def _linked() -> Mapping[str, Linked]:
    """What the shipped guide, which the sandbox's is a copy of, links to, by path on the page's server."""
    guide = parse(shipped().decode(), SHIPPED).data
    books = [book for section in guide["runbooks"]["sections"].values() for book in section.values()]
    graph = Linked(title="Prometheus", kind="graph", name="the alert's expression", setting=None)
    return (
        {f"{GRAPHS}/graph": graph}
        | {
            f"{RUNBOOKS}/{book['file']}": Linked(
                title=book["title"], kind="runbook", name=book["file"], setting="runbooks.base"
            )
            for book in books
        }
        | {
            f"{DASHBOARDS}/{key}": Linked(
                title=board["title"], kind="dashboard", name=key, setting=f"dashboards.{key}.url"
            )
            for key, board in guide["dashboards"].items()
        }
    )
