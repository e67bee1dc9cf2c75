/*
 * Any text: what the five functions over one text say of it agrees, and a normal form is
 * its own normal form.
 */
#include "fuzz.h"

/* A punt for a reason that text can have. */
static bool may_punt(struct driftcore *context)
{
    switch (driftcore_punt_reason(context)) {
    case DRIFTCORE_PUNT_SYNTAX:
    case DRIFTCORE_PUNT_DIGITS:
    case DRIFTCORE_PUNT_SURROGATE:
    case DRIFTCORE_PUNT_DEPTH:
        return true;
    default:
        return false;
    }
}

static void check_struct(struct driftcore_slice json, struct driftcore_slice normalized)
{
    struct driftcore *context = fuzz_context();
    struct driftcore_slice bytes;
    size_t count;
    REQUIRE(driftcore_struct_field_count(context, json, &count) == DRIFTCORE_OK);
    enum driftcore_status status = driftcore_struct_bytes(context, json, &bytes);
    if (status == DRIFTCORE_PUNT) {
        REQUIRE(driftcore_punt_reason(context) == DRIFTCORE_PUNT_OVERFLOW);
        return;
    }
    REQUIRE(status == DRIFTCORE_OK);
    REQUIRE(normalized.data[0] == '{' || (bytes.size == 0 && count == 0));
    REQUIRE((bytes.size == 0) == (count == 0));
    REQUIRE(driftcore_verify_struct(fuzz_other_context(), bytes) == DRIFTCORE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = fuzz_input(data, size);
    struct driftcore_slice json = input_rest(&input), normalized, again;
    struct driftcore *context = fuzz_context(), *other = fuzz_other_context();
    char hash[DRIFTCORE_HASH_SIZE], hash_again[DRIFTCORE_HASH_SIZE];

    enum driftcore_status status = driftcore_normalize_json(context, json, &normalized);
    if (status == DRIFTCORE_OK) {
        normalized = fuzz_copy(normalized);
        REQUIRE(normalized.size > 0);
        REQUIRE(driftcore_normalize_json(other, normalized, &again) == DRIFTCORE_OK);
        REQUIRE(fuzz_equal(normalized, again));
        REQUIRE(driftcore_deterministic_hash(context, json, hash) == DRIFTCORE_OK);
        REQUIRE(driftcore_normalize_and_hash(other, normalized, &again, hash_again) == DRIFTCORE_OK);
        REQUIRE(fuzz_equal(normalized, again));
        REQUIRE(memcmp(hash, hash_again, sizeof(hash)) == 0);
        check_struct(json, normalized);
    } else {
        REQUIRE(status == DRIFTCORE_PUNT && may_punt(context));
        enum driftcore_punt reason = driftcore_punt_reason(context);
        REQUIRE(driftcore_deterministic_hash(context, json, hash) == DRIFTCORE_PUNT);
        REQUIRE(driftcore_punt_reason(context) == reason);
        REQUIRE(driftcore_normalize_and_hash(context, json, &again, hash) == DRIFTCORE_PUNT);
        REQUIRE(driftcore_punt_reason(context) == reason);
    }
    fuzz_release();
    return 0;
}
