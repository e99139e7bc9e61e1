"""The hook for a virus scanner: any program that reads a file from its input and answers by its exit code."""

import shlex
import subprocess
from enum import Enum

import structlog
from django.conf import settings

#: Seconds within which the scanner has to answer.
WITHIN = 30.0
_log = structlog.get_logger(__name__)


class Finding(Enum):
    """What the scanner said."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"
    NOT_ASKED = "not asked"


def scan(data: bytes) -> Finding:
    """Ask the scanner named by LIUCHI_SCANNER, such as `clamdscan --no-summary -`, about `data`.

    Exit code 0 says clean, 1 infected (as ClamAV's programs do), all else that nothing is known.
    """
    command = shlex.split(settings.LIUCHI_SCANNER)
    if not command:
        return Finding.NOT_ASKED
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("attachments.scanner_silent", trouble=type(error).__name__)
        return Finding.UNKNOWN
    if done.returncode not in {0, 1}:
        _log.warning("attachments.scanner_failed", code=done.returncode)
        return Finding.UNKNOWN
    return Finding.CLEAN if done.returncode == 0 else Finding.INFECTED
