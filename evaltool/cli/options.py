"""The Typer app and the options that commands share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from ..console import language
from ..text import t

LANG = language()


def h(name: str) -> str:
    """Help text in the language of the terminal."""
    return t(f"cli.{name}", LANG)


app = typer.Typer(
    help=h("app"), no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

Study = Annotated[Path, typer.Argument(help=h("study"), show_default=False)]
Lang = Annotated[str | None, typer.Option("--lang", help=h("lang"), show_default=False)]
Json = Annotated[bool, typer.Option("--json", help=h("json"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=h("quiet"))]
Debug = Annotated[bool, typer.Option("--debug", help=h("debug"))]
PolicyName = Annotated[str | None, typer.Option("--policy", help=h("policy"), show_default=False)]
Reason = Annotated[str | None, typer.Option("--reason", help=h("reason"), show_default=False)]
Department = Annotated[str | None, typer.Option("--department", help=h("department"), show_default=False)]
Maps = Annotated[list[Path] | None, typer.Option("--map", help=h("map"), show_default=False)]
Sheet = Annotated[str | None, typer.Option("--sheet", help=h("sheet"), show_default=False)]
Table = Annotated[str | None, typer.Option("--table", help=h("table"), show_default=False)]
Drop = Annotated[list[str] | None, typer.Option("--drop-column", help=h("drop_column"), show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help=h("dry_run"))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=h("yes"))]
Out = Annotated[Path | None, typer.Option("--out", help=h("out"), show_default=False)]


def _version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        print(f"evaltool {__version__}")
        raise typer.Exit()


@app.callback()
def _root(version: Annotated[bool, typer.Option("--version", help=h("version"), callback=_version, is_eager=True)] = False):
    pass


def now() -> dt.datetime:
    """The clock, read nowhere else."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
