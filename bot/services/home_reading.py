"""Reads what somebody's Home tab shows, as things are in one snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.alert import AlertGroup
from bot.domain.business_time import instant_of
from bot.domain.call import Call
from bot.domain.checklists.run import Run, RunItem
from bot.domain.checklists.schedule import occurrences
from bot.domain.checklists.whose import has_free_items, whose_words
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.domain.home import (
    MOST_ALERTS,
    MOST_CALLS,
    MOST_CHECKS,
    MOST_FOUND,
    MOST_INCIDENTS,
    MOST_ITEMS,
    MOST_MINE,
    MOST_PROBLEMS,
    MOST_REVIEWS,
    MOST_RUNS,
    HomeAlert,
    HomeAlerts,
    HomeCall,
    HomeCheck,
    HomeComing,
    HomeIncident,
    HomeItem,
    HomeProblem,
    HomeReview,
    HomeRun,
    HomeTab,
    urgency,
)
from bot.domain.incident import Incident
from bot.domain.item import Item
from bot.domain.rights import Rights
from bot.domain.subject import Subject
from bot.ports.store import Transaction
from bot.ports.workspace import Workspace
from bot.services.cards import next_step_of
from bot.services.home_changes import read_home_changes
from bot.services.run_cards import whose_of

_ACKNOWLEDGED = "acknowledged it"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeReading:
    """What is needed to read anybody's."""

    directory: Directory
    workspace: Workspace
    rights: Rights

    def read(self, tx: Transaction, user: str, now: datetime) -> HomeTab:
        """All but what has to be measured."""
        one = _One(tx=tx, user=user, now=now, about=self)
        incidents = sorted(tx.incidents.open(), key=urgency)
        mine = [incident for incident in incidents if one.has(incident)]
        runs = tx.runs.open()
        reviews = [(run, checks) for run in runs if (checks := one.checks(run))]
        items = tx.items.open_of(user)
        today, calls = one.today(runs), tx.calls.waiting()
        problems = [(run, item) for run in tx.runs.with_problems() for item in run.open_problems]
        found = [(run, item) for run, item in problems if one.follows(item)]
        return HomeTab(
            user=user,
            at=now,
            may_act=not self.rights.is_outsider(user),
            mine=tuple(map(one.incident, mine[:MOST_MINE])),
            mine_in_all=len(mine),
            reviews=tuple(one.reviews(reviews[:MOST_REVIEWS])),
            reviews_in_all=len(reviews),
            checks_in_all=sum(len(checks) for _, checks in reviews),
            found=tuple(one.problem(run, item) for run, item in found[:MOST_FOUND]),
            found_in_all=len(found),
            items=tuple(one.item(item) for item in items[:MOST_ITEMS]),
            items_in_all=len(items),
            incidents=tuple(map(one.incident, incidents[:MOST_INCIDENTS])),
            incidents_in_all=len(incidents),
            alerts=one.alerts(),
            calls=tuple(map(one.call, calls[:MOST_CALLS])),
            calls_in_all=len(calls),
            runs=tuple(map(one.run, today[:MOST_RUNS])),
            runs_in_all=len(today),
            coming=tuple(one.coming(today)),
            problems=tuple(one.problem(run, item) for run, item in problems[:MOST_PROBLEMS]),
            problems_in_all=len(problems),
            dashboards=tuple(self.directory.guide.dashboards.values()),
            changes=read_home_changes(tx, now, self.directory, self.workspace),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _One:
    """One person's, in one transaction."""

    tx: Transaction
    user: str
    now: datetime
    about: HomeReading

    def has(self, incident: Incident) -> bool:
        """Whether it is theirs to see to."""
        return bool(self._roles(incident))

    def incident(self, incident: Incident) -> HomeIncident:
        directory, known = self.about.directory, self._knows(incident)
        team = directory.team(incident.service, security=incident.security).title
        return HomeIncident(
            id=incident.id,
            epoch=incident.epoch,
            number=incident.number,
            severity=incident.severity,
            drill=incident.drill,
            title=incident.title if known else None,
            service=directory.service_title(incident) if known else None,
            status=incident.status,
            taken_by=incident.acknowledged_by.name if known and incident.acknowledged_by else None,
            next_step=next_step_of(self.tx, incident, team, directory),
            mine=self._roles(incident),
            url=self._url(incident, Face.CARD) if known else None,
        )

    def call(self, call: Call) -> HomeCall:
        return HomeCall(
            label=call.label,
            caller=call.called_by.name,
            tier=call.tier_title,
            reason=call.reason,
            since=call.called_at,
            url=self._url(call, Face.CALL),
        )

    def checks(self, run: Run) -> list[HomeCheck]:
        """Open items that are theirs: taken, given, or of a run that is theirs as a whole."""
        owned = ((item, item.owner or run.owner) for item in run.open_items)
        return [
            HomeCheck(position=item.position, title=item.title)
            for item, owner in owned
            if owner is not None and owner.id == self.user
        ]

    def follows(self, item: RunItem) -> bool:
        """Whether its problem is theirs: they are reminded of it."""
        return item.follower is not None and item.follower.id == self.user

    def reviews(self, theirs: Iterable[tuple[Run, list[HomeCheck]]]) -> Iterator[HomeReview]:
        """Reviews of which they have items, what is due first comes first. Together they show so many."""
        room = MOST_CHECKS
        for run, checks in theirs:
            yield HomeReview(
                run=run.id,
                label=run.label,
                title=self.about.directory.called(run),
                due_at=run.due_at,
                overdue=self.now > run.due_at,
                checks=tuple(checks[:room]),
                in_all=len(checks),
                url=self._url(run, Face.RUN),
            )
            room -= min(room, len(checks))

    def item(self, item: Item) -> HomeItem:
        incident = self.tx.incidents.by_id(item.incident)
        known = incident is not None and self._knows(incident)
        label = "an incident"
        if incident is not None:
            label = incident.public_title if incident.security else incident.label
        return HomeItem(
            number=item.number,
            incident=label,
            text=item.text if known else None,
            due=item.due,
            late=item.is_late(self._local_day),
        )

    def alerts(self) -> HomeAlerts:
        """What nobody has acknowledged; a storm stands for its members."""
        worst, count = self.tx.alert_groups.waiting(MOST_ALERTS)
        return HomeAlerts(count=count, worst=tuple(map(self._alert, worst)))

    def today(self, runs: tuple[Run, ...]) -> list[Run]:
        """What is open, then what was to be done today and is over."""
        begin, end = self._bounds
        over = [run for run in self.tx.runs.between(begin, end) if not run.is_open]
        return [*runs, *over]

    def run(self, run: Run) -> HomeRun:
        known = self._knows(run)
        return HomeRun(
            id=run.id,
            label=run.label,
            title=self.about.directory.called(run),
            state=run.state,
            settled=run.settled,
            items=len(run.items),
            due_at=run.due_at,
            overdue=self.now > run.due_at,
            late=run.was_late,
            free=known and has_free_items(run),
            owner=whose_words(run, whose_of(run, self.about.directory)) if known else None,
            url=self._url(run, Face.RUN),
        )

    def coming(self, today: Iterable[Run]) -> Iterator[HomeComing]:
        """What the guide has for the rest of the day."""
        known = {(run.checklist, run.occurrence) for run in today}
        business, end = self.about.directory.business, self._bounds[1]
        ahead = [
            (occurrence.at, checklist)
            for checklist in self.about.directory.guide.checklists.values()
            for occurrence in occurrences(checklist, business, self.now, end)
            if (checklist.key, occurrence.key) not in known and occurrence.at < end
        ]
        for at, checklist in sorted(ahead, key=lambda pair: (pair[0], pair[1].key)):
            yield HomeComing(title=checklist.title, cadence=checklist.cadence, at=at)

    def problem(self, run: Run, item: RunItem) -> HomeProblem:
        problem = item.problem
        assert problem is not None, "these are runs' open problems"
        owner = item.follower
        return HomeProblem(
            run=run.label,
            position=item.position,
            item=item.title,
            text=problem.text if self._knows(run) else None,
            since=problem.found_at.astimezone(self._zone).date(),
            owner=owner.name if owner and self._knows(run) else None,
            incident=self._label_of(problem.incident),
            url=self._url(run, Face.RUN),
        )

    def _alert(self, group: AlertGroup) -> HomeAlert:
        known = self._knows(group)
        return HomeAlert(
            label=group.label,
            severity=group.severity,
            title=group.title if known else None,
            service=self.about.directory.service_title(group) if known else None,
            since=group.started_at,
            url=self._url(group, Face.ALERT) if known else None,
        )

    def _roles(self, incident: Incident) -> tuple[str, ...]:
        """What they are in it, in words."""
        held = [title for title, holder in self.about.directory.holders(incident) if holder.id == self.user]
        taken = incident.acknowledged_by
        if not held and taken is not None and taken.id == self.user:
            held.append(_ACKNOWLEDGED)
        return tuple(held)

    def _label_of(self, incident: str | None) -> str | None:
        found = self.tx.incidents.by_id(incident) if incident else None
        if found is None:
            return None
        return found.public_title if found.security else found.label

    def _knows(self, subject: Subject) -> bool:
        return self.about.rights.may_know(self.user, subject)

    def _url(self, subject: Subject, face: Face) -> str | None:
        at = self.tx.messages.of(subject.id, face)
        return self.about.workspace.url(at) if at else None

    @property
    def _zone(self) -> ZoneInfo:
        return self.about.directory.guide.organization.zone

    @property
    def _local_day(self) -> date:
        return self.now.astimezone(self._zone).date()

    @property
    def _bounds(self) -> tuple[datetime, datetime]:
        """When today began, and when it ends, by the guide's clocks."""
        today = self._local_day
        return instant_of(self._zone, today, time()), instant_of(self._zone, today + _DAY, time())
