"""docs/personal-data.md is what the rooms declare; `LIUCHI_WRITE=1 pytest` on this file writes it anew."""

import os
from pathlib import Path

from django.utils import translation

from liuchi.ground.records.inventory import inventory, inventory_markdown

HEAD = """# What personal data is kept, why, and for how long

Made from what every room declares beside its models (`personal.py`); `liuchi privacy inventory` prints it, and the page
`/office/privacy/` shows it with the periods the place has set. The words are those of the English catalogue.

"""


def test_inventory_when_compared_with_the_file_then_equal(root: Path) -> None:
    path = root / "docs" / "personal-data.md"
    with translation.override("en"):
        text = HEAD + inventory_markdown(inventory())
    if os.environ.get("LIUCHI_WRITE") == "1":
        path.write_text(text, encoding="utf-8")

    assert path.read_text(encoding="utf-8") == text, (
        "run: LIUCHI_WRITE=1 pytest tests/house/test_inventory_is_written_down.py"
    )
