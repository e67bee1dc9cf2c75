"""Hardening: what no test of one input can show, as a table of checks with one verdict each.

`python -m core.harden run` builds the C core and the extension in the ways the checks need (sanitizers,
a debug Python, coverage, libFuzzer), runs the checks and writes a result file.
"""
