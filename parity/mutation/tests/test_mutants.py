"""Mutants: what is mutated, what is left alone, and that the text without any means the same."""

from __future__ import annotations

import pytest

from reports.provenance import ROOT

from ..build import mutated_sources
from ..costs import dearer
from ..harness import FAULTS
from ..mutants import KINDS, Mutant, macros, mutate, siblings
from ..score import Fate, Score, equivalents, line_of, unmatched

SOURCE = """\
static const int table[3] = {1, 2, 3};
enum { LIMIT = 4 };
int f(const struct pair *pair, int n)
{
    int out[8];
    if (n < 10 && pair->left)
        out[0] = n + 1;
    else
        g(n);
    switch (n) {
    case 3:
        return 5;
    }
    return out[0];
}
"""
STRUCT = "struct pair { int left, right; char *name; };"


def mutants_of(source: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.before, one.after) for one in mutate("f.c", source, 1, siblings([STRUCT])).mutants]


def test_operators_constants_fields_and_statements_are_mutated() -> None:
    found = mutants_of(SOURCE)
    assert ("operator", "n < 10", "n <= 10") in found
    assert ("operator", "n < 10 && pair->left", "n < 10 || pair->left") in found
    assert ("constant", "10", "10 + 1") in found
    assert ("field", "pair->left", "pair->right") in found
    assert ("statement removed", "g(n);", ";") in found
    assert ("constant", "5", "5 - 1") in found


def test_conditions_masks_and_casts_are_dropped() -> None:
    found = mutants_of(
        "int f(int n)\n{\n    return n > 2 || (uint8_t)n > 0x7F || (n & 0x7F) == (long)n;\n}\n"
    )
    assert ("operand dropped", "n > 2 || (uint8_t)n > 0x7F", "n > 2") in found
    assert ("operand dropped", "n > 2 || (uint8_t)n > 0x7F", "(uint8_t)n > 0x7F") in found
    assert ("mask dropped", "n & 0x7F", "n") in found
    assert [one for one in found if one[0] == "cast dropped"] == [("cast dropped", "(uint8_t)n", "n")]


def test_lengths_that_are_passed_on_are_clamped() -> None:
    """Where they are numbers: a pointer named so cannot be compared with one."""
    found = mutants_of(
        "int f(char *a, struct s *b, size_t *size)\n{\n    return g(a, b->key_size, size, n);\n}\n"
    )
    clamped = [one[1:] for one in found if one[0] == "clamped length"]
    assert clamped == [
        ("b->key_size", "b->key_size > 31 ? 31 : b->key_size"),
        ("b->key_size", "b->key_size > 127 ? 127 : b->key_size"),
    ]


def test_macros_that_are_numbers_go_one_up_and_one_down() -> None:
    source = "#define MOST 10\n#define SAY(x) puts(x)\nint f(int n)\n{\n    return n < MOST + KIND_ONE;\n}\n"
    numbers = macros([source])
    assert numbers == {"MOST"}
    found = [
        one.after for one in mutate("f.c", source, 1, {}, numbers=numbers).mutants if one.kind == "constant"
    ]
    assert found == ["MOST + 1", "MOST - 1"]


def test_a_character_goes_one_up_and_one_down() -> None:
    found = mutants_of("int f(int n)\n{\n    return n == 'a';\n}\n")
    assert [after for kind, _, after in found if kind == "constant"] == ["'a' + 1", "'a' - 1"]


def test_every_kind_is_named() -> None:
    assert {one.kind for _, mutated in mutated_sources() for one in mutated.mutants} == set(KINDS)


# What was planted by hand and passed 400,000 cases, by function and the line with the fault in it.
PLANTED = {
    "an entry of 128 bytes with a length of one, from text": (
        "put_place", "if (place.key_size == 0 || entry > 0x7F + 1)",
    ),
    "an entry of 128 bytes with a length of one, from a tree": (
        "structpb_member_is_short",
        "return key != 0 && key <= 0x7F && value <= 0x7F - 4 && key + value <= 0x7F + 1 - 4;",
    ),
    "merge keys compared by 31 bytes": (
        "merges_find", "int order = memcmp(candidate->text, key->text, common > 31 ? 31 : common);",
    ),
    "a bool whose varint is cut short": ("take_value", "if (end - at != 1)"),
}  # fmt: skip


@pytest.mark.parametrize("fault", PLANTED)
def test_the_operators_plant_what_the_gate_did_not_see(fault: str) -> None:
    """A function that is rewritten takes its line with it: put the same fault where it is now."""
    function, line = PLANTED[fault]
    planted = [one for _, mutated in mutated_sources() for one in mutated.mutants if one.function == function]
    assert any(one.new_lines == line for one in planted)


def test_what_must_be_constant_is_left_alone() -> None:
    lines = mutate("f.c", SOURCE, 1, {}).text.splitlines()
    assert lines[0] == "static const int table[3] = {1, 2, 3};"
    assert lines[1] == "enum { LIMIT = 4 };"
    assert lines[4] == "    int out[8];"
    assert lines[10] == "    case 3:"


def test_a_statement_that_does_nothing_is_left_alone() -> None:
    assert mutants_of("int f(void *unused)\n{\n    (void)unused;\n    g();\n}\n") == [
        ("statement removed", "g();", ";")
    ]


def test_lines_stay_where_they_are() -> None:
    mutated = mutate("f.c", SOURCE, 1, {})
    assert mutated.text.count("\n") == SOURCE.count("\n")
    assert {one.line for one in mutated.mutants if one.before == "g(n);"} == {9}


def test_an_else_keeps_its_if() -> None:
    text = mutate("f.c", SOURCE, 1, {}).text
    assert "{ if (!MUTANT(" in text


def test_dropped_mutants_are_left_out() -> None:
    whole = mutate("f.c", SOURCE, 1, {})
    key = whole.mutants[0].key
    fewer = mutate("f.c", SOURCE, 1, {}, frozenset({key}))
    assert len(fewer.mutants) < len(whole.mutants)
    assert key not in {one.key for one in fewer.mutants}


def a_mutant(number: int) -> Mutant:
    before, after = str(number), f"{number} + 1"
    lines = f"return {before};", f"return {after};"
    return Mutant(number, "core/src/f.c", number, "f", "constant", before, after, *lines)


def test_the_score_leaves_equivalents_out_and_distrusts_those_that_are_caught() -> None:
    fates = [Fate(a_mutant(1), "differs"), Fate(a_mutant(2), "survived"), Fate(a_mutant(3), "survived")]
    known: dict[tuple[str, ...], str] = {a_mutant(3).key: "same", a_mutant(1).key: "thought the same"}
    score = Score(fates, known)
    assert (score.caught, score.explained, len(score.survivors)) == (1, 1, 1)
    assert score.share == 0.5
    assert [one.mutant.number for one in score.wrongly_explained] == [1]


def test_a_line_of_the_list_is_read_back() -> None:
    mutant = a_mutant(1)
    assert equivalents(line_of(mutant, "why") + "\n") == {mutant.key: "why"}
    with pytest.raises(ValueError, match="five parts"):
        equivalents("core/src/f.c ¦ f\n")


def test_every_equivalent_is_a_mutant_of_the_sources() -> None:
    mutants = [one for _, mutated in mutated_sources() for one in mutated.mutants]
    assert unmatched(equivalents(), mutants) == []
    assert unmatched({a_mutant(1).key: "not there"}, mutants) == [a_mutant(1).key]


def test_a_sample_does_not_depend_on_what_stands_above() -> None:
    first = {one.key: one.sampled(3) for one in mutate("f.c", SOURCE, 1, {}).mutants}
    moved = {one.key: one.sampled(3) for one in mutate("f.c", f"int g;\n\n{SOURCE}", 50, {}).mutants}
    assert first == moved
    assert 0 < sum(first.values()) < len(first)


def test_equal_literals_of_a_line_are_told_apart() -> None:
    mutants = mutate("f.c", "int f(int *a)\n{\n    return a[1] + 1;\n}\n", 1, {}).mutants
    lines = [one.new_lines for one in mutants if one.after == "1 + 1"]
    assert lines == ["return a[1 + 1] + 1;", "return a[1] + 1 + 1;"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_every_fault_of_the_harness_has_its_place(fault: object) -> None:
    assert isinstance(fault, type(FAULTS[0]))
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.found) == 1


def test_what_only_costs_or_tests_saw_counts_beside_the_comparison() -> None:
    fates = [
        Fate(a_mutant(number), how) for number, how in enumerate(("crash", "costs", "C tests", "survived"))
    ]
    score = Score(fates, {})
    assert (score.share, score.share_of_comparison) == (0.75, 0.25)


def test_a_lane_is_dearer_by_any_of_its_counts() -> None:
    usual = {("normalize_json", "everyday"): [100_000, 0, 0], ("normalize_json", "numbers"): [10, 10, 10]}
    assert list(dearer(usual, usual)) == []
    assert list(dearer(usual, {**usual, ("normalize_json", "everyday"): [103_100, 0, 0]})) == [
        "normalize_json of everyday: 1.03 times the steps"
    ]
    assert list(dearer(usual, {**usual, ("normalize_json", "everyday"): [102_900, 0, 0]})) == []
    assert list(dearer(usual, {**usual, ("normalize_json", "numbers"): [10, 10, 20]}))
