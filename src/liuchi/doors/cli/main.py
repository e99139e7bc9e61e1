"""The command line. Each command lives in a module of its own, loaded when it is called."""

import importlib
import os
import sys
from dataclasses import dataclass
from typing import cast

import click
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuchi.config.settings")


@dataclass(frozen=True)
class Entry:
    """Where a command is, and what it is for."""

    module: str
    help: str


COMMANDS = {
    "demo": Entry("demo", "Set up everything, load the demo district, serve web and worker."),
    "serve": Entry("serve", "Serve the web pages."),
    "worker": Entry("worker", "Seal the journal and run reactions."),
    "migrate": Entry("migrate", "Bring the database to this version."),
    "import": Entry("imports", "Bring in holidays, divisions or filing conditions from a file."),
    "journal": Entry("journal", "Verify the journal; look after reactions that failed."),
    "due": Entry("due", "Compute a deadline: liuchi due 2024-09-13T16:30 '4 work_hour'."),
    "bench": Entry("bench", "Measure, beside the bare limit of the same run."),
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
        if data:
            os.environ["LIUCHI_DATA"] = os.path.abspath(data)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module and return the command."""
        del ctx
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        django.setup()
        module = importlib.import_module(f"liuchi.doors.cli.commands.{entry.module}")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def _data_option(args: list[str]) -> str | None:
    for number, word in enumerate(args):
        if word == "--data" and number + 1 < len(args):
            return args[number + 1]
        if word.startswith("--data="):
            return word.removeprefix("--data=")
    return None


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="liuchi")
def cli() -> None:
    """Liuchi 六尺: grassroots governance for a district. Start with `liuchi demo`."""


def main() -> None:
    """Run the command line."""
    sys.exit(cli(prog_name="liuchi"))


if __name__ == "__main__":
    main()
