"""The command line: thin commands, one file each, found by folder. No logic lives here."""

import os
import sys
from typing import Any

USAGE_EXIT, BUG_EXIT, INTERRUPT_EXIT, PIPE_EXIT = 2, 70, 130, 141


def main() -> None:
    """Entry point. Exit codes are those of the public contract; a bug is 70 and never a traceback."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit code."""
    from shadowscan.errors import ShadowscanError

    try:
        return _invoke(arguments)
    except ShadowscanError as error:
        print(f"error: {_printable(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; what was collected so far is kept", file=sys.stderr)
        return INTERRUPT_EXIT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_EXIT
    except Exception as error:
        if os.environ.get("SHADOWSCAN_DEBUG"):
            raise
        print(f"bug: {type(error).__name__}; set SHADOWSCAN_DEBUG=1 to see where", file=sys.stderr)
        return BUG_EXIT


def _invoke(arguments: list[str]) -> int:
    import typer
    import typer.main

    command = typer.main.get_command(build_app())
    try:
        # Not `command.main`: it answers a closed pipe with exit code 1, which means a finding here.
        with command.make_context("shadowscan", arguments or ["--help"]) as context:
            result: Any = command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as leave:
        sys.stdout.flush()
        return leave.exit_code
    except SystemExit as leaving:
        if isinstance(leaving.__context__, BrokenPipeError):  # Click turns a closed pipe into exit 1
            raise leaving.__context__ from None
        raise
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except typer.TyperException as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        print(f"error: {_printable(message)}", file=sys.stderr)
        print("  hint: see `shadowscan --help` or `shadowscan COMMAND --help`", file=sys.stderr)
        return USAGE_EXIT
    return result if isinstance(result, int) else 0


def build_app() -> Any:
    """The Typer application with every command file of this folder registered."""
    import typer

    from shadowscan.plugins import iter_modules

    app = typer.Typer(
        name="shadowscan",
        help="Who is using which LLM vendor, from where, with whose key, on whose bill?",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for module in iter_modules("shadowscan.cli"):
        module.register(app)
    return app


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text)
