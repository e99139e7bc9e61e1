"""Kill a process (SIGKILL) just before a line of our code that it has not run yet: every step, one by one."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import connection

ROOM = Path(__file__).parent.parent
_inherited: list[object] = []


def killed_at_every_step(work: Callable[[], object], *, within: tuple[str, ...]) -> Iterator[int]:
    """Run `work` in a child that dies before step 1, then in one that dies before step 2, … until one lives to the end.

    Steps are the lines of the files named in `within` (of this room). Yields after every death, for the test to look.
    """
    files = frozenset(str(ROOM / name) for name in within)
    step = 1
    while not _lives_through(work, files, step):
        yield step
        step += 1


def _lives_through(work: Callable[[], object], files: frozenset[str], step: int) -> bool:
    child = os.fork()
    if child == 0:
        _run_and_die(work, files, step)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0, "the child failed instead of being killed; its error is above"
    return True


def _run_and_die(work: Callable[[], object], files: frozenset[str], step: int) -> None:
    # The parent's connection must neither be used nor closed here: both processes hold the same socket.
    _inherited.append(connection.connection)
    connection.connection = None
    seen: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _arg: object) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
            if len(seen) == step:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    status = 1
    try:
        sys.settrace(trace)
        work()
        status = 0
    except BaseException as error:  # noqa: BLE001 - the child must end here whatever happens
        print(repr(error), file=sys.__stderr__)
    finally:
        os._exit(status)
