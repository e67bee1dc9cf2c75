"""No text from a result file breaks the page or hides in it."""

from __future__ import annotations

import pytest

from reports import markdown, shown

HOSTILE = [
    "a | b",
    "a \\| b \\\\| c",
    "`",
    "``` \n```\n# heading",
    "``` ` `` ```` `",
    "<script>alert(1)</script><img src=x onerror=y>",
    "[text](http://example.org) ![x](y) <http://example.org>",
    "*bold* _em_ ~~gone~~ $math$ &amp; &#124;",
    "\x00\x1b[31mred\x1b[0m\x7f\x85",
    "\u202egnp.exe\u2066\u200b\u2028\ufeff",
    "\ud800 \udfff",
    "e\u0301 \u00a0 \u3000",
    "\r\n\r\n- item\n1. item",
    "",
    " ",
    "\U000e0041\U0010ffff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_shown_text_is_one_line_of_visible_characters(text: str) -> None:
    for plain in (shown.visible(text), markdown.prose(text), markdown.code(text)):
        assert plain.isprintable()
        plain.encode("utf-8")


def test_what_cannot_be_seen_becomes_its_escape() -> None:
    assert shown.visible("a\n\t\x00\x85\u202e\ud800\U000e0041e\u0301\u00a0") == (
        "a\\n\\t\\x00\\x85\\u202e\\ud800\\U000e0041e\\u0301\\xa0"
    )
    assert shown.visible("Grüße, 日本 → ✓") == "Grüße, 日本 → ✓"


@pytest.mark.parametrize("text", HOSTILE)
def test_code_is_one_span_and_one_cell(text: str) -> None:
    shown = markdown.code(text)
    fence = shown[: len(shown) - len(shown.lstrip("`"))]
    inside = shown[len(fence) : -len(fence)]
    assert shown.endswith(fence) and fence not in inside
    assert not inside.startswith("`") and not inside.endswith("`") and inside
    assert "|" not in inside


def test_code_keeps_blanks_and_backticks_at_its_ends() -> None:
    assert markdown.code("a") == "`a`"
    assert markdown.code("`a") == "`` `a ``"
    assert markdown.code(" a ") == "`  a  `"
    assert markdown.code("$.a|b") == "`$.a\\x7cb`"


@pytest.mark.parametrize("text", HOSTILE)
def test_block_ends_only_at_its_fence(text: str) -> None:
    lines = markdown.block([text, "second"]).split("\n")
    fence = lines[0][: -len("text")]
    assert len(lines) == 4 and lines[-1] == fence and set(fence) == {"`"}
    assert all(fence not in line for line in lines[1:-1])


def test_prose_escapes_markup() -> None:
    assert markdown.prose("_a_ *c* `d` |<e>& \\") == "\\_a\\_ \\*c\\* \\`d\\` \\|\\<e\\>\\& \\\\"
    assert markdown.prose("normalize_json __x__") == "normalize_json \\_\\_x\\_\\_"


def test_megabyte_is_shortened_and_says_so() -> None:
    for plain in (markdown.code("x" * 1_000_000), markdown.prose("\x00" * 1_000_000)):
        assert len(plain) < 3000
        assert "characters left out" in plain


def test_block_is_shortened_line_by_line() -> None:
    shown = markdown.block(["y" * 1_000_000, "short"])
    assert len(shown) < 3000 and "characters left out" in shown and shown.split("\n")[2] == "short"


def test_table_aligns_names_left_and_numbers_right() -> None:
    assert markdown.table(("name", "n"), [("a", "1"), ("b", "2")]) == (
        "| name | n |\n| :-- | --: |\n| a | 1 |\n| b | 2 |"
    )


def test_a_markdown_parser_finds_only_text_in_hostile_cells() -> None:
    parser = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True}).enable("table")
    rows = [(markdown.code(text), markdown.prose(text)) for text in HOSTILE]
    page = (
        markdown.table(("code", "prose"), rows)
        + "\n\n"
        + "\n\n".join(markdown.block([one]) for one in HOSTILE)
    )
    tokens = parser.parse(page)
    assert sum(token.type == "td_open" for token in tokens) == 2 * len(HOSTILE)
    assert sum(token.type == "fence" for token in tokens) == len(HOSTILE)
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "code_inline", "text_special"}
