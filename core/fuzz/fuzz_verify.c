/*
 * Wire bytes: what passes as a Span or a Struct can be read by protobuf-c, and goes
 * unchanged into a span and a request, which pass too.
 */
#include "fuzz.h"

#include "messages.h"

static void check_struct(struct driftcore_slice bytes)
{
    struct driftcore_slice span;
    struct driftcore_span fields = {.input_struct_bytes = bytes, .output_struct_bytes = bytes};
    enum driftcore_status status = driftcore_verify_struct(fuzz_context(), bytes);
    if (bytes.size == 0)
        return;
    REQUIRE(driftcore_build_span(fuzz_other_context(), &fields, &span) == status);
    if (status == DRIFTCORE_OK) {
        REQUIRE(message_readable(&google__protobuf__struct__descriptor, bytes));
        REQUIRE(driftcore_verify_span(fuzz_context(), span) == DRIFTCORE_OK);
    }
}

static void check_span(struct driftcore_slice bytes)
{
    struct driftcore_slice request, header = {"", 0};
    enum driftcore_status status = driftcore_verify_span(fuzz_context(), bytes);
    REQUIRE(status == DRIFTCORE_OK || status == DRIFTCORE_PUNT);
    REQUIRE(driftcore_build_export_request(fuzz_other_context(), header, header, header, header, &bytes, 1, &request)
            == status);
    if (status != DRIFTCORE_OK)
        return;
    REQUIRE(message_readable(&tusk__drift__core__v1__span__descriptor, bytes));
    REQUIRE(request.size >= bytes.size + 2);
    REQUIRE(fuzz_equal(bytes, (struct driftcore_slice){request.data + request.size - bytes.size, bytes.size}));
    REQUIRE(message_readable(&tusk__drift__backend__v1__export_spans_request__descriptor, request));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct driftcore_slice bytes = fuzz_copy((struct driftcore_slice){(const char *)data, size});
    check_struct(bytes);
    check_span(bytes);
    fuzz_release();
    return 0;
}
