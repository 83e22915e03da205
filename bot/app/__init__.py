"""The composition root: wires the parts, opens and closes them, runs them. Nothing else."""

from bot.app.opening import StartError, opened
from bot.app.running import migrate, serve

__all__ = ["StartError", "migrate", "opened", "serve"]
