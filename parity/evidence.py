"""Whether enough was compared to tell: floors for every profile and operation.

A green run proves something only by what it compared.  What the candidate had another
implementation answer compares that one with itself and counts for nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .census import Tally, total
from .operations import OPERATIONS
from .plan import RECORDED

ENOUGH_FOR_SHARES = 200
"""Below so many generated cases of a profile its shares are chance, and are not judged."""

NO_VERDICT_CAP = 0.001
"""The largest share of cases, of an operation and profile, that may end without a verdict."""


@dataclass(frozen=True)
class Floor:
    """The least share of a profile's cases that must be compared values of the candidate's own, or errors."""

    own_values: float = 0.0
    errors: float = 0.0


FLOORS: dict[str, Floor] = {
    RECORDED: Floor(own_values=1.0),
    "everyday": Floor(own_values=0.99),
    "numbers": Floor(own_values=0.93),
    "hostile-text": Floor(own_values=0.87),
    "structure": Floor(own_values=0.94),
    "limits": Floor(own_values=0.8),
    "shared": Floor(own_values=0.75),
    "merges": Floor(own_values=0.65),
    "malformed": Floor(errors=0.7),
    "python-objects": Floor(own_values=0.33),
    "span-arguments": Floor(own_values=0.5),
    "export-requests": Floor(own_values=0.65),
    "rows": Floor(own_values=0.99),
    "seams": Floor(own_values=0.9),
    "sizes": Floor(own_values=0.99),
    "alike": Floor(own_values=0.95),
    "damaged": Floor(errors=0.6),
    "base64-pads": Floor(own_values=0.99),
    "code-units": Floor(own_values=0.35),
    "nans": Floor(own_values=0.65),
    "interfering": Floor(own_values=0.03),
    "confined": Floor(own_values=0.95),
}
"""By profile, over all operations; somewhat below what the generator gives, so that rot is noticed."""


def shortfalls(operations: Sequence[str], census: Sequence[Tally]) -> list[str]:
    """What is lacking, a clause each; nothing where the run may be believed."""
    out = []
    own: dict[str, int] = defaultdict(int)
    for tally in census:
        own[tally.operation] += tally.own_values
    unproven = [name for name in operations if not own[name]]
    if unproven:
        out.append(f"{', '.join(unproven)} never gave values on both sides")
    whole = set(operations) == set(OPERATIONS)
    for profile in dict.fromkeys(tally.profile for tally in census) if whole else ():
        floor = FLOORS.get(profile, Floor())
        found = total((tally for tally in census if tally.profile == profile), profile=profile)
        if found.generated - found.skipped >= ENOUGH_FOR_SHARES:
            out += _below(found, floor)
    out += (
        f"{tally.no_verdict:,} of {tally.generated:,} cases of {tally.operation} "
        f"from {tally.profile} have no verdict"
        for tally in census
        if tally.no_verdict > max(1, tally.generated * NO_VERDICT_CAP)
    )
    return out


def _below(found: Tally, floor: Floor) -> list[str]:
    put = found.generated - found.skipped
    shares = (
        ("values of the candidate's own", found.own_values, floor.own_values),
        ("errors on both sides", found.both_error, floor.errors),
    )
    return [
        f"{found.profile} gave {count / put:.1%} {what}, less than the {least:.0%} it must"
        for what, count, least in shares
        if count < put * least
    ]
