"""The program: its commands, and the one door through which every call of it ends."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import typer
from typer._click.exceptions import NoArgsIsHelpError
from typer.exceptions import Abort, TyperException
from typer.main import get_command

from support_cli import __version__, wiring
from support_cli.cli import streams
from support_cli.cli.invocation import Invocation, OpenDesk
from support_cli.cli.output import complain, explain, say
from support_cli.cli.parsing import Group
from support_cli.errors import SupportError, UsageError

NAME = "support"
INTERRUPTED = 130
_TALKING = "support_cli.cli.customer"
_LOOKING = "support_cli.cli.looking"


class Commands(Group):
    """Every command there is."""

    modules: ClassVar[Mapping[str, str]] = {
        "submit": _TALKING,
        "reply": _TALKING,
        "wait": _TALKING,
        "status": _LOOKING,
        "history": _LOOKING,
        "list": _LOOKING,
        "close": _LOOKING,
        "worker": "support_cli.cli.working",
        "config": "support_cli.cli.config",
        "admin": "support_cli.cli.admin",
    }


app = typer.Typer(
    name=NAME,
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: the same on a terminal, in a pipe and in the README
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"{NAME} {__version__}")
        raise typer.Exit


@app.callback()
def begin(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Log to stderr, and print tracebacks.")
    ] = False,
) -> None:
    """Ask support, or be the support.

    A customer asks in one shell: support submit. An agent answers what it may. Where it may not, a
    person decides in another shell, today or in three weeks: support admin resume.
    """
    invocation: Invocation = ctx.obj
    invocation.debug = debug
    _begin_logging(debug)


def main(argv: Sequence[str] | None = None, open_desk: OpenDesk = wiring.open_desk) -> int:
    """Run one command and return its exit code.

    Args:
        argv: the arguments; those of the process where none are given.
        open_desk: opens the desk that the command works at.
    """
    invocation = Invocation(streams.arguments() if argv is None else tuple(argv), open_desk)
    streams.prepare()
    try:
        code = _run(invocation)
    except SystemExit as ended:
        # Typer ends so after shell completion; and, with a code of its own, on a closed pipe.
        closed = isinstance(ended.__context__, BrokenPipeError)
        code = 0 if closed or ended.code is None else int(ended.code)
    except (KeyboardInterrupt, Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the one exit door)
        code = _fail(error, invocation)
    return streams.flushed(code)


def _run(invocation: Invocation) -> int:
    command = get_command(app)
    code = command.main(
        list(invocation.argv), prog_name=NAME, standalone_mode=False, obj=invocation
    )
    return int(code or 0)


def _fail(error: Exception, invocation: Invocation) -> int:
    if invocation.debug:
        explain(traceback.format_exc())
    told = _told(error)
    if isinstance(error, NoArgsIsHelpError) and not invocation.json:
        explain(error.message)
    else:
        complain(told, invocation.json)
    return told.exit_code


def _told(error: Exception) -> SupportError:
    """Say any error as one of ours."""
    if isinstance(error, SupportError):
        return error
    if isinstance(error, NoArgsIsHelpError):
        return UsageError("A command is missing.", hint=f"{error.ctx.command_path} --help")
    if isinstance(error, TyperException):
        ctx = getattr(error, "ctx", None)
        path = ctx.command_path if ctx else NAME
        return UsageError(_sentence(error.format_message()), hint=f"{path} --help")
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return SupportError(f"{error.strerror or type(error).__name__}{where}.")
    return SupportError(
        f"This is a bug in support: {type(error).__name__}: {error}",
        hint=f"{NAME} --debug …, and report what it prints",
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def _begin_logging(debug: bool) -> None:
    if debug:
        logging.basicConfig(level=logging.INFO)
        logging.getLogger("support_cli").setLevel(logging.DEBUG)
        return
    # With no handler at all, Python prints warnings to stderr, in the middle of our own lines.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(capture=True)
