/*
 * Probes: what one system call costs, in one process that owns both ends of a connection over the loopback device: no wake-up and no switch
 * is in it. Durations by CLOCK_MONOTONIC, the clock's own cost subtracted; one JSON line per probe with the median in nanoseconds.
 *
 * usage: probes tcp|udp BYTES CALLS [REST_MS]
 *   send     send() of BYTES: system call, copy, transmit, and the whole softirq to the other socket's queue
 *   receive  recv() of data that is ready
 *   poll     poll() of two sockets of which one is ready
 * with a rest, CALLS times, instead of these:
 *   rest     what the first eight rounds of send() and recv() after a sleep of REST_MS take longer than eight later ones
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "instrument.h"

static long median(long *values, int count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

static void join_tcp(int *a, int *b)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (void *)&address, length) || listen(listener, 1) || getsockname(listener, (void *)&address, &length)) fail("listen");
    *a = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(*a, (void *)&address, length)) fail("connect");
    *b = accept(listener, NULL, NULL);
    if (*b < 0) fail("accept");
    setsockopt(*a, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(*b, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void join_udp(int *a, int *b)
{
    struct sockaddr_in address[2];
    int fd[2];
    for (int i = 0; i < 2; i++) {
        socklen_t length = sizeof address[i];
        memset(&address[i], 0, length);
        address[i].sin_family = AF_INET;
        address[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        fd[i] = socket(AF_INET, SOCK_DGRAM, 0);
        if (bind(fd[i], (void *)&address[i], length) || getsockname(fd[i], (void *)&address[i], &length)) fail("bind");
    }
    for (int i = 0; i < 2; i++)
        if (connect(fd[i], (void *)&address[1 - i], sizeof address[0])) fail("connect");
    *a = fd[0];
    *b = fd[1];
}

enum { COLD_ROUNDS = 8, LATER_ROUNDS = 8 };

static long round_trip(int from, int to, char *buffer, size_t bytes)
{
    long start = now();
    if (send(from, buffer, bytes, MSG_NOSIGNAL) != (ssize_t)bytes) fail("send");
    for (size_t got = 0; got < bytes;) {
        ssize_t n = recv(to, buffer, bytes - got, 0);
        if (n <= 0) fail("recv");
        got += n;
    }
    return now() - start;
}

static int rest(const int ends[2], char *buffer, size_t bytes, int times, long rest_ms)
{
    struct timespec nap = {rest_ms / 1000, rest_ms % 1000 * 1000000};
    long *longer = calloc(times, sizeof(long));
    if (!longer) fail("arguments");
    for (int i = 0; i < 20000; i++) round_trip(ends[i & 1], ends[1 - (i & 1)], buffer, bytes);
    for (int i = 0; i < times; i++) {
        long later[LATER_ROUNDS], sum = 0;
        nanosleep(&nap, NULL);
        for (int k = 0; k < COLD_ROUNDS; k++) sum += round_trip(ends[k & 1], ends[1 - (k & 1)], buffer, bytes);
        for (int k = 0; k < LATER_ROUNDS; k++) later[k] = round_trip(ends[k & 1], ends[1 - (k & 1)], buffer, bytes);
        longer[i] = sum - COLD_ROUNDS * median(later, LATER_ROUNDS);
    }
    printf("{\"probe\":\"rest\",\"medianNs\":%ld}\n", median(longer, times));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: probes tcp|udp BYTES CALLS [REST_MS]\n");
        return 2;
    }
    int udp = strcmp(argv[1], "udp") == 0;
    size_t bytes = strtoul(argv[2], NULL, 10);
    int calls = atoi(argv[3]), ends[2];
    long *sent = calloc(calls, sizeof(long)), *received = calloc(calls, sizeof(long)), *polled = calloc(calls, sizeof(long)),
         *clock_cost = calloc(calls, sizeof(long));
    char *buffer = calloc(1, bytes);
    if (calls < 1 || bytes < 1 || !sent || !received || !polled || !clock_cost || !buffer) fail("arguments");
    (udp ? join_udp : join_tcp)(&ends[0], &ends[1]);
    if (argc == 5) return rest(ends, buffer, bytes, calls, atol(argv[4]));
    for (int i = 0; i < calls; i++) {
        int from = ends[i & 1], to = ends[1 - (i & 1)];
        struct pollfd both[2] = {{.fd = to, .events = POLLIN}, {.fd = from, .events = POLLIN}};
        long t0 = now();
        if (send(from, buffer, bytes, MSG_NOSIGNAL) != (ssize_t)bytes) fail("send");
        long t1 = now();
        if (poll(both, 2, 1000) != 1) fail("poll");
        long t2 = now();
        ssize_t got = recv(to, buffer, bytes, 0);
        long t3 = now();
        while (got > 0 && (size_t)got < bytes) got += recv(to, buffer, bytes - got, 0);
        long t4 = now(), t5 = now();
        sent[i] = t1 - t0;
        polled[i] = t2 - t1;
        received[i] = t3 - t2;
        clock_cost[i] = t5 - t4;
    }
    long cost = median(clock_cost, calls);
    printf("{\"probe\":\"send\",\"medianNs\":%ld,\"clockNs\":%ld}\n", median(sent, calls) - cost, cost);
    printf("{\"probe\":\"receive\",\"medianNs\":%ld,\"clockNs\":%ld}\n", median(received, calls) - cost, cost);
    printf("{\"probe\":\"poll\",\"medianNs\":%ld,\"clockNs\":%ld}\n", median(polled, calls) - cost, cost);
    return 0;
}
