"""Events as text for a person.

report    the whole report of a run, from the parts
claims    the table of claims, and why some do not hold
pairs     a row for each input, and the check of recorded inputs
trust     the machine, the self-test: what the figures are worth
beyond    growth and distributions
whole     the C library alone, whole processes
"""
