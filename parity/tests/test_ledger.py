"""The ledger: read strictly, explaining no more than it says, and held against what came."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from driftcore.reference import object_to_protobuf_struct_bytes

from parity.cases import Case
from parity.causes import CAUSES
from parity.clusters import Cause, Cluster, Example
from parity.compare import CHANGED_ARGUMENTS
from parity.generate.lying import Forged, MumblingKey, TextlessKey
from parity.judge import Pair
from parity.judge import judge as judge_all
from parity.ledger import Entry, Explanation, LedgerError, check, explain_case, load, parse, suggest
from parity.operations import OPERATIONS, SPAN_ARGUMENTS
from parity.outcome import Value
from parity.signature import Signature, signature_of
from parity.subjects import Subject
from parity.subjects import load as load_subject
from parity.tests.judging import judge

TEXT_PROCESSING, OBJECT_PROCESSING = "process_export_payload", "process_export_payload_pyobject"
SPAN = "build_span_proto_bytes_pyobject"
REQUEST = "build_export_spans_request_bytes_pyobject"

# ---- reading -----------------------------------------------------------------

ENTRY: Mapping[str, Any] = {
    "id": "exponents",
    "subject": "rust",
    "operations": ["normalize_json", "deterministic_hash"],
    "kind": "bug",
    "severity": "wrong hash",
    "why": "exponents are spelled otherwise",
    "features": ["float in exponent form"],
    "signature": {"outcomes": ["value", "value"]},
    "hits_per_million": {"least": 100, "most": 1000},
}


def entry(**changes: Any) -> Entry:
    (one,) = parse({"version": 1, "entry": [{**ENTRY, **changes}]}).entries
    return one


def test_committed_ledger_is_right_and_native_has_no_entry() -> None:
    committed = load()
    assert committed.of("native") == committed.of("reference") == ()
    assert len(committed.of("sdk")) >= 13
    assert {one.cause for one in committed.of("sdk")} == set(CAUSES)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hit": 1}, "unknown hit; there are id, subject"),
        ({"kind": "flaw"}, "kind cannot be 'flaw'; there are bug, by design"),
        ({"severity": "bad"}, "severity cannot be 'bad'"),
        ({"operations": ["hash"]}, "operations cannot be 'hash'"),
        ({"features": ["odd"]}, "features cannot be 'odd'"),
        ({"cause": "odd"}, "cause cannot be 'odd'; there are argument_types"),
        ({"why": " "}, "why must say something"),
        ({"signature": {}}, "signature needs at least one pattern"),
        ({"signature": {"value": "*"}}, "signature cannot be 'value'"),
        ({"signature": {"outcomes": "value"}}, "signature.outcomes must be two patterns"),
        ({"signature": {"path": ["$", "$"]}}, "signature.path must be a pattern"),
        ({"hits_per_million": {"least": 5, "most": 4}}, "least <= most"),
        ({"hits_per_million": {"most": 4}}, "least <= most"),
        ({"hits_per_million": {"least": 5, "max": 6}}, "unknown max"),
        ({"conditions": {"build": "x"}}, "unknown build"),
        ({"conditions": {"python": "3.9+"}}, "python must be like"),
        ({"why": 1}, "why: 1 is not of type str"),
        ({"operations": "normalize_json"}, "operations: 'normalize_json' is not of type list"),
        ({"features": [1]}, "features[0]: 1 is not of type str"),
        ({"signature": [1]}, "signature needs at least one pattern"),
        ({"signature": {"outcomes": [1, 2]}}, "signature.outcomes must be two patterns"),
        ({"signature": {"path": 1}}, "signature.path must be a pattern"),
        ({"hits_per_million": 5}, "hits_per_million: 5 is not of type dict"),
        ({"hits_per_million": {"least": "5", "most": 6}}, "hits_per_million.least: '5' is not of type float"),
        ({"conditions": {"python": 3.9}}, "conditions.python: 3.9 is not of type str"),
    ],
)
def test_entry_with_anything_unknown_or_missing_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(LedgerError, match="entry 'exponents'") as error:
        entry(**changes)
    assert message in str(error.value)


@pytest.mark.parametrize("name", [name for name in ENTRY if name != "features"])
def test_entry_that_lacks_a_member_is_refused(name: str) -> None:
    with pytest.raises(LedgerError, match=f"{name} is missing"):
        parse({"version": 1, "entry": [{key: one for key, one in ENTRY.items() if key != name}]})


def test_file_as_a_whole_is_checked(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="version must be 1"):
        parse({"entry": []})
    for wrong in (1, [1], {"id": "x"}):
        with pytest.raises(LedgerError, match="entries are tables"):
            parse({"version": 1, "entry": wrong})
    with pytest.raises(LedgerError, match="stands there twice"):
        parse({"version": 1, "entry": [ENTRY, ENTRY]})
    with pytest.raises(LedgerError, match=r"ledger\.toml"):
        load(tmp_path / "ledger.toml")
    for content in (b"version = ", b"\xff", b"x = " + b"[" * 100_000):
        (tmp_path / "ledger.toml").write_bytes(content)
        with pytest.raises(LedgerError, match=r"ledger\.toml"):
            load(tmp_path / "ledger.toml")


# ---- explaining --------------------------------------------------------------

PLAIN = Signature(
    "normalize_json", ("value", "value"), "value", "$.**", ("str", "str"), ("float", "float"), ("", "")
)


def explained(one: Entry, text: str, **changes: Any) -> Explanation:
    signature = replace(PLAIN, **changes)
    operation = OPERATIONS[signature.operation]
    return explain_case([one], operation, lambda: (text,), Value(""), Value(""), signature)


def test_signature_and_input_both_have_to_fit() -> None:
    assert explained(entry(), "1e16") == Explanation(entry())
    assert explained(entry(), "1.5") == Explanation(None, (entry(),))
    assert explained(entry(), "1e16", operation="normalize_and_hash") == Explanation(None)
    assert explained(entry(), "1e16", outcomes=("value", "error")) == Explanation(None)
    narrow = entry(signature={"classes": ["float*", "*otherwise"], "path": "$.*"})
    assert explained(narrow, "1e16") == Explanation(None)
    assert explained(narrow, "1e16", classes=("float", "the same, spelled otherwise")).entry == narrow


# ---- holding a run against it ------------------------------------------------


def kinds(*arguments: Any, **options: Any) -> list[str]:
    return [finding.kind for finding in check(*arguments, **options)]


def test_hits_within_their_range_are_no_finding() -> None:
    cases = {"normalize_json": 600_000, "deterministic_hash": 400_000, "normalize_and_hash": 10**9}
    for hits in (100, 500, 1000, 70, 1100):
        assert kinds([entry()], {"exponents": hits}, cases) == []
    assert kinds([entry()], {"exponents": 50}, cases) == ["too rare"]
    assert kinds([entry()], {"exponents": 1200}, cases) == ["over its cap"]
    assert kinds([entry()], {}, cases) == ["never fired"]


def test_a_short_run_proves_nothing_about_a_rare_entry() -> None:
    assert kinds([entry()], {}, {"normalize_json": 20_000}) == []
    assert kinds([entry()], {"exponents": 25}, {"normalize_json": 100}) == ["over its cap"]


def test_an_entry_outside_its_conditions_may_not_fire_and_need_not() -> None:
    one = entry(conditions={"python": ">=3.11,<3.13", "platform": "linux*"})
    cases = {"normalize_json": 1_000_000}
    for version, system in (((3, 10), "linux"), ((3, 13), "linux"), ((3, 11), "darwin")):
        assert kinds([one], {}, cases, version=version, system=system) == []
        assert kinds([one], {"exponents": 500}, cases, version=version, system=system) == [
            "outside its conditions"
        ]
    assert kinds([one], {}, cases, version=(3, 12), system="linux") == ["never fired"]


def test_other_reasons_and_new_clusters_are_findings() -> None:
    cases = {"normalize_json": 1_000_000}
    found = check([entry()], {"exponents": 500}, cases, [cluster()], {"exponents": 3})
    assert [one.kind for one in found] == ["new signature", "other reason"]
    assert "NaN: another float" in found[0].text
    assert found[1].entry == "exponents"


def cluster() -> Cluster:
    cause = Cause(("value", "value"), ("", ""), frozenset({"NaN"}))
    return Cluster("NaN: another float", cause, (PLAIN,), 40, Example("c", 1), None, "normalize_json")


# ---- suggesting --------------------------------------------------------------


def suggested(why: str) -> Path:
    text = suggest([cluster()], "rust", {"normalize_json": 10_000})
    path = Path(tempfile.mkdtemp()) / "ledger.toml"
    path.write_text(f"version = 1\n\n{text}".replace('why = ""', f"why = {json.dumps(why)}"))
    return path


def test_a_suggestion_is_right_but_for_its_reason() -> None:
    with pytest.raises(LedgerError, match="why must say something"):
        load(suggested(""))
    (one,) = load(suggested("a reason")).entries
    assert (one.id, one.subject, one.operations) == ("nan-another-float", "rust", ("normalize_json",))
    assert one.least < 4000 < one.most
    assert explained(one, "NaN").entry == one
    assert explained(one, "1.0").entry is None
    assert kinds([one], {one.id: 40}, {"normalize_json": 10_000}) == []


# ---- the entries of the subject `sdk` -----------------------------------------

PLAIN_SPAN: Mapping[str, Any] = {
    **dict.fromkeys(SPAN_ARGUMENTS, ""),
    "name": "GET /",
    "package_type": 1,
    "environment": None,
    "kind": 2,
    "input_schema": {"type": 6, "properties": {}},
    "output_schema": {"type": 6, "properties": {}},
    "status_code": 1,
    "is_pre_app_start": False,
    "is_root_span": True,
    "timestamp_seconds": 1_700_000_000,
    "timestamp_nanos": 500_000_000,
    "duration_seconds": 0,
    "duration_nanos": 1_000_000,
    "metadata": None,
    "input_value": {"a": 1},
    "output_value": None,
    "input_value_proto_struct_bytes": None,
    "output_value_proto_struct_bytes": None,
}


def case(operation: str, *arguments: object) -> Case:
    return Case("example", "example", OPERATIONS[operation], lambda: arguments)


def span(**changes: object) -> Case:
    return case(SPAN, *{**PLAIN_SPAN, **changes}.values())


def tower(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = {"a": value}
    return value


def forged() -> dict[str, int]:
    """Made anew, as a key counts how often it was compared."""
    value = {"encoding": 0, Forged("o", "encoding"): 0}
    for key in value:
        if isinstance(key, Forged):
            key.compared = 0
    return value


def struct_bytes(value: object) -> bytes:
    return object_to_protobuf_struct_bytes(json.dumps(value))


EXAMPLES = [
    ("argument-types", case("normalize_json", b"{}")),
    ("argument-types", case(TEXT_PROCESSING, "{}", b"{}")),
    ("argument-types", case(OBJECT_PROCESSING, {}, [])),
    ("argument-types", span(is_root_span=1)),
    ("argument-types", case(REQUEST, "", "", "", "", ())),
    ("merges-validated", case(TEXT_PROCESSING, '{"a":1}', '{"a":{"encoding":true}}')),
    ("merges-validated", case(OBJECT_PROCESSING, {"a": 1}, {"a": {"match_importance": float("nan")}})),
    (
        "asked-twice",
        Case("example", "example", OPERATIONS[OBJECT_PROCESSING], lambda: (MumblingKey(0), None)),
    ),
    ("recursion", span(input_value=tower(150))),
    ("recursion-near-the-limit", case("deterministic_hash", "[" * 700 + "]" * 700)),
    ("enum-message", span(kind=6)),
    ("int-width", span(duration_nanos=2**31)),
    ("odd-members", span(input_value={1: "a"})),
    ("odd-members", span(input_schema={"properties": {"a": 1}})),
    ("odd-members", span(output_schema={"match_importance": "1"})),
    ("first-of-two-errors", span(input_value={"a": "\ud83d", "b": TextlessKey(0)})),
    ("times-out-of-range", span(timestamp_seconds=253_402_300_800)),
    ("times-out-of-range", span(duration_seconds=2**62)),
    ("times-truncated", span(timestamp_nanos=123_456_789)),
    ("times-truncated", span(duration_seconds=-1, duration_nanos=500_000_000)),
    ("empty-map-entry", span(input_schema={"type": 6, "properties": {"": {}}})),
    ("struct-reencoded", span(input_value_proto_struct_bytes=b"\x0a\x07\x12\x02\x20\x01\x0a\x01a")),
    (
        "struct-reencoded",
        span(input_value={"a": 10**400}, input_value_proto_struct_bytes=struct_bytes(tower(150))),
    ),
    ("struct-malformed", span(input_value_proto_struct_bytes=b"\x0a")),
    ("span-malformed", case(REQUEST, "", "", "", "", [b"\x0a\x05ab"])),
    ("first-of-two-errors", span(input_value=10**400, output_value={"a": "\ud83d"})),
    ("sent-times-out-of-range", case(REQUEST, "", "", "", "", [b"\xa2\x01\x0b\x08" + b"\x80" * 9 + b"\x01"])),
    ("request-reencoded", case(REQUEST, "", "", "", "", [b"\x12\x01b\x0a\x01a"])),
]


@pytest.fixture
def sdk() -> Subject:
    pytest.importorskip("drift", reason="upstream's SDK is not installed")
    return load_subject("sdk")


def explanation(one: Case, candidate: Subject) -> Explanation | None:
    """How the ledger's entries for `sdk` explain a case, None where it does not differ."""
    expected, actual, _, signature = judge(one.operation, one.arguments, candidate, load_subject("reference"))
    if signature is None:
        return None
    return explain_case(load().of("sdk"), one.operation, one.arguments, expected, actual, signature)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_declared_difference_still_differs(name: str, example: Case, sdk: Subject) -> None:
    found = explanation(example, sdk)
    assert found is not None and found.entry is not None
    assert found.entry.id == name


def judged(arguments: Callable[[], tuple[object, ...]], candidate: Subject) -> tuple[str, Explanation]:
    """The reason of a difference of payloads, arguments after the call included, and how it is explained."""
    one = Case("example", "example", OPERATIONS[OBJECT_PROCESSING], arguments)
    judgement = judge_all(one, Pair(load_subject("reference"), candidate))
    expected, actual, difference = judgement.expected, judgement.actual, judgement.difference
    assert difference is not None
    signature = signature_of(one.operation, expected, actual, difference)
    entries = load().of("sdk")
    return difference.reason, explain_case(entries, one.operation, arguments, expected, actual, signature)


def test_what_an_object_counts_of_being_asked_is_declared_and_a_changed_argument_is_not(sdk: Subject) -> None:
    reason, found = judged(lambda: ({"a": 10**400, "b": MumblingKey(0)}, None), sdk)
    assert reason == CHANGED_ARGUMENTS and found.entry is not None and found.entry.id == "asked-twice"

    def careless(payload: dict[str, object], merges: object) -> object:
        result = sdk.functions[OBJECT_PROCESSING](payload, merges)
        payload["b"] = True
        return result

    reason, found = judged(lambda: ({"b": 1}, None), replace(sdk, functions={OBJECT_PROCESSING: careless}))
    assert reason == CHANGED_ARGUMENTS and found.entry is None


def test_who_compares_keys_before_it_refuses_is_declared(sdk: Subject) -> None:
    """No outcome shows it: a key counts how often it was compared."""

    def arguments() -> tuple[object, ...]:
        return span(metadata={"a": "\ud800"}, input_value=forged()).arguments()

    one = Case("example", "example", OPERATIONS[SPAN], arguments)
    judgement = judge_all(one, Pair(load_subject("reference"), sdk))
    assert judgement.difference is not None and judgement.difference.reason == CHANGED_ARGUMENTS
    signature = signature_of(one.operation, judgement.expected, judgement.actual, judgement.difference)
    entries = load().of("sdk")
    found = explain_case(entries, one.operation, arguments, judgement.expected, judgement.actual, signature)
    assert found.entry is not None and found.entry.id == "keys-compared"


def test_every_entry_has_an_example() -> None:
    names = {name for name, _ in EXAMPLES} | {"keys-compared"}
    assert names == {one.id for one in load().of("sdk")}


def test_plain_span_does_not_differ(sdk: Subject) -> None:
    assert explanation(span(), sdk) is None


def with_bug(sdk: Subject, bug: Callable[[bytes], bytes]) -> Subject:
    """Upstream whose span bytes go through a bug."""

    def build(*arguments: object) -> bytes:
        data = sdk.functions[SPAN](*arguments)
        assert isinstance(data, bytes)
        return bug(data)

    return replace(sdk, functions={**sdk.functions, SPAN: build})


@pytest.mark.parametrize(
    "example",
    [
        span(),
        span(timestamp_nanos=123_456_789),
        span(input_schema={"type": 6, "properties": {"": {}}}),
        span(input_value_proto_struct_bytes=b"\x0a\x07\x12\x02\x20\x01\x0a\x01a"),
    ],
    ids=["plain", "times-truncated", "empty-map-entry", "struct-reencoded"],
)
def test_bug_beside_a_declared_difference_is_not_explained(example: Case, sdk: Subject) -> None:
    """The bug is in the span's name, which no entry accounts for."""
    found = explanation(example, with_bug(sdk, lambda data: data.replace(b"GET /", b"GET .")))
    assert found is not None and found.entry is None
    assert {one.id for one in found.other_reason} >= {"times-truncated", "empty-map-entry"}


@pytest.mark.parametrize("number", [b"\xa2\x01", b"\xaa\x01"], ids=["timestamp", "duration"])
def test_lost_time_is_not_explained_where_upstream_is_exact(number: bytes, sdk: Subject) -> None:
    found = explanation(span(), with_bug(sdk, lambda data: data.replace(number, b"\xca\x01")))
    assert found is not None and found.entry is None
