/*
 * No memory: each allocation of each public call fails once, or from there on.  The
 * call then says NO_MEMORY or ends as it should; nothing leaks; the next call works.
 * Behind that, the buffer and the arena by themselves.
 */
#include "calls.h"

#include "output.h"
#include "pieces.h"
#include "structpb.h"

#include <stdlib.h>

/* ---- calls without memory ------------------------------------------------------------ */

/* A call with the allocation at `fail_at` failing; false when it needs fewer than that. */
static bool check_failure(const struct call *call, const struct text *expected, size_t fail_at, bool for_good,
                          bool warm)
{
    struct counting counting;
    counting_start(&counting);
    if (!warm) {
        counting.fail_at = fail_at;
        counting.for_good = for_good;
    }
    struct driftcore *context = driftcore_create(&counting.allocator);
    if (context == NULL) {
        assert_int_equal(counting.blocks, 0);
        return true;
    }
    if (warm) {
        /* Another call has left its scratch memory behind. */
        struct text other = {0};
        calls[(size_t)(call - calls + 5) % CALLS].make(context, &other);
        free(other.data);
        counting.calls = 0;
        counting.fail_at = fail_at;
        counting.for_good = for_good;
    }
    struct text answer = {0};
    enum driftcore_status status = call->make(context, &answer);
    bool failed = counting.failures != 0;
    if (status == DRIFTCORE_NO_MEMORY) {
        assert_true(failed);
        if (driftcore_punt_reason(context) != DRIFTCORE_PUNT_NONE)
            fail_msg("%s, allocation %zu: no memory, and still the reason is %s", call->name, fail_at,
                     driftcore_punt_name(driftcore_punt_reason(context)));
    } else if (status != call->status) {
        fail_msg("%s, allocation %zu: status %d", call->name, fail_at, (int)status);
    } else {
        assert_slices_equal(text_slice(&answer), text_slice(expected));
    }

    counting.fail_at = 0;
    answer.size = 0;
    assert_int_equal(call->make(context, &answer), call->status);
    assert_int_equal(driftcore_punt_reason(context), call->reason);
    assert_slices_equal(text_slice(&answer), text_slice(expected));
    free(answer.data);
    driftcore_destroy(context);
    assert_int_equal(counting.blocks, 0);
    assert_int_equal(counting.bytes, 0);
    return failed;
}

static void check_failures(bool for_good, bool warm)
{
    size_t failures = 0;
    for (size_t i = 0; i < CALLS; i++) {
        struct driftcore *context = driftcore_create(NULL);
        struct text expected = {0};
        assert_int_equal(calls[i].make(context, &expected), calls[i].status);
        driftcore_destroy(context);
        size_t fail_at = 1;
        while (check_failure(&calls[i], &expected, fail_at, for_good, warm))
            fail_at++;
        failures += fail_at - 1;
        free(expected.data);
    }
    assert_true(failures > (warm ? 30u : 100u));
}

static void one_allocation_fails(void **state)
{
    (void)state;
    check_failures(false, false);
}

static void all_allocations_fail_from_one_on(void **state)
{
    (void)state;
    check_failures(true, false);
}

static void one_allocation_fails_in_a_context_that_was_used(void **state)
{
    (void)state;
    check_failures(false, true);
}

static void all_allocations_fail_in_a_context_that_was_used(void **state)
{
    (void)state;
    check_failures(true, true);
}

/* ---- sizes ----------------------------------------------------------------------------- */

static void sizes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    size_t size;
    assert_true(size_add(SIZE_MAX - 1, 1, &size));
    assert_int_equal(size, SIZE_MAX);
    assert_false(size_add(SIZE_MAX, 1, &size));
    assert_true(size_multiply(SIZE_MAX / 16, 16, &size));
    assert_false(size_multiply(SIZE_MAX / 16 + 1, 16, &size));
}

/* Sizes of which no memory is: whoever adds to them or multiplies them says no before it reads anything. */
static void what_no_memory_can_hold_is_refused(void **state)
{
    (void)state;
    struct buffer buffer = {.allocator = &plain_allocator};
    struct sizes sizes;
    assert_false(sizes_for(SIZE_MAX / 2, &buffer, &sizes));
    struct output output;
    output_open(&output, &buffer);
    assert_false(output_string(&output, "x", SIZE_MAX, ','));
    assert_false(output_escaped(&output, "x", SIZE_MAX / 2));
    assert_false(output_escaped(&output, "x", SIZE_MAX / QUOTE_LONGEST));
    buffer_release(&buffer);
    struct buffer full = {.allocator = &plain_allocator, .capacity = SIZE_MAX - 1};
    assert_false(buffer_grow(&full, SIZE_MAX));
    struct tree forest = {.allocator = &plain_allocator, .capacity = SIZE_MAX - 1};
    assert_false(tree_grow(&forest, SIZE_MAX));

    struct pieces pieces = {.bytes = {.allocator = &plain_allocator}, .heads = {.allocator = &plain_allocator}};
    struct place nowhere = {NULL, 0}, member = {"k", 1};
    volatile size_t largest = SIZE_MAX; /* a compiler that knows it warns of copies that are never made */
    pieces_clear(&pieces);
    assert_false(pieces_add_string(&pieces, nowhere, "x", largest));
    assert_false(pieces_add_string(&pieces, member, "x", largest));
    assert_null(pieces_string_room(&pieces, member, largest));

    struct tree tree = {.allocator = &plain_allocator};
    assert_true(tree_reserve(&tree, 1));
    tree.count = 1;
    assert_false(tree_reserve(&tree, SIZE_MAX));
    assert_false(tree_reserve(&tree, SIZE_MAX / 2));
    tree_release(&tree);
}

/* ---- the buffer ------------------------------------------------------------------------- */

static void a_buffer_keeps_its_content_while_it_grows(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct buffer buffer = {.allocator = &counting.allocator};
    for (size_t i = 0; i < 100000; i++) {
        assert_true(buffer_reserve(&buffer, 1));
        buffer.data[buffer.size++] = (char)(i * 31);
    }
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(buffer.data[i], (char)(i * 31));
    assert_true(counting.calls < 60); /* it grows by a share of itself, not by bytes */
    buffer_release(&buffer);
    assert_int_equal(counting.blocks, 0);
}

static void an_empty_buffer_is_valid(void **state)
{
    (void)state;
    struct buffer buffer = {.allocator = &plain_allocator};
    assert_true(buffer_reserve(&buffer, 0));
    assert_int_equal(buffer_slice(&buffer).size, 0);
    buffer_trim(&buffer);
    buffer_release(&buffer);
    buffer_release(&buffer);
}

static void a_buffer_that_cannot_grow_stays_as_it_is(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct buffer buffer = {.allocator = &counting.allocator};
    assert_true(buffer_reserve(&buffer, 10));
    memcpy(buffer.data, "0123456789", 10);
    buffer.size = 10;
    counting.fail_at = counting.calls + 1;
    counting.for_good = true;
    assert_false(buffer_reserve(&buffer, 100000));
    assert_false(buffer_reserve(&buffer, SIZE_MAX));
    assert_false(buffer_reserve(&buffer, SIZE_MAX - 10));
    assert_slice(buffer_slice(&buffer), "0123456789");
    buffer_release(&buffer);
    assert_int_equal(counting.blocks, 0);
}

static void a_buffer_keeps_a_little_memory_and_no_more(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct buffer buffer = {.allocator = &counting.allocator};
    assert_true(buffer_reserve(&buffer, 1000));
    buffer.size = 1000;
    buffer_trim(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_true(buffer.capacity >= 1000);
    assert_true(buffer_reserve(&buffer, MEMORY_KEPT + 1));
    buffer_trim(&buffer);
    assert_int_equal(counting.bytes, 0);
}

/* ---- the arena -------------------------------------------------------------------------- */

static void pieces_of_an_arena_do_not_move(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct arena arena = {.allocator = &counting.allocator};
    uint64_t seed = 80;
    enum { PIECES = 3000 };
    static char *pieces[PIECES];
    static size_t sizes[PIECES];
    for (size_t i = 0; i < PIECES; i++) {
        sizes[i] = chance_below(&seed, i % 50 == 0 ? 20000 : 60);
        pieces[i] = arena_take(&arena, sizes[i]);
        assert_non_null(pieces[i]);
        memset(pieces[i], (int)(i & 0xFF), sizes[i]);
        arena_keep(&arena, sizes[i]);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t j = 0; j < sizes[i]; j++)
            assert_true((unsigned char)pieces[i][j] == (i & 0xFF));
    arena_release(&arena);
    assert_int_equal(counting.blocks, 0);
}

static void what_is_not_kept_is_given_again(void **state)
{
    (void)state;
    struct arena arena = {.allocator = &plain_allocator};
    char *first = arena_take(&arena, 100);
    assert_ptr_equal(arena_take(&arena, 50), first);
    arena_keep(&arena, 10);
    assert_ptr_equal(arena_take(&arena, 50), first + 10);
    arena_release(&arena);
}

static void a_reset_arena_keeps_one_block(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct arena arena = {.allocator = &counting.allocator};
    for (size_t i = 0; i < 100; i++) {
        assert_non_null(arena_take(&arena, 1000));
        arena_keep(&arena, 1000);
    }
    assert_true(counting.blocks > 1);
    arena_reset(&arena);
    assert_int_equal(counting.blocks, 1);
    assert_non_null(arena_take(&arena, 2 * MEMORY_KEPT));
    arena_reset(&arena);
    assert_int_equal(counting.blocks, 0);
    arena_reset(&arena);
    arena_release(&arena);
}

static void blocks_of_an_arena_stop_growing(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct arena arena = {.allocator = &counting.allocator};
    size_t taken = 0, before = 0;
    while (taken < 8 * MEMORY_KEPT) {
        before = counting.bytes;
        assert_non_null(arena_take(&arena, 1000));
        arena_keep(&arena, 1000);
        taken += 1000;
        assert_true(counting.bytes - before <= MEMORY_KEPT + 64);
    }
    arena_release(&arena);
    assert_int_equal(counting.blocks, 0);
}

static void an_arena_without_memory_gives_none(void **state)
{
    (void)state;
    struct counting counting;
    counting_start(&counting);
    struct arena arena = {.allocator = &counting.allocator};
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_null(arena_take(&arena, SIZE_MAX - 8));
    counting.fail_at = counting.calls + 1;
    assert_null(arena_take(&arena, 10));
    assert_non_null(arena_take(&arena, 10));
    arena_release(&arena);
    assert_int_equal(counting.blocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_allocation_fails),
        cmocka_unit_test(all_allocations_fail_from_one_on),
        cmocka_unit_test(one_allocation_fails_in_a_context_that_was_used),
        cmocka_unit_test(all_allocations_fail_in_a_context_that_was_used),
        cmocka_unit_test(sizes_that_do_not_fit_are_refused),
        cmocka_unit_test(what_no_memory_can_hold_is_refused),
        cmocka_unit_test(a_buffer_keeps_its_content_while_it_grows),
        cmocka_unit_test(an_empty_buffer_is_valid),
        cmocka_unit_test(a_buffer_that_cannot_grow_stays_as_it_is),
        cmocka_unit_test(a_buffer_keeps_a_little_memory_and_no_more),
        cmocka_unit_test(pieces_of_an_arena_do_not_move),
        cmocka_unit_test(what_is_not_kept_is_given_again),
        cmocka_unit_test(a_reset_arena_keeps_one_block),
        cmocka_unit_test(blocks_of_an_arena_stop_growing),
        cmocka_unit_test(an_arena_without_memory_gives_none),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    calls_release();
    return failed;
}
