/* Benches of the functions from JSON text. */
#include "benches.h"
#include "calls.h"

static enum driftcore_status normalize_json(struct driftcore *context, const struct payload *payload)
{
    struct driftcore_slice normalized;
    return driftcore_normalize_json(context, payload->json, &normalized);
}

static enum driftcore_status deterministic_hash(struct driftcore *context, const struct payload *payload)
{
    char hash[DRIFTCORE_HASH_SIZE];
    return driftcore_deterministic_hash(context, payload->json, hash);
}

static enum driftcore_status normalize_and_hash(struct driftcore *context, const struct payload *payload)
{
    struct driftcore_slice normalized;
    char hash[DRIFTCORE_HASH_SIZE];
    return driftcore_normalize_and_hash(context, payload->json, &normalized, hash);
}

static enum driftcore_status struct_bytes(struct driftcore *context, const struct payload *payload)
{
    struct driftcore_slice bytes;
    return driftcore_struct_bytes(context, payload->json, &bytes);
}

static enum driftcore_status struct_field_count(struct driftcore *context, const struct payload *payload)
{
    size_t count;
    return driftcore_struct_field_count(context, payload->json, &count);
}

static enum driftcore_status process_export_payload(struct driftcore *context, const struct payload *payload)
{
    struct driftcore_export result;
    const struct driftcore_slice *merges = payload->merges.size ? &payload->merges : NULL;
    return driftcore_process_export_payload(context, payload->json, merges, &result);
}

bool register_json_benches(void)
{
    static const struct call_bench benches[] = {
        {"normalize_json", normalize_json, NULL},
        {"deterministic_hash", deterministic_hash, NULL},
        {"normalize_and_hash", normalize_and_hash, NULL},
        {"struct_bytes", struct_bytes, NULL},
        {"struct_field_count", struct_field_count, NULL},
        {"process_export_payload", process_export_payload, NULL},
    };
    return register_calls(benches, sizeof(benches) / sizeof(*benches));
}
