"""Opens what the bot stands on, and closes it again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.adapters.charts.child import ChildCharts
from bot.adapters.clock import WallClock
from bot.adapters.hooks import SignedHooks
from bot.adapters.meter import PrometheusMeter
from bot.adapters.no_metrics import NoMetrics
from bot.adapters.no_on_call import NoOnCall
from bot.adapters.no_pager import NoPager
from bot.adapters.no_silencer import NoSilencer
from bot.adapters.runbooks import Folder, KeptLibrary, NoLibrary, Web
from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.people import SlackGroups, SlackPeople
from bot.adapters.slack.workspace import SlackWorkspace
from bot.app.outside import Outside
from bot.app.wiring import Opsbot, wire
from bot.domain.guide import Guide
from bot.guide.finding import GuideError
from bot.guide.load import load_guide
from bot.ports.clock import Clock
from bot.ports.hooks import Hooks
from bot.ports.metrics import MetricSource
from bot.ports.on_call import OnCall
from bot.ports.pager import Pager
from bot.ports.probe import Probe, no_probe
from bot.ports.runbooks import Library
from bot.ports.silencer import Silencer
from bot.ports.store import StoreUnavailable
from bot.settings import Settings
from handlers.after_ack import AfterAck
from storage.open import OpenStore, open_store
from storage.refusal import StoreRefused


class StartError(Exception):
    """The bot cannot start. The text says what is wrong and what is expected, a line each."""


@asynccontextmanager
async def opened(
    settings: Settings, *, clock: Clock, guide: Guide | None = None, probe: Probe = no_probe
) -> AsyncIterator[Opsbot]:
    """The bot, wired and open, nothing running yet; closed at the end. Raises StartError."""
    guide = guide or read_guide(settings)
    async with AsyncExitStack() as stack:
        store = await _store(settings, clock, probe)
        stack.push_async_callback(store.aclose)
        token = settings.slack_bot_token.get_secret_value()
        slack = SlackConnection(token=token, base_url=settings.slack_api_url)
        stack.push_async_callback(slack.aclose)
        workspace = SlackWorkspace(slack, guide.channels.values(), secret=guide.defaults.security)
        meter = PrometheusMeter()
        charts = ChildCharts()
        stack.push_async_callback(charts.aclose)
        outside = Outside(
            settings=settings,
            guide=guide,
            clock=clock,
            probe=probe,
            store=store,
            slack=slack,
            workspace=workspace,
            people=SlackPeople(slack),
            groups=SlackGroups(slack, guide.groups_to_know),
            pager=_pager(settings, workspace, stack),
            on_call=_on_call(settings, stack),
            silencer=_silencer(settings, clock, stack),
            hooks=_hooks(settings, stack),
            metrics=_metrics(settings, clock, meter, stack),
            meter=meter,
            charts=charts,
            library=_library(guide, clock, stack),
            after_ack=await stack.enter_async_context(AfterAck()),
        )
        yield wire(outside)


def read_guide(settings: Settings) -> Guide:
    """The guide that the settings name. Raises StartError."""
    try:
        return load_guide(settings.opsbot_guide)
    except GuideError as error:
        raise StartError(str(error)) from error


async def _store(settings: Settings, clock: Clock, probe: Probe) -> OpenStore:
    url = settings.database_url.get_secret_value()
    try:
        store = await open_store(url, clock=clock, probe=probe)
    except (StoreRefused, StoreUnavailable, ValueError) as error:
        raise StartError(str(error)) from error
    return store


def _pager(settings: Settings, workspace: SlackWorkspace, stack: AsyncExitStack) -> Pager:
    """PagerDuty where anything of it is configured; its libraries are not even imported otherwise."""
    if not settings.pagerduty_routing_keys and settings.pagerduty_api_key is None:
        return NoPager()
    from bot.adapters.pagerduty import PagerDuty  # noqa: PLC0415 - see above

    def link_for(channel: str, room: str | None) -> str | None:
        team, place = workspace.team_id, room or workspace.channel_id(channel)
        return f"https://slack.com/app_redirect?team={team}&channel={place}" if team and place else None

    pager = PagerDuty(
        routing_keys=settings.pagerduty_routing_keys,
        api_key=settings.pagerduty_api_key,
        from_email=settings.pagerduty_from_email,
        events_url=settings.pagerduty_events_url,
        api_url=settings.pagerduty_api_url,
        link_for=link_for,
    )
    stack.push_async_callback(pager.aclose)
    return pager


def _on_call(settings: Settings, stack: AsyncExitStack) -> OnCall:
    """PagerDuty where its REST interface is configured."""
    if settings.pagerduty_api_key is None:
        return NoOnCall()
    from bot.adapters.pagerduty import PagerDutyOnCall  # noqa: PLC0415 - not imported where it is not used

    on_call = PagerDutyOnCall(
        routing_keys=settings.pagerduty_routing_keys,
        api_key=settings.pagerduty_api_key,
        api_url=settings.pagerduty_api_url,
    )
    stack.push_async_callback(on_call.aclose)
    return on_call


def _silencer(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Silencer:
    """Alertmanager where its address is known. Raises StartError."""
    if settings.alertmanager_url is None:
        return NoSilencer()
    from bot.adapters.alertmanager import Alertmanager  # noqa: PLC0415 - not imported where it is not used

    try:
        silencer = Alertmanager(settings.alertmanager_url, clock=clock)
    except ValueError as error:
        raise StartError(str(error)) from error
    stack.push_async_callback(silencer.aclose)
    return silencer


def _hooks(settings: Settings, stack: AsyncExitStack) -> Hooks:
    """The guide's webhooks, as far as there are secrets for them. What is signed says the real time."""
    secrets = {key: one.get_secret_value() for key, one in settings.opsbot_webhook_secrets.items()}
    hooks = SignedHooks(secrets, clock=WallClock())
    stack.push_async_callback(hooks.aclose)
    return hooks


def _library(guide: Guide, clock: Clock, stack: AsyncExitStack) -> Library:
    """Where the guide says that the runbooks are."""
    source: Folder | Web
    if guide.runbook_folder is not None:
        source = Folder(guide.runbook_folder)
    elif any(book.url for book in guide.runbooks.values()):
        source = Web()
    else:
        return NoLibrary()
    library = KeptLibrary(source, clock=clock)
    stack.push_async_callback(library.aclose)
    return library


def _metrics(settings: Settings, clock: Clock, meter: PrometheusMeter, stack: AsyncExitStack) -> MetricSource:
    """Prometheus where its address is known."""
    if settings.prometheus_url is None:
        return NoMetrics()
    from bot.adapters.prometheus import Prometheus  # noqa: PLC0415 - not imported where it is not used

    token = settings.prometheus_token
    metrics = Prometheus(
        settings.prometheus_url,
        token=None if token is None else token.get_secret_value(),
        clock=clock,
        meter=meter,
    )
    stack.push_async_callback(metrics.aclose)
    return metrics
