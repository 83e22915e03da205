"""The alert that always fires: as long as it comes, the monitoring system is alive."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.alert import Alert, GroupNews, Heartbeat
from bot.services.record import Record


def heard(record: Record, news: GroupNews) -> GroupNews:
    """Take signs of life out of the news, and note them. Returns what is left."""
    policy = record.directory.guide.alerting.watchdog
    if policy is None:
        return news
    signs = [alert for alert in news.alerts if alert.name == policy.alert]
    if any(alert.fires for alert in signs):
        _beat(record, policy.alert)
    return replace(news, alerts=_without(news.alerts, policy.alert)) if signs else news


def _beat(record: Record, name: str) -> None:
    known = next((beat for beat in record.tx.heartbeats.all() if beat.name == name), None)
    record.tx.heartbeats.beat(Heartbeat(name=name, at=record.now, group=known.group if known else None))


def _without(alerts: tuple[Alert, ...], name: str) -> tuple[Alert, ...]:
    return tuple(alert for alert in alerts if alert.name != name)
