/*
 * A second opinion on protobuf bytes, from protobuf-c's own runtime: messages are
 * unpacked and compared by meaning, and made again from JSON without the core's writer.
 */
#ifndef DRIFTCORE_TESTS_MESSAGES_H
#define DRIFTCORE_TESTS_MESSAGES_H

#include "support.h"

#include "google/protobuf/struct.pb-c.h"
#include "tusk/drift/backend/v1/span_export_service.pb-c.h"
#include "tusk/drift/core/v1/json_schema.pb-c.h"
#include "tusk/drift/core/v1/span.pb-c.h"

/* The message of some bytes, or NULL; released with message_free(). */
ProtobufCMessage *message_unpack(const ProtobufCMessageDescriptor *descriptor, struct driftcore_slice bytes);
void message_free(void *message);

/*
 * Whether protobuf-c reads a message, as a whole or field by field.  Its runtime takes
 * no length of more than five bytes and, of a message that is given twice, none
 * whose oneofs are unset in both; neither is wrong.
 */
bool message_readable(const ProtobufCMessageDescriptor *descriptor, struct driftcore_slice bytes);

/* Whether two messages of one type mean the same: equal fields, order of repeated ones included. */
bool messages_equal(const void *a, const void *b);

/* Fail unless the bytes mean what `expected` does, which is packed and unpacked once; it is freed. */
void assert_means(struct driftcore_slice bytes, void *expected);

/* Messages made from trees, field by field. */
Google__Protobuf__Struct *struct_message(const struct node *object, bool skip_null);
Tusk__Drift__Core__V1__JsonSchema *schema_message(const struct node *schema);

/* A NUL-terminated copy, as protobuf-c keeps strings. */
char *string_copy(struct driftcore_slice text);

/* Append a varint, the lowest seven bits first. */
void text_put_varint(struct text *text, uint64_t number);

#endif
