/*
 * Two processes on one core that wake each other in turn: a wake-up and a switch alone, without any network.
 * Run it under taskset and chrt: both processes inherit core and policy.
 *
 * wake-up pipe|eventfd COUNT
 * Prints `clock`, `system-call` (getppid, the barest call), `switch` (half of a round trip: write, wake-up, switch, read) and the
 * context switches per round trip of the first process.
 */
#define _GNU_SOURCE
#include "durations.h"
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH 64

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "wake-up pipe|eventfd COUNT\n");
    return 2;
  }
  const int piped = strcmp(argv[1], "pipe") == 0;
  const long count = atol(argv[2]);
  int there[2], back[2];
  if (piped) {
    if (pipe(there) < 0 || pipe(back) < 0) return 1;
  } else {
    there[0] = there[1] = eventfd(0, 0);
    back[0] = back[1] = eventfd(0, 0);
  }
  int64_t *durations = calloc(count, sizeof *durations);
  for (long i = 0; i < count; i++) {
    const int64_t before = now_ns();
    durations[i] = now_ns() - before;
  }
  print_durations("clock", 0, durations, count, 1);
  for (long i = 0; i < count / BATCH; i++) {
    const int64_t before = now_ns();
    for (int k = 0; k < BATCH; k++) syscall(SYS_getppid);
    durations[i] = now_ns() - before;
  }
  print_durations("system-call", 0, durations, count / BATCH, BATCH);

  const pid_t parent = getpid();
  uint64_t token = 1;
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) return 1;
    while (read(there[0], &token, sizeof token) == sizeof token && write(back[1], &token, sizeof token) == sizeof token);
    return 0;
  }
  struct rusage start, end;
  for (long i = -count / 10; i < count; i++) {
    if (i == 0) getrusage(RUSAGE_SELF, &start);
    const int64_t before = now_ns();
    if (write(there[1], &token, sizeof token) != sizeof token || read(back[0], &token, sizeof token) != sizeof token) return 1;
    if (i >= 0) durations[i] = now_ns() - before;
  }
  getrusage(RUSAGE_SELF, &end);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  print_durations("switch", 0, durations, count, 2);
  printf("{\"voluntary\":%.4f,\"involuntary\":%.4f}\n", (double)(end.ru_nvcsw - start.ru_nvcsw) / count, (double)(end.ru_nivcsw - start.ru_nivcsw) / count);
  return 0;
}
