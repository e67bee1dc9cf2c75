/*
 * driftcore_bench: libdriftcore without Python, measured by Google Benchmark.
 *
 *     driftcore_bench --benchmark_filter=normalize_json --benchmark_context=commit=$(git rev-parse HEAD)
 *
 * or, for a tool that counts instructions, one bench called a number of times and nothing else:
 *
 *     driftcore_bench --repeat normalize_json/rows-4k 100
 */
#include "benches.h"
#include "calls.h"
#include "counting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct shim_memory counted(void)
{
    return (struct shim_memory){counting.allocations, counting.peak};
}

/* Both counters of the processor's abilities that matter here, as the compiler's run time sees them. */
static const char *cpu_features(void)
{
#if defined(__x86_64__) || defined(__i386__)
    static char text[64];
    __builtin_cpu_init();
    snprintf(text, sizeof(text), "sse4.2 %s, avx2 %s, avx512bw %s", __builtin_cpu_supports("sse4.2") ? "yes" : "no",
             __builtin_cpu_supports("avx2") ? "yes" : "no", __builtin_cpu_supports("avx512bw") ? "yes" : "no");
    return text;
#else
    return "not known on this architecture";
#endif
}

static int repeat(const char *name, const char *times)
{
    const enum driftcore_status status = repeat_call(name, strtoul(times, NULL, 10));
    if (status == DRIFTCORE_INVALID_ARGUMENT)
        fprintf(stderr, "driftcore_bench: no bench %s; --benchmark_list_tests lists them\n", name);
    else if (status != DRIFTCORE_OK)
        fprintf(stderr, "driftcore_bench: %s failed\n", name);
    return status == DRIFTCORE_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    size_t count;
    if (payloads(&count) == NULL || ladder() == NULL) {
        fputs("driftcore_bench: the library refuses a payload of the benches\n", stderr);
        return 1;
    }
    const bool ready = register_json_benches() && register_protobuf_benches() && register_context_benches() &&
                       register_tree_stage_benches() && register_stage_benches() &&
                       shim_add_context("compiler", BENCH_COMPILER) && shim_add_context("flags", BENCH_FLAGS) &&
                       shim_add_context("cpu_features", cpu_features());
    if (!ready) {
        fputs("driftcore_bench: no memory to register the benches\n", stderr);
        return 1;
    }
    if (argc == 4 && strcmp(argv[1], "--repeat") == 0)
        return repeat(argv[2], argv[3]);
    shim_count_memory(counting_reset, counted);
    return shim_main(argc, argv);
}
