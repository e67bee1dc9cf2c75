"""Programs that are measured as whole processes, and in which variants.

Each prints as its last line a report as JSON: `steps` done, how many of them the `core` ran,
and a digest of what came out where two variants must agree (else null).  One that takes its
variants in turn itself prints what it measured of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

SPANS = 420
"""How many recorded spans one process finishes: each of the recording once."""
REQUESTS = 150
"""How many requests one process of the Flask application answers."""

SWITCH = "TUSK_USE_C_CORE"
SDK_SWITCH = "TUSK_USE_RUST_CORE"
DROPIN = "build/dropin/bin/python"
"""An interpreter in whose environment `drift_core` is the C core; `make bench` makes it."""


WITHOUT = ("off", "unsampled")
"""Variants that record nothing: what another takes more than one of these is what recording costs."""


@dataclass(frozen=True)
class Variant:
    """How a program is started, and what share of its steps the core must have run: at least, at most."""

    settings: dict[str, str]
    arguments: tuple[str, ...] = ()
    python: str | None = None
    share: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Scenario:
    """A program below `bench.scenarios` in variants; `equal` are those whose digests must agree.

    A program with `turns` measures all its variants in one process, block by block.
    """

    name: str
    what: str
    program: str
    baseline: str
    variants: dict[str, Variant]
    equal: tuple[str, ...] = ()
    turns: bool = False


ALL_NATIVE = (1.0, 1.0)
MOSTLY = (0.8, 1.0)
"""The Rust module refuses some recorded payloads, and the SDK then takes its Python path."""

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "import",
            "a process that imports the module and exits",
            "import_cost",
            baseline="nothing",
            variants={
                "nothing": Variant({}, ("nothing",)),
                "python": Variant({}, ("driftcore.reference",), share=ALL_NATIVE),
                "native": Variant({}, ("driftcore_native",), share=ALL_NATIVE),
                "rust": Variant({}, ("drift_core",), share=ALL_NATIVE),
            },
        ),
        Scenario(
            "replay",
            f"a process that starts, finishes {SPANS} recorded spans and exits",
            "replay_spans",
            baseline="python",
            variants={
                "python": Variant({SWITCH: "0"}),
                "native": Variant({SWITCH: "1"}, share=ALL_NATIVE),
                "rust": Variant({SWITCH: "0"}, ("--rust",), share=MOSTLY),
            },
            equal=("python", "native"),
        ),
        Scenario(
            "flask",
            f"a Flask application under the SDK that answers {REQUESTS} requests over loopback",
            "flask_app",
            baseline="python",
            variants={
                "off": Variant({"TUSK_DRIFT_MODE": "DISABLED", SDK_SWITCH: "0"}),
                "python": Variant({"TUSK_DRIFT_MODE": "RECORD", SDK_SWITCH: "0"}),
                "native": Variant(
                    {"TUSK_DRIFT_MODE": "RECORD", SDK_SWITCH: "1"}, python=DROPIN, share=ALL_NATIVE
                ),
                "rust": Variant({"TUSK_DRIFT_MODE": "RECORD", SDK_SWITCH: "1"}, share=MOSTLY),
            },
        ),
        Scenario(
            "requests",
            "one request to that application, processor time of client, server and SDK",
            "flask_requests",
            baseline="python",
            variants={
                "unsampled": Variant({}),
                "python": Variant({}),
                "native": Variant({}, share=ALL_NATIVE),
                "rust": Variant({}, share=MOSTLY),
            },
            turns=True,
        ),
    )
}
