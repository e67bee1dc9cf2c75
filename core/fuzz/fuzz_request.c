/*
 * The span and the request builder: from any fields, what is built passes, is read by
 * protobuf-c, and gives its parts back unchanged.
 */
#include "fuzz.h"

#include "messages.h"

enum { MOST_SPANS = 8 };

static bool string_is(const char *string, struct driftcore_slice text)
{
    /* protobuf-c ends strings at NUL. */
    const char *nul = text.size == 0 ? NULL : memchr(text.data, '\0', text.size);
    size_t size = nul == NULL ? text.size : (size_t)(nul - text.data);
    return strlen(string) == size && (size == 0 || memcmp(string, text.data, size) == 0);
}

static struct driftcore_slice built_span(struct input *input)
{
    struct driftcore_span span = {
        .trace_id = input_text(input),
        .name = input_text(input),
        .package_type = input_byte(input) % 12,
        .has_environment = input_byte(input) & 1,
        .environment = input_text(input),
        .kind = input_byte(input) % 6,
        .input_schema_json = input_text(input),
        .output_schema_json = input_text(input),
        .status_code = input_byte(input) % 3,
        .status_message = input_text(input),
        .is_root_span = input_byte(input) & 1,
        .timestamp_seconds = (int64_t)input_integer(input, 8),
        .duration_nanos = (int32_t)(uint32_t)input_integer(input, 4),
        .metadata_json = input_text(input),
        .input_value_json = input_text(input),
        .output_struct_bytes = input_bytes(input),
    };
    struct driftcore_slice bytes = {"", 0};
    enum driftcore_status status = driftcore_build_span(fuzz_context(), &span, &bytes);
    if (status != DRIFTCORE_OK) {
        REQUIRE(status == DRIFTCORE_PUNT || status == DRIFTCORE_INVALID_ARGUMENT);
        return (struct driftcore_slice){"", 0};
    }
    bytes = fuzz_copy(bytes);
    REQUIRE(driftcore_verify_span(fuzz_other_context(), bytes) == DRIFTCORE_OK);
    Tusk__Drift__Core__V1__Span *message = (void *)message_unpack(&tusk__drift__core__v1__span__descriptor, bytes);
    if (message != NULL) { /* struct bytes may hold what protobuf-c reads field by field only */
        REQUIRE(string_is(message->trace_id, span.trace_id));
        REQUIRE(string_is(message->name, span.name));
        REQUIRE((int)message->package_type == span.package_type && (int)message->kind == span.kind);
        REQUIRE(message->is_root_span == span.is_root_span);
        REQUIRE(message->timestamp == NULL ? span.timestamp_seconds == 0
                                           : message->timestamp->seconds == span.timestamp_seconds);
        REQUIRE(message->duration == NULL ? span.duration_nanos == 0
                                          : message->duration->nanos == span.duration_nanos);
    }
    message_free(message);
    return bytes;
}

static uint64_t read_varint(struct driftcore_slice *rest)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        REQUIRE(rest->size > 0);
        uint8_t byte = (uint8_t)*rest->data++;
        rest->size--;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            break;
    }
    return number;
}

/* The next field of a request must be this one, by number, with this content. */
static void require_field(struct driftcore_slice *rest, uint64_t number, struct driftcore_slice content)
{
    REQUIRE(read_varint(rest) == (number << 3 | 2));
    REQUIRE(read_varint(rest) == content.size && rest->size >= content.size);
    REQUIRE(fuzz_equal((struct driftcore_slice){rest->data, content.size}, content));
    rest->data += content.size;
    rest->size -= content.size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = fuzz_input(data, size);
    struct driftcore_slice header[4], spans[MOST_SPANS], request;
    for (size_t i = 0; i < 4; i++)
        header[i] = input_text(&input);
    size_t count = input_byte(&input) % (MOST_SPANS + 1);
    enum driftcore_status expected = DRIFTCORE_OK;
    for (size_t i = 0; i < count; i++) {
        spans[i] = input_byte(&input) & 1 ? input_bytes(&input) : built_span(&input);
        if (driftcore_verify_span(fuzz_other_context(), spans[i]) != DRIFTCORE_OK)
            expected = DRIFTCORE_PUNT;
    }
    enum driftcore_status status = driftcore_build_export_request(fuzz_context(), header[0], header[1], header[2],
                                                                  header[3], spans, count, &request);
    REQUIRE(status == expected);
    if (status == DRIFTCORE_OK) {
        for (size_t i = 0; i < 4; i++)
            if (header[i].size != 0)
                require_field(&request, i + 1, header[i]);
        for (size_t i = 0; i < count; i++)
            require_field(&request, 5, spans[i]);
        REQUIRE(request.size == 0);
    }
    fuzz_release();
    return 0;
}
