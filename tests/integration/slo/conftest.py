from __future__ import annotations

from tests.support.history_prometheus import told

__all__ = ["told"]
