/*
 * How much of a thread's stack a call takes: little, and no more for deep input than for flat.
 *
 * The stack is memory of the test's, painted before the thread runs on it; what is no longer
 * paint was in use.  A thread that does nothing tells what the C library takes for itself.
 */
#if !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L /* pthread_attr_setstack */
#endif

#include "support.h"

#include "context.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define STACK ((size_t)1 << 18)
#define PAINT 0xA5

/* Python gives a thread 32 KiB or more; of these a call has at least 20 to itself. */
#define MOST 8192
/* A level that is left to recursion would cost 200 times its frame. */
#define MOST_FOR_DEPTH 256

typedef void action(struct driftcore *context, struct driftcore_slice json);

struct job {
    action *act;
    struct driftcore *context;
    struct driftcore_slice json;
};

static void *run(void *argument)
{
    const struct job *job = argument;
    if (job->act != NULL)
        job->act(job->context, job->json);
    return NULL;
}

/* Bytes of stack that are touched by a thread that acts once. */
static size_t touched(struct job *job)
{
    void *stack = aligned_alloc(4096, STACK);
    pthread_attr_t attributes;
    pthread_t thread;
    assert_non_null(stack);
    memset(stack, PAINT, STACK);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run, job), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    size_t left = 0;
    while (left < STACK && ((const unsigned char *)stack)[left] == PAINT)
        left++;
    free(stack);
    return STACK - left;
}

/* The same beyond what any thread takes, once the context has the memory that it needs. */
static size_t stack_of(action *act, struct driftcore_slice json)
{
    struct job nothing = {NULL, NULL, {NULL, 0}}, job = {act, driftcore_create(NULL), json};
    act(job.context, json);
    size_t used = touched(&job), least = touched(&nothing);
    driftcore_destroy(job.context);
    return used < least ? 0 : used - least;
}

/* ---- calls -------------------------------------------------------------- */

static void normalize(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice normalized;
    assert_int_equal(driftcore_normalize_json(context, json, &normalized), DRIFTCORE_OK);
}

static void hash(struct driftcore *context, struct driftcore_slice json)
{
    char digest[DRIFTCORE_HASH_SIZE];
    struct driftcore_slice normalized;
    assert_int_equal(driftcore_deterministic_hash(context, json, digest), DRIFTCORE_OK);
    assert_int_equal(driftcore_normalize_and_hash(context, json, &normalized, digest), DRIFTCORE_OK);
}

static void struct_bytes(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice bytes;
    size_t count;
    assert_int_equal(driftcore_struct_bytes(context, json, &bytes), DRIFTCORE_OK);
    assert_int_equal(driftcore_struct_field_count(context, json, &count), DRIFTCORE_OK);
}

static void export(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice merges = SLICE("{\"a\":{\"match_importance\":0.1234567890123456789}}");
    struct driftcore_export result;
    assert_int_equal(driftcore_process_export_payload(context, json, NULL, &result), DRIFTCORE_OK);
    assert_int_equal(driftcore_process_export_payload(context, json, &merges, &result), DRIFTCORE_OK);
}

static void span(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice bytes;
    struct driftcore_span fields = {
        .input_value_json = json, .output_value_json = json, .metadata_json = SLICE("{\"m\":null}")};
    struct driftcore_export input, output;
    assert_int_equal(driftcore_build_span(context, &fields, &bytes), DRIFTCORE_OK);
    assert_int_equal(driftcore_export_span(context, &fields, NULL, NULL, &input, &output, &bytes), DRIFTCORE_OK);
    assert_int_equal(driftcore_verify_span(context, bytes), DRIFTCORE_OK);
}

static void schema(struct driftcore *context, struct driftcore_slice json)
{
    struct driftcore_slice bytes;
    struct driftcore_span fields = {.input_schema_json = json, .output_schema_json = json};
    assert_int_equal(driftcore_build_span(context, &fields, &bytes), DRIFTCORE_OK);
    struct driftcore_slice empty = {NULL, 0};
    assert_int_equal(driftcore_build_export_request(context, empty, empty, empty, empty, &bytes, 0, &bytes),
                     DRIFTCORE_OK);
}

/* ---- inputs ------------------------------------------------------------- */

/* `levels` containers inside one another, written as a beginning, a middle and an end. */
static struct text nested(const char *begin, const char *middle, const char *end, size_t levels)
{
    struct text text = {0};
    text_repeat(&text, begin, levels);
    text_put(&text, middle);
    text_repeat(&text, end, levels);
    return text;
}

static const struct {
    const char *what, *begin, *middle, *end;
} shapes[] = {
    {"objects", "{\"a\":", "1", "}"},
    {"objects out of order", "{\"b\":1,\"a\":", "{\"d\":1.0e3,\"c\":2}", ",\"A\":{\"z\":0,\"y\":1}}"},
    {"keys with escapes", "{\"\\u0062\\n\":1,\"a\":", "[]", "}"},
    {"repeated keys", "{\"a\":1,\"a\":", "\"x\"", "}"},
    {"lists", "{\"a\":[1,[", "null", "]]}"},
    {"wide objects",
     "{\"k01\":1,\"k02\":1,\"k03\":1,\"k04\":1,\"k05\":1,\"k06\":1,\"k07\":1,\"k08\":1,\"k09\":1,\"k10\":1,\"k11\":1,"
     "\"k12\":1,\"k13\":1,\"k14\":1,\"k15\":1,\"k16\":1,\"k17\":1,\"k18\":1,\"k19\":1,\"k20\":1,\"k21\":1,\"k22\":1,"
     "\"k23\":1,\"k24\":1,\"k25\":1,\"\\u0061\":",
     "true", "}"},
};

static const struct {
    const char *name;
    action *act;
} calls[] = {
    {"normalize", normalize}, {"hash", hash}, {"struct_bytes", struct_bytes}, {"export", export}, {"span", span},
};

static void assert_little(const char *name, const char *what, action *act, const struct text *flat,
                          const struct text *deep)
{
    size_t few = stack_of(act, text_slice(flat)), many = stack_of(act, text_slice(deep));
    if (many > MOST || many > few + MOST_FOR_DEPTH)
        fail_msg("%s of %s takes %zu bytes of stack for one level, %zu for all", name, what, few, many);
}

static void depth_costs_no_stack(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        bool twofold = shapes[i].begin[5] == '['; /* three containers a level */
        size_t levels = twofold ? DRIFTCORE_MAX_DEPTH / 3 : DRIFTCORE_MAX_DEPTH - 1;
        struct text flat = nested(shapes[i].begin, shapes[i].middle, shapes[i].end, 1);
        struct text deep = nested(shapes[i].begin, shapes[i].middle, shapes[i].end, levels);
        for (size_t j = 0; j < COUNT(calls); j++)
            assert_little(calls[j].name, shapes[i].what, calls[j].act, &flat, &deep);
        free(flat.data);
        free(deep.data);
    }
}

static void deep_schemas_cost_no_stack(void **state)
{
    (void)state;
    const char *begins[] = {"{\"items\":", "{\"properties\":{\"k\":"}, *ends[] = {"}", "}}"};
    for (size_t i = 0; i < 2; i++) {
        struct text flat = nested(begins[i], "{\"type\":1}", ends[i], 1);
        struct text deep = nested(begins[i], "{\"type\":1}", ends[i], (DRIFTCORE_MAX_DEPTH - 1) / (i + 1));
        assert_little("span", "schemas", schema, &flat, &deep);
        free(flat.data);
        free(deep.data);
    }
}

/* Sorting halves the keys: the one recursion there is, by the logarithm of their number. */
static void many_keys_cost_little_stack(void **state)
{
    (void)state;
    struct text many = {0};
    for (size_t i = 0; i < 100000; i++) {
        char member[32];
        snprintf(member, sizeof(member), "%s\"%zu\":0", i == 0 ? "{" : ",", i * 7919 % 100003);
        text_put(&many, member);
    }
    text_put(&many, "}");
    size_t used = stack_of(hash, text_slice(&many));
    if (used > MOST)
        fail_msg("sorting 100,000 keys takes %zu bytes of stack", used);
    free(many.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth_costs_no_stack),
        cmocka_unit_test(deep_schemas_cost_no_stack),
        cmocka_unit_test(many_keys_cost_little_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
