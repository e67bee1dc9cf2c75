"""Clusters: one cause, one cluster, whatever operations and inputs it shows in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from parity import clusters as module
from parity.cases import Campaign
from parity.clusters import Cause, Cluster, Example, Group, Groups, cause_of, clusters
from parity.features import features
from parity.liars import LIARS
from parity.minimise import Minimised
from parity.operations import OPERATIONS
from parity.signature import Signature
from parity.subjects import Subject, load
from parity.tests.judging import SAFE_PROFILES, clustered, gathered

PROCESS = "process_export_payload_pyobject"
REQUEST = "build_export_spans_request_bytes_pyobject"
TEXT = "normalize_json"


def found(candidate: Subject, operations: Iterable[str], count: int) -> tuple[Cluster, ...]:
    cases = Campaign([OPERATIONS[name] for name in operations], 0, count)
    clustering = clustered(cases, candidate)
    assert clustering.unexplained == 0
    return clustering.clusters


@pytest.mark.parametrize(
    ("liar", "title"),
    [
        ("exponent-without-plus", "float in exponent form: the same, spelled otherwise"),
        ("sorted-keys", "keys out of code-point order: the same keys in another order"),
        ("lost-sign-of-zero", "-0.0: -0.0 becomes float"),
        ("hash-of-unsorted", "keys out of code-point order: another hash"),
        ("wrong-message", "not JSON: JSONDecodeError with another message"),
        ("drops-empty-spans", "empty span: "),
    ],
)
def test_one_lie_is_one_cluster_that_is_named_for_it(liar: str, title: str) -> None:
    twisted = LIARS[liar]
    (cluster,) = found(load(f"liar:{liar}"), twisted.twists, 2000)
    assert cluster.title.startswith(title)
    assert cluster.operations == tuple(twisted.twists)
    assert cluster.minimal is not None and cluster.minimal.steady
    assert cluster.count > 1


def test_two_lies_of_one_signature_are_two_clusters() -> None:
    """Both change nothing but the digest: only the minimal inputs tell them apart."""
    honest = load("reference")
    right = honest.functions["deterministic_hash"]

    def hashed(payload_json: str) -> object:
        digest = right(payload_json)
        if "\\u00e9" in payload_json or "19.99" in payload_json:
            return str(digest)[::-1]
        return digest

    candidate = replace(honest, functions={"deterministic_hash": hashed})
    two = found(candidate, ["deterministic_hash"], 2500)
    minima = sorted(cluster.minimal.arguments[0] for cluster in two if cluster.minimal)
    assert len(minima) == 2
    assert minima[1] == "19.99"
    assert "\\u00e9" in minima[0] and len(minima[0]) <= len('{"\\u00e9":0}')


def test_the_rust_module_gives_clear_clusters() -> None:
    pytest.importorskip("drift_core", reason="the Rust module is not installed")
    operations = [OPERATIONS[name] for name in [*list(OPERATIONS)[:5], PROCESS]]
    cases = [case for case in Campaign(operations, 0, 1500) if case.profile in SAFE_PROFILES]
    titles = [cluster.title for cluster in clustered(cases, load("rust")).clusters]
    for start in (
        "keys out of code-point order: the same keys in another order",
        "schema: the same keys in another order",
        "not JSON: ValueError instead of JSONDecodeError",
        "int beyond 64 bits: int beyond 64 bits becomes float with exponent",
        "float in exponent form: ",
        "Infinity: refused with ValueError",
        "lone surrogate: ",
    ):
        assert any(title.startswith(start) for title in titles), (start, titles)
    assert len(titles) < 60


# ---- the parts, with made-up groups -------------------------------------------


def signature(operation: str = TEXT, **changes: Any) -> Signature:
    plain = Signature(
        operation, ("value", "value"), "value", "$.**", ("str", "str"), ("str", "str"), ("", "")
    )
    return replace(plain, **changes)


def group(facts: set[str], count: int = 1, case: str = "c", size: int = 10, **changes: Any) -> Group:
    return Group(signature(**changes), frozenset(facts), count, Example(case, size))


def answering(minima: dict[str, Any]) -> Callable[[Group], Minimised | None]:
    """A reducer that knows its answers by case."""

    def small(one: Group) -> Minimised | None:
        answer = minima[one.example.case]
        return (
            answer
            if answer is None or isinstance(answer, Minimised)
            else Minimised(answer, 1, 0.0, False, True, True)
        )

    return small


def test_groups_merge_by_counts_and_keep_the_smallest_example() -> None:
    groups = Groups()
    for one in (
        group({"NaN"}, 2, "b", 9),
        group({"NaN"}, 3, "a", 5),
        group({"NaN"}, 1, "c", 7),
        group({"-0"}),
    ):
        groups.add(one)
    assert len(groups) == 2
    assert next(iter(groups)) == group({"NaN"}, 6, "a", 5)


def test_groups_are_bounded_and_lose_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_GROUPS", 3)
    groups = Groups()
    for number in range(50):
        groups.add(group({"NaN", f"made up {number}"}, 1, f"c{number}"))
    groups.add(group({"NaN"}, 1, "first"))
    for number in range(50):
        groups.add(group({"NaN", f"more {number}"}, 1, f"d{number}"))
    assert len(groups) <= 7
    assert sum(one.count for one in groups) == 101


def test_features_of_the_minimum_take_every_group_that_has_them() -> None:
    groups = [
        group({"NaN", "object"}, 5, "small", 5),
        group({"NaN", "list", "-0.0"}, 7, "both", 20),
        group({"-0.0", "list"}, 9, "other", 30),
    ]
    minima = {"small": ("NaN",), "other": ("-0.0",)}  # "both" is never asked for
    result = clusters(groups, answering(minima))
    assert [(one.cause.features, one.count) for one in result.clusters] == [
        (frozenset({"NaN"}), 12),
        (frozenset({"-0.0"}), 9),
    ]


def test_a_group_whose_minimum_has_more_features_than_its_input_is_its_own() -> None:
    groups = [group({"list"}, 3, "first", 5), group({"NaN"}, 4, "second", 6)]
    result = clusters(groups, answering({"first": ("NaN",), "second": ("NaN",)}))
    assert sum(one.count for one in result.clusters) + result.unexplained == 7


def test_a_group_goes_to_the_cluster_that_asks_for_most() -> None:
    groups = [
        group({"list"}, 1, "plain", 1),
        group({"list", "NaN"}, 10, "special", 2),
        group({"NaN"}, 1, "bare", 3),
    ]
    result = clusters(groups, answering({"plain": ("[0]",), "special": ("[NaN]",), "bare": ("NaN",)}))
    assert {frozenset(one.cause.features): one.count for one in result.clusters} == {
        frozenset({"list"}): 1,
        frozenset({"NaN"}): 11,
    }


def test_one_cause_in_several_operations_is_one_cluster() -> None:
    groups = [
        group({"NaN"}, 5, "text"),
        group({"NaN"}, 7, "hash", operation="deterministic_hash", classes=("digest", "digest"), path="$"),
    ]
    (cluster,) = clusters(groups, answering({"text": ("NaN",), "hash": ("NaN",)})).clusters
    assert (cluster.count, cluster.operations) == (12, (TEXT, "deterministic_hash"))
    assert cluster.minimal_operation == TEXT
    assert len(cluster.signatures) == 2


def test_two_faults_on_a_trivial_input_stay_apart() -> None:
    groups = [
        group(set(), 1, "a", operation="build_span_proto_bytes_pyobject", path="$.timestamp.seconds"),
        group(set(), 1, "b", operation="build_span_proto_bytes_pyobject", path="$.status.code"),
    ]
    plain = tuple(features_free())
    assert len(clusters(groups, answering({"a": plain, "b": plain})).clusters) == 2


def features_free() -> Iterable[Any]:
    from parity.tests.spans import PLAIN_SPAN

    assert not features(OPERATIONS["build_span_proto_bytes_pyobject"], tuple(PLAIN_SPAN.values()))
    return PLAIN_SPAN.values()


def test_other_outcomes_and_other_errors_are_other_causes() -> None:
    facts = frozenset({"NaN"})
    causes = {
        cause_of(signature(), facts),
        cause_of(signature(outcomes=("value", "error"), errors=("", "ValueError: x")), facts),
        cause_of(signature(outcomes=("value", "error"), errors=("", "TypeError: x")), facts),
        cause_of(signature(outcomes=("value", "crash"), errors=("", "crashed with SIGSEGV")), facts),
        cause_of(signature(), facts, steady=False),
    }
    assert len(causes) == 5
    refused = signature(outcomes=("value", "error"), errors=("", "ValueError: y"))
    assert cause_of(refused, facts) in causes
    assert Cause(("value", "value"), ("", ""), facts) in causes


def test_a_reduction_that_got_stuck_early_joins_its_cause() -> None:
    groups = [
        group({"NaN"}, 5, "a"),
        group({"NaN", "key ''"}, 2, "b", operation="deterministic_hash"),
    ]
    (cluster,) = clusters(groups, answering({"a": ("NaN",), "b": ('{"":NaN}',)})).clusters
    assert (cluster.count, cluster.cause.features) == (7, frozenset({"NaN"}))


def test_what_does_not_fail_again_is_a_cluster_of_its_own() -> None:
    stuck = Minimised(("NaN",), 5, 0.0, stuck=True, steady=False, finished=False)
    groups = [group({"NaN"}, 5, "a"), group({"-0.0"}, 2, "b")]
    result = clusters(groups, answering({"a": stuck, "b": ("-0.0",)}))
    assert [(one.cause.steady, one.count) for one in result.clusters] == [(False, 5), (True, 2)]
    assert result.clusters[0].title.startswith("at times")


def test_mismatches_beyond_the_cap_are_counted_as_not_explained() -> None:
    groups = [group({fact}, 2, fact, size) for size, fact in enumerate(("NaN", "-0.0", "Infinity"))]
    minima = {"NaN": ("NaN",), "-0.0": ("-0.0",), "Infinity": ("Infinity",)}
    result = clusters(groups, answering(minima), most_reductions=2)
    assert (len(result.clusters), result.unexplained) == (2, 2)


def test_order_of_groups_does_not_matter() -> None:
    groups = list(gathered(Campaign([OPERATIONS[TEXT]], 0, 300), load("liar:exponent-without-plus")))
    assert groups
    minima = {one.example.case: ("1e+16",) for one in groups}
    assert clusters(groups, answering(minima)) == clusters(groups[::-1], answering(minima))
