"""Runbooks' texts: from a folder or from the web, and kept for a while."""

from bot.adapters.runbooks.folder import Folder
from bot.adapters.runbooks.kept import KeptLibrary, NoLibrary
from bot.adapters.runbooks.web import Web

__all__ = ["Folder", "KeptLibrary", "NoLibrary", "Web"]
