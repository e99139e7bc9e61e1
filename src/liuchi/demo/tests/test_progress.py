"""What is told of a long load."""

from io import StringIO

from liuchi.demo.progress import Progress


class Terminal(StringIO):
    """A terminal that keeps what was written."""

    def isatty(self) -> bool:
        return True


def test_progress_when_on_a_terminal_then_one_line_is_drawn_over() -> None:
    shown = Terminal()
    progress = Progress(400, "cases", to=shown)

    for done in (100, 400):
        progress.tell(done)

    first, last = shown.getvalue().split("\r")[1:]
    assert "█████░░░░░░░░░░░░░░░ 100/400 cases" in first
    assert "left" in first
    assert "█" * 20 + " 400/400 cases" in last
    assert shown.getvalue().count("\n") == 1


def test_progress_when_written_to_a_file_then_a_plain_line_for_every_tenth() -> None:
    shown = StringIO()
    progress = Progress(1000, "cases", to=shown)

    for done in range(10, 1001, 10):
        progress.tell(done)

    told = shown.getvalue().splitlines()
    assert len(told) == 10
    assert told[0].startswith("   10 %  100/1,000 cases, ")
    assert "0:00 left" in told[-1]
    assert "\r" not in shown.getvalue()
