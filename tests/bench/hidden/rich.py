"""Stands before the real one on a bench's path: structlog imports it where it is installed, which an
installation of opsbot has not.
"""

raise ImportError("rich is hidden from benches")
