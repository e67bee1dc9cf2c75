/*
 * driftcore: the hot paths of a tracing SDK in C, equal to Python byte for byte.
 *
 * The library reads JSON as Python's `json` module does, writes it back in a
 * normal form, hashes it, infers its schema, and encodes protobuf messages.  It
 * knows nothing of Python; the extension `driftcore_native` is built on top.
 *
 * What it cannot answer exactly, it does not answer: a call then returns
 * DRIFTCORE_PUNT and the caller asks the Python reference, which either raises
 * Python's own error or takes the slow road.
 *
 * Text in and out is UTF-8, a pointer and a length in bytes, without a
 * terminating NUL.  Input must be valid UTF-8 (a surrogate in three bytes is
 * not); this is the caller's part and is not checked, and invalid input costs
 * no more than invalid output.
 *
 * Ownership: input is borrowed for the call.  Output belongs to the context and
 * stays readable until the next call with it.  A context serves one thread at a
 * time; contexts share nothing.
 */
#ifndef DRIFTCORE_H
#define DRIFTCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Containers inside one another that the core handles; deeper input punts. */
#define DRIFTCORE_MAX_DEPTH 200

/* Hex digits of a SHA-256 digest; no NUL follows them. */
#define DRIFTCORE_HASH_SIZE 64

enum driftcore_status {
    DRIFTCORE_OK,
    DRIFTCORE_NO_MEMORY,        /* the allocator gave none; the context stays usable */
    DRIFTCORE_PUNT,             /* ask the reference; driftcore_punt_reason() says why */
    DRIFTCORE_INVALID_ARGUMENT, /* the caller broke a rule of this header */
};

/* Why a call punted.  All but DEPTH, SURROGATE, ASSUMPTION and TYPE are errors in Python too. */
enum driftcore_punt {
    DRIFTCORE_PUNT_NONE,
    DRIFTCORE_PUNT_SYNTAX,    /* not JSON */
    DRIFTCORE_PUNT_DIGITS,    /* an int longer than the limit in force */
    DRIFTCORE_PUNT_SURROGATE, /* half of a surrogate pair, alone */
    DRIFTCORE_PUNT_DEPTH,     /* nesting past DRIFTCORE_MAX_DEPTH, or its like in protobuf */
    DRIFTCORE_PUNT_OVERFLOW,  /* an int beyond double range where a double is wanted */
    DRIFTCORE_PUNT_MERGES,    /* merges that break the contract */
    DRIFTCORE_PUNT_SCHEMA,    /* a schema with a part of the wrong type */
    DRIFTCORE_PUNT_MALFORMED, /* protobuf bytes that are not well-formed */
    DRIFTCORE_PUNT_ASSUMPTION, /* the interpreter is not known to do what the core does */
    DRIFTCORE_PUNT_TYPE,      /* extension only: a type that is not exactly a JSON type */
    DRIFTCORE_PUNT_ARGUMENT,  /* extension only: an argument of the wrong type or range */
    DRIFTCORE_PUNT_COUNT
};

/* A short name for reports, such as "surrogate". */
const char *driftcore_punt_name(enum driftcore_punt reason);

/* Bytes that somebody else owns.  `data` may be NULL only when `size` is 0. */
struct driftcore_slice {
    const char *data;
    size_t size;
};

/* Where memory comes from.  `reallocate(state, NULL, n)` allocates; `release` takes NULL. */
struct driftcore_allocator {
    void *(*reallocate)(void *state, void *memory, size_t size);
    void (*release)(void *state, void *memory);
    void *state;
};

/* Scratch memory and settings for a sequence of calls. */
struct driftcore;

/*
 * A new context, or NULL when there is no memory.  `allocator` is copied; NULL
 * means the C library's.
 */
struct driftcore *driftcore_create(const struct driftcore_allocator *allocator);

/* Release a context and all output it owns.  NULL is allowed. */
void driftcore_destroy(struct driftcore *context);

/* Give back scratch memory beyond what small payloads need.  Ends the life of all output. */
void driftcore_trim(struct driftcore *context);

/*
 * Tells the most decimal digits an int may have, 0 for no limit: Python's
 * sys.get_int_max_str_digits().  It is asked only when an int of more than
 * DRIFTCORE_SMALLEST_DIGIT_LIMIT digits is met, since no limit is below that.
 */
#define DRIFTCORE_SMALLEST_DIGIT_LIMIT 640
typedef size_t driftcore_digit_limit(void *state);

/* Set the limit's source.  A new context has CPython's default, 4300. */
void driftcore_set_digit_limit(struct driftcore *context, driftcore_digit_limit *limit, void *state);

/*
 * What Python's base64.b64decode() does with characters behind a padding that completes a
 * group.  It ignored them until 3.13.12, 3.14.3 and all before 3.13; since then the padding is
 * skipped and they are decoded (python/cpython#145264).
 */
enum driftcore_padding {
    DRIFTCORE_PADDING_ENDS,    /* a new context's */
    DRIFTCORE_PADDING_SKIPPED,
    DRIFTCORE_PADDING_UNSURE,  /* text that hangs on it punts with ASSUMPTION */
};
void driftcore_set_padding(struct driftcore *context, enum driftcore_padding padding);

/* Why the last call punted, DRIFTCORE_PUNT_NONE when it did not. */
enum driftcore_punt driftcore_punt_reason(const struct driftcore *context);

/* ---- JSON text ---------------------------------------------------------- */

/* Compact JSON text: insertion order; of a repeated key the last value at the first position. */
enum driftcore_status driftcore_normalize_json(struct driftcore *context, struct driftcore_slice json,
                                               struct driftcore_slice *normalized);

/* SHA-256 of the compact text with keys sorted by code point at every level, as lower-case hex. */
enum driftcore_status driftcore_deterministic_hash(struct driftcore *context, struct driftcore_slice json,
                                                   char hash[DRIFTCORE_HASH_SIZE]);

/* Both of the above from one reading. */
enum driftcore_status driftcore_normalize_and_hash(struct driftcore *context, struct driftcore_slice json,
                                                   struct driftcore_slice *normalized,
                                                   char hash[DRIFTCORE_HASH_SIZE]);

/* google.protobuf.Struct bytes, fields in insertion order; no bytes for a non-object. */
enum driftcore_status driftcore_struct_bytes(struct driftcore *context, struct driftcore_slice json,
                                             struct driftcore_slice *bytes);

/* How many distinct keys the top level has; 0 for a non-object. */
enum driftcore_status driftcore_struct_field_count(struct driftcore *context, struct driftcore_slice json,
                                                   size_t *count);

/* All that an export needs of one payload. */
struct driftcore_export {
    struct driftcore_slice normalized;   /* JSON text */
    struct driftcore_slice decoded;      /* JSON text after the merges decoded top-level values */
    struct driftcore_slice schema;       /* JSON text of the decoded value's schema */
    struct driftcore_slice struct_bytes; /* Struct of the normalised value */
    char value_hash[DRIFTCORE_HASH_SIZE];
    char schema_hash[DRIFTCORE_HASH_SIZE];
};

/*
 * Normalise, decode, hash, infer the schema and encode.  `merges` is a JSON object
 * {key: {"encoding", "decoded_type", "match_importance"}}; NULL means none.
 */
enum driftcore_status driftcore_process_export_payload(struct driftcore *context, struct driftcore_slice json,
                                                       const struct driftcore_slice *merges,
                                                       struct driftcore_export *result);

/* ---- protobuf ----------------------------------------------------------- */

/* The largest numbers of the enums PackageType, SpanKind and StatusCode. */
#define DRIFTCORE_LARGEST_PACKAGE_TYPE 11
#define DRIFTCORE_LARGEST_SPAN_KIND 5
#define DRIFTCORE_LARGEST_STATUS_CODE 2

/*
 * A span's fields.  A number outside its enum is a DRIFTCORE_INVALID_ARGUMENT.
 *
 * The five JSON texts are objects.  An empty slice stands for a missing one.  A
 * value's Struct comes from its struct bytes when there are any, else from its
 * JSON text; a text that is not an object gives no Struct.
 */
struct driftcore_span {
    struct driftcore_slice trace_id, span_id, parent_span_id, name;
    struct driftcore_slice package_name, instrumentation_name, submodule_name;
    int package_type;
    bool has_environment;
    struct driftcore_slice environment;
    int kind;
    struct driftcore_slice input_schema_json, output_schema_json;
    struct driftcore_slice input_schema_hash, output_schema_hash;
    struct driftcore_slice input_value_hash, output_value_hash;
    int status_code;
    struct driftcore_slice status_message;
    bool is_pre_app_start, is_root_span;
    int64_t timestamp_seconds, duration_seconds;
    int32_t timestamp_nanos, duration_nanos;
    struct driftcore_slice metadata_json;
    struct driftcore_slice input_value_json, output_value_json;
    struct driftcore_slice input_struct_bytes, output_struct_bytes;
};

/* tusk.drift.core.v1.Span bytes.  Punts for struct bytes that are not a well-formed Struct. */
enum driftcore_status driftcore_build_span(struct driftcore *context, const struct driftcore_span *span,
                                           struct driftcore_slice *bytes);

/*
 * A whole span from its texts: what driftcore_process_export_payload() gives for both
 * payloads and driftcore_build_span() for the rest, in one call.
 *
 * The payloads are `span->input_value_json` and `span->output_value_json`, which must be
 * there; each pointer to merges may be NULL.  Schemas, hashes and struct bytes of `span` are
 * not looked at, they come out in `*input` and `*output`, whose `normalized` and `decoded`
 * stay empty.  Punts as the calls it stands for would, in their order: input, output,
 * span; a payload or merges text that is empty is no JSON.
 */
enum driftcore_status driftcore_export_span(struct driftcore *context, const struct driftcore_span *span,
                                            const struct driftcore_slice *input_merges,
                                            const struct driftcore_slice *output_merges,
                                            struct driftcore_export *input, struct driftcore_export *output,
                                            struct driftcore_slice *bytes);

/*
 * tusk.drift.backend.v1.ExportSpansRequest bytes.  Each of the `count` spans is
 * verified and passed through unchanged.
 */
enum driftcore_status driftcore_build_export_request(struct driftcore *context,
                                                     struct driftcore_slice service_id,
                                                     struct driftcore_slice environment,
                                                     struct driftcore_slice sdk_version,
                                                     struct driftcore_slice instance_id,
                                                     const struct driftcore_slice *spans, size_t count,
                                                     struct driftcore_slice *bytes);

/*
 * Whether bytes are a well-formed Span or Struct: DRIFTCORE_OK, or DRIFTCORE_PUNT
 * with MALFORMED or DEPTH.  What counts as well-formed is written down in the
 * reference, driftcore/reference/verify.py.
 */
enum driftcore_status driftcore_verify_span(struct driftcore *context, struct driftcore_slice bytes);
enum driftcore_status driftcore_verify_struct(struct driftcore *context, struct driftcore_slice bytes);

#ifdef __cplusplus
}
#endif

#endif
