#include "shim.h"

#include <benchmark/benchmark.h>

#include <exception>
#include <iostream>

namespace {

bool any_failed = false;

/* shim_state is never defined: it is benchmark::State under a name that C can say. */
benchmark::State &real(shim_state *state)
{
    return *reinterpret_cast<benchmark::State *>(state);
}

/* What `work` gives, or `otherwise` if it throws. */
template <typename Work, typename Result> Result guarded(Work work, Result otherwise) noexcept
{
    try {
        return work();
    } catch (const std::exception &error) {
        std::cerr << "driftcore_bench: " << error.what() << '\n';
    } catch (...) {
        std::cerr << "driftcore_bench: unknown exception\n";
    }
    return otherwise;
}

int run(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    const size_t ran = benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return ran == 0 || any_failed ? 1 : 0;
}

/* Upstream's hook for allocations, answered by two C functions. */
class Memory : public benchmark::MemoryManager {
public:
    void (*start)(void) = nullptr;
    shim_memory (*stop)(void) = nullptr;

    void Start() override { start(); }

    void Stop(Result &result) override
    {
        const shim_memory counted = stop();
        result.num_allocs = counted.allocations;
        result.max_bytes_used = counted.peak;
    }

    void Stop(Result *result) override { Stop(*result); }
};

} // namespace

bool shim_register(const char *name, shim_bench *bench, const void *argument)
{
    return guarded(
        [=] {
            const auto call = [bench, argument](benchmark::State &state) {
                bench(reinterpret_cast<shim_state *>(&state), argument);
            };
            return benchmark::RegisterBenchmark(name, call) != nullptr;
        },
        false);
}

bool shim_register_rungs(const char *name, shim_rung_bench *bench, const void *argument, size_t rungs)
{
    return guarded(
        [=] {
            const auto call = [bench, argument](benchmark::State &state) {
                bench(reinterpret_cast<shim_state *>(&state), argument, static_cast<size_t>(state.range(0)));
            };
            auto *registered = benchmark::RegisterBenchmark(name, call);
            if (registered == nullptr)
                return false;
            registered->DenseRange(0, static_cast<int64_t>(rungs) - 1)->Complexity();
            return true;
        },
        false);
}

bool shim_keep_running(shim_state *state)
{
    return real(state).KeepRunning();
}

bool shim_keep_running_batch(shim_state *state, size_t count)
{
    return real(state).KeepRunningBatch(static_cast<benchmark::IterationCount>(count));
}

void shim_set_bytes(shim_state *state, size_t bytes_per_iteration)
{
    guarded(
        [=] {
            real(state).SetBytesProcessed(real(state).iterations() * static_cast<int64_t>(bytes_per_iteration));
            return true;
        },
        false);
}

void shim_set_size(shim_state *state, size_t size)
{
    real(state).SetComplexityN(static_cast<int64_t>(size));
}

void shim_set_counter(shim_state *state, const char *name, double value)
{
    const auto set = [=] {
        real(state).counters[name] = value;
        return true;
    };
    if (!guarded(set, false))
        shim_fail(state, "no memory for a counter");
}

void shim_fail(shim_state *state, const char *why)
{
    any_failed = true;
    guarded(
        [=] {
            real(state).SkipWithError(why);
            return true;
        },
        false);
}

void shim_use(const void *memory)
{
    benchmark::DoNotOptimize(memory);
    benchmark::ClobberMemory();
}

bool shim_add_context(const char *key, const char *value)
{
    return guarded(
        [=] {
            benchmark::AddCustomContext(key, value);
            return true;
        },
        false);
}

void shim_count_memory(void (*start)(void), shim_memory (*stop)(void))
{
    static Memory memory;
    memory.start = start;
    memory.stop = stop;
    benchmark::RegisterMemoryManager(&memory);
}

int shim_main(int argc, char **argv)
{
    return guarded([=] { return run(argc, argv); }, 1);
}
