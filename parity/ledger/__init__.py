"""The ledger of declared differences: what each subject is known to do otherwise, and how often.

An entry of `parity/ledger.toml` explains a mismatch only where its signature fits and its cause
holds in the input.  A run is held against the ledger afterwards: an entry that no longer
fires, fires for another reason, fires too often or where it should not is a finding.
"""

from __future__ import annotations

from .checking import Finding, check
from .conditions import Conditions, LedgerError
from .entries import Entry, Explanation, Ledger, explain_case
from .reading import LEDGER, load, parse
from .suggesting import suggest

__all__ = [
    "LEDGER",
    "Conditions",
    "Entry",
    "Explanation",
    "Finding",
    "Ledger",
    "LedgerError",
    "check",
    "explain_case",
    "load",
    "parse",
    "suggest",
]
