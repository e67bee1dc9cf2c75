/*
 * What the fuzz targets share.  A target is one function over some bytes that must hold
 * for all bytes; libFuzzer looks for bytes that reach new code, replay.c puts the
 * committed corpus through it in every test run.
 */
#ifndef DRIFTCORE_FUZZ_H
#define DRIFTCORE_FUZZ_H

#include "driftcore.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, naming what does not hold. */
#define REQUIRE(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))

_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* A copy of exact size, so that a sanitizer sees one byte too many; fuzz_release() forgets all of them. */
struct driftcore_slice fuzz_copy(struct driftcore_slice bytes);
void fuzz_release(void);

/* Contexts that live as long as the process. */
struct driftcore *fuzz_context(void);
struct driftcore *fuzz_other_context(void);

bool fuzz_equal(struct driftcore_slice a, struct driftcore_slice b);

/* Input read piece by piece.  All that is missing reads as zero. */
struct input {
    const uint8_t *at, *end;
};

struct input fuzz_input(const uint8_t *data, size_t size);
uint8_t input_byte(struct input *input);
uint64_t input_integer(struct input *input, unsigned bytes);

/* The next bytes, as many as two bytes before them say, at most what is left; a copy of exact size. */
struct driftcore_slice input_bytes(struct input *input);

/* The same as UTF-8: cut before the first byte that is not. */
struct driftcore_slice input_text(struct input *input);

/* What is left, cut before the first byte that is not UTF-8. */
struct driftcore_slice input_rest(struct input *input);

#endif
