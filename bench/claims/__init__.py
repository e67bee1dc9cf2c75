"""Claims: sentences about speed and memory that a release states, and whether they hold.

loader    claims.toml, read strictly
several   one table of it taken apart into a claim for each operation
evidence  what a run measured, as one series of figures for each claim
judge     PASS, FAIL, INCONCLUSIVE or UNFIT, and the sentence that says why
selftest  whether the harness can be believed today
publish   the figures in README and docs, generated from the last signed-off result
"""
