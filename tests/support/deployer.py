"""The deployer's stand-in on a free loopback port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.change_policy import Webhook
from bot.domain.guide import Guide
from bot.sandbox.deployer import DeployerStandIn
from bot.sandbox.deployer.stand_in import PATH
from bot.sandbox.served import listening

HOOK_SECRET = "deployer-secret-of-the-tests"


@dataclass(frozen=True, slots=True)
class ServedDeployer:
    """The stand-in, and the address of its webhook."""

    stand_in: DeployerStandIn
    url: str


@asynccontextmanager
async def served_deployer(secret: str = HOOK_SECRET, **options: Any) -> AsyncIterator[ServedDeployer]:
    """Serve a stand-in; it ends with the block."""
    stand_in = DeployerStandIn(secret=secret, **options)
    async with listening(stand_in.app(), 0, grace=0.1) as url:
        yield ServedDeployer(stand_in, f"{url}{PATH}")


def deployed_by(guide: Guide, url: str, *services: str) -> Guide:
    """The guide with the webhook `deployer`, which takes back changes of some services, or of payment."""
    hooked = {key: replace(guide.services[key], rollback="deployer") for key in services or ("payment",)}
    webhooks = {"deployer": Webhook(key="deployer", url=url)}
    return replace(
        guide,
        services={**guide.services, **hooked},
        changes=replace(guide.changes, webhooks=webhooks),
    )
