"""How fast it is, and against what: measurements side by side, written to result files.

In the order in which a run uses them:

    payloads         the shapes that are timed
    inputs           one input of one operation, of a shape or of recorded traffic
    schedule         who goes first in each block
    timing           the clock, batches, an interpreter left alone
    estimate         the statistics: a ratio and its interval
    contest          one measurement of two subjects on one input
    plan             which contests a run consists of
    recorded         the check that nothing is slower on recorded traffic
    native_results   the C library alone, by Google Benchmark; its benches are in native/
    process_results  a whole process, by hyperfine; its program is in scenarios/
    run              a run from plan to last event
    events           what a run tells, and how it stands in the result file
    machine          what it ran on
    verdict          the exit code, and the sentence that says why
    tables           events as text for a person; figures formats every number
    progress         events as they come, on stderr
"""
