"""What every command shares: the language, one error line, progress on a terminal, tables and JSON."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable

from .errors import EvaltoolError
from .text import LANGUAGES, t

INTERNAL_ERROR = 4


def language(chosen: str | None = None) -> str:
    """``nb`` or ``en``: the option, else EVALTOOL_LANG, else the locale, else English."""
    wanted = chosen or os.environ.get("EVALTOOL_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "nb" if wanted.lower()[:2] in ("nb", "no", "nn") else "en"


def command(function: Callable) -> Callable:
    """One line on stderr and the right exit code for everything that goes wrong; the traceback only with --debug."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        import typer

        lang = language(kwargs.get("lang"))
        try:
            return function(*args, **kwargs)
        except EvaltoolError as error:
            if kwargs.get("debug"):
                raise
            _fail(error.message(lang), error.code, lang, kwargs)
            raise typer.Exit(error.exit_code) from None
        except (typer.Exit, KeyboardInterrupt):
            raise
        except BrokenPipeError:
            # The reader (head, less) has seen enough: not an error. Python would still complain when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except Exception as error:
            # The command line's edge: whatever was not foreseen still ends in one line and exit code 4. The text of a
            # foreign exception is not shown, because it may quote somebody's answer.
            if kwargs.get("debug"):
                raise
            _fail(t("errors.internal", lang, kind=type(error).__name__), "internal", lang, kwargs)
            raise typer.Exit(INTERNAL_ERROR) from None

    return run


def _fail(line: str, code: str, lang: str, options: dict) -> None:
    if options.get("json_"):
        print(json.dumps({"error": code, "message": line}, ensure_ascii=False))
    print(f"evaltool: {line}", file=sys.stderr)


class Progress:
    """Steps on stderr, only on a terminal and not with --quiet."""

    def __init__(self, *, total: int, quiet: bool) -> None:
        self.total, self.done = total, 0
        self.on = sys.stderr.isatty() and not quiet

    def step(self, text: str) -> None:
        """Say what starts now."""
        self.done += 1
        if self.on:
            print(f"[{self.done}/{self.total}] {text}", file=sys.stderr, flush=True)


def emit(payload: object, *, json_: bool, quiet: bool, lines: list[str]) -> None:
    """``payload`` as JSON with --json, else ``lines`` unless --quiet."""
    if json_:
        print(json.dumps(payload, ensure_ascii=False, indent=2, default=str))
    elif not quiet:
        print("\n".join(lines))


def records(frame) -> list[dict]:
    """A frame as plain records, numbers in full precision; missing is null, days are ISO dates."""
    return [{name: _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> object:
    if value is None or value != value:
        return None
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value


def table(frame, *, title: str = "") -> None:
    """A frame of texts as a table that fits the terminal; colour follows NO_COLOR."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    view = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in frame.columns:
        view.add_column(str(name), overflow="fold")
    for row in frame.itertuples(index=False):
        view.add_row(*["" if value != value or value is None else str(value) for value in row])
    width = None if sys.stdout.isatty() else 160
    Console(width=width, highlight=False, markup=False).print(view)


def check_language(lang: str | None) -> None:
    """Raise UsageError on a language that is not shipped."""
    from .errors import UsageError

    if lang is not None and lang not in LANGUAGES:
        raise UsageError("unknown_language", got=lang, expected=", ".join(LANGUAGES))
