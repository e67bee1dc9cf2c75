/* Benches of the functions that write and verify protobuf. */
#include "benches.h"
#include "calls.h"

static enum driftcore_status build_span(struct driftcore *context, const struct payload *payload)
{
    struct driftcore_slice bytes;
    return driftcore_build_span(context, &payload->span, &bytes);
}

/* With the Struct bytes at hand, as after an export of the value. */
static enum driftcore_status build_span_precomputed(struct driftcore *context, const struct payload *payload)
{
    struct driftcore_span span = payload->span;
    struct driftcore_slice bytes;
    span.input_struct_bytes = payload->struct_bytes;
    return driftcore_build_span(context, &span, &bytes);
}

/* From texts to span bytes in one call; the payload's span has its value as text. */
static enum driftcore_status export_span(struct driftcore *context, const struct payload *payload)
{
    const struct driftcore_slice *merges = payload->merges.size ? &payload->merges : NULL;
    struct driftcore_export input, output;
    struct driftcore_slice bytes;
    return driftcore_export_span(context, &payload->span, merges, NULL, &input, &output, &bytes);
}

static enum driftcore_status build_export_request(struct driftcore *context, const struct payload *payload)
{
    static const struct driftcore_slice service = {"shop", 4}, environment = {"production", 10};
    static const struct driftcore_slice version = {"0.1.0", 5}, instance = {"instance-1", 10};
    struct driftcore_slice bytes;
    return driftcore_build_export_request(context, service, environment, version, instance, payload->request,
                                          PAYLOADS_REQUEST_SPANS, &bytes);
}

static enum driftcore_status verify_span(struct driftcore *context, const struct payload *payload)
{
    return driftcore_verify_span(context, payload->span_bytes);
}

static enum driftcore_status verify_struct(struct driftcore *context, const struct payload *payload)
{
    return driftcore_verify_struct(context, payload->struct_bytes);
}

bool register_protobuf_benches(void)
{
    static const struct call_bench benches[] = {
        {"build_span", build_span, NULL},
        {"build_span_precomputed", build_span_precomputed, NULL},
        {"export_span", export_span, NULL},
        {"build_export_request", build_export_request, NULL},
        {"verify_span", verify_span, NULL},
        {"verify_struct", verify_struct, NULL},
    };
    return register_calls(benches, sizeof(benches) / sizeof(*benches));
}
