"""A page as PagerDuty's Events API v2 wants it."""

from __future__ import annotations

from typing import Any

from bot.domain.severity import Severity
from bot.domain.text import clean
from bot.ports.pager import Link, Page

SUMMARY_LIMIT = 1024
_SOURCE_LIMIT = 255
_LINK_TEXT_LIMIT = 200
_DETAIL_LIMIT = 2000

SEVERITIES = {
    # A service that rings by severity takes "warning" for low urgency, which neither rings nor escalates.
    Severity.P0: "critical",
    Severity.P1: "error",
    Severity.P2: "error",
    Severity.P3: "error",
}


def trigger_properties(
    page: Page, card_link: str | None, *, client: str, client_url: str | None
) -> dict[str, Any]:
    """What a trigger carries besides its keys. `card_link` leads to the incident's card, where known."""
    card = (Link(href=card_link, text="Open in Slack"),) if card_link else ()
    links = [_link(link) for link in (*card, *page.links) if link.href]
    properties: dict[str, Any] = {
        "payload": {
            "summary": clean(page.summary, SUMMARY_LIMIT) or page.key,
            "severity": SEVERITIES[page.severity],
            "source": clean(page.source, _SOURCE_LIMIT) or client,
            "custom_details": {clean(name): clean(value, _DETAIL_LIMIT) for name, value in page.details},
        },
        "client": client,
    }
    if links:
        properties["links"] = links
    if client_url:
        properties["client_url"] = client_url
    return properties


def _link(link: Link) -> dict[str, str]:
    return {"href": link.href, "text": clean(link.text, _LINK_TEXT_LIMIT) or link.href}
