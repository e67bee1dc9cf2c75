/*
 * driftcore_bench: libdriftcore without Python, measured by Google Benchmark.
 *
 *     driftcore_bench --benchmark_filter=normalize_json --benchmark_context=commit=$(git rev-parse HEAD)
 */
#include "benches.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    size_t count;
    const struct payload *all = payloads(&count);
    if (all == NULL) {
        fputs("driftcore_bench: the library refuses a payload of the benches\n", stderr);
        return 1;
    }
    const bool ready = register_json_benches(all, count) && register_protobuf_benches(all, count) &&
                       register_context_benches(all, count) && register_stage_benches() &&
                       shim_add_context("compiler", BENCH_COMPILER) && shim_add_context("flags", BENCH_FLAGS);
    if (!ready) {
        fputs("driftcore_bench: no memory to register the benches\n", stderr);
        return 1;
    }
    return shim_main(argc, argv);
}
