#include "fuzz.h"

#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_COPIES = 256 };

static char *copies[MOST_COPIES];
static size_t copied;

void fuzz_fail(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

/* One byte stands before the text, so that it is at an odd place too. */
struct driftcore_slice fuzz_copy(struct driftcore_slice bytes)
{
    REQUIRE(copied < MOST_COPIES);
    char *copy = malloc(bytes.size + 1);
    REQUIRE(copy != NULL);
    if (bytes.size != 0)
        memcpy(copy + 1, bytes.data, bytes.size);
    copies[copied++] = copy;
    return (struct driftcore_slice){copy + 1, bytes.size};
}

void fuzz_release(void)
{
    while (copied > 0)
        free(copies[--copied]);
}

struct driftcore *fuzz_context(void)
{
    static struct driftcore *context;
    if (context == NULL)
        context = driftcore_create(NULL);
    return context;
}

struct driftcore *fuzz_other_context(void)
{
    static struct driftcore *context;
    if (context == NULL)
        context = driftcore_create(NULL);
    return context;
}

bool fuzz_equal(struct driftcore_slice a, struct driftcore_slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

struct input fuzz_input(const uint8_t *data, size_t size)
{
    return (struct input){data, data + size};
}

uint8_t input_byte(struct input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

uint64_t input_integer(struct input *input, unsigned bytes)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < bytes; i++)
        number = number << 8 | input_byte(input);
    return number;
}

static struct driftcore_slice take(struct input *input, size_t size)
{
    size_t left = (size_t)(input->end - input->at);
    if (size > left)
        size = left;
    struct driftcore_slice piece = fuzz_copy((struct driftcore_slice){(const char *)input->at, size});
    input->at += size;
    return piece;
}

static struct driftcore_slice valid_part(struct driftcore_slice text)
{
    while (text.size > 0 && !utf8_valid(text.data, text.size))
        text.size /= 2;
    return fuzz_copy(text);
}

struct driftcore_slice input_bytes(struct input *input)
{
    return take(input, (size_t)input_integer(input, 2) & 0x3FF);
}

struct driftcore_slice input_text(struct input *input)
{
    return valid_part(input_bytes(input));
}

struct driftcore_slice input_rest(struct input *input)
{
    return valid_part(take(input, SIZE_MAX));
}
