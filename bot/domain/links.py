"""Addresses that come with alerts: to which of them a card may lead.

Whoever writes an alert's labels can write any address. Only those lead anywhere that are https and go to a
host that the guide lists, or to which the guide's own links lead; and those that the guide itself has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote, urlsplit

from bot.domain.guide import Guide

LONGEST = 2000
"""Characters of an address that is still a link."""

_HTTPS = re.compile(
    r"https://(?P<host>[a-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?(?:[/?#][^\s\\\x00-\x20\x7f]*)?", re.IGNORECASE
)
"""Without a user, a password, a name that is not ASCII, a backslash, a space or a control character."""

_PORT = "443"


def link_hosts(guide: Guide) -> frozenset[str]:
    """The hosts to which addresses from outside may lead: `host`, or `host:port` for another port.

    Beside them the guide's own addresses, whole: they may be followed as they are, with https or without.
    """
    books = [book.url for book in guide.runbooks.values() if book.url is not None]
    own = [*books, *(board.url for board in guide.dashboards.values())]
    return frozenset((*map(_normal, guide.alerting.link_hosts), *map(_host_of, own), *own)) - {""}


def outside_link(url: str | None, hosts: Collection[str]) -> str | None:
    """The address, where a card may lead there; None for every other one."""
    if url is None or len(url) > LONGEST:
        return None
    if "://" in url and url in hosts:
        return url
    found = _HTTPS.fullmatch(url)
    if found is None:
        return None
    return url if _named(found["host"], found["port"]) in hosts else None


def alerts_page(external_url: str | None, labels: Mapping[str, str]) -> str | None:
    """Where Alertmanager shows the alerts that have these labels."""
    if external_url is None:
        return None
    wanted = ",".join(f'{name}="{_escaped(labels[name])}"' for name in sorted(labels))
    base = external_url.rstrip("/")
    return f"{base}/#/alerts?filter={quote(f'{{{wanted}}}')}" if wanted else base


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _named(host: str, port: str | None) -> str:
    return host.lower() if port in {None, _PORT} else f"{host.lower()}:{port}"


def _host_of(url: str) -> str:
    """Where a link of the guide leads, whatever its scheme; on http's own port, to the same host by https."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return ""
    return _named(_ascii(parts.hostname or ""), str(port) if port else None)


def _normal(listed: str) -> str:
    host, _, port = listed.strip().partition(":")
    return _named(_ascii(host), port or None)


def _ascii(host: str) -> str:
    """A name as it stands in addresses: `bücher.example` is `xn--bcher-kva.example`."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
