/* What Fairway's instruments have in common: the clock, what reading it takes, and how they give up. */
#ifndef FAIRWAY_INSTRUMENT_H
#define FAIRWAY_INSTRUMENT_H
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* CLOCK_MONOTONIC, ns. */
static inline long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

#define CLOCK_READINGS 10001

static inline int by_size(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

/* What one reading of the clock takes, ns. */
static inline long clock_ns(void)
{
    static long taken[CLOCK_READINGS];
    long before = now();
    for (int i = 0; i < CLOCK_READINGS; i++) {
        long t = now();
        taken[i] = t - before;
        before = t;
    }
    qsort(taken, CLOCK_READINGS, sizeof taken[0], by_size);
    return taken[CLOCK_READINGS / 2];
}

#endif
