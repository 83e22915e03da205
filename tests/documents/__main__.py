"""`python -m tests.documents [NAME ...]`: writes the documents anew that are generated from the code."""

from __future__ import annotations

import sys

from tests.documents import guide

DOCUMENTS = {"guide": guide}


def main() -> int:
    """Write what is asked for, or all."""
    names = sys.argv[1:] or list(DOCUMENTS)
    unknown = [name for name in names if name not in DOCUMENTS]
    if unknown:
        print(f"no such document: {', '.join(unknown)}; there are {', '.join(DOCUMENTS)}", file=sys.stderr)
        return 2
    for name in names:
        document = DOCUMENTS[name]
        document.PATH.write_text(document.text(), encoding="utf-8")
        print(f"written: {document.PATH}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
