/*
 * Contexts share nothing: eight threads, each with its own, make every public call
 * at once and get what one thread alone gets.  ThreadSanitizer watches in the preset
 * `sanitize-thread`.
 */
#include "calls.h"

#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 8, ROUNDS = 20 };

static struct text expected[CALLS];

/* cmocka's asserts belong to the main thread, so a thread counts what went wrong. */
static void *make_calls(void *start)
{
    size_t failures = 0;
    struct driftcore *context = driftcore_create(NULL);
    struct text answer = {0};
    for (size_t i = 0; i < ROUNDS * CALLS; i++) {
        const struct call *call = &calls[(i + *(const size_t *)start) % CALLS];
        const struct text *right = &expected[call - calls];
        answer.size = 0;
        bool good = call->make(context, &answer) == call->status && driftcore_punt_reason(context) == call->reason
                    && answer.size == right->size
                    && (right->size == 0 || memcmp(answer.data, right->data, right->size) == 0);
        failures += !good;
        if (i % 7 == 0)
            driftcore_trim(context);
    }
    free(answer.data);
    driftcore_destroy(context);
    *(size_t *)start = failures;
    return NULL;
}

static void threads_with_contexts_of_their_own_do_not_meet(void **state)
{
    (void)state;
    /* The inputs that the calls share are made before the threads begin. */
    struct driftcore *context = driftcore_create(NULL);
    for (size_t i = 0; i < CALLS; i++)
        calls[i].make(context, &expected[i]);
    driftcore_destroy(context);

    pthread_t threads[THREADS];
    size_t numbers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        numbers[i] = i * 3;
        assert_int_equal(pthread_create(&threads[i], NULL, make_calls, &numbers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(numbers[i], 0);
    }
    for (size_t i = 0; i < CALLS; i++)
        free(expected[i].data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_with_contexts_of_their_own_do_not_meet)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    calls_release();
    return failed;
}
