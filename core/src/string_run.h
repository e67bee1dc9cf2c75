/*
 * Long stretches of a JSON string at once: 64 bytes a step, whatever escapes they hold.
 *
 * Of each 64 bytes four masks are made: quotes, backslashes, control characters, and
 * letters that make an escape in normal form.  Which characters are escaped follows from
 * the backslashes by arithmetic on the mask, as in simdjson (Geoff Langdale and Daniel
 * Lemire, "Parsing Gigabytes of JSON per Second", 2019), so an escape costs no branch.
 */
#ifndef DRIFTCORE_STRING_RUN_H
#define DRIFTCORE_STRING_RUN_H

#include <stddef.h>

/* What a letter behind a backslash stands for, where the two are its normal form; else NUL. */
extern const char letter_escapes[256];

/*
 * The first byte in [at, last) that is a quote, a control character, or a backslash whose
 * escape is not one normal letter; `last` when there is none.  `at` is not escaped.
 */
const char *string_run(const char *at, const char *last);

/*
 * The same, and write what the text stands for to `*out`, whose end is given back.  There
 * is room for the rest of the text and STRING_RUN_SLACK bytes.
 */
const char *string_run_copy(const char *at, const char *last, char **out);

#define STRING_RUN_SLACK 64

#endif
