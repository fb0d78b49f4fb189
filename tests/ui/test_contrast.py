"""The palette can be read: every pair of colours is recomputed from the style sheet itself."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "assets" / "css" / "tokens.css"
TONES = ("teal", "coral", "amber", "leaf", "sky", "plum", "slate")


def _palette(selector: str) -> dict[str, str]:
    block = re.search(
        rf"^{re.escape(selector)} {{(.*?)^}}", TOKENS.read_text(), re.DOTALL | re.MULTILINE
    )
    assert block
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6});", block[1]))


LIGHT = _palette(":root")
DARK = LIGHT | _palette(".dark")


def _luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (L1 + 0.05) / (L2 + 0.05)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def palette(request: pytest.FixtureRequest) -> dict[str, str]:
    return request.param


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("ground", ["paper", "surface", "sunken"])
def test_body_text_is_far_above_what_the_rule_asks(palette: dict[str, str], ground: str) -> None:
    assert contrast(palette["ink"], palette[ground]) >= 13


@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_secondary_text_reaches_the_strictest_level(palette: dict[str, str], ground: str) -> None:
    assert contrast(palette["ink-2"], palette[ground]) >= 7


@pytest.mark.parametrize("ground", ["paper", "surface", "sunken"])
def test_hints_can_be_read_everywhere(palette: dict[str, str], ground: str) -> None:
    assert contrast(palette["ink-3"], palette[ground]) >= 4.5


@pytest.mark.parametrize("tone", TONES)
def test_a_tone_can_be_read_on_cards_and_on_its_own_soft_ground(
    palette: dict[str, str], tone: str
) -> None:
    for ground in ("surface", "paper", f"{tone}-soft"):
        assert contrast(palette[tone], palette[ground]) >= 4.5


@pytest.mark.parametrize("tone", TONES)
def test_plain_text_can_be_read_on_every_soft_ground(palette: dict[str, str], tone: str) -> None:
    assert contrast(palette["ink"], palette[f"{tone}-soft"]) >= 7


@pytest.mark.parametrize(
    ("words", "ground"),
    [("on-teal", "teal"), ("on-teal", "teal-hover"), ("on-coral", "coral"), ("on-sky", "sky")],
)
def test_words_on_a_solid_colour_can_be_read(
    palette: dict[str, str], words: str, ground: str
) -> None:
    assert contrast(palette[words], palette[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_the_edge_of_a_field_can_be_seen(palette: dict[str, str], ground: str) -> None:
    assert contrast(palette["line-strong"], palette[ground]) >= 3


def test_the_focus_shows_round_a_control_by_one_of_its_two_colours(palette: dict[str, str]) -> None:
    for ground in ("paper", "surface", "sunken", *(f"{tone}-soft" for tone in TONES)):
        ring = contrast(palette["ink"], palette[ground])
        halo = contrast(palette["focus"], palette[ground])
        assert max(ring, halo) >= 3
    assert contrast(palette["on-focus"], palette["focus"]) >= 4.5


def test_the_dark_look_replaces_every_colour_but_the_focus() -> None:
    assert set(LIGHT) - set(_palette(".dark")) == {"focus", "on-focus"}
