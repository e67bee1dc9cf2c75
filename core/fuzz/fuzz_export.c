/*
 * Export payloads: the parts of the answer agree with what the other functions say of
 * the payload, of the decoded value and of the schema.
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = fuzz_input(data, size);
    struct driftcore_slice merges = input_text(&input), json = input_rest(&input), again;
    struct driftcore *context = fuzz_context(), *other = fuzz_other_context();
    struct driftcore_export result;
    char hash[DRIFTCORE_HASH_SIZE];
    enum driftcore_status status =
        driftcore_process_export_payload(context, json, merges.size == 0 ? NULL : &merges, &result);
    REQUIRE(status == DRIFTCORE_OK || status == DRIFTCORE_PUNT);
    if (status == DRIFTCORE_OK) {
        REQUIRE(driftcore_normalize_json(other, json, &again) == DRIFTCORE_OK);
        REQUIRE(fuzz_equal(again, result.normalized));
        REQUIRE(driftcore_struct_bytes(other, json, &again) == DRIFTCORE_OK);
        REQUIRE(fuzz_equal(again, result.struct_bytes));
        REQUIRE(driftcore_normalize_and_hash(other, result.decoded, &again, hash) == DRIFTCORE_OK);
        REQUIRE(fuzz_equal(again, result.decoded));
        REQUIRE(memcmp(hash, result.value_hash, sizeof(hash)) == 0);
        status = driftcore_normalize_and_hash(other, result.schema, &again, hash);
        if (status == DRIFTCORE_OK) {
            REQUIRE(fuzz_equal(again, result.schema));
            REQUIRE(memcmp(hash, result.schema_hash, sizeof(hash)) == 0);
        } else { /* a schema is up to twice as deep as its value */
            REQUIRE(driftcore_punt_reason(other) == DRIFTCORE_PUNT_DEPTH);
        }
        if (merges.size == 0)
            REQUIRE(fuzz_equal(result.decoded, result.normalized));
    } else {
        REQUIRE(driftcore_punt_reason(context) != DRIFTCORE_PUNT_NONE);
    }
    fuzz_release();
    return 0;
}
