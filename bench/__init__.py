"""How fast it is, and whether what is claimed of it is true.

In the order in which a run uses them:

    cli, commands    arguments; what each command does
    claims           claims.toml, what was measured for each claim, the verdict, published figures
    plan             which claims a run judges, and what it measures for that
    pairs            two subjects side by side in fresh processes
    stats            the statistics, without I/O
    beyond           growth with size, distributions over generated inputs
    native_results   the C library alone, by Google Benchmark; its benches are in native/
    process_results  whole processes by hyperfine, and requests; their programs are in scenarios/
    counts           instructions, allocations, memory; the gate on them
    run              a run from plan to last event
    events           what a run tells, and how it stands in the result file; schema, decode, results
    machine          what it ran on, and which results may be compared
    verdict          the exit code, and the sentence that says why
    tables           events as text for a person; figures formats every number
    progress         events as they come, on stderr
    verify           a result file judged again without measuring
    compare, history commits, results and runs against each other
"""
