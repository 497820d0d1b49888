/* Durations of single calls, in nanoseconds of CLOCK_MONOTONIC, and their quantiles as one line of JSON. */
#ifndef FAIRWAY_DURATIONS_H
#define FAIRWAY_DURATIONS_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* Prints the quantiles of `count` durations; `per` calls were made in each of them. */
static void print_durations(const char *call, long bytes, int64_t *durations, long count, long per) {
  double sum = 0;
  qsort(durations, count, sizeof *durations, ascending);
  for (long i = 0; i < count; i++) sum += durations[i];
  printf("{\"call\":\"%s\",\"bytes\":%ld,\"count\":%ld,\"p25\":%.1f,\"p50\":%.1f,\"p75\":%.1f,\"p99\":%.1f,\"mean\":%.1f,\"min\":%.1f}\n", call,
         bytes, count, (double)durations[count / 4] / per, (double)durations[count / 2] / per, (double)durations[count * 3 / 4] / per,
         (double)durations[count * 99 / 100] / per, sum / count / per, (double)durations[0] / per);
}
#endif
