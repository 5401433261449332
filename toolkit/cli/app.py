"""The command `ringscope`: finds the command's module when it is called, and turns errors into exit codes.

A command's module is imported only when it runs, so that `ringscope --help` stays fast.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Any, Final

import click

from toolkit import __version__
from toolkit.errors import RingscopeError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final[dict[str, str]] = {
    "demo": "Make a small marketplace with planted rings, investigate it, say where the pages are.",
    "simulate": "Write a synthetic marketplace, and the planted truth beside it.",
    "check": "Read and validate an export: what is there, what is missing, what is wrong.",
    "investigate": "The main job: find the rings in a folder of tables, with their evidence.",
    "rings": "List the rings of a case.",
    "ring": "Show one ring with its evidence.",
    "sellers": "List the sellers of a case: what to void, findings, and the shops that they are tied to.",
    "report": "Write pages and tables for people: HTML, CSV, JSON, Markdown and more.",
    "decide": "Keep a person's decision about a ring: confirmed, dismissed or watched.",
    "query": "Ask a case: a named Cypher query of the library, or Cypher of your own.",
    "queries": "List the queries of the library.",
    "neo4j": "Publish a case to a Neo4j server, read a graph back, and more.",
    "brushing": "Apply the public order-brushing rule to the orders of an export.",
    "self-check": "Look at a shop's own export: what would look wrong, why, and what to keep as proof.",
    "audit": "Print the audit log of a case, after checking that nothing was changed.",
    "purge": "Retention: remove what a case holds about people.",
    "evaluate": "Score a case against planted or known truth.",
}
"""Command -> its sentence in the list. The module is `toolkit.cli.<command>`, and holds a click command `command`."""


class LazyGroup(click.Group):
    """A command group that imports a command's module only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every command, in reading order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, from its module."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module("toolkit.cli." + cmd_name.replace("-", "_"))
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; where the reader of a pipe has seen enough (`| head -1`), that is no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for the interpreter's last flush
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from their sentences, without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="ringscope")
def cli(*, debug: bool) -> None:
    """Find groups of buyer accounts that act together, and show the evidence row by row."""
    if debug:
        os.environ["RINGSCOPE_DEBUG"] = "1"


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code.

    0 done, 1 an error in the program, 2 wrong usage, 3 the input can't be used,
    4 a backend can't be reached or refuses.
    """
    try:
        given = None if arguments is None else list(arguments)
        result = cli.main(args=given, prog_name="ringscope", standalone_mode=False)
    except RingscopeError as error:
        _traceback()
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; run the same command again to go on after the last finished stage", err=True)
        return 130
    except OSError as error:
        _traceback()
        click.echo(f"error: the operating system refused: {error.strerror or error}", err=True)
        click.echo(f"  where: {error.filename or 'standard output'}", err=True)
        click.echo("  next:  give it room or rights, and run the same command again", err=True)
        return 1
    except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a user who did not ask for it
        _traceback()
        click.echo(f"error: {type(error).__name__} in the program", err=True)
        click.echo("  next:  run again with `ringscope --debug ...` and report the traceback", err=True)
        return 1
    return result if isinstance(result, int) else 0


def _traceback() -> None:
    if os.environ.get("RINGSCOPE_DEBUG"):
        traceback.print_exc()


ALLOCATOR: Final = "_RJEM_MALLOC_CONF"
"""What Polars' allocator reads when it is loaded."""


def main() -> None:
    """Entry point of the console script.

    Memory that a stage has let go of is given back within a second instead of ten, while the next asks for more.
    """
    # A run that is told to end takes its copies of the input out of the temporary folder first, as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault(ALLOCATOR, "dirty_decay_ms:1000,muzzy_decay_ms:0")
    sys.exit(run())
