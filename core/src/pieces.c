#include "pieces.h"

#include "copy.h"
#include "string_run.h"
#include "wire.h"

enum { STRUCT_FIELDS = 1, ENTRY_KEY = 1, ENTRY_VALUE = 2, LIST_VALUES = 1 };
enum { VALUE_NULL = 1, VALUE_NUMBER = 2, VALUE_STRING = 3, VALUE_BOOL = 4, VALUE_STRUCT = 5, VALUE_LIST = 6 };

#define LONGEST_VARINT 10
/* Tags and lengths in front of a value's own content: of the entry, its key, its value and the content. */
#define LONGEST_HEAD (4 * (1 + LONGEST_VARINT))

static struct head *heads_of(const struct pieces *pieces)
{
    return (struct head *)(void *)pieces->heads.data;
}

void pieces_clear(struct pieces *pieces)
{
    pieces->bytes.size = 0;
    pieces->heads.size = 0;
    pieces->head_bytes = 0;
}

bool pieces_start(struct pieces *pieces, const char *start, const char *end)
{
    pieces_clear(pieces);
    pieces->end = end;
    /* Rows take a fifth more than their text, strings take less; numbers of one digit grow further. */
    size_t size = (size_t)(end - start);
    return buffer_reserve(&pieces->bytes, size + size / 4);
}

static size_t entry_size(struct place place, size_t value)
{
    return optional_size(ENTRY_KEY, place.key_size) + delimited_size(ENTRY_VALUE, value);
}

/*
 * All that stands in front of a google.protobuf.Value of so many bytes.  With an `end` of
 * the key's memory COPY_SLACK bytes behind may be written too.
 */
static __attribute__((noinline)) char *put_any_place(char *out, struct place place, size_t value, const char *end)
{
    if (place.key == NULL)
        return put_delimited_head(out, LIST_VALUES, value);
    out = put_delimited_head(out, STRUCT_FIELDS, entry_size(place, value));
    if (place.key_size != 0) {
        out = put_delimited_head(out, ENTRY_KEY, place.key_size);
        out = end != NULL ? copy_behind(out, place.key, place.key_size, end)
                          : put_bytes(out, place.key, place.key_size);
    }
    return put_delimited_head(out, ENTRY_VALUE, value);
}

/* The same, at once for most members: those of which each length is one byte. */
static inline __attribute__((always_inline)) char *put_place(char *out, struct place place, size_t value,
                                                             const char *end)
{
    size_t entry = 4 + place.key_size + value;
    if (place.key_size == 0 || entry > 0x7F)
        return put_any_place(out, place, value, end);
    out[0] = DELIMITED_TAG(STRUCT_FIELDS);
    out[1] = (char)entry;
    out[2] = DELIMITED_TAG(ENTRY_KEY);
    out[3] = (char)place.key_size;
    out = copy_behind(out + 4, place.key, place.key_size, end);
    out[0] = DELIMITED_TAG(ENTRY_VALUE);
    out[1] = (char)value;
    return out + 2;
}

/* Room for a value's place and `content` bytes; NULL when there is none. */
static inline char *reserve(struct pieces *pieces, struct place place, size_t content)
{
    size_t needed;
    if (!size_add(place.key_size, content, &needed) || !size_add(needed, LONGEST_HEAD + COPY_SLACK, &needed)
        || !buffer_reserve(&pieces->bytes, needed))
        return NULL;
    return pieces->bytes.data + pieces->bytes.size;
}

static inline void add_until(struct pieces *pieces, const char *end)
{
    pieces->bytes.size = (size_t)(end - pieces->bytes.data);
}

bool pieces_add_null(struct pieces *pieces, struct place place)
{
    char *at = reserve(pieces, place, 2);
    if (at == NULL)
        return false;
    at = put_place(at, place, 2, pieces->end);
    add_until(pieces, put_varint(put_tag(at, VALUE_NULL, WIRE_VARINT), 0));
    return true;
}

bool pieces_add_bool(struct pieces *pieces, struct place place, bool value)
{
    char *at = reserve(pieces, place, 2);
    if (at == NULL)
        return false;
    at = put_place(at, place, 2, pieces->end);
    add_until(pieces, put_varint(put_tag(at, VALUE_BOOL, WIRE_VARINT), value));
    return true;
}

bool pieces_add_number(struct pieces *pieces, struct place place, double number)
{
    char *at = reserve(pieces, place, 9);
    if (at == NULL)
        return false;
    if (place.key == NULL) { /* long lists are most often of numbers */
        at[0] = DELIMITED_TAG(LIST_VALUES);
        at[1] = 9;
        at += 2;
    } else {
        at = put_place(at, place, 9, pieces->end);
    }
    add_until(pieces, put_double(put_tag(at, VALUE_NUMBER, WIRE_FIXED64), number));
    return true;
}

bool pieces_add_string(struct pieces *pieces, struct place place, const char *text, size_t size)
{
    char *at = reserve(pieces, place, size);
    if (at == NULL)
        return false;
    at = put_place(at, place, delimited_size(VALUE_STRING, size), pieces->end);
    add_until(pieces, copy_behind(put_delimited_head(at, VALUE_STRING, size), text, size, pieces->end));
    return true;
}

/* Bytes in front of a string of so many. */
static size_t string_head_size(struct place place, size_t size)
{
    size_t value = delimited_size(VALUE_STRING, size);
    size_t all = place.key == NULL ? delimited_size(LIST_VALUES, value)
                                   : delimited_size(STRUCT_FIELDS, entry_size(place, value));
    return all - size;
}

/* Behind the head that the longest text would have: a text that fills most of it need not be moved. */
char *pieces_string_room(struct pieces *pieces, struct place place, size_t longest)
{
    size_t room;
    char *at = size_add(longest, STRING_RUN_SLACK, &room) ? reserve(pieces, place, room) : NULL;
    return at == NULL ? NULL : at + string_head_size(place, longest);
}

void pieces_add_room(struct pieces *pieces, struct place place, const char *room, size_t size)
{
    char *at = pieces->bytes.data + pieces->bytes.size, *text = at + string_head_size(place, size);
    if (text != room)
        memmove(text, room, size);
    at = put_any_place(at, place, delimited_size(VALUE_STRING, size), NULL);
    put_delimited_head(at, VALUE_STRING, size);
    add_until(pieces, text + size);
}

bool pieces_open(struct pieces *pieces, struct place place, bool is_object, struct opened *opened)
{
    if (!buffer_reserve(&pieces->heads, sizeof(struct head)))
        return false;
    *opened = (struct opened){pieces->heads.size / sizeof(struct head), pieces->head_bytes};
    heads_of(pieces)[opened->head] = (struct head){
        .key = place.key == NULL ? 0 : (uint32_t)(pieces->end - place.key),
        .key_size = place.key_size & INT32_MAX,
        .is_object = is_object,
        .at = pieces->bytes.size,
    };
    pieces->heads.size += sizeof(struct head);
    return true;
}

static inline unsigned field_of(const struct head *head)
{
    return head->is_object ? VALUE_STRUCT : VALUE_LIST;
}

static inline struct place place_of_head(const struct pieces *pieces, const struct head *head)
{
    return (struct place){head->key == 0 ? NULL : pieces->end - head->key, head->key_size};
}

/* All that a container inside another one takes, its content included. */
static inline size_t whole_size(const struct pieces *pieces, const struct head *head)
{
    struct place place = place_of_head(pieces, head);
    size_t value = delimited_size(field_of(head), head->content);
    return place.key == NULL ? delimited_size(LIST_VALUES, value)
                             : delimited_size(STRUCT_FIELDS, entry_size(place, value));
}

static char *put_head(char *out, const struct pieces *pieces, const struct head *head)
{
    size_t value = delimited_size(field_of(head), head->content);
    out = put_any_place(out, place_of_head(pieces, head), value, NULL);
    return put_delimited_head(out, field_of(head), head->content);
}

void pieces_close(struct pieces *pieces, struct opened opened)
{
    struct head *head = heads_of(pieces) + opened.head;
    size_t content = pieces->bytes.size - head->at + (pieces->head_bytes - opened.head_bytes);
    head->content = content;
    if (opened.head != 0)
        pieces->head_bytes += whole_size(pieces, head) - content;
}

size_t pieces_size(const struct pieces *pieces)
{
    return pieces->heads.size == 0 ? pieces->bytes.size : heads_of(pieces)->content;
}

static size_t heads_count(const struct pieces *pieces)
{
    return pieces->heads.size / sizeof(struct head);
}

void pieces_write(const struct pieces *pieces, char *out)
{
    const char *bytes = pieces->bytes.data;
    size_t copied = 0;
    if (bytes == NULL)
        return;
    for (size_t i = 1; i < heads_count(pieces); i++) {
        const struct head *head = &heads_of(pieces)[i];
        out = put_bytes(out, bytes + copied, head->at - copied);
        copied = head->at;
        out = put_head(out, pieces, head);
    }
    put_bytes(out, bytes + copied, pieces->bytes.size - copied);
}

/* From the last head to the first: nothing moves onto bytes that are still to be moved. */
bool pieces_join(struct pieces *pieces)
{
    size_t size = pieces_size(pieces), left = pieces->bytes.size;
    if (size == 0)
        return true;
    if (size > pieces->bytes.capacity && !buffer_grow_exactly(&pieces->bytes, size - left))
        return false;
    char *out = pieces->bytes.data + size;
    for (size_t i = heads_count(pieces); i > 1; i--) {
        const struct head *head = &heads_of(pieces)[i - 1];
        size_t behind = left - head->at;
        out -= behind;
        if (behind <= PUT_BYTES_AT_ONCE)
            put_bytes(out, pieces->bytes.data + head->at, behind);
        else
            memmove(out, pieces->bytes.data + head->at, behind);
        left = head->at;
        out -= whole_size(pieces, head) - head->content;
        put_head(out, pieces, head);
    }
    pieces_clear(pieces);
    pieces->bytes.size = size;
    return true;
}
