/*
 * The text must be an object or a list and end with its bracket.  Then every loop over
 * blanks, digits or letters stops at that bracket at the latest, and only strings and
 * the place behind a bracket need a look at the end.
 */
#include "normal.h"

#include "copy.h"
#include "digits.h"
#include "number.h"
#include "scan.h"
#include "utf8.h"

/* Beyond what is left of the input, the output always has room for one float and for careless copies. */
#define OUT_SLACK (NUMBER_TEXT_SIZE + 2 * COPY_SLACK)

/* A container that is open. */
struct frame {
    bool is_object;
    uint32_t shape;              /* expected of this object, or of the objects in this list */
    uint32_t follow, follow_end; /* members of the shape expected next; none are when a key was another */
    uint32_t base;               /* of its pending members */
    uint32_t object;             /* its own place among the objects */
};

struct scan {
    struct normal *normal;
    struct growing text;
    const char *last, *end; /* the last bracket and the end of the input */
    bool sortable;
    enum driftcore_status failure; /* why a step gave up: PUNT unless there was no memory */
};

void normal_create(struct normal *normal, const struct driftcore_allocator *allocator)
{
    order_create(&normal->order, allocator);
    normal->out = (struct buffer){.allocator = allocator};
}

void normal_trim(struct normal *normal)
{
    order_trim(&normal->order);
    buffer_trim(&normal->out);
}

void normal_release(struct normal *normal)
{
    order_release(&normal->order);
    buffer_release(&normal->out);
}

/* ---- the text as it grows ----------------------------------------------------- */

/* Where in the normal text a place of the input is that lies in the present run. */
static inline uint32_t place_of(const struct scan *scan, const char *at)
{
    return (uint32_t)(scan->text.written + (size_t)(at - scan->text.run));
}

static bool make_room(struct scan *scan)
{
    struct buffer *out = &scan->normal->out;
    out->size = scan->text.written;
    if (!buffer_reserve(out, (size_t)(scan->end - scan->text.run) + OUT_SLACK)) {
        scan->failure = DRIFTCORE_NO_MEMORY;
        return false;
    }
    scan->text.out = out->data;
    return true;
}

/* End the run at `end` and begin the next at `next`. */
static inline bool cut(struct scan *scan, const char *end, const char *next)
{
    struct growing *text = &scan->text;
    if (text->out == NULL && !make_room(scan))
        return false;
    char *out = scan->normal->out.data;
    text->written = (size_t)(copy_behind(out + text->written, text->run, (size_t)(end - text->run), scan->end) - out);
    text->run = next;
    return true;
}

/* Write something that stands for no more of the input than is behind the last cut. */
static void put(struct scan *scan, const char *bytes, size_t size)
{
    memcpy(scan->normal->out.data + scan->text.written, bytes, size);
    scan->text.written += size;
}

/* ---- strings -------------------------------------------------------------------- */

static int hex_digit(char c)
{
    char lower = (char)(c | 0x20);
    if (c >= '0' && c <= '9')
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Four hex digits that end before the last bracket, or -1. */
static int32_t read_hex4(const struct scan *scan, const char *at)
{
    if (scan->last - at < 4)
        return -1;
    int32_t number = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        number = number * 16 + digit;
    }
    return number;
}

/* The normal form of a character that is not written as it is; gives its size, 0 for one that is. */
static size_t escape_of(int32_t unit, char escape[6])
{
    static const char letters[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    static const char hex[] = "0123456789abcdef";
    escape[0] = '\\';
    escape[1] = (char)unit;
    if (unit == '"' || unit == '\\')
        return 2;
    if (unit >= 0x20)
        return 0;
    escape[1] = letters[unit];
    if (escape[1] != '\0')
        return 2;
    memcpy(escape + 1, "u00", 3);
    escape[4] = hex[unit >> 4];
    escape[5] = hex[unit & 0xF];
    return 6;
}

/* \uXXXX, or two for a surrogate pair; `at` is the backslash.  Gives the end, or NULL. */
static const char *skip_unicode_escape(struct scan *scan, const char *at)
{
    char text[6];
    int32_t unit = read_hex4(scan, at + 2);
    if (unit < 0)
        return NULL;
    const char *end = at + 6;
    size_t size = escape_of(unit, text);
    if (size == 6 && memcmp(text, at, 6) == 0)
        return end;
    if (size == 0) {
        uint32_t code_point = (uint32_t)unit;
        if (unit >= 0xD800 && unit <= 0xDFFF) {
            int32_t low = unit <= 0xDBFF && end[0] == '\\' && end[1] == 'u' ? read_hex4(scan, end + 2) : -1;
            if (low < 0xDC00 || low > 0xDFFF)
                return NULL;
            code_point = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
            end += 6;
        }
        size = utf8_encode(text, code_point);
    }
    if (!cut(scan, at, end))
        return NULL;
    put(scan, text, size);
    return end;
}

/* A backslash and what it escapes. */
static const char *skip_odd_escape(struct scan *scan, const char *at)
{
    if (at[1] == 'u')
        return skip_unicode_escape(scan, at);
    if (at[1] == '/')
        return cut(scan, at, at + 1) ? at + 2 : NULL;
    return NULL;
}

/* A string from behind its opening quote; gives the end behind the closing one, or NULL. */
static inline const char *skip_string(struct scan *scan, const char *at)
{
    static const bool normal_escape[256] = {['"'] = true, ['\\'] = true, ['b'] = true, ['f'] = true,
                                            ['n'] = true, ['r'] = true,  ['t'] = true};
    for (;;) {
        at = scan_plain(at, scan->last);
        if (at == scan->last)
            return NULL;
        if (*at == '"')
            return at + 1;
        if (*at != '\\')
            return NULL;
        if (normal_escape[(unsigned char)at[1]]) {
            at += 2;
            continue;
        }
        at = skip_odd_escape(scan, at);
        if (at == NULL)
            return NULL;
    }
}

/* ---- other tokens --------------------------------------------------------------- */

static const char *skip_blanks(struct scan *scan, const char *at)
{
    const char *start = at;
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')
        at++;
    return cut(scan, start, at) ? at : NULL;
}

static inline bool may_be_blank(char c)
{
    return (unsigned char)c <= ' ';
}

static const char *skip_word(const struct scan *scan, const char *at, const char *word, size_t size)
{
    if ((size_t)(scan->last - at) < size || memcmp(at, word, size) != 0)
        return NULL;
    return at + size;
}

/* A float in whatever form, from `start` to `end`, put in its normal form. */
static const char *rewrite_float(struct scan *scan, const char *start, const char *end)
{
    double number;
    char text[NUMBER_TEXT_SIZE];
    if (!number_read_short(start, (size_t)(end - start), &number))
        return NULL;
    size_t size;
    if (__builtin_isinf(number)) {
        size = number < 0 ? 9 : 8;
        memcpy(text, number < 0 ? "-Infinity" : "Infinity", size);
    } else {
        size = number_write(number, text);
    }
    if (size == (size_t)(end - start) && memcmp(text, start, size) == 0)
        return end;
    if (!cut(scan, start, end) || !make_room(scan))
        return NULL;
    put(scan, text, size);
    return end;
}

/* The rest of a float; `at` stands behind its int part, on a point or an exponent. */
static const char *skip_float(struct scan *scan, const char *start, const char *digits, const char *at)
{
    size_t int_count = (size_t)(at - digits);
    const char *fraction = at;
    if (*at == '.') {
        fraction = at + 1;
        at = digits_end(fraction, scan->end);
        if (at == fraction)
            return NULL;
    }
    size_t fraction_count = (size_t)(at - fraction);
    if (*at == 'e' || *at == 'E') {
        at++;
        at += *at == '+' || *at == '-';
        const char *exponent = at;
        at = digits_end(at, scan->end);
        return at == exponent ? NULL : rewrite_float(scan, start, at);
    }
    if (decimal_is_repr(digits, int_count, fraction, fraction_count)
        || long_decimal_is_repr(digits, int_count, fraction, fraction_count))
        return at;
    return rewrite_float(scan, start, at);
}

static inline const char *skip_number(struct scan *scan, const char *at)
{
    const char *start = at;
    at += *at == '-';
    const char *digits = at;
    at = *at == '0' ? at + 1 : digits_end(at, scan->end);
    size_t count = (size_t)(at - digits);
    if (count == 0)
        return skip_word(scan, at, "Infinity", 8);
    if (*at == '.' || *at == 'e' || *at == 'E')
        return skip_float(scan, start, digits, at);
    if (count > DRIFTCORE_SMALLEST_DIGIT_LIMIT)
        return NULL;
    if (*start == '-' && *digits == '0' && !cut(scan, start, digits))
        return NULL;
    return at;
}

/* ---- objects ---------------------------------------------------------------------- */

static bool add_pending(struct scan *scan, struct member member)
{
    struct buffer *pending = &scan->normal->order.pending;
    if (!buffer_reserve(pending, sizeof(member))) {
        scan->failure = DRIFTCORE_NO_MEMORY;
        return false;
    }
    memcpy(pending->data + pending->size, &member, sizeof(member));
    pending->size += sizeof(member);
    return true;
}

/* A key and its colon; gives the place of the value, or NULL. */
static inline const char *skip_key(struct scan *scan, struct frame *frame, const char *at)
{
    const struct order *order = &scan->normal->order;
    uint32_t start = place_of(scan, at), size, objects = order_objects_count(order);
    if (*at != '"')
        return NULL;
    bool as_expected = false;
    if (frame->follow != frame->follow_end) {
        const struct member *expected = order_members(order) + frame->follow;
        size_t room = (size_t)(scan->end - at);
        size = expected->size;
        as_expected = size + 2 <= room && same_text(at, growing_at(&scan->text, expected->start), size + 2, room);
    }
    if (as_expected) {
        frame->follow++;
        at += size + 2;
    } else {
        frame->follow = 0;
        frame->follow_end = 0;
        frame->shape = 0;
        size_t written = scan->text.written;
        at = skip_string(scan, at + 1);
        if (at == NULL)
            return NULL;
        /* A key that was changed is written out, so that it lies in one piece. */
        if (scan->text.written != written && !cut(scan, at, at))
            return NULL;
        size = place_of(scan, at) - start - 2;
    }
    if (!add_pending(scan, (struct member){start, size, objects, 0}))
        return NULL;
    if (*at != ':') {
        if (!may_be_blank(*at))
            return NULL;
        at = skip_blanks(scan, at);
        if (at == NULL || *at != ':')
            return NULL;
    }
    at++;
    return may_be_blank(*at) ? skip_blanks(scan, at) : at;
}

/* What shape an object that stands in this container is expected to have, to be read and learned. */
static inline uint32_t *expectation(struct scan *scan, struct frame *frame)
{
    const struct order *order = &scan->normal->order;
    if (!frame->is_object)
        return &frame->shape;
    if (frame->follow != 0)
        return &order_members(order)[frame->follow - 1].child;
    return &order_pending(order)[order_pending_count(order) - 1].child;
}

static bool open_object(struct scan *scan, struct frame *frame, const char *at)
{
    struct order *order = &scan->normal->order;
    const struct shape *expected = order_shapes(order) + frame->shape;
    frame->follow = expected->first;
    frame->follow_end = expected->first + expected->count;
    frame->base = order_pending_count(order);
    if (!scan->sortable)
        return true;
    frame->object = order_objects_count(order);
    if (!buffer_reserve(&order->objects, sizeof(struct object))) {
        scan->failure = DRIFTCORE_NO_MEMORY;
        return false;
    }
    order_objects(order)[frame->object].start = place_of(scan, at);
    order->objects.size += sizeof(struct object);
    return true;
}

/* Keep what sorting needs of an object that ends before `at`. */
static bool record_object(struct scan *scan, const struct frame *frame, const char *at)
{
    struct order *order = &scan->normal->order;
    struct object *object = order_objects(order) + frame->object;
    const struct shape *shape = order_shapes(order) + frame->shape;
    if (shape->order == ORDER_SORTED) {
        object->shape = 0;
        if (frame->object + 1 == order_objects_count(order))
            order->objects.size -= sizeof(struct object);
        return true;
    }
    object->end = place_of(scan, at);
    object->shape = frame->shape;
    object->next = order_objects_count(order);
    object->first = shape->first;
    const struct member *pending = order_pending(order) + frame->base;
    if (order_members(order)[shape->first].start != pending->start) {
        size_t bytes = shape->count * sizeof(struct member);
        if (!buffer_reserve(&order->members, bytes)) {
            scan->failure = DRIFTCORE_NO_MEMORY;
            return false;
        }
        object->first = order_members_count(order);
        memcpy(order_members(order) + object->first, pending, bytes);
        order->members.size += bytes;
    }
    return true;
}

/* The end of an object, `at` behind its bracket. */
static inline bool close_object(struct scan *scan, struct frame *frame, const char *at)
{
    struct order *order = &scan->normal->order;
    bool as_expected = frame->follow != 0 && frame->follow == frame->follow_end;
    if (!as_expected) {
        if (frame->base == order_pending_count(order)) {
            frame->shape = 0;
        } else {
            enum driftcore_status status = order_add_shape(order, frame->base, &scan->text, &frame->shape);
            if (status != DRIFTCORE_OK) {
                scan->failure = status;
                return false;
            }
        }
    }
    if (scan->sortable && !record_object(scan, frame, at))
        return false;
    order->pending.size = frame->base * sizeof(struct member);
    return true;
}

/* ---- the whole text ----------------------------------------------------------------- */

/* The value at `at`, an object or a list; gives its end, or NULL. */
static const char *skip_value(struct scan *scan, const char *at)
{
    struct frame frames[1 + DRIFTCORE_MAX_DEPTH]; /* the first stands around the whole text */
    struct frame *frame = frames;
    *frame = (struct frame){.is_object = false};

value:
    switch (*at) {
    case '"':
        at = skip_string(scan, at + 1);
        break;
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
        at = skip_number(scan, at);
        break;
    case '{':
    case '[': {
        uint32_t shape = *expectation(scan, frame);
        if (frame++ == frames + DRIFTCORE_MAX_DEPTH)
            return NULL;
        *frame = (struct frame){.is_object = *at == '{', .shape = shape};
        if (frame->is_object && !open_object(scan, frame, at))
            return NULL;
        at++;
        if (may_be_blank(*at) && (at = skip_blanks(scan, at)) == NULL)
            return NULL;
        if (*at == '}' || *at == ']')
            goto close;
        if (!frame->is_object)
            goto value;
        at = skip_key(scan, frame, at);
        if (at == NULL)
            return NULL;
        goto value;
    }
    case 't':
        at = skip_word(scan, at, "true", 4);
        break;
    case 'f':
        at = skip_word(scan, at, "false", 5);
        break;
    case 'n':
        at = skip_word(scan, at, "null", 4);
        break;
    case 'N':
        at = skip_word(scan, at, "NaN", 3);
        break;
    case 'I':
        at = skip_word(scan, at, "Infinity", 8);
        break;
    default:
        return NULL;
    }
    if (at == NULL)
        return NULL;

after_value:
    if (may_be_blank(*at) && (at = skip_blanks(scan, at)) == NULL)
        return NULL;
    if (*at == ',') {
        at++;
        if (may_be_blank(*at) && (at = skip_blanks(scan, at)) == NULL)
            return NULL;
        if (!frame->is_object)
            goto value;
        at = skip_key(scan, frame, at);
        if (at == NULL)
            return NULL;
        goto value;
    }

close:
    if (*at != (frame->is_object ? '}' : ']'))
        return NULL;
    at++;
    if (frame->is_object && !close_object(scan, frame, at))
        return NULL;
    uint32_t shape = frame->shape;
    if (--frame == frames)
        return at;
    if (shape != 0)
        *expectation(scan, frame) = shape;
    if (at == scan->end)
        return NULL;
    goto after_value;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

enum driftcore_status normal_read(struct normal *normal, struct driftcore_slice json, bool sortable)
{
    const char *at = json.data, *end = json.data + json.size;
    while (at < end && is_blank(*at))
        at++;
    while (at < end && is_blank(end[-1]))
        end--;
    if (end - at < 2 || (*at != '{' && *at != '[') || (end[-1] != '}' && end[-1] != ']')
        || json.size > ORDER_LARGEST_TEXT)
        return DRIFTCORE_PUNT;
    if (!order_start(&normal->order))
        return DRIFTCORE_NO_MEMORY;
    struct scan scan = {
        .normal = normal,
        .text = {.run = at},
        .last = end - 1,
        .end = end,
        .sortable = sortable,
        .failure = DRIFTCORE_PUNT,
    };
    const char *start = at;
    at = skip_value(&scan, at);
    if (at == NULL)
        return scan.failure;
    if (at != end)
        return DRIFTCORE_PUNT;
    if (scan.text.out == NULL) {
        normal->text = (struct driftcore_slice){start, (size_t)(end - start)};
        return DRIFTCORE_OK;
    }
    if (!cut(&scan, end, end))
        return scan.failure;
    normal->out.size = scan.text.written;
    normal->text = buffer_slice(&normal->out);
    return DRIFTCORE_OK;
}

enum driftcore_status normal_sorted(struct normal *normal, struct buffer *out, struct driftcore_slice *sorted)
{
    *sorted = normal->text;
    if (order_objects_count(&normal->order) == 0)
        return DRIFTCORE_OK;
    out->size = 0;
    if (!buffer_reserve(out, normal->text.size + COPY_SLACK))
        return DRIFTCORE_NO_MEMORY;
    order_write(&normal->order, normal->text, out->data);
    out->size = normal->text.size;
    *sorted = buffer_slice(out);
    return DRIFTCORE_OK;
}
