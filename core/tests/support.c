#include "support.h"

#include <stdio.h>
#include <stdlib.h>

struct driftcore_slice slice_of(const char *text)
{
    return (struct driftcore_slice){text, strlen(text)};
}

void assert_slice(struct driftcore_slice actual, const char *expected)
{
    assert_slices_equal(actual, slice_of(expected));
}

void assert_slices_equal(struct driftcore_slice actual, struct driftcore_slice expected)
{
    if (actual.size != expected.size
        || (actual.size != 0 && memcmp(actual.data, expected.data, actual.size) != 0))
        fail_msg("got %.*s, expected %.*s", (int)(actual.size < 2000 ? actual.size : 2000), actual.data,
                 (int)(expected.size < 2000 ? expected.size : 2000), expected.data);
}

uint64_t chance(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

size_t chance_below(uint64_t *state, size_t limit)
{
    return (size_t)(chance(state) % limit);
}

/* ---- memory ------------------------------------------------------------- */

static void *plain_reallocate(void *state, void *memory, size_t size)
{
    (void)state;
    return realloc(memory, size);
}

static void plain_release(void *state, void *memory)
{
    (void)state;
    free(memory);
}

const struct driftcore_allocator plain_allocator = {plain_reallocate, plain_release, NULL};

/* Each block stands behind its size, in a header that keeps it aligned, and before a guard that must stay. */
#define HEADER 16
static const char guard[] = "nobody writes here";

static size_t *header_of(void *memory)
{
    return (size_t *)(void *)((char *)memory - HEADER);
}

static void check_guard(const char *memory, size_t size)
{
    if (memcmp(memory + size, guard, sizeof(guard)) != 0)
        fail_msg("something was written behind a block of %zu bytes", size);
}

static bool must_fail(struct counting *counting)
{
    counting->calls++;
    if (counting->fail_at == 0 || counting->calls < counting->fail_at)
        return false;
    return counting->calls == counting->fail_at || counting->for_good;
}

static void *counting_reallocate(void *state, void *memory, size_t size)
{
    struct counting *counting = state;
    assert_true(size != 0);
    if (must_fail(counting)) {
        counting->failures++;
        return NULL;
    }
    size_t before = memory == NULL ? 0 : *header_of(memory);
    /* Always a new place, so that whoever keeps the old one is found out. */
    char *block = malloc(HEADER + size + sizeof(guard));
    assert_non_null(block);
    *(size_t *)(void *)block = size;
    memcpy(block + HEADER + size, guard, sizeof(guard));
    if (memory != NULL) {
        check_guard(memory, before);
        memcpy(block + HEADER, memory, before < size ? before : size);
        free(header_of(memory));
    } else {
        counting->blocks++;
    }
    counting->bytes += size - before;
    return block + HEADER;
}

static void counting_release(void *state, void *memory)
{
    struct counting *counting = state;
    if (memory == NULL)
        return;
    assert_true(counting->blocks > 0);
    check_guard(memory, *header_of(memory));
    counting->blocks--;
    counting->bytes -= *header_of(memory);
    free(header_of(memory));
}

void counting_start(struct counting *counting)
{
    memset(counting, 0, sizeof(*counting));
    counting->allocator = (struct driftcore_allocator){counting_reallocate, counting_release, counting};
}

static struct counting fixture;

int context_setup(void **state)
{
    counting_start(&fixture);
    *state = driftcore_create(&fixture.allocator);
    return *state == NULL;
}

int context_teardown(void **state)
{
    driftcore_destroy(*state);
    return fixture.blocks != 0 || fixture.bytes != 0;
}

/* ---- text --------------------------------------------------------------- */

void text_add(struct text *text, const char *bytes, size_t size)
{
    if (size > text->capacity - text->size) {
        text->capacity = 2 * (text->size + size);
        text->data = realloc(text->data, text->capacity);
        assert_non_null(text->data);
    }
    if (size != 0)
        memcpy(text->data + text->size, bytes, size);
    text->size += size;
}

void text_put(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_repeat(struct text *text, const char *string, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_put(text, string);
}

static void put_random_string(struct text *text, uint64_t *state, size_t number)
{
    static const char *const pieces[] = {"a",   "b",    "z",    "é",      "中",      "😀", "\\n",
                                         "\\\"", "\\\\", "\\u0001", "\x7f", "/", "long plain text ", " "};
    text_put(text, "\"");
    for (size_t i = chance_below(state, 5); i > 0; i--)
        text_put(text, pieces[chance_below(state, COUNT(pieces))]);
    if (number != SIZE_MAX) {
        /* A number keeps the keys of one object apart. */
        char digits[24];
        snprintf(digits, sizeof(digits), "%zu", number);
        text_put(text, digits);
    }
    text_put(text, "\"");
}

void text_put_random_json(struct text *text, uint64_t *state, unsigned levels)
{
    static const char *const leaves[] = {
        "null", "true", "false", "0", "-1", "12345678901234567890123", "1.5", "-0.0", "1e+16", "1e-05",
        "0.30000000000000004", "NaN", "Infinity", "-Infinity", "5e-324",
    };
    size_t what = chance_below(state, levels == 0 ? 2 : 5);
    if (what == 0) {
        text_put(text, leaves[chance_below(state, COUNT(leaves))]);
    } else if (what == 1) {
        put_random_string(text, state, SIZE_MAX);
    } else {
        bool object = what > 2;
        size_t count = chance_below(state, 8);
        text_put(text, object ? "{" : "[");
        for (size_t i = 0; i < count; i++) {
            if (i != 0)
                text_put(text, ",");
            if (object) {
                put_random_string(text, state, i);
                text_put(text, ":");
            }
            text_put_random_json(text, state, levels - 1);
        }
        text_put(text, object ? "}" : "]");
    }
}

/* ---- trees -------------------------------------------------------------- */

void parsed_start(struct parsed *parsed, const struct driftcore_allocator *allocator)
{
    memset(parsed, 0, sizeof(*parsed));
    parsed->tree.allocator = parsed->text.allocator = parsed->scratch.allocator = allocator;
}

void parsed_release(struct parsed *parsed)
{
    tree_release(&parsed->tree);
    arena_release(&parsed->text);
    buffer_release(&parsed->scratch);
}

static size_t usual_limit(void *state)
{
    (void)state;
    return 4300;
}

enum driftcore_status parsed_read(struct parsed *parsed, struct driftcore_slice json)
{
    struct reader reader = {&parsed->tree, &parsed->text, &parsed->scratch, usual_limit, NULL};
    return reader_parse(&reader, json, &parsed->reason);
}

struct parsed parsed_of(struct driftcore_slice json)
{
    struct parsed parsed;
    parsed_start(&parsed, &plain_allocator);
    assert_int_equal(parsed_read(&parsed, json), DRIFTCORE_OK);
    return parsed;
}
