/*
 * Google Benchmark for C.  Upstream has a C++ interface only; this is the part of
 * it that benches here need, as functions that no exception leaves.
 *
 *     static void bench_hash(struct shim_state *state, const void *text)
 *     {
 *         while (shim_keep_running(state))
 *             shim_use(hash(text));
 *         shim_set_bytes(state, strlen(text));
 *     }
 *
 *     int main(int argc, char **argv)
 *     {
 *         return shim_register("hash/word", bench_hash, "word") ? shim_main(argc, argv) : 1;
 *     }
 *
 * Not offered: pausing the timer (its cost is charged to short benches) and fixtures
 * (prepare before the first shim_keep_running(), which starts the timer).
 */
#ifndef SHIM_H
#define SHIM_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One run of a bench; lent for the call. */
struct shim_state;

/* The bench itself.  It loops until shim_keep_running() or its like says no. */
typedef void shim_bench(struct shim_state *state, const void *argument);

/*
 * Announce a bench under a name, `what/input` by custom.  `argument` is handed on and
 * stays the caller's.  False when there is no memory.
 */
bool shim_register(const char *name, shim_bench *bench, const void *argument);

/* A bench that is run for each size of its own making; `rung` counts them from 0. */
typedef void shim_rung_bench(struct shim_state *state, const void *argument, size_t rung);

/*
 * Announce a bench over `rungs` sizes.  Its runs tell their size by shim_set_size(), and how
 * time grows with it is fitted (upstream's Complexity()).  False when there is no memory.
 */
bool shim_register_rungs(const char *name, shim_rung_bench *bench, const void *argument, size_t rungs);

/* Whether to do the work once more.  The first call starts the timer, the last one stops it. */
bool shim_keep_running(struct shim_state *state);

/* Whether to do the work `count` times more: one call into C++ instead of `count`. */
bool shim_keep_running_batch(struct shim_state *state, size_t count);

/* After the loop: bytes handled by each iteration, reported as bytes per second. */
void shim_set_bytes(struct shim_state *state, size_t bytes_per_iteration);

/* After the loop of a bench over sizes: this run's. */
void shim_set_size(struct shim_state *state, size_t size);

/* After the loop: a number of the bench's own, reported under its name. */
void shim_set_counter(struct shim_state *state, const char *name, double value);

/* Give up: the bench is reported as failed and shim_main() returns 1.  Leave the bench after it. */
void shim_fail(struct shim_state *state, const char *why);

/* Make the compiler believe that what `memory` points to is read here. */
void shim_use(const void *memory);

/* A line of the result's context, such as the compiler.  False when there is no memory. */
bool shim_add_context(const char *key, const char *value);

/* What was allocated since the listening began: calls, and the most bytes held at once. */
struct shim_memory {
    long allocations, peak;
};

/*
 * Let upstream ask for allocations: `start` begins to listen, `stop` tells.  Upstream then runs
 * each bench some more times, untimed, and reports allocations per iteration.
 */
void shim_count_memory(void (*start)(void), struct shim_memory (*stop)(void));

/*
 * Read Google Benchmark's options, run what was registered, report.  Gives main()'s
 * result: 0, 1 if a bench failed or none ran (upstream's own main returns 0 then), 2 for
 * an unknown option.
 */
int shim_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
