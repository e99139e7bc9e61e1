"""Write requirements/*.txt from pyproject.toml: names, versions and hashes, no download addresses.

Use: make lock. Needs `uv` on the path or in the environment; nothing else of the project does.
"""

import shutil
import subprocess
import sys
from pathlib import Path

#: The developers' lock first: what users run keeps to its versions, so that what was tested is what runs.
LOCKS = {"dev.txt": ["--group", "dev"], "run.txt": ["--constraint", "requirements/dev.txt"]}
QUIET = ["--quiet", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]


def main() -> None:
    """Compile both locks."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        sys.exit("uv is not installed: install it with pip, then run this again")
    for name, extra in LOCKS.items():
        target = str(Path("requirements") / name)
        subprocess.run(
            [
                uv,
                "pip",
                "compile",
                *QUIET,
                "--universal",
                "--python-version",
                "3.11",
                "pyproject.toml",
                *extra,
                "-o",
                target,
            ],
            check=True,
        )


if __name__ == "__main__":
    main()
