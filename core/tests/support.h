/*
 * What the C tests share: slices of literals, a repeatable source of chance, an
 * allocator that counts and can fail, and JSON text made by chance.
 */
#ifndef DRIFTCORE_TESTS_SUPPORT_H
#define DRIFTCORE_TESTS_SUPPORT_H

/* cmocka wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reader.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A literal as a slice; it may hold NULs. */
#define SLICE(literal) ((struct driftcore_slice){literal, sizeof(literal) - 1})

/* The same where C wants constants. */
#define INITIAL(literal) {literal, sizeof(literal) - 1}

struct driftcore_slice slice_of(const char *text);
void assert_slice(struct driftcore_slice actual, const char *expected);
void assert_slices_equal(struct driftcore_slice actual, struct driftcore_slice expected);

/* The next of a sequence that looks like chance and depends on `*state` only (splitmix64). */
uint64_t chance(uint64_t *state);

/* A number from 0 to `limit` - 1. */
size_t chance_below(uint64_t *state, size_t limit);

/* ---- memory ------------------------------------------------------------- */

/*
 * Counts blocks and bytes.  Fails the `fail_at`-th allocation, counted from 1, and with
 * `for_good` all after it.
 */
struct counting {
    struct driftcore_allocator allocator;
    size_t blocks, bytes, calls, failures;
    size_t fail_at; /* 0: never */
    bool for_good;
};

void counting_start(struct counting *counting);

/* A context of its own for each test, in `*state`, and a check that it gives all memory back. */
int context_setup(void **state);
int context_teardown(void **state);

/* ---- text --------------------------------------------------------------- */

/* Text that grows; released by the caller with free(). */
struct text {
    char *data;
    size_t size, capacity;
};

void text_add(struct text *text, const char *bytes, size_t size);
void text_put(struct text *text, const char *string);
void text_repeat(struct text *text, const char *string, size_t count);
static inline struct driftcore_slice text_slice(const struct text *text)
{
    return (struct driftcore_slice){text->data, text->size};
}

/* Append a JSON value in normal form with up to `levels` containers inside one another. */
void text_put_random_json(struct text *text, uint64_t *state, unsigned levels);

/* ---- trees -------------------------------------------------------------- */

/* A tree and all that reading into it takes. */
struct parsed {
    struct tree tree;
    struct arena text;
    struct buffer scratch;
    enum driftcore_punt reason;
};

void parsed_start(struct parsed *parsed, const struct driftcore_allocator *allocator);
void parsed_release(struct parsed *parsed);
enum driftcore_status parsed_read(struct parsed *parsed, struct driftcore_slice json);

/* A parsed text that must be right. */
struct parsed parsed_of(struct driftcore_slice json);

extern const struct driftcore_allocator plain_allocator;

#endif
