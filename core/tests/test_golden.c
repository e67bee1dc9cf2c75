/*
 * The golden vectors against the C API alone, so that they hold on machines for which no
 * Python is at hand.  The vectors come as records, see golden_records.py:
 *
 *     test_golden RECORDS
 *
 * A vector with a value must give these bytes, or punt for a reason that is no error in
 * Python (depth, surrogate); a vector with an error must punt.
 */
#include "driftcore.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define MOST 160

/* Fewer compared values than this, and the vectors were not those of the repository. */
#define FEWEST_VALUES 200
#define FEWEST_ERRORS 200

enum { NORMALIZE, HASH, BOTH, STRUCT, COUNT, EXPORT, SPAN, REQUEST };

struct record {
    unsigned operation, has_value, arguments, results;
    struct driftcore_slice part[MOST]; /* the arguments, then the results */
    bool is_none[MOST];
};

struct answer {
    enum driftcore_status status;
    struct driftcore_slice part[6];
    unsigned parts;
    char hashes[2][DRIFTCORE_HASH_SIZE];
    char count[8];
};

static void die(const char *what)
{
    fprintf(stderr, "test_golden: %s\n", what);
    exit(2);
}

static uint64_t little_endian(const char *bytes, int count)
{
    uint64_t number = 0;
    for (int i = count - 1; i >= 0; i--)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

static struct driftcore_slice read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        die("cannot open the records");
    long size = ftell(file);
    char *data = malloc((size_t)size + 1);
    rewind(file);
    if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size)
        die("cannot read the records");
    fclose(file);
    return (struct driftcore_slice){data, (size_t)size};
}

static const char *take(struct driftcore_slice *rest, size_t size)
{
    const char *taken = rest->data;
    if (rest->size < size)
        die("the records are cut short");
    rest->data += size;
    rest->size -= size;
    return taken;
}

static struct record next_record(struct driftcore_slice *rest)
{
    struct record record = {0};
    const char *head = take(rest, 4);
    record.operation = (unsigned char)head[0];
    record.has_value = (unsigned char)head[1];
    record.arguments = (unsigned char)head[2];
    record.results = (unsigned char)head[3];
    if (record.arguments + record.results > MOST)
        die("a record has too many parts");
    for (unsigned i = 0; i < record.arguments + record.results; i++) {
        uint32_t size = (uint32_t)little_endian(take(rest, 4), 4);
        record.is_none[i] = size == NONE;
        if (size != NONE)
            record.part[i] = (struct driftcore_slice){take(rest, size), size};
    }
    return record;
}

/* ---- one call ------------------------------------------------------------ */

static int64_t number_of(const struct record *record, unsigned at)
{
    if (record->part[at].size != 8)
        die("a number is not eight bytes");
    return (int64_t)little_endian(record->part[at].data, 8);
}

static void add(struct answer *answer, struct driftcore_slice part)
{
    answer->part[answer->parts++] = part;
}

static struct driftcore_slice hash_slice(const char *hash)
{
    return (struct driftcore_slice){hash, DRIFTCORE_HASH_SIZE};
}

static void export_payload(struct driftcore *context, const struct record *record, struct answer *answer)
{
    struct driftcore_export result;
    const struct driftcore_slice *merges =
        record->arguments < 2 || record->is_none[1] ? NULL : &record->part[1];
    answer->status = driftcore_process_export_payload(context, record->part[0], merges, &result);
    if (answer->status != DRIFTCORE_OK)
        return;
    memcpy(answer->hashes[0], result.value_hash, DRIFTCORE_HASH_SIZE);
    memcpy(answer->hashes[1], result.schema_hash, DRIFTCORE_HASH_SIZE);
    add(answer, result.normalized);
    add(answer, result.decoded);
    add(answer, hash_slice(answer->hashes[0]));
    add(answer, result.schema);
    add(answer, hash_slice(answer->hashes[1]));
    add(answer, result.struct_bytes);
}

static void span(struct driftcore *context, const struct record *record, struct answer *answer)
{
    const struct driftcore_slice *part = record->part;
    if (record->arguments != 29)
        die("a span has 29 arguments");
    struct driftcore_span span = {
        .trace_id = part[0],
        .span_id = part[1],
        .parent_span_id = part[2],
        .name = part[3],
        .package_name = part[4],
        .instrumentation_name = part[5],
        .submodule_name = part[6],
        .package_type = (int)number_of(record, 7),
        .has_environment = !record->is_none[8],
        .environment = part[8],
        .kind = (int)number_of(record, 9),
        .input_schema_json = part[10],
        .output_schema_json = part[11],
        .input_schema_hash = part[12],
        .output_schema_hash = part[13],
        .input_value_hash = part[14],
        .output_value_hash = part[15],
        .status_code = (int)number_of(record, 16),
        .status_message = part[17],
        .is_pre_app_start = number_of(record, 18) != 0,
        .is_root_span = number_of(record, 19) != 0,
        .timestamp_seconds = number_of(record, 20),
        .timestamp_nanos = (int32_t)number_of(record, 21),
        .duration_seconds = number_of(record, 22),
        .duration_nanos = (int32_t)number_of(record, 23),
        .metadata_json = part[24],
        .input_value_json = part[25],
        .output_value_json = part[26],
        .input_struct_bytes = part[27],
        .output_struct_bytes = part[28],
    };
    struct driftcore_slice bytes;
    answer->status = driftcore_build_span(context, &span, &bytes);
    if (answer->status == DRIFTCORE_OK)
        add(answer, bytes);
}

/* `*answer` is filled in place, since its parts point into it. */
static void call(struct driftcore *context, const struct record *record, struct answer *answer)
{
    *answer = (struct answer){0};
    struct driftcore_slice slice;
    size_t count;
    switch (record->operation) {
    case NORMALIZE:
        answer->status = driftcore_normalize_json(context, record->part[0], &slice);
        add(answer, slice);
        break;
    case HASH:
        answer->status = driftcore_deterministic_hash(context, record->part[0], answer->hashes[0]);
        add(answer, hash_slice(answer->hashes[0]));
        break;
    case BOTH:
        answer->status = driftcore_normalize_and_hash(context, record->part[0], &slice, answer->hashes[0]);
        add(answer, slice);
        add(answer, hash_slice(answer->hashes[0]));
        break;
    case STRUCT:
        answer->status = driftcore_struct_bytes(context, record->part[0], &slice);
        add(answer, slice);
        break;
    case COUNT:
        answer->status = driftcore_struct_field_count(context, record->part[0], &count);
        for (int i = 0; answer->status == DRIFTCORE_OK && i < 8; i++)
            answer->count[i] = (char)(count >> 8 * i & 0xFF);
        add(answer, (struct driftcore_slice){answer->count, sizeof(answer->count)});
        break;
    case EXPORT:
        export_payload(context, record, answer);
        break;
    case SPAN:
        span(context, record, answer);
        break;
    case REQUEST:
        answer->status = driftcore_build_export_request(context, record->part[0], record->part[1],
                                                       record->part[2], record->part[3], record->part + 4,
                                                       record->arguments - 4, &slice);
        add(answer, slice);
        break;
    default:
        die("an unknown operation");
    }
}

/* ---- judging ------------------------------------------------------------- */

static bool same_bytes(const struct record *record, const struct answer *answer)
{
    if (answer->parts != record->results)
        return false;
    for (unsigned i = 0; i < answer->parts; i++) {
        struct driftcore_slice expected = record->part[record->arguments + i], actual = answer->part[i];
        if (expected.size != actual.size ||
            (actual.size != 0 && memcmp(expected.data, actual.data, actual.size) != 0))
            return false;
    }
    return true;
}

static bool punts_well(enum driftcore_punt reason, bool has_value)
{
    bool is_error = reason != DRIFTCORE_PUNT_DEPTH && reason != DRIFTCORE_PUNT_SURROGATE;
    return reason != DRIFTCORE_PUNT_NONE && (!has_value || !is_error);
}

int main(int count, char **arguments)
{
    if (count != 2)
        die("name the file of records");
    struct driftcore_slice file = read_file(arguments[1]), rest = file;
    struct driftcore *context = driftcore_create(NULL);
    int values = 0, errors = 0, punted = 0, failed = 0;
    for (int number = 0; rest.size != 0; number++) {
        struct record record = next_record(&rest);
        struct answer answer;
        call(context, &record, &answer);
        bool holds;
        if (answer.status == DRIFTCORE_OK) {
            holds = record.has_value && same_bytes(&record, &answer);
            values += holds;
        } else if (answer.status == DRIFTCORE_INVALID_ARGUMENT) {
            holds = !record.has_value;
            errors += holds;
        } else {
            holds = answer.status == DRIFTCORE_PUNT &&
                    punts_well(driftcore_punt_reason(context), record.has_value);
            errors += holds && !record.has_value;
            punted += holds && record.has_value;
        }
        failed += !holds;
        if (!holds)
            fprintf(stderr, "record %d, operation %u, status %d, punt %s\n", number, record.operation,
                    (int)answer.status, driftcore_punt_name(driftcore_punt_reason(context)));
    }
    driftcore_destroy(context);
    free((char *)file.data);
    printf("%d values equal, %d errors punted, %d values punted, %d failed\n", values, errors, punted, failed);
    return failed != 0 || values < FEWEST_VALUES || errors < FEWEST_ERRORS;
}
