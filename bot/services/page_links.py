"""Where a page leads whoever is woken by it."""

from __future__ import annotations

from bot.domain.alert import AlertGroup
from bot.domain.call import Call
from bot.domain.directory import Directory
from bot.domain.escalating import Escalating
from bot.domain.links import link_hosts, outside_link


def page_links(subject: Escalating, directory: Directory) -> list[tuple[str, str]]:
    """Runbook and dashboards: what came with the alerts first, where it may be followed.

    Of what is secret only the guide's runbook: the others would tell what is affected.
    """
    if isinstance(subject, Call):
        return []  # it is about nothing that the guide has a document for
    runbook = directory.runbook(subject)
    links = [(runbook.url, f"Runbook: {runbook.title}")] if runbook.url else []
    if subject.security:
        return links
    links += [(board.url, board.title) for board in directory.dashboards(subject)]
    if isinstance(subject, AlertGroup):
        return [*_own(subject, directory), *links]
    return links


def _own(group: AlertGroup, directory: Directory) -> list[tuple[str, str]]:
    hosts = link_hosts(directory.guide)
    told = ((group.runbook_url, "The alert's runbook"), (group.dashboard_url, "The alert's dashboard"))
    followed = ((outside_link(url, hosts), text) for url, text in told)
    return [(url, text) for url, text in followed if url is not None]
