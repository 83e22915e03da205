"""A stand-in for what deploys: it takes signed webhooks that ask it to take a change back."""

from bot.sandbox.deployer.stand_in import DeployerStandIn

__all__ = ["DeployerStandIn"]
