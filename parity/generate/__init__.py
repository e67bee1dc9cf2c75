"""Where cases come from: a choice `Source`, corner pools, and profiles that turn choices into arguments.

A profile is a total function from choices to one input in every shape an operation
may take it, so that the same profile serves a seeded campaign, a byte-driven fuzzer and a
shrinking tool: only the `Source` differs.  Repetition asks "one more?" and never
draws a count first, because such a case stays valid when choices are removed.

`GENERATOR_VERSION` is part of every case id.  It rises whenever the arguments of
any id change; `parity/tests/test_generator.py` pins them.
"""

GENERATOR_VERSION = 2
