"""What shadow mode keeps of an input that differed: masked, bounded, and where nobody else comes to it."""

from __future__ import annotations

import json
import math
import os
import stat
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

import pytest
from driftcore import reference
from driftcore.bridge import masking, private_folder
from driftcore.bridge.sameness import same
from driftcore.bridge.saved_case import written

from .shadowing import FUNCTION, HELPER, Plant, wrong_always, wrong_exponent
from .span_arguments import PLAIN_EXPORT

SECRET = {
    "Name": "Jane Doe-42",
    "größe": "日本",
    "price": 1e16,
    "rows": [{"id": 2**60, "ok": True}, None, -0.0],
}
CARD, ADDRESS = 4111_1111_1111_1111, "jane.doe@example.com"


def kept(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="ascii")) for path in sorted(folder.glob("*.json"))]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- masked -------------------------------------------------------------------------------------


def test_an_input_is_kept_with_text_numbers_and_keys_masked(
    bridge: ModuleType, plant: Plant, tmp_path: Path
) -> None:
    plant(process_export_payload_pyobject=wrong_exponent)
    bridge.process_export_payload_jsonable(SECRET)
    (case,) = kept(tmp_path)
    assert (case["format"], case["operation"]) == ("driftcore saved case", FUNCTION)
    assert (case["note"], case["differed"]) == ("masked: text, numbers, keys", "a value against a value")
    text = json.dumps(case)
    for secret in ("Jane", "Name", "日本", "größe", hex(2**60)):
        assert secret not in text and json.dumps(secret)[1:-1] not in text


def holds_the_secret(value: Any) -> bool:
    return any(secret in repr(value) for secret in (str(CARD), ADDRESS))


@pytest.mark.parametrize("payload", [{"card": CARD}, {"card": float(CARD)}, {ADDRESS: 1}, {"mail": ADDRESS}])
def test_what_a_difference_hangs_on_is_masked_all_the_same(
    bridge: ModuleType, plant: Plant, tmp_path: Path, payload: dict[str, Any]
) -> None:
    """A core that is wrong for the secret alone, and right for whatever it is masked to."""
    plant(
        process_export_payload_pyobject=lambda payload, merges: (
            wrong_always if holds_the_secret(payload) else reference.process_export_payload_pyobject
        )(payload, merges),
        normalize_json=lambda text: "{}" if holds_the_secret(text) else reference.normalize_json(text),
    )
    bridge.process_export_payload_jsonable(payload, {ADDRESS: {"match_importance": 1.0}})
    bridge.normalize_json_jsonable(payload)
    cases = kept(tmp_path)
    assert len(cases) == 2
    for case in cases:
        assert not holds_the_secret(json.dumps(case)) and "jane" not in json.dumps(case)
        assert "the difference is gone" in case["note"]


@pytest.mark.parametrize(
    ("allowed", "note"),
    [
        ("keys", "masked: text, numbers"),
        ("numbers", "masked: text, keys"),
        ("numbers, KEYS", "masked: text"),
        ("text", "masked: text, numbers, keys"),
    ],
)
def test_keys_and_numbers_are_kept_where_that_is_allowed_and_text_never(
    bridge: ModuleType, plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: str, note: str
) -> None:
    monkeypatch.setenv("TUSK_CORE_SHADOW_ALLOW", allowed)
    plant(process_export_payload_pyobject=wrong_always)
    bridge.process_export_payload_jsonable(
        {"card": CARD, "who": "Jane"}, {"card": {"match_importance": 0.75}}
    )
    (case,) = kept(tmp_path)
    text = json.dumps(case)
    assert case["note"] == note
    assert ('"card"' in text) == ("keys" not in note)
    assert (str(CARD) in text) == ("numbers" not in note)
    assert "Jane" not in text


def test_an_unknown_word_of_what_is_allowed_is_told(
    bridge: ModuleType, plant: Plant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TUSK_CORE_SHADOW_ALLOW", "text")
    plant(process_export_payload_pyobject=wrong_always)
    bridge.process_export_payload_jsonable({})
    assert (
        "TUSK_CORE_SHADOW_ALLOW: 'text' is none of objects, keys, numbers; it is ignored" in caplog.messages
    )


def test_of_an_error_its_kind_is_kept_and_no_message(
    bridge: ModuleType, plant: Plant, tmp_path: Path
) -> None:
    def refuses(text: str) -> str:
        raise ValueError(f"cannot read {text}")

    plant(normalize_json=refuses)
    assert bridge.normalize_json_jsonable({"who": "Jane"}) is None
    (case,) = kept(tmp_path)
    assert case["differed"] == "a value against ValueError raised"
    assert "Jane" not in json.dumps(case)


SPAN: dict[str, Any] = {
    "trace_id": "t",
    "span_id": "s",
    "parent_span_id": "",
    "name": "GET /jane",
    "package_name": "http",
    "instrumentation_name": "i",
    "submodule_name": "GET",
    "package_type": 1,
    "environment": None,
    "kind": 1,
    "input_schema": {"type": 6, "properties": {"jane": {"type": 2, "properties": {}}}},
    "output_schema": {},
    "input_schema_hash": "",
    "output_schema_hash": "",
    "input_value_hash": "aa",
    "output_value_hash": "",
    "status_code": 1,
    "status_message": "jane",
    "is_pre_app_start": False,
    "is_root_span": True,
    "timestamp_seconds": 5,
    "timestamp_nanos": 7,
    "duration_seconds": 0,
    "duration_nanos": 9,
    "metadata": {"who": "jane"},
    "input_value": {"jane": "jane"},
    "output_value": None,
    "input_value_proto_struct_bytes": b"\n\x0e\n\x04jane\x12\x06\x1a\x04jane",
    "output_value_proto_struct_bytes": None,
}


def test_spans_and_requests_are_kept_without_text_numbers_and_prepared_bytes(
    bridge: ModuleType, plant: Plant, tmp_path: Path
) -> None:
    plant(
        build_span_proto_bytes_pyobject=lambda *arguments: b"\n\x01x",
        build_export_spans_request_bytes_pyobject=lambda *arguments: b"wrong",
        export_span=lambda *arguments: (b"\n\x01x", "", "", "", "", "", "", b"", b""),
    )
    bridge.build_span_proto_bytes(**{**SPAN, "timestamp_seconds": 1709164800})
    bridge.export_span_json(
        **{
            **PLAIN_EXPORT,
            "name": "jane",
            "input_json": '{"jane":[1709164800]}',
            "timestamp_seconds": 1709164800,
        },
    )
    bridge.build_export_spans_request_bytes(
        observable_service_id="jane",
        environment="e",
        sdk_version="1",
        sdk_instance_id="i",
        span_proto_bytes_list=[b"jane"],
    )
    cases = kept(tmp_path)
    assert len(cases) == 3
    text = json.dumps(cases)
    assert "jane" not in text and b"jane".hex() not in text and "1709164800" not in text


def test_what_is_kept_is_a_call_that_can_be_made_again(
    bridge: ModuleType, plant: Plant, tmp_path: Path
) -> None:
    """What names keys or is prepared gives way to its emptiest form, enums stay, the rest is masked."""
    saved_case = pytest.importorskip("parity.saved_case")
    plant(
        build_span_proto_bytes_pyobject=lambda *arguments: b"\n\x01x",
        process_export_payload_pyobject=wrong_always,
    )
    bridge.build_span_proto_bytes(**{**SPAN, "package_type": 11, "kind": 2, "status_code": 2})
    bridge.process_export_payload_jsonable({"jane": 7}, {"jane": {"encoding": 1, "decoded_type": 1}})
    span, payload = (saved_case.read(path).arguments() for path in sorted(tmp_path.glob("*.json")))
    kept_span = dict(zip(SPAN, span))
    assert (kept_span["package_type"], kept_span["kind"], kept_span["status_code"]) == (11, 2, 2)
    assert kept_span["input_schema"] == kept_span["output_schema"] == {}
    assert kept_span["input_value_proto_struct_bytes"] is None
    assert kept_span["name"] == "AAA /aaaa" and kept_span["input_value"] == {"aaaa": "aaaa"}
    assert payload == ({"aaaa": 5}, None)
    for function, arguments in ((reference.build_span_proto_bytes_pyobject, span), (wrong_always, payload)):
        function(*arguments)


def test_masking_keeps_shape_lengths_and_classes() -> None:
    value = {
        "Ab1": ["Zürich 8", "日本", "😀", "\ud800", "", 2**70, -7, 0, 1e16, 5e-324, -0.0, None, True],
        "": {},
    }
    for keys, numbers in ((True, True), (False, True), (True, False), (False, False)):
        once = masking.Mask(keys=keys, numbers=numbers).value(value)
        (text, wide, emoji, half, empty, large, small, zero, *rest) = next(iter(once.values()))
        assert (text, wide, emoji, half, empty) == ("Aéaaaa 1", "日日", "😀", "\ud800", "")
        assert large.bit_length() == 71 and small < 0 and zero == 0
        assert [repr(number)[-4:] for number in rest[:1]] == ["e+16"]
        assert rest[1:] == [rest[1], -0.0, None, True] and math.copysign(1, rest[2]) < 0
        assert len(once) == len(value) and ("Ab1" in once) is not keys
        assert (large == 2**70) is not numbers


@pytest.mark.parametrize("number", [1.0, 2.0, 3.0, -7.0, 8.0, 50.0, 2.0**53, 0.5, 1.5, 9.25, 1e300, 5e-324])
def test_a_masked_float_is_whole_where_it_was(number: float) -> None:
    once = masking.mask_float(number)
    assert once.is_integer() == number.is_integer()
    assert math.frexp(once)[1] == math.frexp(number)[1] and math.copysign(1, once) == math.copysign(1, number)


def test_keys_that_mask_alike_stay_apart() -> None:
    assert len(masking.Mask().value({"anna": 1, "otto": 2, "aaaa": 3})) == 3


# ---- bounded ------------------------------------------------------------------------------------

LONG: dict[str, Any] = {
    "text": "x" * 2_000_000,
    "a key": {"x" * 2_000_000: 1},
    "bytes": b"x" * 2_000_000,
    "many": [None] * 200_000,
    "a number": 1 << 8_000_000,
    "more than there is": None,
}
LONG["more than there is"] = [[]]
for _ in range(200):
    LONG["more than there is"] = [LONG["more than there is"]] * 10


@pytest.mark.parametrize("value", LONG.values(), ids=LONG)
def test_masking_stops_before_the_work_where_the_result_would_be_too_long(value: Any) -> None:
    spent = masking.Mask(most_bytes=1000)
    counting = Counting()
    sys.setprofile(counting)
    try:
        with pytest.raises(masking.TooLong):
            spent.value(value)
    finally:
        sys.setprofile(None)
    assert counting.calls < 5000


class Counting:
    calls = 0

    def __call__(self, *_: Any) -> None:
        self.calls += 1


def test_json_text_is_not_parsed_where_it_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "loads", None)
    with pytest.raises(masking.TooLong):
        masking.Mask(most_bytes=1000).json('"' + "x" * 1000)


def test_large_inputs_are_never_written_and_take_no_places(
    bridge: ModuleType, plant: Plant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[Any] = []
    plant(process_export_payload_pyobject=wrong_always)
    monkeypatch.setattr(private_folder_of(bridge), "write_new", recording(opened))
    bridge.process_export_payload_jsonable({"long": "x" * 2_000_000})
    for _ in range(21):
        bridge.process_export_payload_jsonable({"long": "x" * 300_000})
        bridge.process_export_payload_jsonable({"wide": "😀" * 100_000})  # long once it is written
    assert opened == []
    bridge.process_export_payload_jsonable({"price": 1})
    assert [len(content) < 256 * 1024 for _, _, content in opened] == [True]
    assert bridge.counters().shadow == {HELPER: {"different": 44}}


def private_folder_of(bridge: ModuleType) -> ModuleType:
    import driftcore.bridge.private_folder as fresh

    return fresh


def recording(calls: list[Any]) -> Callable[..., None]:
    return lambda *arguments: calls.append(arguments)


def test_a_process_keeps_twenty_files(bridge: ModuleType, plant: Plant, tmp_path: Path) -> None:
    plant(process_export_payload_pyobject=wrong_always)
    for _ in range(30):
        bridge.process_export_payload_jsonable({"price": 1e16})
    assert len(kept(tmp_path)) == 20
    assert bridge.counters().shadow == {HELPER: {"different": 30}}


def test_processes_that_come_and_go_fill_a_folder_to_its_bound(
    bridge: ModuleType, plant: Plant, tmp_path: Path
) -> None:
    for number in range(999):
        (tmp_path / f"{number}.json").touch()
    plant(process_export_payload_pyobject=wrong_always)
    for _ in range(3):
        bridge.process_export_payload_jsonable({"price": 1e16})
    assert len(names(tmp_path)) == 1000
    assert bridge.counters().shadow == {HELPER: {"different": 3, "failed: Refused": 2}}


# ---- private ------------------------------------------------------------------------------------

needs_users = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no users on this platform")
needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")


def differ_once(bridge: ModuleType, plant: Plant) -> dict[str, int]:
    plant(process_export_payload_pyobject=wrong_always)
    assert bridge.process_export_payload_jsonable({"price": 1e16})["decoded_value_hash"] == "0" * 64
    outcomes: dict[str, int] = bridge.counters().shadow[HELPER]
    return outcomes


@needs_users
@pytest.mark.parametrize("umask", [0, 0o022])
def test_folder_and_files_are_for_their_owner_alone(
    bridge: ModuleType, plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int
) -> None:
    folder = tmp_path / "new" / "shadow"
    monkeypatch.setenv("TUSK_CORE_SHADOW_DIR", str(folder))
    before = os.umask(umask)
    try:
        assert differ_once(bridge, plant) == {"different": 1}
    finally:
        os.umask(before)
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@needs_users
def test_unset_the_folder_is_the_users_own_among_temporary_files(
    bridge: ModuleType, plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TUSK_CORE_SHADOW_DIR")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert differ_once(bridge, plant) == {"different": 1}
    (folder,) = tmp_path.iterdir()
    assert folder.name == f"driftcore-shadow-{os.geteuid()}"
    assert len(kept(folder)) == 1


def test_a_link_in_the_place_of_the_next_file_is_not_followed(
    bridge: ModuleType, plant: Plant, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    first, second = (f"{FUNCTION}-{os.getpid()}-{number}.json" for number in (1, 2))
    (tmp_path / first).symlink_to(target)
    (tmp_path / f".{second}.part").symlink_to(target)
    assert differ_once(bridge, plant) == {"different": 1}
    assert target.read_text() == "precious"
    assert (tmp_path / first).is_symlink()
    assert (tmp_path / f"{FUNCTION}-{os.getpid()}-3.json").is_file()


def test_a_file_that_is_there_is_not_replaced(bridge: ModuleType, plant: Plant, tmp_path: Path) -> None:
    """In a container every process has the same number."""
    (tmp_path / f"{FUNCTION}-{os.getpid()}-1.json").write_text("of an earlier process")
    assert differ_once(bridge, plant) == {"different": 1}
    assert (tmp_path / f"{FUNCTION}-{os.getpid()}-1.json").read_text() == "of an earlier process"
    assert (tmp_path / f"{FUNCTION}-{os.getpid()}-2.json").is_file()


@needs_root
def test_another_users_folder_is_refused(
    bridge: ModuleType, plant: Plant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    os.chown(tmp_path, 4711, 4711)
    assert differ_once(bridge, plant) == {"different": 1, "failed: Refused": 1}
    assert names(tmp_path) == []
    assert f"{tmp_path} belongs to another user" in caplog.text


@needs_users
@pytest.mark.parametrize("mode", [0o770, 0o777, 0o1777, 0o702])
def test_a_folder_that_others_may_write_to_is_refused(
    bridge: ModuleType, plant: Plant, tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    tmp_path.chmod(mode)
    assert differ_once(bridge, plant) == {"different": 1, "failed: Refused": 1}
    assert names(tmp_path) == []
    assert f"others may write to {tmp_path}; chmod go-w" in caplog.text


def test_a_folder_that_is_a_link_is_refused(
    bridge: ModuleType, plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setenv("TUSK_CORE_SHADOW_DIR", str(tmp_path / "link"))
    assert differ_once(bridge, plant) == {"different": 1, "failed: Refused": 1}
    assert names(tmp_path / "real") == []


def test_where_no_folder_can_be_known_to_be_private_nothing_is_kept(
    bridge: ModuleType, plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set())
    assert differ_once(bridge, plant) == {"different": 1, "failed: Refused": 1}
    assert names(tmp_path) == []


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: Any, **named: Any) -> None:
        raise OSError(28, "No space left on device")

    with private_folder.opened(tmp_path) as folder:
        monkeypatch.setattr(os, "link", full)
        with pytest.raises(OSError, match="No space left"):
            private_folder.write_new(folder, "x", b"content")
    assert names(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_keeps_files_of_its_own(bridge: ModuleType, plant: Plant, tmp_path: Path) -> None:
    plant(process_export_payload_pyobject=wrong_exponent)
    bridge.process_export_payload_jsonable({"price": 1e16})
    child = os.fork()
    if child == 0:
        bridge.process_export_payload_jsonable({"price": 1e16})
        os._exit(0 if bridge.counters().shadow == {HELPER: {"different": 1}} else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{FUNCTION}-{process}-1.json" for process in (os.getpid(), child)
    }


# ---- the format ---------------------------------------------------------------------------------


def test_the_harness_reads_every_kind_that_is_written(tmp_path: Path) -> None:
    saved_case = pytest.importorskip("parity.saved_case")
    payload = {"a": [None, True, 1, 2**60, -(2**60), 1.5, math.inf, "é", "\ud83d", b"\x00"], "t": (1, "")}
    content = written(FUNCTION, (payload, None), differed="a", date="2026-01-02", note="n")
    (tmp_path / "x.json").write_bytes(content)
    read = saved_case.read(tmp_path / "x.json")
    assert same(read.arguments(), (payload, None))


def test_what_the_format_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold complex"):
        written(FUNCTION, (1j, None), differed="", date="", note="")
