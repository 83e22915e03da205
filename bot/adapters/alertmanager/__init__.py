"""Silences by Alertmanager's API v2."""

from bot.adapters.alertmanager.silencer import Alertmanager

__all__ = ["Alertmanager"]
