"""Carries out what silences need."""

from __future__ import annotations

import asyncio

from bot.ports.failures import TemporaryFailure
from bot.ports.silencer import RemoteAlert, Silencer
from bot.services.work import Done, EndSilence, LookAtAlerts, Looked, Sent, SetSilence, Silenced, SilenceWork

LONGEST_SECONDS = 10.0
"""How long one of them may take, well below a lease."""


async def send_silence(silencer: Silencer, work: SilenceWork) -> Sent:
    """Do it. Raises DeliveryFailure's subclasses."""
    if isinstance(work, SetSilence):  # which is bounded by itself: where it is cut, its outcome is unknown
        return Silenced(remote_id=await silencer.set(work.wish, uncertain=work.delivery.uncertain))
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            if isinstance(work, LookAtAlerts):
                return await _look(silencer, work)
            return await _end(silencer, work)
    except TimeoutError as error:
        raise TemporaryFailure("Alertmanager takes too long to answer.") from error


async def _end(silencer: Silencer, work: EndSilence) -> Done:
    await silencer.end(work.remote_id, work.silence)
    return Done()


async def _look(silencer: Silencer, work: LookAtAlerts) -> Looked:
    up_since = await silencer.up_since()  # first: what is asked of one that was started later is not all
    silences = {one.id: one async for one in silencer.silences()}
    alerts = tuple([one async for one in silencer.alerts(work.labels) if _is_of(one, work)])
    return Looked(alerts=alerts, silences=silences, up_since=up_since)


def _is_of(one: RemoteAlert, work: LookAtAlerts) -> bool:
    return bool(work.labels) or one.alert.fingerprint in work.fingerprints
