"""Generated cases as Hypothesis strategies: the profiles of campaigns, their choices drawn by Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from parity.cases import Case
from parity.generate.hypothesis_source import made
from parity.generate.profiles import PROFILES
from parity.generate.source import Source
from parity.operations import Operation, Takes


def cases(operation: Operation) -> st.SearchStrategy[Case]:
    """A case of one operation, of any profile that serves it."""
    profiles = [profile.name for profile in PROFILES.values() if operation.takes in profile.takes]

    def make(source: Source) -> Case:
        profile = source.pick(profiles)
        arguments = PROFILES[profile].make(source)[operation.takes]
        arguments()  # whatever is drawn late is drawn now
        return Case(f"{profile} by Hypothesis", profile, operation, arguments)

    return made(make)


def texts(*profiles: str) -> st.SearchStrategy[str]:
    """JSON texts of some profiles."""

    def make(source: Source) -> str:
        (text,) = PROFILES[source.pick(profiles)].make(source)[Takes.TEXT]()
        assert isinstance(text, str)
        return text

    return made(make)
