#include "calls.h"

#include <stdio.h>
#include <stdlib.h>

/* One bench with one payload.  Registered for the life of the process, as the benches are. */
struct pairing {
    call *call;
    const struct payload *payload;
};

static void run(struct shim_state *state, const void *argument)
{
    /* Short calls go in batches, so that asking whether to go on is not what is measured. */
    const struct pairing *pairing = argument;
    const struct payload *payload = pairing->payload;
    const size_t batch = payload->json.size < 1000 ? 50 : 1;
    struct driftcore *context = driftcore_create(NULL);
    if (context == NULL) {
        shim_fail(state, "no memory for a context");
        return;
    }
    while (shim_keep_running_batch(state, batch)) {
        enum driftcore_status status = DRIFTCORE_OK;
        for (size_t i = 0; i < batch && status == DRIFTCORE_OK; i++) {
            status = pairing->call(context, payload);
            shim_use(context);
        }
        if (status != DRIFTCORE_OK) {
            shim_fail(state, status == DRIFTCORE_PUNT ? driftcore_punt_name(driftcore_punt_reason(context))
                                                      : "the call failed");
            break;
        }
    }
    shim_set_bytes(state, payload->json.size);
    shim_set_counter(state, "payload_bytes", (double)payload->json.size);
    driftcore_destroy(context);
}

bool register_calls(const struct call_bench *benches, size_t bench_count, const struct payload *payloads,
                    size_t payload_count)
{
    for (size_t i = 0; i < bench_count; i++) {
        for (size_t j = 0; j < payload_count; j++) {
            char name[100];
            struct pairing *pairing = malloc(sizeof(*pairing));
            if (pairing == NULL)
                return false;
            *pairing = (struct pairing){benches[i].call, &payloads[j]};
            snprintf(name, sizeof(name), "%s/%s", benches[i].name, payloads[j].name);
            if (!shim_register(name, run, pairing))
                return false;
        }
    }
    return true;
}
