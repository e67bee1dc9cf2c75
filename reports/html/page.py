"""From the document's sections to the page: Jinja with autoescape, every text made visible on the way.

Two nets under hostile text.  `finalize` writes control, format and bidi characters, lone
surrogates and unusual blanks as escapes, so what is shown is what is there; autoescape then
turns markup into text.  Only what `plots` drew and the two asset files are let through as
they are.  A content security policy in the head forbids whatever still got in: no request,
no script but the one whose hash it states.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..diff import Diff
from ..diff import sections as diff_sections
from ..document import SignOff
from ..sections.all import sections
from ..sections.model import Block, Plot, Section
from ..sections.provenance import intro
from ..shown import shown

TEMPLATES = Path(__file__).parent / "templates"

LABELS = {
    "GO": "holds",
    "NO-GO": "does not hold",
    "INCONCLUSIVE": "cannot be told",
    "UNFIT": "cannot be judged",
}


def page(document: SignOff) -> str:
    """The sign-off as a whole file."""
    verdict = document.judgement.verdict.value
    return _rendered(
        "page.html.j2",
        sections(document),
        title=f"{verdict}: driftcore sign-off",
        verdict=verdict,
        footer=f"Made {document.made} by python -m reports signoff; check it: python -m reports verify DIR.",
        document=document,
        judgement=document.judgement,
        intro=tuple(intro(document)),
        label=LABELS[verdict],
    )


def diff_page(diff: Diff) -> str:
    """A comparison as a whole file."""
    return _rendered(
        "diff.html.j2",
        diff_sections(diff),
        title="driftcore: two sign-offs compared",
        verdict="NO-GO" if diff.worse else "GO",
        footer="Made by python -m reports diff.",
        word="Something got worse" if diff.worse else "Nothing got worse",
        sentence=diff.sentence,
    )


def _rendered(template: str, parts: tuple[Section, ...], **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["kind"] = _kind
    environment.globals["drawn"] = _drawn
    style, script = (
        Markup((TEMPLATES / name).read_text(encoding="utf-8")) for name in ("style.css", "script.js")
    )
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return environment.get_template(template).render(
        sections=parts,
        style=style,
        script=script,
        script_hash=base64.b64encode(digest).decode("ascii"),
        **values,
    )


def _shown(value: object) -> object:
    """What an expression of the template gives, made visible unless it is markup of our own."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _kind(one: object) -> str:
    return type(one).__name__.lower()


def _drawn(one: Block) -> Markup:
    assert isinstance(one, Plot)
    return Markup(one.draw())
