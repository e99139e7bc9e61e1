"""The command line. Each command lives in a module of its own, loaded when it is called."""

import importlib
import os
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

import click

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuchi.config.settings")


@dataclass(frozen=True)
class Entry:
    """Where a command is, and what it is for; `bare` ones set Django up themselves, if they need it at all."""

    module: str
    help: str
    bare: bool = False


COMMANDS = {
    "demo": Entry("demo", "Set up everything, load the demo district, serve web and worker."),
    "serve": Entry("serve", "Serve the web pages."),
    "worker": Entry("worker", "Seal the journal, run reactions and jobs."),
    "migrate": Entry("migrate", "Bring the database to this version."),
    "import": Entry("imports", "Bring a file into a register; the same file twice changes nothing."),
    "sources": Entry("sources", "Cases by which the sources' own figures stand beside the district."),
    "imports": Entry("history", "Look after what was brought in: progress, refused rows, taking back."),
    "journal": Entry("journal", "Verify the journal; look after reactions that failed."),
    "jobs": Entry("jobs", "List the jobs that were laid aside; run one again."),
    "keys": Entry("keys", "List, rotate and retire the keys; see what is sealed anew."),
    "suggest": Entry("suggest", "Learn which class a report belongs to; measure how well."),
    "privacy": Entry("privacy", "Show what personal data is kept; put away what is due."),
    "access": Entry("access", "On the server itself: set an account's password, make a key for another system."),
    "forwarding": Entry("forwarding", "Set up other cities' Open311 endpoints, to which cases are given."),
    "explain": Entry("explain", "Say why somebody may or may not do something."),
    "search": Entry("search", "Make the index anew by which cases are found."),
    "due": Entry("due", "Compute a deadline: liuchi due 2024-09-13T16:30 '4 work_hour'.", bare=True),
    "bench": Entry("bench", "Measure, beside the bare limit of the same run.", bare=True),
    "doctor": Entry("doctor", "Say what is wrong and how to mend it."),
}


class House(click.Group):
    """Loads a command when it is called, after the data directory is known and Django is set up."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one meets them."""
        del ctx
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Read --data first: it decides the settings, and they must stand before any model is imported."""
        data = _data_option(args)
        if data is None:
            data = ctx.params.get("data")
        if data is not None:
            if not data:
                raise click.UsageError("--data is empty; give the instance's directory.")
            os.environ["LIUCHI_DATA"] = data
        if os.environ.get("LIUCHI_DATA"):
            # Links are not resolved: one may be the short way to a directory too deep for a socket.
            os.environ["LIUCHI_DATA"] = os.path.abspath(os.environ["LIUCHI_DATA"])  # noqa: PTH100
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module and return the command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            near = get_close_matches(cmd_name, COMMANDS, n=1)
            ctx.fail(f"There is no command {cmd_name!r}." + (f" Did you mean {near[0]}?" if near else ""))
        if not entry.bare:
            set_up()
        module = importlib.import_module(f"liuchi.doors.cli.commands.{entry.module}")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def set_up() -> None:
    """Load settings and models.

    Raises:
        click.ClickException: where the environment asks for something impossible, e.g. another kind of database.
    """
    # Here, not at the top: half a second that `liuchi due` and the help texts do not need.
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.utils import translation

    from liuchi.doors.cli import logs

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(str(error)) from error
    translation.activate(_language())
    logs.configure()


def _language() -> str:
    """Return the language of the terminal; the pages choose theirs by the reader."""
    words = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    return "zh-hans" if next(filter(None, words), "").startswith("zh") else "en"


def _data_option(args: list[str]) -> str | None:
    for number, word in enumerate(args):
        if word == "--data" and number + 1 < len(args):
            return args[number + 1]
        if word.startswith("--data="):
            return word.removeprefix("--data=")
    return None


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", metavar="DIR", help="Data directory of the instance, for every command.")
@click.version_option(package_name="liuchi")
def cli(data: str | None) -> None:
    """Liuchi 六尺: grassroots governance for a district. Start with `liuchi demo`."""
    del data  # read before the command is loaded


def main() -> None:
    """Run the command line."""
    sys.exit(cli(prog_name="liuchi"))


if __name__ == "__main__":
    main()
