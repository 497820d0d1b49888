/*
 * Ping-pong as sockperf plays it, over sockets that sockperf 3.7 doesn't have: the client stamps the time, sends, receives the whole reply, stamps
 * again; the server answers each message with one of the same size. One thread each, blocking calls. Times by CLOCK_MONOTONIC; between two stamps
 * lies one reading of the clock, whose length is measured first (the median of consecutive readings) and subtracted.
 *
 * usage: ping-pong serve unix-stream|unix-datagram FOLDER NAME BYTES
 *        ping-pong serve tcp|udp                   ADDRESS PORT BYTES
 *        ping-pong send  ... the same ...          WARM_UP_SECONDS SECONDS START_MS LOG
 *
 * Unix sockets are bound in FOLDER, the volume: the server as NAME, a datagram client as NAME.PID. Datagram sockets are connected both ways, so that
 * no message looks up a path. TCP and UDP are there so that the instrument can be held against sockperf.
 *
 * The client connects at once, begins START_MS after its start, counts what it sends after the warm-up, and holds its socket for HOLD_NS after that,
 * so that somebody can look at it. LOG gets a line per counted message: half of the round trip, ns. Standard output gets one line of JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "instrument.h"

/* What one read of the server takes of a stream, as sockperf's does. */
#define READ_BYTES 65507
#define HOLD_NS 200000000L
/* Messages that are counted in a second, at most: no round trip is shorter than a microsecond. */
#define MOST_PER_SECOND 1000000

static char message[1 << 20];

union address {
    struct sockaddr any;
    struct sockaddr_in internet;
    struct sockaddr_un local;
};

/* The address of the server, and the socket that may be bound or connected to it. */
static int open_socket(char **argv, int datagram, union address *address, socklen_t *length)
{
    memset(address, 0, sizeof *address);
    if (strncmp(argv[2], "unix", 4) == 0) {
        if (chdir(argv[3])) fail(argv[3]);
        address->local.sun_family = AF_UNIX;
        snprintf(address->local.sun_path, sizeof address->local.sun_path, "%s", argv[4]);
        *length = sizeof address->local;
    } else {
        address->internet.sin_family = AF_INET;
        address->internet.sin_port = htons(atoi(argv[4]));
        if (inet_pton(AF_INET, argv[3], &address->internet.sin_addr) != 1) fail(argv[3]);
        *length = sizeof address->internet;
    }
    int fd = socket(address->any.sa_family, datagram ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (fd < 0) fail("socket");
    return fd;
}

static void no_delay(int fd, char **argv)
{
    int one = 1;
    if (strcmp(argv[2], "tcp") == 0 && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one)) fail("TCP_NODELAY");
}

static void send_whole(int fd, size_t bytes)
{
    for (size_t sent = 0; sent < bytes;) {
        ssize_t more = send(fd, message + sent, bytes - sent, MSG_NOSIGNAL);
        if (more < 0) fail("send");
        sent += more;
    }
}

static void serve(char **argv, int datagram)
{
    union address address, peer;
    socklen_t length, peer_length = sizeof peer;
    size_t bytes = strtoul(argv[5], NULL, 10), most = datagram ? sizeof message : READ_BYTES, have = 0;
    int fd = open_socket(argv, datagram, &address, &length);
    if (address.any.sa_family == AF_UNIX) unlink(address.local.sun_path);
    if (bind(fd, &address.any, length)) fail("bind");
    if (datagram) {
        if (recvfrom(fd, message, 1, MSG_PEEK, &peer.any, &peer_length) < 0 || connect(fd, &peer.any, peer_length)) fail("peer");
    } else {
        int listener = fd;
        if (listen(listener, 1) || (fd = accept(listener, NULL, NULL)) < 0) fail("accept");
        no_delay(fd, argv);
    }
    for (;;) {
        ssize_t got = recv(fd, message, most, 0);
        if (got == 0) pause();
        if (got < 0) fail("recv");
        have += got;
        if (have < bytes) continue;
        have = 0;
        send_whole(fd, bytes);
    }
}

static int play(char **argv, int datagram)
{
    union address address;
    socklen_t length;
    long begin = now() + strtol(argv[8], NULL, 10) * 1000000L;
    size_t bytes = strtoul(argv[5], NULL, 10);
    double warm_up_ns = strtod(argv[6], NULL) * 1e9, seconds = strtod(argv[7], NULL);
    int fd = open_socket(argv, datagram, &address, &length);
    if (datagram && address.any.sa_family == AF_UNIX) {
        union address own = {.local = {.sun_family = AF_UNIX}};
        snprintf(own.local.sun_path, sizeof own.local.sun_path, "%.80s.%d", argv[4], (int)getpid());
        if (bind(fd, &own.any, sizeof own.local)) fail(own.local.sun_path);
    }
    if (connect(fd, &address.any, length)) fail("connect");
    no_delay(fd, argv);
    long most = (long)(seconds * MOST_PER_SECOND) + 1, counted = 0, count = 0;
    int *half = calloc(most, sizeof(int));
    if (!half || bytes > sizeof message) fail("arguments");
    /* Written now, so that no page is touched for the first time later. */
    memset(half, 1, (most < MOST_PER_SECOND ? most : MOST_PER_SECOND) * sizeof(int));
    memset(message, 1, sizeof message);
    long clock = clock_ns();
    struct timespec first = {begin / 1000000000L, begin % 1000000000L};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &first, NULL);
    begin = now();
    long from = begin + (long)warm_up_ns, end = from + (long)(seconds * 1e9), after = begin;
    while (after < end && counted < most) {
        long before = now();
        send_whole(fd, bytes);
        for (size_t have = 0; have < bytes;) {
            ssize_t got = recv(fd, message + have, bytes - have, 0);
            if (got == 0) errno = EPIPE;
            if (got <= 0) fail("recv");
            have += got;
        }
        after = now();
        count++;
        if (before >= from) half[counted++] = (after - before - clock) / 2;
    }
    struct timespec hold = {0, HOLD_NS};
    nanosleep(&hold, NULL);
    FILE *log_file = fopen(argv[9], "w");
    if (!log_file) fail(argv[9]);
    for (long i = 0; i < counted; i++) fprintf(log_file, "%d\n", half[i]);
    if (fclose(log_file)) fail("log");
    printf("{\"messages\":%ld,\"counted\":%ld,\"seconds\":%.9f,\"clockNs\":%ld}\n", count, counted, (after - begin) / 1e9, clock);
    return 0;
}

int main(int argc, char **argv)
{
    int serves = argc == 6 && strcmp(argv[1], "serve") == 0, plays = argc == 10 && strcmp(argv[1], "send") == 0;
    if (!serves && !plays) {
        fprintf(stderr, "usage: ping-pong serve|send unix-stream|unix-datagram|tcp|udp PLACE NAME BYTES [WARM_UP_SECONDS SECONDS START_MS LOG]\n");
        return 2;
    }
    int datagram = strcmp(argv[2], "udp") == 0 || strcmp(argv[2], "unix-datagram") == 0;
    if (serves) serve(argv, datagram);
    return play(argv, datagram);
}
