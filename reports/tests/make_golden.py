"""Write the golden page anew: `python -m reports.tests.make_golden`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reports.signoff_page import page

from .test_signoff_page import GOLDEN, golden_document


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_bytes(page(golden_document(Path(folder))).encode("utf-8"))


if __name__ == "__main__":
    main()
