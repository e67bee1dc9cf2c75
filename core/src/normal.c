#include "normal_scan.h"

#define OUTLINE_NONE SIZE_MAX

/* A container that is open. */
struct frame {
    uint32_t shape;              /* expected of this object, or of the objects in this list */
    uint32_t follow, follow_end; /* members of the shape expected next; none are when a key was another */
    uint32_t base;               /* of its pending members */
    uint32_t object;             /* its own place among the objects */
    bool is_object;
    bool outlined;               /* the next value goes into the outline */
    struct opened opened;        /* among the pieces */
    size_t node, size;           /* in the outline, or OUTLINE_NONE; and how many children there */
};

void normal_create(struct normal *normal, const struct driftcore_allocator *allocator)
{
    order_create(&normal->order, allocator);
    normal->pieces.bytes.allocator = allocator;
    normal->pieces.heads.allocator = allocator;
    normal->outline.allocator = allocator;
    normal->out.allocator = allocator;
    normal->open.allocator = allocator;
}

void normal_trim(struct normal *normal)
{
    order_trim(&normal->order);
    buffer_trim(&normal->pieces.bytes);
    buffer_trim(&normal->pieces.heads);
    tree_trim(&normal->outline);
    buffer_trim(&normal->out);
    buffer_trim(&normal->open);
}

void normal_release(struct normal *normal)
{
    order_release(&normal->order);
    buffer_release(&normal->pieces.bytes);
    buffer_release(&normal->pieces.heads);
    tree_release(&normal->outline);
    buffer_release(&normal->out);
    buffer_release(&normal->open);
}

/* ---- the outline -------------------------------------------------------------- */

static enum kind kind_of(char first)
{
    switch (first) {
    case '"':
        return KIND_PLAIN;
    case 't':
    case 'f':
        return KIND_TRUE;
    case 'n':
        return KIND_NULL;
    case '{':
        return KIND_OBJECT;
    case '[':
        return KIND_LIST;
    default:
        return KIND_INT;
    }
}

/* The value that starts with a character, and in a list the last one. */
static bool outline_value(struct scan *scan, struct frame *around, char first)
{
    struct tree *outline = &scan->normal->outline;
    if (!tree_reserve(outline, 1))
        return no_memory(scan);
    around->size++;
    around->outlined = around->is_object;
    tree_push_text(outline, kind_of(first), "", 0);
    return true;
}

/* ---- objects ---------------------------------------------------------------------- */

static bool add_pending(struct scan *scan, struct member member)
{
    struct buffer *pending = &scan->normal->order.pending;
    if (!buffer_reserve(pending, sizeof(member)))
        return no_memory(scan);
    order_pending(&scan->normal->order)[pending->size / sizeof(member)] = member;
    pending->size += sizeof(member);
    return true;
}

/*
 * Make the members pending that came as expected, before one that did not.  Only sorting
 * needs them where they are; for a shape the expected ones, whose keys they have, will do.
 */
static bool unfollow(struct scan *scan, const struct frame *frame)
{
    const struct order *order = &scan->normal->order;
    if ((scan->wanted & NORMAL_SORTABLE) != 0)
        return true;
    for (uint32_t i = order_shapes(order)[frame->shape].first; i < frame->follow; i++)
        if (!add_pending(scan, order_members(order)[i]))
            return false;
    return true;
}

/* Keep a key, as it stands in the input between its quotes, for its value. */
static bool hold_key(struct scan *scan, const struct frame *frame, const char *key, size_t size)
{
    scan->place = (struct place){key, size};
    if (!frame->outlined)
        return true;
    struct tree *outline = &scan->normal->outline;
    if (!tree_reserve(outline, 1))
        return no_memory(scan);
    tree_push_text(outline, KIND_PLAIN, key, size);
    return true;
}

/* The end of the key at `at` behind its quote, when it is the one that is expected; else NULL. */
static inline const char *skip_expected_key(const struct scan *scan, struct frame *frame, const char *at)
{
    if (frame->follow == frame->follow_end)
        return NULL;
    const struct member *expected = order_members(&scan->normal->order) + frame->follow;
    size_t quoted = (size_t)expected->size + 2, room = (size_t)(scan->end - at);
    if (quoted > room || !same_text(at, growing_at(&scan->text, expected->start), quoted, room))
        return NULL;
    frame->follow++;
    return at + quoted;
}

/* The same of any other key. */
static __attribute__((noinline)) const char *skip_new_key(struct scan *scan, struct frame *frame, const char *at)
{
    if (*at != '"' || (frame->follow_end != 0 && !unfollow(scan, frame)))
        return NULL;
    frame->follow = 0;
    frame->follow_end = 0;
    frame->shape = 0;
    at = scan_plain(at + 1, scan->last);
    return *at == '"' ? at + 1 : NULL; /* keys with escapes are for the reader */
}

/* A colon with blanks around it. */
static __attribute__((noinline)) const char *skip_wide_colon(struct scan *scan, const char *at)
{
    at = skip_blanks(scan, at);
    if (at == NULL || *at != ':')
        return NULL;
    return skip_blanks(scan, at + 1);
}

/* A key and its colon; gives the place of the value, or NULL. */
static inline const char *skip_key(struct scan *scan, struct frame *frame, const char *at)
{
    const char *end = skip_expected_key(scan, frame, at);
    bool is_new = end == NULL;
    if (is_new && (end = skip_new_key(scan, frame, at)) == NULL)
        return NULL;
    size_t size = (size_t)(end - at) - 2;
    if (is_new || (scan->wanted & NORMAL_SORTABLE) != 0) {
        uint32_t objects = order_objects_count(&scan->normal->order);
        if (!add_pending(scan, (struct member){place_of(scan, at), (uint32_t)size, objects, 0}))
            return NULL;
    }
    if ((scan->wanted & (NORMAL_STRUCT | NORMAL_OUTLINE)) != 0 && !hold_key(scan, frame, at + 1, size))
        return NULL;
    return end[0] == ':' && !may_be_blank(end[1]) ? end + 1 : skip_wide_colon(scan, end);
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
    if ((scan->wanted & NORMAL_SORTABLE) == 0)
        return true;
    frame->object = order_objects_count(order);
    if (!buffer_reserve(&order->objects, sizeof(struct object)))
        return no_memory(scan);
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
    object->first = order_slots_count(order);
    if (!buffer_reserve(&order->slots, shape->count * sizeof(struct slot)))
        return no_memory(scan);
    const struct member *pending = order_pending(order) + frame->base;
    struct slot *slots = order_slots(order) + object->first;
    for (uint32_t i = 0; i < shape->count; i++)
        slots[i] = (struct slot){pending[i].start, pending[i].objects};
    order->slots.size += shape->count * sizeof(struct slot);
    return true;
}

/* The end of an object, `at` behind its bracket. */
static inline bool close_object(struct scan *scan, struct frame *frame, const char *at)
{
    struct order *order = &scan->normal->order;
    bool as_expected = frame->follow != 0 && frame->follow == frame->follow_end;
    if (!as_expected) {
        if (frame->follow_end != 0 && !unfollow(scan, frame))
            return false;
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
    if ((scan->wanted & NORMAL_SORTABLE) != 0 && !record_object(scan, frame, at))
        return false;
    order->pending.size = frame->base * sizeof(struct member);
    return true;
}

/* ---- containers ------------------------------------------------------------------ */

/* Open the container at `at`, whose node, where `outlined`, is the last of the outline. */
static inline bool open_container(struct scan *scan, struct frame *around, bool outlined, const char *at)
{
    struct frame *frame = around + 1;
    *frame = (struct frame){.is_object = *at == '{', .shape = *expectation(scan, around), .outlined = outlined};
    frame->node = outlined ? scan->normal->outline.count - 1 : OUTLINE_NONE;
    if (frame->is_object && !open_object(scan, frame, at))
        return false;
    if ((scan->wanted & NORMAL_STRUCT) == 0)
        return true;
    if (!pieces_open(&scan->normal->pieces, scan->place, frame->is_object, &frame->opened))
        return no_memory(scan);
    scan->place = (struct place){NULL, 0};
    return true;
}

/* Close it, `at` behind its bracket. */
static inline bool close_container(struct scan *scan, struct frame *around, const char *at)
{
    struct frame *frame = around + 1;
    if (frame->is_object && !close_object(scan, frame, at))
        return false;
    if (frame->shape != 0)
        *expectation(scan, around) = frame->shape;
    if (scan->wanted & NORMAL_STRUCT) {
        pieces_close(&scan->normal->pieces, frame->opened);
        scan->place = (struct place){NULL, 0};
    }
    if (frame->node != OUTLINE_NONE)
        tree_close(&scan->normal->outline, frame->node, frame->size);
    return true;
}

#define FRAMES_FIRST 16
#define MOST_FRAMES (1 + DRIFTCORE_MAX_DEPTH) /* the first stands around the whole text */

/* Room for more frames than are used, all of which may move; NULL where no more are allowed or there is no memory. */
static __attribute__((noinline)) struct frame *more_frames(struct scan *scan, size_t used)
{
    struct buffer *open = &scan->normal->open;
    if (used == MOST_FRAMES)
        return NULL;
    open->size = used * sizeof(struct frame);
    if (!buffer_reserve(open, FRAMES_FIRST * sizeof(struct frame))) {
        no_memory(scan);
        return NULL;
    }
    return (struct frame *)(void *)open->data;
}

/* The last of the frames that there is room for. */
static const struct frame *last_frame(const struct scan *scan)
{
    const struct buffer *open = &scan->normal->open;
    size_t room = open->capacity / sizeof(struct frame);
    return (const struct frame *)(const void *)open->data + (room < MOST_FRAMES ? room : MOST_FRAMES) - 1;
}

/* ---- the whole text ----------------------------------------------------------------- */

/* The value at `at`, an object or a list; gives its end, or NULL. */
static const char *skip_value(struct scan *scan, const char *at)
{
    struct frame *frames = more_frames(scan, 0), *frame = frames;
    bool outlined;
    if (frame == NULL)
        return NULL;
    const struct frame *last = last_frame(scan);
    *frame = (struct frame){.outlined = (scan->wanted & NORMAL_OUTLINE) != 0};
    goto value;

key:
    at = skip_key(scan, frame, at);
    if (at == NULL)
        return NULL;

value:
    outlined = frame->outlined;
    if (outlined && !outline_value(scan, frame, *at))
        return NULL;
    if (*at == '"') {
        at = scan->wanted & NORMAL_STRUCT ? add_string(scan, at + 1) : skip_string(scan, at + 1);
        if (at == NULL)
            return NULL;
        goto after_value;
    }
    if (*at == '{' || *at == '[') {
        if (frame == last) {
            size_t used = (size_t)(frame - frames) + 1;
            frames = more_frames(scan, used);
            if (frames == NULL)
                return NULL;
            frame = frames + used - 1;
            last = last_frame(scan);
        }
        if (!open_container(scan, frame, outlined, at))
            return NULL;
        frame++;
        at++;
        if (may_be_blank(*at) && (at = skip_blanks(scan, at)) == NULL)
            return NULL;
        if (*at == '}' || *at == ']')
            goto close;
        if (frame->is_object)
            goto key;
        goto value;
    }
    at = *at <= '9' ? take_number(scan, at) : take_constant(scan, at);
    if (at == NULL)
        return NULL;

after_value:
    if (*at != ',' && may_be_blank(*at) && (at = skip_blanks(scan, at)) == NULL)
        return NULL;
    if (*at == ',') {
        at++;
        if (may_be_blank(*at) && (at = skip_blanks(scan, at)) == NULL)
            return NULL;
        if (frame->is_object)
            goto key;
        goto value;
    }

close:
    if (*at != (frame->is_object ? '}' : ']'))
        return NULL;
    at++;
    if (!close_container(scan, --frame, at))
        return NULL;
    if (frame == frames)
        return at;
    if (at == scan->end)
        return NULL;
    goto after_value;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

enum driftcore_status normal_read(struct normal *normal, struct driftcore_slice json, unsigned wanted)
{
    if (json.size < 2 || json.size > ORDER_LARGEST_TEXT)
        return DRIFTCORE_PUNT;
    const char *at = json.data, *end = json.data + json.size;
    while (at < end && is_blank(*at))
        at++;
    while (at < end && is_blank(end[-1]))
        end--;
    if (end - at < 2 || (*at != '{' && *at != '[') || (end[-1] != '}' && end[-1] != ']'))
        return DRIFTCORE_PUNT;
    if (!order_start(&normal->order))
        return DRIFTCORE_NO_MEMORY;
    normal->outline.count = 0;
    struct scan scan = {
        .normal = normal,
        .text = {.run = at},
        .last = end - 1,
        .end = end,
        .wanted = *at == '{' ? wanted : wanted & ~(unsigned)NORMAL_STRUCT,
        .failure = DRIFTCORE_PUNT,
    };
    pieces_clear(&normal->pieces);
    if ((scan.wanted & NORMAL_STRUCT) != 0 && !pieces_start(&normal->pieces, at, end))
        return DRIFTCORE_NO_MEMORY;
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
    if (!buffer_reserve(out, normal->text.size + COPY_SLACK)
        || !order_write(&normal->order, normal->text, out->data))
        return DRIFTCORE_NO_MEMORY;
    out->size = normal->text.size;
    *sorted = buffer_slice(out);
    return DRIFTCORE_OK;
}
