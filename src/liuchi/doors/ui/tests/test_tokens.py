import re
from pathlib import Path

import pytest

from liuchi.doors.ui.templatetags.liuchi import ASSETS

PAIRS = [
    *((text, ground) for text in ("ink", "ink-soft") for ground in ("paper", "card", "sunk")),
    *((text, "card") for text in ("brand", "brand-strong", "late", "soon", "good", "seal")),
    *((f"{tone}", f"{tone}-soft") for tone in ("good", "soon", "late")),
    ("brand-strong", "brand-soft"),
    ("ink", "brand-soft"),
    ("ink", "late-soft"),
    ("ink", "soon-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("tile-ink", "tile"),
    ("tile-soft", "tile"),
    ("brand", "paper"),
]


def schemes() -> dict[str, dict[str, str]]:
    light, dark = Path(ASSETS / "tokens.css").read_text(encoding="utf-8").split("@media")
    found = {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css)) for name, css in (("light", light), ("dark", dark))
    }
    return {"light": found["light"], "dark": found["light"] | found["dark"]}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_when_text_stands_on_them_then_contrast_is_at_least_four_and_a_half(scheme: str) -> None:
    colours = schemes()[scheme]

    def contrast(text: str, ground: str) -> float:
        high, low = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        return (high + 0.05) / (low + 0.05)

    poor = [(text, ground, round(contrast(text, ground), 2)) for text, ground in PAIRS if contrast(text, ground) < 4.5]

    assert poor == []
    assert contrast("line-strong", "card") >= 3
