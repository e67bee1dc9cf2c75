/*
 * Verification of wire bytes.  Whatever passes must be readable by protobuf-c, for all
 * cuts and all single changed bytes of valid messages; the rules themselves as tables.
 */
#include "messages.h"

#include "verify.h"

#include <stdio.h>
#include <stdlib.h>

static bool passes(enum verify_message message, struct driftcore_slice bytes)
{
    enum driftcore_punt reason;
    struct buffer open = {.allocator = &plain_allocator};
    verify(message, bytes, &open, &reason);
    buffer_release(&open);
    assert_true(reason == DRIFTCORE_PUNT_NONE || reason == DRIFTCORE_PUNT_MALFORMED);
    return reason == DRIFTCORE_PUNT_NONE;
}

/* ---- a second opinion --------------------------------------------------------- */

static void fail_readable(struct driftcore_slice bytes)
{
    struct text hex = {0};
    for (size_t i = 0; i < bytes.size; i++) {
        char two[3];
        snprintf(two, sizeof(two), "%02x", (unsigned)(unsigned char)bytes.data[i]);
        text_put(&hex, two);
    }
    fail_msg("passed, but protobuf-c cannot read %.*s", (int)hex.size, hex.data);
}

/* Verify a copy of exact size, and let protobuf-c read what passes. */
static bool judge(enum verify_message message, struct driftcore_slice bytes)
{
    char *copy = malloc(bytes.size + 1);
    assert_non_null(copy);
    if (bytes.size != 0)
        memcpy(copy + 1, bytes.data, bytes.size);
    struct driftcore_slice exact = {copy + 1, bytes.size};
    bool passed = passes(message, exact);
    if (passed
        && !message_readable(message == VERIFY_SPAN ? &tusk__drift__core__v1__span__descriptor
                                            : &google__protobuf__struct__descriptor,
                     exact))
        fail_readable(exact);
    free(copy);
    return passed;
}

/* ---- valid messages --------------------------------------------------------- */

static const struct driftcore_span spans[] = {
    {.package_type = 0},
    {
        .trace_id = INITIAL("trace"),
        .name = INITIAL("GET /\xC3\xA9"),
        .package_type = 11,
        .has_environment = true,
        .environment = INITIAL("\xF0\x9F\x98\x80"),
        .kind = 2,
        .input_schema_json =
            INITIAL("{\"type\":6,\"properties\":{\"a\":{\"type\":1,\"match_importance\":0.5},\"\":{}}}"),
        .output_schema_json = INITIAL("{\"type\":7,\"items\":{\"encoding\":1,\"decoded_type\":24}}"),
        .status_code = 2,
        .status_message = INITIAL("no"),
        .is_pre_app_start = true,
        .timestamp_seconds = 1700000000,
        .timestamp_nanos = 5,
        .duration_seconds = -1,
        .metadata_json = INITIAL("{\"k\":\"v\"}"),
        .input_value_json = INITIAL("{\"a\":[null,true,1.5,\"\xC3\xA9\",{\"\":{}}]}"),
        .output_value_json = INITIAL("{\"b\":[[]]}"),
    },
    {.input_struct_bytes = INITIAL("\x0a\x09\x0a\x01k\x12\x04\x20\x01\x08\x00\x50\x05"),
     .is_root_span = true},
};

static struct driftcore_slice built(struct driftcore *context, size_t i)
{
    struct driftcore_slice bytes;
    assert_int_equal(driftcore_build_span(context, &spans[i], &bytes), DRIFTCORE_OK);
    return bytes;
}

static void what_the_core_builds_passes(void **state)
{
    for (size_t i = 0; i < COUNT(spans); i++)
        assert_true(judge(VERIFY_SPAN, built(*state, i)));
}

static void every_cut_is_readable_or_refused(void **state)
{
    size_t passed = 0, refused = 0;
    for (size_t i = 0; i < COUNT(spans); i++) {
        struct driftcore_slice bytes = built(*state, i);
        for (size_t size = 0; size < bytes.size; size++) {
            bool whole = judge(VERIFY_SPAN, (struct driftcore_slice){bytes.data, size});
            passed += whole;
            refused += !whole;
        }
    }
    assert_true(passed > 20); /* cuts between two fields */
    assert_true(refused > 100);
}

static void check_changes(enum verify_message message, struct driftcore_slice bytes, size_t *passed,
                          size_t *refused)
{
    char *copy = malloc(bytes.size + 1);
    assert_non_null(copy);
    memcpy(copy, bytes.data, bytes.size);
    for (size_t i = 0; i < bytes.size; i++) {
        for (unsigned value = 0; value < 256; value++) {
            copy[i] = (char)value;
            bool whole = judge(message, (struct driftcore_slice){copy, bytes.size});
            *passed += whole;
            *refused += !whole;
        }
        copy[i] = bytes.data[i];
    }
    free(copy);
}

static void every_changed_byte_is_readable_or_refused(void **state)
{
    size_t passed = 0, refused = 0;
    for (size_t i = 0; i < COUNT(spans); i++)
        check_changes(VERIFY_SPAN, built(*state, i), &passed, &refused);
    assert_true(passed > 1000);
    assert_true(refused > 10000);
}

static void every_changed_byte_of_a_struct_is_readable_or_refused(void **state)
{
    struct driftcore_slice bytes;
    size_t passed = 0, refused = 0;
    assert_int_equal(driftcore_struct_bytes(
                         *state, SLICE("{\"a\":[null,true,1.5,\"\xC3\xA9\",{\"b\":{}}],\"\":[[]]}"), &bytes),
                     DRIFTCORE_OK);
    assert_true(judge(VERIFY_STRUCT, bytes));
    check_changes(VERIFY_STRUCT, bytes, &passed, &refused);
    assert_true(passed > 1000);
    assert_true(refused > 5000);
}

static void random_bytes_are_readable_or_refused(void **state)
{
    (void)state;
    static const unsigned char likely[] = {0,  1,  2,  3,  4,  8,   9,   10,  13,  18,  26,  34,  74,
                                           82, 90, 98, 99, 127, 128, 130, 138, 146, 162, 185, 194, 255};
    uint64_t seed = 70;
    size_t passed = 0;
    for (size_t round = 0; round < 300000; round++) {
        char bytes[14];
        size_t size = chance_below(&seed, sizeof(bytes) + 1);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)likely[chance_below(&seed, COUNT(likely))];
        passed += judge(VERIFY_SPAN, (struct driftcore_slice){bytes, size});
    }
    assert_in_range(passed, 10000, 290000);
}

/* ---- rules --------------------------------------------------------------------- */

#define NINE "\x80\x80\x80\x80\x80\x80\x80\x80\x80"

static void well_formed_bytes_pass(void **state)
{
    (void)state;
    const struct driftcore_slice cases[] = {
        SLICE(""),
        SLICE("\x0a\x01x"),
        SLICE("\x12\x01" "b\x0a\x01" "a\x12\x01" "c"),               /* any order, repeated */
        SLICE("\x5a\x09\x12\x07\x0a\x01" "a\x12\x02\x40\x01"),      /* an unknown field in a property */
        SLICE("\x40\x63"),                                           /* enum numbers of the future */
        SLICE("\x40\x80\x00"),                                       /* padded varint */
        SLICE("\x40" NINE "\x01"),                                    /* the widest varint */
        SLICE("\x8a\x80\x80\x80\x00\x00"),                           /* padded tag */
        SLICE("\x0a\x81\x80\x80\x80\x00x"),                          /* padded length */
        SLICE("\xd0\x01\x05\xd1\x01" "12345678\xd2\x01\x02\xff\xfe\xd5\x01" "1234"), /* unknown fields */
        SLICE("\xfa\xff\xff\xff\x0f\x01\xff"),                       /* the largest field number */
        SLICE("\x4a\x00\x52\x04\x0a\x02\x12\x00"),                   /* empty messages */
        SLICE("\x4a\x05\x12\x01\xff\x18\x01"),                       /* unknown fields inside */
        SLICE("\xa2\x01\x02\x08\x01\xaa\x01\x02\x10\x01"),           /* times */
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        if (!judge(VERIFY_SPAN, cases[i]))
            fail_msg("case %zu was refused", i);
}

static void malformed_bytes_are_refused(void **state)
{
    (void)state;
    const struct driftcore_slice cases[] = {
        SLICE("\x00"),                            /* field number 0 */
        SLICE("\x02\x00"),
        SLICE("\x80\x00"),
        SLICE("\x8a"),                            /* tag cut short */
        SLICE("\x8a\x80\x80\x80\x80\x00"),        /* tag too long */
        SLICE("\x8a\x80\x80\x80\x10\x00"),        /* tag too large */
        SLICE("\x40"),                            /* varint missing */
        SLICE("\x40\x80"),                        /* varint cut short */
        SLICE("\x40" NINE "\x02"),                 /* varint too large */
        SLICE("\x40" NINE "\x80\x00"),             /* varint too long */
        SLICE("\x0a"),                            /* length missing */
        SLICE("\x0a\x02x"),                       /* longer than its message */
        SLICE("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
        SLICE("\x08\x01"),                        /* a string as a varint */
        SLICE("\x09" "12345678"),
        SLICE("\x0d" "1234"),
        SLICE("\x0b\x0c"),                        /* a group */
        SLICE("\x42\x00"),                        /* a varint as a string */
        SLICE("\xd3\x01\xd4\x01"),                /* an unknown group */
        SLICE("\xd4\x01"),
        SLICE("\xd6\x01"),
        SLICE("\xd7\x01"),
        SLICE("\xd1\x01" "1234567"),              /* eight bytes cut short */
        SLICE("\xd5\x01" "123"),                  /* four bytes cut short */
        SLICE("\x0a\x01\xff"),                    /* not UTF-8 */
        SLICE("\x0a\x03\xed\xa0\x80"),
        SLICE("\xc2\x01\x02\xc0\x80"),
        SLICE("\x4a\x02\x08\x01"),                /* the same inside messages */
        SLICE("\x4a\x03\x0a\x05x"),
        SLICE("\x4a\x06\x0a\x04\x12\x02\x10\x01"),
        SLICE("\x4a\x05\x0a\x03\x0a\x01\x80"),
        SLICE("\x5a\x05\x31" "1234"),
        SLICE("\x5a\x02\x22\x00"),
        SLICE("\x5a\x09\x12\x07\x0a\x01" "a\x12\x02\x08\x80"), /* cut short inside usual entries */
        SLICE("\x4a\x09\x0a\x07\x0a\x01" "a\x12\x02\x20\x80"),
        SLICE("\x4a\x0a\x0a\x08\x0a\x02" "\xc3\xa9\x12\x02\x08"),
        SLICE("\x4a\x09\x0a\x07\x0a\x01\xff\x12\x02\x20\x00"),
        SLICE("\x4a\x0b\x0a\x09\x0a\x01" "a\x12\x04\x1a\x02\xc3" "a"),
        SLICE("\x92\x01\x03\x12\x01\xff"),
        SLICE("\xa2\x01\x02\x0a\x00"),
        SLICE("\x5a\x09\x12\x07\x0a\x01" "a\x12\x02\x08\xff"), /* a property's type without an end */
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        if (judge(VERIFY_SPAN, cases[i]))
            fail_msg("case %zu passed", i);
}

static void a_message_is_not_read_past_its_end(void **state)
{
    (void)state;
    /* The inner length reaches into what follows the outer message. */
    assert_false(judge(VERIFY_SPAN, SLICE("\x4a\x04\x0a\x04\x0a\x02" "abcd")));
    assert_false(judge(VERIFY_SPAN, SLICE("\x4a\x01\x0a\x00")));
}

static void a_struct_is_no_span(void **state)
{
    (void)state;
    struct driftcore_slice bytes = SLICE("\x0a\x02\x12\x00");
    assert_true(judge(VERIFY_STRUCT, bytes));
    assert_true(judge(VERIFY_SPAN, bytes)); /* a trace id of two characters */
    assert_true(judge(VERIFY_STRUCT, SLICE("\x12\x01\xff")));
    assert_false(judge(VERIFY_SPAN, SLICE("\x12\x01\xff")));
    assert_false(judge(VERIFY_STRUCT, SLICE("\x0a\x01x")));
}

static void an_empty_message_may_have_no_memory(void **state)
{
    struct driftcore_slice nothing = {NULL, 0};
    assert_int_equal(driftcore_verify_span(*state, nothing), DRIFTCORE_OK);
    assert_int_equal(driftcore_verify_struct(*state, nothing), DRIFTCORE_OK);
}

/* ---- the table of fields against protobuf-c's descriptors ------------------------ */

/* A message of the span and how to get there: the fields from the span downwards. */
struct place {
    const ProtobufCMessageDescriptor *descriptor;
    unsigned path[8];
    size_t levels;
};

static unsigned wire_type_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return 2;
    case PROTOBUF_C_TYPE_DOUBLE:
        return 1;
    default:
        return 0;
    }
}

/* One field of a message, with the messages around it, and whether it passes. */
static bool field_passes(const struct place *place, unsigned number, unsigned wire_type, struct driftcore_slice content)
{
    struct text bytes = {0};
    text_put_varint(&bytes, (uint64_t)number << 3 | wire_type);
    if (wire_type == 2)
        text_put_varint(&bytes, content.size);
    text_add(&bytes, content.data, content.size);
    for (size_t level = place->levels; level-- > 0;) {
        struct text outer = {0};
        text_put_varint(&outer, (uint64_t)place->path[level] << 3 | 2);
        text_put_varint(&outer, bytes.size);
        text_add(&outer, bytes.data, bytes.size);
        free(bytes.data);
        bytes = outer;
    }
    bool passed = passes(VERIFY_SPAN, text_slice(&bytes));
    free(bytes.data);
    return passed;
}

static void check_fields(const struct place *place)
{
    for (unsigned number = 1; number < 80; number++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(place->descriptor, number);
        const struct driftcore_slice contents[8] = {SLICE("\x01"), SLICE("12345678"), SLICE(""), SLICE(""),
                                                    SLICE(""),     SLICE("1234"),     SLICE(""), SLICE("")};
        for (unsigned wire_type = 0; wire_type < 8; wire_type++) {
            bool expected = field == NULL ? wire_type < 3 || wire_type == 5 : wire_type == wire_type_of(field->type);
            if (field_passes(place, number, wire_type, contents[wire_type]) != expected)
                fail_msg("%s: field %u with wire type %u", place->descriptor->name, number, wire_type);
        }
        /* Is it looked into, and as what? */
        bool opaque = field == NULL || wire_type_of(field->type) != 2;
        if (opaque && field != NULL)
            continue;
        assert_int_equal(field_passes(place, number, 2, SLICE("\xff")), opaque);
        bool text = opaque || field->type == PROTOBUF_C_TYPE_STRING;
        assert_int_equal(field_passes(place, number, 2, SLICE("\x07")), text);
    }
}

static void every_field_is_what_its_descriptor_says(void **state)
{
    (void)state;
    struct place places[16] = {{.descriptor = &tusk__drift__core__v1__span__descriptor}};
    size_t count = 1;
    for (size_t i = 0; i < count; i++) {
        check_fields(&places[i]);
        for (unsigned f = 0; f < places[i].descriptor->n_fields; f++) {
            const ProtobufCFieldDescriptor *field = &places[i].descriptor->fields[f];
            if (field->type != PROTOBUF_C_TYPE_MESSAGE)
                continue;
            size_t known = 0;
            while (known < count && places[known].descriptor != field->descriptor)
                known++;
            if (known < count)
                continue;
            assert_in_range(count, 1, COUNT(places) - 1);
            places[count] = places[i];
            places[count].descriptor = field->descriptor;
            assert_in_range(places[i].levels, 0, COUNT(places->path) - 1);
            places[count].path[places[count].levels++] = field->id;
            count++;
        }
    }
    assert_int_equal(count, 10); /* messages below a span, itself included */
}

/* ---- depth ---------------------------------------------------------------------- */

/* Put a message into a field of another, behind what that one begins with. */
static void wrap(struct text *message, struct driftcore_slice begin, unsigned field)
{
    struct text outer = {0};
    text_add(&outer, begin.data, begin.size);
    text_put_varint(&outer, (uint64_t)field << 3 | 2);
    text_put_varint(&outer, message->size);
    text_add(&outer, message->data, message->size);
    free(message->data);
    *message = outer;
}

/* Schemas as the items of one another, and as properties; lists as the values of one another. */
static void wrap_items(struct text *message)
{
    wrap(message, SLICE(""), 3);
}

static void wrap_properties(struct text *message)
{
    wrap(message, SLICE("\x0a\x01" "a"), 2);
    wrap(message, SLICE(""), 2);
}

static void wrap_lists(struct text *message)
{
    wrap(message, SLICE(""), 6);
    wrap(message, SLICE(""), 1);
}

/* So many levels in a span; the innermost message is empty. */
static struct text nested(void (*wrap_level)(struct text *message), size_t levels)
{
    struct text message = {0};
    for (size_t i = 0; i < levels; i++)
        wrap_level(&message);
    if (wrap_level == wrap_lists) {
        wrap(&message, SLICE(""), 6);
        wrap(&message, SLICE("\x0a\x01k"), 2);
        wrap(&message, SLICE(""), 1);
        wrap(&message, SLICE(""), 9);
    } else {
        wrap(&message, SLICE(""), 11);
    }
    return message;
}

static void nesting_past_the_stack_is_told_as_depth(void **state)
{
    void (*const levels_of[])(struct text *message) = {wrap_items, wrap_properties, wrap_lists};
    for (size_t i = 0; i < COUNT(levels_of); i++) {
        bool met = false;
        for (size_t levels = 1; levels < 2200; levels += levels < 1000 || levels > 1050 ? 50 : 1) {
            struct text text = nested(levels_of[i], levels);
            enum driftcore_status status = driftcore_verify_span(*state, text_slice(&text));
            if (status == DRIFTCORE_PUNT) {
                assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_DEPTH);
                met = true;
            } else {
                assert_int_equal(status, DRIFTCORE_OK);
                assert_false(met);
            }
            free(text.data);
        }
        assert_true(met);
    }
}

static void values_as_deep_as_the_reader_takes_pass(void **state)
{
    for (int lists = 0; lists < 2; lists++) {
        struct text json = {0};
        struct driftcore_slice bytes;
        text_put(&json, "{\"k\":");
        text_repeat(&json, lists ? "[" : "{\"a\":", DRIFTCORE_MAX_DEPTH - 1);
        text_put(&json, "0");
        text_repeat(&json, lists ? "]" : "}", DRIFTCORE_MAX_DEPTH - 1);
        text_put(&json, "}");
        struct driftcore_span span = {.input_value_json = text_slice(&json)};
        assert_int_equal(driftcore_build_span(*state, &span, &bytes), DRIFTCORE_OK);
        assert_int_equal(driftcore_verify_span(*state, bytes), DRIFTCORE_OK);
        free(json.data);
    }
}

static void the_reason_of_the_last_verification_is_told(void **state)
{
    assert_int_equal(driftcore_verify_span(*state, SLICE("\x0a")), DRIFTCORE_PUNT);
    assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_MALFORMED);
    assert_int_equal(driftcore_verify_span(*state, SLICE("")), DRIFTCORE_OK);
    assert_int_equal(driftcore_punt_reason(*state), DRIFTCORE_PUNT_NONE);
}

int main(void)
{
#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(what_the_core_builds_passes),
        WITH_CONTEXT(every_cut_is_readable_or_refused),
        WITH_CONTEXT(every_changed_byte_is_readable_or_refused),
        WITH_CONTEXT(every_changed_byte_of_a_struct_is_readable_or_refused),
        cmocka_unit_test(random_bytes_are_readable_or_refused),
        cmocka_unit_test(well_formed_bytes_pass),
        cmocka_unit_test(malformed_bytes_are_refused),
        cmocka_unit_test(every_field_is_what_its_descriptor_says),
        cmocka_unit_test(a_message_is_not_read_past_its_end),
        cmocka_unit_test(a_struct_is_no_span),
        WITH_CONTEXT(an_empty_message_may_have_no_memory),
        WITH_CONTEXT(nesting_past_the_stack_is_told_as_depth),
        WITH_CONTEXT(values_as_deep_as_the_reader_takes_pass),
        WITH_CONTEXT(the_reason_of_the_last_verification_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
