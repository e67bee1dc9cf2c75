/*
 * Hostile input costs no more than its size: for each shape that could set a trap, work
 * and memory at one size and at eight times that size.  Sorting adds a logarithm, so
 * eight times the input may cost ten times the work; a quadratic step would cost 64.
 */
#include "support.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>

enum { TIMES = 8, SMALL = 2000 };
#define MOST_WORK 10.5
#define MOST_MEMORY 12.0 /* capacities grow by half, so the last one can be half as large again */

/* ---- an allocator that counts the copying of a realloc and knows its peak ----------- */

struct peak {
    size_t bytes, most;
};

#define HEADER 16

static void peak_add(struct peak *peak, size_t size)
{
    peak->bytes += size;
    if (peak->bytes > peak->most)
        peak->most = peak->bytes;
}

static void *peak_reallocate(void *state, void *memory, size_t size)
{
    struct peak *peak = state;
    char *block = memory == NULL ? NULL : (char *)memory - HEADER;
    size_t before = block == NULL ? 0 : *(size_t *)(void *)block;
    work_steps += before / 16;
    peak->bytes -= before;
    block = realloc(block, HEADER + size);
    assert_non_null(block);
    *(size_t *)(void *)block = size;
    peak_add(peak, size);
    return block + HEADER;
}

static void peak_release(void *state, void *memory)
{
    if (memory == NULL)
        return;
    char *block = (char *)memory - HEADER;
    ((struct peak *)state)->bytes -= *(size_t *)(void *)block;
    free(block);
}

static size_t no_limit(void *state)
{
    (void)state;
    return 0;
}

/* ---- shapes ---------------------------------------------------------------------- */

static void put_numbered(struct text *text, const char *before, size_t number, const char *after)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%08zu", number);
    text_put(text, before);
    text_put(text, digits);
    text_put(text, after);
}

/* Keys in an order that sorting does not expect: 7919 shares no factor with the sizes in use. */
static size_t shuffled(size_t i, size_t count)
{
    return i * 7919 % count;
}

static void repeat_in(struct text *text, const char *before, const char *unit, size_t count, const char *after)
{
    text_put(text, before);
    text_repeat(text, unit, count);
    text_put(text, after);
}

static void open_lists(struct text *text, size_t count) { text_repeat(text, "[", count); }
static void open_objects(struct text *text, size_t count) { text_repeat(text, "{\"a\":", count); }
static void plain_string(struct text *text, size_t count) { repeat_in(text, "{\"k\":\"", "abcdefgh", count, "\"}"); }
static void escapes(struct text *text, size_t count) { repeat_in(text, "{\"k\":\"", "\\n\\u00e9", count, "\"}"); }
static void controls(struct text *text, size_t count) { repeat_in(text, "{\"k\":\"", "\\u0001", count, "\"}"); }
static void pairs(struct text *text, size_t count) { repeat_in(text, "[\"", "\\ud83d\\ude00", count, "\"]"); }
static void wide(struct text *text, size_t count) { repeat_in(text, "{\"k\":\"", "\xc3\xa9\xe2\x82\xac", count, "\"}"); }
static void spaces(struct text *text, size_t count) { repeat_in(text, "[", " \n\t\r", count, "]"); }
static void long_int(struct text *text, size_t count) { repeat_in(text, "[1", "0123456789", count, "]"); }
static void long_decimal(struct text *text, size_t count) { repeat_in(text, "{\"k\":1.", "0123456789", count, "}"); }
static void long_exponent(struct text *text, size_t count) { repeat_in(text, "{\"k\":1e-", "0000", count, "1}"); }
static void ties(struct text *text, size_t count)
{
    repeat_in(text, "[0", ",9007199254740993.0000000000000000000000001", count, "]");
}
static void floats(struct text *text, size_t count) { repeat_in(text, "[0", ",1.2345678901234567e-300", count, "]"); }
static void empty_objects(struct text *text, size_t count) { repeat_in(text, "{\"k\":[{}", ",{},[]", count, "]}"); }
static void backslashes(struct text *text, size_t count) { repeat_in(text, "[\"", "\\\\\\\"", count, ""); }
static void lone_halves(struct text *text, size_t count) { repeat_in(text, "[\"", "\\ud800", count, "\"]"); }
static void commas(struct text *text, size_t count) { repeat_in(text, "[1", ",1", count, ",]"); }

static void object_of(struct text *text, size_t count, const char *before, const char *after)
{
    text_put(text, "{");
    for (size_t i = 0; i < count; i++)
        put_numbered(text, before, shuffled(i, count), i + 1 < count ? after : "\":1}");
}

static void keys(struct text *text, size_t count) { object_of(text, count, "\"", "\":1,"); }
static void keys_alike_for_long(struct text *text, size_t count)
{
    object_of(text, count, "\"aaaaaaaabbbbbbbbccccccccdddddddd", "\":1,");
}
static void keys_with_values(struct text *text, size_t count) { object_of(text, count, "\"", "\":{\"b\":[],\"a\":0},"); }
static void keys_that_differ_by_escape(struct text *text, size_t count) { object_of(text, count, "\"\\u0000", "\":1,"); }

static void one_key_repeated(struct text *text, size_t count)
{
    repeat_in(text, "{\"k\":0", ",\"k\":[1]", count, "}");
}

static void keys_twice(struct text *text, size_t count)
{
    text_put(text, "{");
    for (size_t i = 0; i < 2 * count; i++)
        put_numbered(text, "\"", shuffled(i % count, count), i + 1 < 2 * count ? "\":[2],": "\":1}");
}

/* Growing keys, "a", "aa", …: each is the start of the next. */
static void keys_within_one_another(struct text *text, size_t count)
{
    static const char letter[] = "a";
    size_t total = 8 * count;
    text_put(text, "{");
    for (size_t size = 1; total > size; total -= size, size++) {
        text_put(text, "\"");
        text_repeat(text, letter, size);
        text_put(text, "\":1,");
    }
    text_put(text, "\"\":1}");
}

static void nested_and_wide(struct text *text, size_t count)
{
    text_repeat(text, "{\"b\":1,\"a\":", 190);
    text_put(text, "[0");
    text_repeat(text, ",{\"z\":1,\"y\":{}}", count);
    text_put(text, "]");
    text_repeat(text, ",\"a\":1}", 190);
}

/* Base64 with foreign bytes between, of which nothing is left. */
static void base64_noise(struct text *text, size_t count) { repeat_in(text, "{\"k\":\"", "W!!=", count, "\"}"); }

/* Base64 of bytes that are not UTF-8: every one is dropped. */
static void base64_of_no_text(struct text *text, size_t count) { repeat_in(text, "{\"k\":\"", "gICA", count, "\"}"); }

/* JSON that opens containers, as a decoded value. */
static void base64_of_nesting(struct text *text, size_t count) { repeat_in(text, "{\"k\":\"", "W1tb", count, "\"}"); }

struct shape {
    const char *name;
    void (*put)(struct text *text, size_t count);
};

static const struct shape shapes[] = {
    {"open lists", open_lists},
    {"open objects", open_objects},
    {"plain string", plain_string},
    {"escapes", escapes},
    {"control characters", controls},
    {"surrogate pairs", pairs},
    {"non-ASCII text", wide},
    {"spaces", spaces},
    {"long int", long_int},
    {"long decimal", long_decimal},
    {"long exponent", long_exponent},
    {"numbers near a tie", ties},
    {"floats", floats},
    {"empty objects", empty_objects},
    {"string of backslashes without end", backslashes},
    {"lone surrogates", lone_halves},
    {"error at the end", commas},
    {"keys", keys},
    {"keys alike for 32 bytes", keys_alike_for_long},
    {"keys with containers", keys_with_values},
    {"keys with an escape", keys_that_differ_by_escape},
    {"one key repeated", one_key_repeated},
    {"every key twice", keys_twice},
    {"keys within one another", keys_within_one_another},
    {"wide below deep", nested_and_wide},
    {"base64 noise", base64_noise},
    {"base64 of no text", base64_of_no_text},
    {"base64 of nesting", base64_of_nesting},
};

/* ---- what is measured -------------------------------------------------------------- */

typedef void action(struct driftcore *context, struct driftcore_slice input);

static void normalize(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice out;
    driftcore_normalize_json(context, json, &out);
}

static void hash(struct driftcore *context, struct driftcore_slice json)
{
    char out[DRIFTCORE_HASH_SIZE];
    driftcore_deterministic_hash(context, json, out);
}

static void both(struct driftcore *context, struct driftcore_slice json)
{
    char digits[DRIFTCORE_HASH_SIZE];
    struct driftcore_slice out;
    driftcore_normalize_and_hash(context, json, &out, digits);
}

static void struct_bytes(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice out;
    driftcore_struct_bytes(context, json, &out);
}

static void field_count(struct driftcore *context, struct driftcore_slice json)
{
    size_t count;
    driftcore_struct_field_count(context, json, &count);
}

static void export(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice merges = SLICE("{\"k\":{\"encoding\":1,\"decoded_type\":1}}");
    struct driftcore_export result;
    driftcore_process_export_payload(context, json, &merges, &result);
}

/* The text is the merges too, with values that are none, and is then made right. */
static void export_by_itself(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_export result;
    driftcore_process_export_payload(context, json, &json, &result);
}

static void span(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice bytes;
    struct driftcore_span fields = {.input_value_json = json, .metadata_json = json, .name = json};
    driftcore_build_span(context, &fields, &bytes);
}

struct measured {
    const char *name;
    action *act;
};

static const struct measured actions[] = {
    {"normalize_json", normalize},
    {"deterministic_hash", hash},
    {"normalize_and_hash", both},
    {"struct_bytes", struct_bytes},
    {"struct_field_count", field_count},
    {"process_export_payload", export},
    {"process_export_payload with merges like the payload", export_by_itself},
    {"build_span", span},
};

struct cost {
    double steps, memory;
};

static struct cost cost_of(action *act, struct driftcore_slice input)
{
    struct peak peak = {0};
    struct driftcore_allocator allocator = {peak_reallocate, peak_release, &peak};
    struct driftcore *context = driftcore_create(&allocator);
    driftcore_set_digit_limit(context, no_limit, NULL);
    work_steps = 0;
    act(context, input);
    struct cost cost = {(double)work_steps, (double)peak.most};
    driftcore_destroy(context);
    assert_int_equal(peak.bytes, 0);
    return cost;
}

static void assert_linear(const char *what, const char *shape, action *act, struct driftcore_slice small,
                          struct driftcore_slice large)
{
    /* What is the same for every size must not hide what grows. */
    struct cost least = cost_of(act, SLICE("[]")), a = cost_of(act, small), b = cost_of(act, large);
    double work = (b.steps - least.steps) / (a.steps - least.steps + 1000);
    double memory = (b.memory - least.memory) / (a.memory - least.memory + 4096);
    if (work > MOST_WORK || memory > MOST_MEMORY)
        fail_msg("%s of %s: %d times the input costs %.1f times the work and %.1f times the memory", what, shape,
                 TIMES, work, memory);
}

static void every_shape_costs_its_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        struct text small = {0}, large = {0};
        shapes[i].put(&small, SMALL);
        shapes[i].put(&large, SMALL * TIMES);
        for (size_t j = 0; j < COUNT(actions); j++)
            assert_linear(actions[j].name, shapes[i].name, actions[j].act, text_slice(&small), text_slice(&large));
        free(small.data);
        free(large.data);
    }
}

static void merges_cost_their_number_and_the_payloads(void **state)
{
    (void)state;
    struct text texts[2] = {{0}, {0}};
    for (size_t i = 0; i < 2; i++) {
        size_t count = i == 0 ? SMALL : SMALL * TIMES;
        text_put(&texts[i], "{");
        for (size_t key = 0; key < count; key++)
            put_numbered(&texts[i], "\"", shuffled(key, count),
                         key + 1 < count ? "\":{\"encoding\":1}," : "\":{\"decoded_type\":1}}");
    }
    assert_linear("process_export_payload", "as many merges as keys", export_by_itself, text_slice(&texts[0]),
                  text_slice(&texts[1]));
    free(texts[0].data);
    free(texts[1].data);
}

/* ---- protobuf ---------------------------------------------------------------------- */

static void verify_span(struct driftcore *context, struct driftcore_slice bytes)
{
    driftcore_verify_span(context, bytes);
}

static void verify_struct(struct driftcore *context, struct driftcore_slice bytes)
{
    driftcore_verify_struct(context, bytes);
}

static void request(struct driftcore *context, struct driftcore_slice bytes)
{
    size_t count = bytes.size / 9;
    struct driftcore_slice *spans = malloc((count + 1) * sizeof(*spans)), out;
    assert_non_null(spans);
    for (size_t i = 0; i < count; i++)
        spans[i] = (struct driftcore_slice){bytes.data + 9 * i, 9};
    driftcore_build_export_request(context, SLICE("s"), SLICE("e"), SLICE("v"), SLICE("i"), spans, count, &out);
    free(spans);
}

static void wire_bytes_cost_their_size(void **state)
{
    (void)state;
    static const struct {
        const char *name, *unit;
        action *act;
    } rows[] = {
        {"repeated strings", "\x0a\x07spanspa", request},
        {"verify repeated strings", "\x0a\x07spanspa", verify_span},
        {"unknown fields", "\xfa\x7f\x02zz", verify_span},
        {"values within a struct", "\x0a\x05\x0a\x01k\x12\x01", verify_struct},
        {"empty entries", "\x0a\x02\x12\x01\x0a\x03\x0a\x01k", verify_struct},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text small = {0}, large = {0};
        text_repeat(&small, rows[i].unit, SMALL);
        text_repeat(&large, rows[i].unit, SMALL * TIMES);
        assert_linear("protobuf", rows[i].name, rows[i].act, text_slice(&small), text_slice(&large));
        free(small.data);
        free(large.data);
    }
}

/* ---- the measure itself --------------------------------------------------------------- */

static volatile size_t sink;

static void quadratic(struct driftcore *context, struct driftcore_slice input)
{
    char *copy = malloc(input.size + 1);
    assert_non_null(copy);
    for (size_t i = 0; i < input.size; i += 512) {
        memcpy(copy, input.data, input.size);
        work_steps += input.size / 16; /* this file's own memcpy is not counted */
        sink = i;
    }
    free(copy);
    normalize(context, input);
}

static void the_measure_sees_a_quadratic_step(void **state)
{
    (void)state;
    struct text small = {0}, large = {0};
    plain_string(&small, SMALL);
    plain_string(&large, SMALL * TIMES);
    double a = cost_of(quadratic, text_slice(&small)).steps, b = cost_of(quadratic, text_slice(&large)).steps;
    assert_true(b > 40 * a);
    assert_true(cost_of(normalize, text_slice(&small)).steps > 1000);
    free(small.data);
    free(large.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_measure_sees_a_quadratic_step),
        cmocka_unit_test(every_shape_costs_its_size),
        cmocka_unit_test(merges_cost_their_number_and_the_payloads),
        cmocka_unit_test(wire_bytes_cost_their_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
