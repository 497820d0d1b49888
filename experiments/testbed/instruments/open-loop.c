/*
 * An open loop: a client that sends messages at times fixed beforehand, whatever became of the earlier ones, and a server that answers each
 * with one of the same size. One thread each. The client spins, which takes a core of its own: in each round it sends one message if one is due,
 * else it reads what is there. (A timer's sleep ends 20 to 40 us late in a virtual machine, more than what is measured.) Times by
 * CLOCK_MONOTONIC; response times count from the intended time.
 *
 * usage: open-loop serve tcp|udp ADDRESS PORT BYTES nodelay|nagle
 *        open-loop send  tcp|udp ADDRESS PORT BYTES nodelay|nagle RATE constant|poisson SEED WARM_UP_SECONDS SECONDS START_MS LOG
 *
 * The client connects at once, begins START_MS after its start (a campaign's other processes come and go before), and counts what it intends to
 * send after the warm-up. LOG gets a line per counted message: intended, sent, received (ns after the first intended time; received -1: lost).
 * Standard output gets one JSON line each: the client's with the time of the rounds that found something to do (the others only spin), the
 * server's, when it is interrupted (SIGINT), with its processor time since its first read (rusage).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "instrument.h"

/* What one read takes: as large as the largest UDP datagram. */
#define READ_BYTES 65507
/* How long the client waits for replies after its last send. */
#define PATIENCE_NS 100000000L

static char buffer[READ_BYTES], message[1 << 20];
static long processor_before;

static long processor_ns(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000000L + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1000L;
}

static struct sockaddr_in address_of(char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[4]))};
    if (inet_pton(AF_INET, argv[3], &address.sin_addr) != 1) fail("address");
    return address;
}

static void set_no_delay(int fd, char **argv)
{
    int one = strcmp(argv[6], "nodelay") == 0;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void send_whole(int fd, const char *from, size_t bytes)
{
    for (size_t sent = 0; sent < bytes;) {
        ssize_t more = send(fd, from + sent, bytes - sent, MSG_NOSIGNAL);
        if (more < 0) fail("send");
        sent += more;
    }
}

static void report_server(int signal)
{
    char line[64];
    (void)signal;
    int length = snprintf(line, sizeof line, "{\"processorNs\":%ld}\n", processor_ns() - processor_before);
    if (write(1, line, length) != length) _exit(1);
    _exit(0);
}

static void serve(char **argv, int udp)
{
    struct sockaddr_in address = address_of(argv), peer;
    socklen_t length = sizeof peer;
    size_t bytes = strtoul(argv[5], NULL, 10), have = 0;
    int one = 1, fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    signal(SIGINT, report_server);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (void *)&address, sizeof address)) fail("bind");
    if (udp) {
        if (recvfrom(fd, buffer, 1, MSG_PEEK, (void *)&peer, &length) < 0 || connect(fd, (void *)&peer, length)) fail("peer");
    } else {
        int listener = fd;
        if (listen(listener, 1) || (fd = accept(listener, NULL, NULL)) < 0) fail("accept");
        set_no_delay(fd, argv);
    }
    for (int first = 1;; first = 0) {
        ssize_t got = recv(fd, buffer, READ_BYTES, 0);
        if (first) processor_before = processor_ns();
        if (got == 0 && !udp) pause();
        if (got <= 0) fail("recv");
        for (ssize_t used = 0; used < got;) {
            size_t take = got - used < (ssize_t)(bytes - have) ? (size_t)(got - used) : bytes - have;
            memcpy(message + have, buffer + used, take);
            used += take;
            have += take;
            if (have < bytes) break;
            have = 0;
            send_whole(fd, message, bytes);
        }
    }
}

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014): uniform in (0, 1). */
static double uniform(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static int generate(char **argv, int udp)
{
    struct sockaddr_in address = address_of(argv);
    size_t bytes = strtoul(argv[5], NULL, 10), have = 0;
    double interval_ns = 1e9 / strtod(argv[7], NULL);
    int poisson = strcmp(argv[8], "poisson") == 0;
    uint64_t state = strtoul(argv[9], NULL, 10);
    double warm_up_ns = strtod(argv[10], NULL) * 1e9, seconds = strtod(argv[11], NULL);
    long begin = now() + strtol(argv[12], NULL, 10) * 1000000L;
    long most = (long)(2 * (warm_up_ns + seconds * 1e9) / interval_ns) + 1000, count = 0, next = 0, answered = 0, number = 0;
    long *intended = calloc(most, sizeof(long)), *sent = calloc(most, sizeof(long)), *received = calloc(most, sizeof(long));
    if (!intended || !sent || !received || bytes < 8 || bytes > sizeof message) fail("arguments");
    for (double at = 0; count < most; count++) {
        at += poisson ? -log(uniform(&state)) * interval_ns : interval_ns;
        if (at > warm_up_ns + seconds * 1e9) break;
        intended[count] = begin + (long)at;
        /* Written now, so that no page is touched for the first time later. */
        sent[count] = received[count] = -1;
    }
    int fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (connect(fd, (void *)&address, sizeof address)) fail("connect");
    if (!udp) set_no_delay(fd, argv);
    struct timespec first = {begin / 1000000000L, begin % 1000000000L};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &first, NULL);
    long busy = 0, t = now(), last = count > 0 ? intended[count - 1] + PATIENCE_NS : 0;
    while (answered < count && (next < count || t < last)) {
        long round = t;
        int spins = 0;
        if (next < count && t >= intended[next]) {
            memcpy(message, &next, sizeof next);
            sent[next++] = t;
            send_whole(fd, message, bytes);
        } else {
            ssize_t got = recv(fd, buffer, READ_BYTES, MSG_DONTWAIT);
            if (got == 0 || (got < 0 && errno != EAGAIN)) fail("recv");
            spins = got < 0;
            t = now();
            for (ssize_t used = 0; used < got;) {
                size_t rest = got - used, take = bytes - have < rest ? bytes - have : rest;
                for (size_t i = 0; i < take && have + i < sizeof number; i++) ((char *)&number)[have + i] = buffer[used + i];
                used += take;
                have += take;
                if (have < bytes) break;
                have = 0;
                answered++;
                if (number >= 0 && number < count) received[number] = t;
            }
        }
        t = now();
        if (!spins) busy += t - round;
    }
    FILE *log_file = fopen(argv[13], "w");
    if (!log_file) fail(argv[13]);
    long counted = 0;
    for (long i = 0; i < count; i++)
        if (intended[i] - begin > warm_up_ns && ++counted)
            fprintf(log_file, "%ld,%ld,%ld\n", intended[i] - begin, sent[i] - begin, received[i] < 0 ? -1 : received[i] - begin);
    if (fclose(log_file)) fail("log");
    printf("{\"sent\":%ld,\"received\":%ld,\"counted\":%ld,\"seconds\":%.9f,\"busyNs\":%ld}\n", next, answered, counted,
           (t - begin) / 1e9, busy);
    return 0;
}

int main(int argc, char **argv)
{
    int serves = argc == 7 && strcmp(argv[1], "serve") == 0, sends = argc == 14 && strcmp(argv[1], "send") == 0;
    if (!serves && !sends) {
        fprintf(stderr, "usage: open-loop serve|send tcp|udp ADDRESS PORT BYTES nodelay|nagle [RATE constant|poisson SEED WARM_UP_SECONDS SECONDS START_MS LOG]\n");
        return 2;
    }
    int udp = strcmp(argv[2], "udp") == 0;
    if (serves) serve(argv, udp);
    return generate(argv, udp);
}
