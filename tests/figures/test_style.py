import pytest

from evaltool.figures.style import DARK, LIGHT, style


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda s: s.name)
@pytest.mark.parametrize("role", ["ink", "text"])
@pytest.mark.parametrize("ground", ["page", "panel"])
def test_text_is_readable(look, role, ground):
    assert contrast(look.colour(role), look.colour(ground)) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda s: s.name)
@pytest.mark.parametrize("role", ["before", "after", "signal", "second", "third", "hidden"])
def test_marks_stand_out(look, role):
    assert contrast(look.colour(role), look.colour("page")) >= 3


def test_start_line_text_is_readable():
    assert contrast(LIGHT.colour("signal"), LIGHT.colour("page")) >= 4.5
    assert contrast(DARK.colour("signal"), DARK.colour("page")) >= 4.5


def test_both_themes_know_the_same_meanings():
    assert set(LIGHT.colours) == set(DARK.colours)
    assert style("dark") is DARK
