"""themes.yaml of the made-up municipality."""

from __future__ import annotations

from .coded_themes import THEMES
from .words import THEMES as NORWEGIAN

ENGLISH = {
    "inviting": "Being received", "life_goals": "Own goals", "choice": "Choice", "individually_tailored": "Help that fits",
    "involvement": "Involvement", "own_attitudes": "Own attitudes", "time_and_money": "Time and money",
}
WITHOUT_SCALE = THEMES[-2:]

_HEAD = "# What the coded themes are called, and the scale that asks about the same (it stands beside the theme).\n"


def theme_labels_text() -> str:
    """The whole of themes.yaml."""
    lines = []
    for theme in THEMES:
        lines.append(f'{theme}:\n  label: {{nb: "{NORWEGIAN[theme]}", en: "{ENGLISH[theme]}"}}\n')
        if theme not in WITHOUT_SCALE:
            lines.append(f"  scale: rsa_r.{theme}\n")
    return "".join([_HEAD, *lines])
