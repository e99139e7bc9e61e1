"""What docs/api.md teaches works: every block of it, in order, in one shell, against the running demo."""

import os
import re
import subprocess
import sys
from pathlib import Path

from liuchi.embedded import default_data

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_document_when_followed_line_by_line_then_everything_in_it_works(demo: str, tmp_path: Path) -> None:
    blocks = BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))
    words = [sys.executable, "-m", "liuchi.doors.cli.main", "access", "key", "demo-desk", "--for", "city app"]
    words += ["--reason", "agreement 7", "--data", str(default_data("journeys"))]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LIUCHI_", "DATABASE_URL"))}
    secret = subprocess.run(words, env=clean, check=True, capture_output=True, text=True).stdout.strip()

    script = "\n".join(["set -euo pipefail", *(f"echo '== {number}'\n{block}" for number, block in enumerate(blocks))])
    ran = subprocess.run(
        ["bash", "-c", script],
        env={**clean, "KEY": secret, "HOST": demo},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert len(blocks) > 8
    assert ran.returncode == 0, f"{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}"
