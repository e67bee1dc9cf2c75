"""A Matplotlib figure as a small inline SVG whose colours are variables of the page's style sheet.

Figures are drawn in sentinel colours, one for each role; in the SVG these become `var(--…)`,
so one picture serves light, dark and print.  Identifiers are made unique by the plot's name,
since many plots share a page.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, FAINT, GOOD, BAD, OPEN, ACCENT, SECOND, THIRD, PAPER = (
    "#010101", "#020202", "#030303", "#040404", "#050505", "#060606", "#070707", "#080808", "#090909",
)  # fmt: skip
_VARIABLES = {
    INK: "--ink", FAINT: "--faint", GOOD: "--good", BAD: "--bad", OPEN: "--open", ACCENT: "--accent",
    SECOND: "--second", THIRD: "--third", PAPER: "--paper",
}  # fmt: skip

SERIES = (ACCENT, SECOND, THIRD, OPEN, GOOD, BAD)
"""Colours of lines that have no good or bad, in order."""

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "driftcore",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": FAINT,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 9,
    "axes.titlecolor": INK,
    "figure.facecolor": "none",
    "grid.color": FAINT,
    "grid.linewidth": 0.3,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
}


@contextmanager
def style() -> Iterator[None]:
    """The look of all plots, and nothing of it outside; no display is needed."""
    import matplotlib  # not before a plot is drawn: it takes longer than most commands here

    with matplotlib.rc_context(_STYLE):  # type: ignore[arg-type]  # its names are a closed list of literals
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, its size in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height))


def rendered(figure: Figure, name: str) -> str:
    """The figure as SVG, cleaned; `name` is unique among the plots of a page."""
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    return cleaned(out.getvalue(), name)


def cleaned(svg: str, name: str) -> str:
    """Without metadata, styles, empty groups and unused identifiers; colours as variables.

    Numbers are kept to a tenth of a point, which is finer than a screen shows.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(svg)
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg))
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", f"{name}-{identifier}")
        for key, value in list(element.attrib.items()):
            element.set(key, _attribute(key, value, name))
    root[:] = _kept(root)
    for attribute in ("version", "width", "height"):
        root.attrib.pop(attribute, None)
    root.set("aria-hidden", "true")
    root.set("class", "plot")
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode").strip())


def _kept(parent: ET.Element) -> Iterator[ET.Element]:
    """The children that show something; a group without attributes gives way to its own."""
    for child in list(parent):
        tag = child.tag.rpartition("}")[2]
        if tag in ("metadata", "style") or child.get("style") == "fill:none":
            continue
        child[:] = _kept(child)
        if tag == "g" and not child.attrib:
            yield from child
        elif tag != "defs" or len(child):
            yield child


def _attribute(key: str, value: str, name: str) -> str:
    value = value.replace("url(#", f"url(#{name}-")
    if key.endswith("href") and value.startswith("#"):
        return f"#{name}-{value[1:]}"
    if key in ("d", "transform", "x", "y", "points", "viewBox", "width", "height"):
        value = re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):.1f}".replace(".0", ""), value)
        return re.sub(r"\s+", " ", value).strip()
    if key == "style":
        for colour, variable in _VARIABLES.items():
            value = value.replace(colour, f"var({variable})")
        return re.sub(r"font-family: [^;]*; ?", "", value).replace("; ", ";").replace(": ", ":")
    return value
