/*
 * Probes: what one system call costs, in one process that owns both ends of a connection over the loopback device: no wake-up and no switch
 * is in it. Durations by CLOCK_MONOTONIC, the clock's own cost subtracted; one JSON line per probe with the median in nanoseconds.
 *
 * usage: probes tcp|udp BYTES CALLS
 *   send     send() of BYTES: system call, copy, transmit, and the whole softirq to the other socket's queue
 *   receive  recv() of data that is ready
 *   poll     poll() of two sockets of which one is ready
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

static long median(long *values, int count)
{
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
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

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: probes tcp|udp BYTES CALLS\n");
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
