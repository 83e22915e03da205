"""Draws one chart after the other, until nobody asks any more: see `conversation`.

It ends with 0 once the standard input does, with 2 for what is no conversation, and with 3 where there is no
matplotlib.
"""

from __future__ import annotations

import sys

NO_LIBRARY = 3

if __name__ == "__main__":
    try:
        from conversation import converse
    except ImportError:
        sys.exit(NO_LIBRARY)
    sys.exit(converse())
