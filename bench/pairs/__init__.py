"""Two subjects side by side, in fresh processes.

In the order in which a run uses them:

    payloads   the shapes that are timed, and ladders of sizes
    inputs     one input of one operation: of a shape, a ladder, the generator, recorded traffic
    limits     what a subject is held against beside its rivals: orjson, SHA-256, a copy
    planted    a subject slowed down on purpose
    tasks      a contest by names, as a process is told it
    schedule   who goes first in each block
    timing     the clock, batches, an interpreter left alone
    probes     what the machine did meanwhile
    contest    one measurement of two subjects on one input in one process
    worker     the process: tasks in, samples out
    minimise   a bad input made smaller
    rounds     fresh processes until the claims are settled, at looks fixed beforehand
    recorded   the check that nothing is slower on recorded traffic
"""
