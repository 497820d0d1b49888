/* What Fairway's instruments have in common: the clock, and how they give up. */
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

#endif
