#include "calls.h"

#include "counting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One bench with one payload.  Registered for the life of the process, as the benches are. */
struct pairing {
    char name[CALLS_NAME_SIZE];
    const struct call_bench *bench;
    const struct payload *payload;
    struct pairing *next;
};

static struct pairing *pairings;

static enum driftcore_status begin(const struct pairing *pairing, struct driftcore **context)
{
    *context = driftcore_create(&counting_allocator);
    if (*context == NULL)
        return DRIFTCORE_NO_MEMORY;
    return pairing->bench->prepare ? pairing->bench->prepare(*context, pairing->payload) : DRIFTCORE_OK;
}

static void fail(struct shim_state *state, enum driftcore_status status, const struct driftcore *context)
{
    shim_fail(state, status == DRIFTCORE_PUNT ? driftcore_punt_name(driftcore_punt_reason(context))
                                              : "the call failed");
}

/* The loop: `fitted` benches are measured over sizes, the others also tell what the first call took. */
static void loop(struct shim_state *state, const struct pairing *pairing, bool fitted)
{
    /* Short calls go in batches, so that asking whether to go on is not what is measured. */
    const struct payload *payload = pairing->payload;
    const size_t batch = payload->json.size < 1000 ? 50 : 1;
    struct driftcore *context;
    const long held = counting.bytes;
    counting_reset();
    enum driftcore_status status = begin(pairing, &context);
    if (status == DRIFTCORE_OK)
        status = pairing->bench->call(context, payload);
    const long first = counting.allocations, peak = counting.peak - held;
    counting_reset(); /* the memory hook, if it listens, counts the calls that follow */
    while (shim_keep_running_batch(state, batch)) {
        for (size_t i = 0; i < batch && status == DRIFTCORE_OK; i++) {
            status = pairing->bench->call(context, payload);
            shim_use(context);
        }
        if (status != DRIFTCORE_OK) {
            fail(state, status, context);
            break;
        }
    }
    shim_set_bytes(state, payload->json.size);
    if (fitted) {
        shim_set_size(state, payload->json.size);
    } else {
        shim_set_counter(state, "payload_bytes", (double)payload->json.size);
        shim_set_counter(state, "first_allocations", (double)first);
        shim_set_counter(state, "peak_bytes", (double)peak);
    }
    driftcore_destroy(context);
}

static void run(struct shim_state *state, const void *argument)
{
    loop(state, argument, false);
}

static void run_rung(struct shim_state *state, const void *argument, size_t rung)
{
    struct pairing pairing = {.bench = argument, .payload = &ladder()[rung]};
    loop(state, &pairing, true);
}

bool register_calls(const struct call_bench *benches, size_t bench_count)
{
    size_t payload_count;
    const struct payload *payload = payloads(&payload_count);
    for (size_t i = 0; i < bench_count; i++) {
        char name[CALLS_NAME_SIZE];
        for (size_t j = 0; j < payload_count; j++) {
            struct pairing *pairing = malloc(sizeof(*pairing));
            if (pairing == NULL)
                return false;
            *pairing = (struct pairing){.bench = &benches[i], .payload = &payload[j], .next = pairings};
            snprintf(pairing->name, sizeof(pairing->name), "%s/%s", benches[i].name, payload[j].name);
            pairings = pairing;
            if (!shim_register(pairing->name, run, pairing))
                return false;
        }
        snprintf(name, sizeof(name), "%s/ladder", benches[i].name);
        if (!shim_register_rungs(name, run_rung, &benches[i], PAYLOADS_RUNGS))
            return false;
    }
    return true;
}

enum driftcore_status repeat_call(const char *name, unsigned long times)
{
    const struct pairing *found = pairings;
    while (found != NULL && strcmp(found->name, name) != 0)
        found = found->next;
    if (found == NULL)
        return DRIFTCORE_INVALID_ARGUMENT;
    struct driftcore *context;
    enum driftcore_status status = begin(found, &context);
    for (unsigned long i = 0; i < times && status == DRIFTCORE_OK; i++)
        status = found->bench->call(context, found->payload);
    driftcore_destroy(context);
    return status;
}
