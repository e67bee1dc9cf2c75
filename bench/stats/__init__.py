"""The statistics: pure functions of numbers, without I/O or clock, each with its source.

order        the median and its interval by order statistics
looks        the verdict at looks fixed beforehand
multiplicity what many verdicts at once are worth
summary      one figure for many inputs
variance     where the spread comes from, and what more evidence would cost
power        what a run of this size would have seen
growth       how cost rises with size, and from which size on one side is cheaper
changes      where a series over commits has its steps
"""
