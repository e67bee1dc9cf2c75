"""Inputs are the same everywhere and for ever, and campaigns share them out fairly."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence

import pytest

from parity import cases
from parity.generate import GENERATOR_VERSION
from parity.generate.profiles import PROFILES
from parity.operations import OPERATIONS, Operation
from parity.plan import GENERATED, Plan, Shard
from parity.tests.generated import digest

# What the first cases of each profile are made of.  If one of these fails because the generator was
# changed on purpose, raise GENERATOR_VERSION, so that no old id names a new case, and pin anew.
PINNED_VERSION = 2
PINNED: dict[str, str] = {
    "everyday": "04d0138b9a9f92c9",
    "numbers": "6c0e98fe1ae23abe",
    "hostile-text": "0bf98d1f53e7d4ce",
    "structure": "76eb64a4255d8f42",
    "limits": "f6e44737da1e1512",
    "malformed": "da7587c479320dac",
    "merges": "11aa14d20dbef4be",
    "shared": "c0c0b65c2274a75e",
    "python-objects": "79aac3b79e3595a1",
    "span-arguments": "7413b06f4958754c",
    "export-requests": "69de24645e0e611f",
    "rows": "009e1a7bcf7a7308",
    "seams": "202bbae551fa6f12",
    "sizes": "42aca25aeff1742d",
    "alike": "ba9a8d2c6ebd0359",
    "damaged": "19658be975548e6a",
    "base64-pads": "9324adba72b2ef0e",
    "code-units": "571f431eadd565cc",
    "nans": "44386fac579cf4f1",
    "interfering": "a15dd6319a46e778",
    "confined": "bbc3ab621f182bd4",
}

ALL = list(OPERATIONS.values())


@pytest.mark.parametrize("profile", PROFILES)
def test_cases_of_a_version_never_change(profile: str) -> None:
    assert GENERATOR_VERSION == PINNED_VERSION
    assert digest(profile) == PINNED[profile]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_index_makes_arguments_for_every_operation_the_profile_serves(profile: str) -> None:
    served = [one for one in ALL if one.takes in PROFILES[profile].takes]
    for index in range(600):
        made = cases.generated(profile, 1, index, ALL)
        assert [case.operation for case in made] == served
        for case in made:
            assert len(case.arguments()) == len(case.operation.arguments)


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_cases_are_the_same_in_another_process_and_hash_seed(hash_seed: str) -> None:
    program = "from parity.tests.generated import PROFILES, digest; print(*map(digest, PROFILES))"
    environment = {
        **os.environ,
        "PYTHONHASHSEED": hash_seed,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == [PINNED[profile] for profile in PROFILES]


def test_arguments_are_made_anew_on_each_call() -> None:
    (case,) = cases.generated("everyday", 0, 5, [OPERATIONS["process_export_payload_pyobject"]])
    first, second = case.arguments(), case.arguments()
    assert first == second
    assert first[0] is not second[0]


def test_seed_index_and_profile_each_make_another_input_and_the_operation_does_not() -> None:
    normalize, hash_only = OPERATIONS["normalize_json"], OPERATIONS["deterministic_hash"]

    def text(*origin: object) -> object:
        (case,) = cases.from_id(":".join(map(str, (f"g{GENERATOR_VERSION}", *origin))))
        return case.arguments()[0]

    texts = [text("structure", *numbers, normalize.name) for numbers in ((0, 8), (1, 8), (0, 9), (80, 8))]
    texts.append(text("numbers", 0, 8, normalize.name))
    assert len(set(texts)) == len(texts)
    assert text("structure", 0, 8, hash_only.name) == texts[0]


def test_an_id_without_operation_means_all_that_take_the_input() -> None:
    identity = f"g{GENERATOR_VERSION}:merges:0:5"
    made = cases.from_id(identity)
    assert [case.id for case in made] == [
        f"{identity}:process_export_payload",
        f"{identity}:process_export_payload_pyobject",
        f"{identity}:export_span",
    ]


def test_every_operation_gets_cases_and_every_profile_serves_one() -> None:
    met = list(cases.Campaign(ALL, 0, 1000))
    assert {case.operation for case in met} == set(ALL)
    assert {case.profile for case in met} == set(PROFILES)


@pytest.mark.parametrize("wanted", [0, 1, 6, 7, 8, 100, 999, 12345])
@pytest.mark.parametrize("chosen", [ALL, ALL[:1], ALL[5:7], ALL[7:]], ids=len)
def test_a_campaign_plans_what_it_makes(chosen: list[Operation], wanted: int) -> None:
    campaign = cases.Campaign(chosen, 3, wanted)
    assert wanted <= campaign.planned < wanted + len(chosen)
    if wanted < 1000:
        made = [case.id for number in range(campaign.inputs) for case in campaign.at(number)]
        assert len(set(made)) == len(made) == campaign.planned
        assert made == [case.id for case in campaign]


@pytest.mark.parametrize("chosen", [ALL, ALL[:1], ALL[5:7], ALL[7:]], ids=len)
def test_a_shard_begun_in_the_middle_goes_on_as_the_whole_one(chosen: list[Operation]) -> None:
    plan = Plan("reference", "native", tuple(one.name for one in chosen), 3, 200)
    for shard in [*plan.shards(), Shard(GENERATED, 3, 40)]:
        whole = list(plan.inputs_of(shard))
        positions = [first for first, _, cases in whole for _ in cases]
        assert [number for _, number, _ in whole] == list(range(len(whole)))
        for begin in (0, 1, 7, 20, 21, 22, len(positions) - 1):
            rest = [(number, ids(cases)) for _, number, cases in plan.inputs_of(shard, begin)]
            assert rest == [
                (number, ids(cases)) for first, number, cases in whole if first + len(cases) > begin
            ]
            assert next(plan.inputs_of(shard, begin))[0] == positions[begin]


def ids(made: Sequence[cases.Case]) -> list[str]:
    return [case.id for case in made]


def test_profiles_take_turns_by_their_weight() -> None:
    heaviest = sum(profile.weight for profile in PROFILES.values())
    counts = Counter(
        case.profile for number in range(heaviest) for case in cases.Campaign(ALL, 0, 1).at(number)[:1]
    )
    assert counts == {profile.name: profile.weight for profile in PROFILES.values()}


def test_any_stretch_of_inputs_has_its_share_of_every_operation() -> None:
    campaign = cases.Campaign(ALL, 0, 1)
    whole = sum(profile.weight for profile in PROFILES.values())
    share = Counter(case.operation.name for number in range(whole) for case in campaign.at(number))
    for start in (0, 7, 1000):
        stretch = Counter(
            case.operation.name for number in range(start, start + whole // 2) for case in campaign.at(number)
        )
        assert all(abs(stretch[name] - count / 2) <= 3 for name, count in share.items())


def test_campaigns_of_other_operations_share_their_inputs() -> None:
    texts = cases.Campaign(ALL[:1], 0, 50)
    assert {case.id for case in texts} <= {case.id for case in cases.Campaign(ALL, 0, 2000)}
