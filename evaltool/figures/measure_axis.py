"""The axis of a measure: its unit in words, never beyond what the measure can be, never zoomed in to look dramatic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..text import t
from ..text.formats import number
from .axes import number_axis

if TYPE_CHECKING:
    from ..measures import Measure
    from .chart import Axis

LEAST_SHARE_OF_SCALE = 0.25


def measure_axis(*, measure: Measure, low: float, high: float, lang: str) -> Axis:
    """Axis over ``low`` to ``high`` in the unit of ``measure``.

    A questionnaire scale shows at least a quarter of its range, so that a small change does not fill the picture.
    """
    if measure.scale:
        floor, ceiling = min(measure.scale[0], low), max(measure.scale[1], high)
        lack = max(0.0, (ceiling - floor) * LEAST_SHARE_OF_SCALE - (high - low)) / 2
        low, high = max(floor, low - lack), min(ceiling, high + lack)
        bounds = (floor, ceiling)
    else:
        bounds = (0.0, 1.0) if measure.unit == "share" else (0.0, math.inf)
    return number_axis(
        low=low, high=high, unit=measure.unit, lang=lang, bounds=bounds, title=measure_title(measure=measure, lang=lang),
    )


def measure_title(*, measure: Measure, lang: str) -> str:
    """``Personlig bedring (skala 0 til 60)`` or ``Liggetid (netter)``; the unit is not said twice."""
    label, unit = measure.text("short", lang), t(f"unit.{measure.unit}", lang)
    if measure.scale:
        floor, ceiling = (number(end, lang) for end in measure.scale)
        return t("figure.axis_scale", lang, label=label, low=floor, high=ceiling)
    return label if label.lower() == unit.lower() else t("figure.axis", lang, label=label, unit=unit)
