"""``evaltool power``: how large a rollout must be, and what the departments one has could show."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import command, emit, records, table
from ..text import t
from .chain import open_study, released
from .options import Debug, Json, Lang, PolicyName, Quiet, Study, app, h


@app.command(help=h("power"), epilog=h("power_example"))
@command
def power(
    study: Study,
    measure: Annotated[str | None, typer.Option("--measure", help=h("power_measure"), show_default=False)] = None,
    design: Annotated[str | None, typer.Option("--design", help=h("power_design"), show_default=False)] = None,
    effect: Annotated[float | None, typer.Option("--effect", help=h("power_effect"), show_default=False)] = None,
    departments: Annotated[str, typer.Option("--departments", help=h("power_departments"))] = "4,6,8,10,15,20",
    persons: Annotated[str, typer.Option("--persons", help=h("power_persons"))] = "5,10,20,40",
    periods: Annotated[int, typer.Option("--periods", help=h("power_periods"))] = 8,
    wanted: Annotated[float, typer.Option("--power", help=h("power_wanted"))] = 0.8,
    policy: PolicyName = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..compare.planning import detectable
    from ..planned_power import planned_power
    from ..study_spread import study_spread

    opened, said = open_study(study, lang)
    known = study_spread(folder=study, policy_name=policy)
    name = measure or known.spec.measures[0]
    planned = planned_power(
        release=known, measure=name, design=design, effect=effect, departments=numbers("departments", departments),
        persons=numbers("persons", persons), periods=periods, power=wanted,
    )
    now = detectable(result=released(study, policy), measures={m.id: m for m in opened.measures()}, power=wanted)
    now = now[now["measure"] == name]
    if json_:
        emit({"planned": records(planned), "detectable_now": records(now), "as_of": known.provenance.as_of}, json_=True,
             quiet=quiet, lines=[])
    elif not quiet:
        show(planned, now, released(study, policy), said)


def numbers(name: str, text: str) -> tuple[int, ...]:
    """``4,6,8`` as whole numbers."""
    from ..errors import UsageError
    from ..planned_power import RANGES

    try:
        return tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise UsageError("power_number", got=f"{name}: {text}", expected=RANGES[name]) from None


def show(planned, now, release, lang: str) -> None:
    """What was taken from the study, one table per design, and the change each department could have shown."""
    from ..power_words import departments_table, design_table, taken

    for line in taken(planned=planned, lang=lang):
        print(line)
    for name in planned["design"].drop_duplicates():
        print()
        print(f"{t(f'power.{name}', lang)} {t(f'power.{name}_about', lang)}")
        table(design_table(planned=planned, design=name, lang=lang))
    print(t("power.now", lang))
    table(departments_table(now=now, release=release, lang=lang))
