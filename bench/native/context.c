/* Benches of a context's life, and of what a punt costs. */
#include "benches.h"

static void create_destroy(struct shim_state *state, const void *argument)
{
    (void)argument;
    while (shim_keep_running(state)) {
        struct driftcore *context = driftcore_create(NULL);
        shim_use(context);
        if (context == NULL) {
            shim_fail(state, "no memory for a context");
            return;
        }
        driftcore_destroy(context);
    }
}

/* A first call with a new context: the price of memory that later calls find ready. */
static void first_call(struct shim_state *state, const void *argument)
{
    const struct payload *payload = argument;
    while (shim_keep_running(state)) {
        struct driftcore *context = driftcore_create(NULL);
        struct driftcore_slice normalized;
        if (context == NULL || driftcore_normalize_json(context, payload->json, &normalized) != DRIFTCORE_OK)
            shim_fail(state, "the call failed");
        shim_use(context);
        driftcore_destroy(context);
    }
    shim_set_bytes(state, payload->json.size);
    shim_set_counter(state, "payload_bytes", (double)payload->json.size);
}

static size_t no_limit(void *state)
{
    (void)state;
    return 0;
}

/* The small calls around each large one. */
static void settings(struct shim_state *state, const void *argument)
{
    const size_t batch = 50;
    struct driftcore *context = driftcore_create(NULL);
    (void)argument;
    if (context == NULL) {
        shim_fail(state, "no memory for a context");
        return;
    }
    while (shim_keep_running_batch(state, batch)) {
        for (size_t i = 0; i < batch; i++) {
            driftcore_set_digit_limit(context, no_limit, NULL);
            shim_use(driftcore_punt_name(driftcore_punt_reason(context)));
            driftcore_trim(context);
        }
    }
    driftcore_destroy(context);
}

/* Text with its last bracket missing: all is read before the core finds that it must ask the reference. */
static void late_punt(struct shim_state *state, const void *argument)
{
    const struct payload *payload = argument;
    const struct driftcore_slice broken = {payload->json.data, payload->json.size - 1};
    struct driftcore *context = driftcore_create(NULL);
    struct driftcore_slice normalized;
    if (context == NULL) {
        shim_fail(state, "no memory for a context");
        return;
    }
    while (shim_keep_running(state)) {
        if (driftcore_normalize_json(context, broken, &normalized) != DRIFTCORE_PUNT)
            shim_fail(state, "the call did not punt");
        shim_use(context);
    }
    shim_set_bytes(state, broken.size);
    shim_set_counter(state, "payload_bytes", (double)broken.size);
    driftcore_destroy(context);
}

bool register_context_benches(void)
{
    size_t count;
    const struct payload *smallest = payloads(&count), *largest = &smallest[count - 1];
    return shim_register("create_destroy", create_destroy, NULL) && shim_register("settings", settings, NULL) &&
           shim_register("first_call/small", first_call, smallest) &&
           shim_register("first_call/large", first_call, largest) &&
           shim_register("late_punt/small", late_punt, smallest) &&
           shim_register("late_punt/large", late_punt, largest);
}
