/* Benches of the inner steps: where the time of the public calls goes. */
#include "base64.h"
#include "benches.h"
#include "digest.h"
#include "number.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>

enum { NUMBERS = 1000, TEXT_SIZE = 64 * 1024 };

static char text[TEXT_SIZE];
static double numbers[NUMBERS];
static struct {
    char text[32];
    size_t size;
} decimals[NUMBERS];

/* Text of the base64 alphabet; doubles of 17 digits between 1e-8 and 1e8. */
static void prepare(void)
{
    for (size_t i = 0; i < TEXT_SIZE; i++)
        text[i] = "driftcoreBENCHES"[i * 7 % 16];
    unsigned long long mixed = 1;
    for (size_t i = 0; i < NUMBERS; i++) {
        mixed = mixed * 6364136223846793005u + 1442695040888963407u;
        numbers[i] = (double)(mixed >> 11) * (i % 2 ? 1e-8 : 1e-24);
        decimals[i].size = number_write(numbers[i], decimals[i].text);
    }
}

static void sha256(struct shim_state *state, const void *argument)
{
    char hash[DRIFTCORE_HASH_SIZE];
    (void)argument;
    while (shim_keep_running(state)) {
        digest_sha256((struct driftcore_slice){text, TEXT_SIZE}, hash);
        shim_use(hash);
    }
    shim_set_bytes(state, TEXT_SIZE);
}

static void base64(struct shim_state *state, const void *argument)
{
    char *decoded = malloc(base64_decoded_size(TEXT_SIZE));
    size_t size;
    (void)argument;
    while (shim_keep_running(state)) {
        if (decoded == NULL || base64_decode(text, TEXT_SIZE, DRIFTCORE_PADDING_ENDS, decoded, &size) != BASE64_DECODED)
            shim_fail(state, "cannot decode");
        shim_use(decoded);
    }
    shim_set_bytes(state, TEXT_SIZE);
    free(decoded);
}

static void utf8(struct shim_state *state, const void *argument)
{
    (void)argument;
    while (shim_keep_running(state)) {
        if (!utf8_valid(text, TEXT_SIZE))
            shim_fail(state, "the text is not valid");
        shim_use(text);
    }
    shim_set_bytes(state, TEXT_SIZE);
}

static void float_text(struct shim_state *state, const void *argument)
{
    char out[NUMBER_TEXT_SIZE];
    (void)argument;
    while (shim_keep_running_batch(state, NUMBERS)) {
        for (size_t i = 0; i < NUMBERS; i++) {
            number_write(numbers[i], out);
            shim_use(out);
        }
    }
}

static void float_parse(struct shim_state *state, const void *argument)
{
    (void)argument;
    while (shim_keep_running_batch(state, NUMBERS)) {
        for (size_t i = 0; i < NUMBERS; i++) {
            double number = number_read(decimals[i].text, decimals[i].size, decimals[i].text + decimals[i].size);
            shim_use(&number);
        }
    }
}

bool register_stage_benches(void)
{
    prepare();
    return shim_register("stage_sha256/64k", sha256, NULL) && shim_register("stage_base64/64k", base64, NULL) &&
           shim_register("stage_utf8_valid/64k", utf8, NULL) &&
           shim_register("stage_float_text/17_digits", float_text, NULL) &&
           shim_register("stage_float_parse/17_digits", float_parse, NULL);
}
