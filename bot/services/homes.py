"""Home tabs: owed when somebody opens theirs or something happens, and shown where they would change."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.severity import Severity
from bot.ports.clock import Clock
from bot.ports.failures import TemporaryFailure
from bot.ports.homes import HomeGoneError, HomeTabs
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.services.about_nothing import about_nothing
from bot.services.home_reading import HomeReading
from bot.services.home_work import HomeShown, ShowHome
from bot.services.requests import Request
from bot.services.settlement import Alone
from bot.services.slo_glance import SloGlance
from bot.services.work import Sent

HOME_LANE = "slack/views.publish"
SEEN = "homes/seen"
"""The fact that says up to what Home tabs were kept up to date."""

WATCHED = timedelta(hours=1)
"""How long after it was opened a Home tab is kept up to date: nobody tells when it is closed."""

_OPENED = "home opened"

_log = logging.getLogger(__name__)


class Homes:
    """What people do with theirs."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def opened(self, request: Request) -> None:
        """Somebody has opened theirs: it is owed in the same commit, once however often that is told."""

        def body(tx: Transaction) -> None:
            if tx.receipts.find(request.source, request.delivery_id) is not None:
                return
            now = self._clock.now()
            tx.receipts.keep(request.source, request.delivery_id, _OPENED, now)
            _open(tx, request.actor.id, now)

        await self._store.transaction("open_home", body)

    async def refresh(self, user: str) -> None:
        """Somebody has pressed something there, and is to see at once what came of it."""
        await self._store.transaction("refresh_home", lambda tx: _open(tx, user, self._clock.now()))


class HomeKeeper:
    """Owes Home tabs anew when something has happened."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def look(self) -> int:
        """Look once, as is done every few seconds. How many are owed. Raises StoreUnavailable."""
        now = self._clock.now()

        def watched(tx: Transaction) -> tuple[str | None, str, bool]:
            return tx.facts.get(SEEN), _pulse(tx, now), bool(tx.homes.opened_since(now - WATCHED))

        seen, pulse, is_watched = await self._store.read(watched)
        if not is_watched or pulse == seen:
            return 0

        def body(tx: Transaction) -> int:
            if not tx.facts.swap(SEEN, seen, pulse):
                return 0  # another replica was faster
            homes = tx.homes.opened_since(now - WATCHED)
            for home in homes:
                _owe(tx, home.user, now)
            return len(homes)

        return await self._store.transaction("owe_homes", body)


class HomeShowing:
    """Reads what somebody's shows now, and lets them see it where that is not what they see already."""

    def __init__(
        self, *, store: Store, clock: Clock, reading: HomeReading, slos: SloGlance, tabs: HomeTabs
    ) -> None:
        self._store = store
        self._clock = clock
        self._reading = reading
        self._slos = slos
        self._tabs = tabs

    async def show(self, work: ShowHome) -> HomeShown:
        """Do it. What is measured never stops the rest. Raises DeliveryFailure's subclasses."""
        slos = await self._slos.look() if self._slos.is_there else ()
        now = self._clock.now()
        try:
            shown, tab = await self._store.read(
                lambda tx: (tx.homes.one(work.user), self._reading.read(tx, work.user, now))
            )
        except StoreUnavailable as error:
            raise TemporaryFailure("The database does not answer.") from error
        if shown is None:  # nobody has opened it for so long that it is forgotten
            return HomeShown(digest=None)
        whole = replace(tab, measures=self._slos.is_there, slos=slos)
        if whole.digest == shown.shown:
            return HomeShown(digest=whole.digest)
        try:
            await self._tabs.publish(whole)
        except HomeGoneError as gone:
            _log.info("a Home tab is forgotten: %s", gone.reason)
            return HomeShown(digest=None)
        return HomeShown(digest=whole.digest)


def load_home(_tx: Transaction, delivery: Delivery) -> ShowHome:
    """Whose is to be shown. What it shows is read when it is sent: claims of others wait for no such read."""
    return ShowHome(delivery=delivery, user=delivery.payload["user"])


def home_shown(alone: Alone, work: ShowHome, sent: Sent) -> None:
    """Remember what they see now; where nobody is there to see it, nothing is owed them any more."""
    if not alone.held or not isinstance(sent, HomeShown):
        return
    homes = alone.record.tx.homes
    if sent.digest is None:
        homes.gone(work.user)
    else:
        homes.shown(work.user, sent.digest)


def _open(tx: Transaction, user: str, now: datetime) -> None:
    tx.homes.opened(user, now)
    _owe(tx, user, now, opened=True)


def _owe(tx: Transaction, user: str, now: datetime, *, opened: bool = False) -> None:
    """Owe somebody's newest state, once however often it is asked for. Who has just opened it comes first."""
    kind = DeliveryKind.HOME
    key = f"{kind}/{user}"
    severity = Severity.P0 if opened else Severity.P3
    owed = about_nothing(kind, key, now, lane=HOME_LANE, payload={"user": user}, severity=severity)
    tx.outbox.owe_again(owed)


def _pulse(tx: Transaction, now: datetime) -> str:
    """Another one whenever a Home tab may show something else.

    That is: something has happened; a card has come to stand where it can be linked to; or an hour has begun,
    so that something may be late, or of another day.
    """
    return f"{tx.events.pulse(now)}/{tx.messages.last()}/{now:%Y-%m-%d %H}"
