/*
 * One connection after the other. The client opens a socket, connects, negotiates with the SOCKS5 relays on the way (RFC 1928; user name and password
 * by RFC 1929 where a relay asks for it), sends a request of BYTES and receives a reply of as many, finds the end of what the server sends, and closes.
 * The server (one thread) accepts, receives, answers, and closes first: what waits out TIME_WAIT is its own socket, so that no port of the client stays
 * taken. One thread each, blocking calls. Times by CLOCK_MONOTONIC; between two stamps lies one reading of the clock, whose length is measured first
 * (the median of consecutive readings) and subtracted from every step.
 *
 * usage: connect serve ADDRESS PORT BYTES nodelay|nagle
 *        connect open  ADDRESS PORT BYTES nodelay|nagle WARM_UP_SECONDS SECONDS START_MS LOG [ADDRESS:PORT[:USER:PASSWORD]]...
 *
 * The last arguments are the relays, from the client's side on. The client begins START_MS after its start, and counts the connections that begin after
 * the warm-up; HOLD_NS after the last one it prints. LOG gets a line per counted connection: what its steps took, ns: socket, connect, negotiate,
 * exchange, close. Standard output gets one line of JSON; the server prints how many connections it has answered when it is interrupted.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "instrument.h"

#define READ_BYTES 65507
#define HOLD_NS 200000000L
/* Connections that are counted in a second, at most. */
#define MOST_PER_SECOND 200000
#define MOST_RELAYS 8
#define BACKLOG 128
enum step { SOCKET, CONNECT, NEGOTIATE, EXCHANGE, CLOSE, STEPS };

static char message[1 << 20];

static struct sockaddr_in place(const char *address, const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    if (inet_pton(AF_INET, address, &at.sin_addr) != 1) fail(address);
    return at;
}

static void no_delay(int fd)
{
    int one = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one)) fail("TCP_NODELAY");
}

static void send_whole(int fd, const void *bytes, size_t length)
{
    for (size_t sent = 0; sent < length;) {
        ssize_t more = send(fd, (const char *)bytes + sent, length - sent, MSG_NOSIGNAL);
        if (more < 0) fail("send");
        sent += more;
    }
}

static void receive_whole(int fd, void *bytes, size_t length)
{
    for (size_t have = 0; have < length;) {
        ssize_t got = recv(fd, (char *)bytes + have, length - have, 0);
        if (got == 0) errno = EPIPE;
        if (got <= 0) fail("recv");
        have += got;
    }
}

static volatile long answered;

static void print_answered(int signal)
{
    (void)signal;
    char line[64];
    int length = snprintf(line, sizeof line, "{\"answered\":%ld}\n", answered);
    ssize_t written = write(1, line, length);
    _exit(written == length ? 0 : 1);
}

static _Noreturn void serve(char **argv)
{
    struct sockaddr_in at = place(argv[2], argv[3]);
    size_t bytes = strtoul(argv[4], NULL, 10);
    int delays = strcmp(argv[5], "nodelay") != 0, one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    /* Accepted sockets inherit the option. */
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one)) fail("socket");
    if (!delays) no_delay(listener);
    memset(message, 1, sizeof message);
    signal(SIGINT, print_answered);
    signal(SIGTERM, print_answered);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, BACKLOG)) fail("listen");
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) fail("accept");
        size_t have = 0;
        ssize_t got = 1;
        while (have < bytes && (got = recv(fd, message, READ_BYTES, 0)) > 0) have += got;
        /* Somebody who only looked whether this port listens. */
        if (have < bytes) {
            close(fd);
            continue;
        }
        send_whole(fd, message, bytes);
        answered++;
        close(fd);
    }
}

struct relay {
    struct sockaddr_in at;
    const char *user, *password;
};

static void refused(const char *what)
{
    errno = ECONNREFUSED;
    fail(what);
}

/* Asks a relay for a connection to the place behind it. */
static void negotiate(int fd, const struct relay *relay, const struct sockaddr_in *behind)
{
    unsigned char asks[3] = {5, 1, relay->user ? 2 : 0}, says[2], wants[10] = {5, 1, 0, 1}, has[10];
    send_whole(fd, asks, sizeof asks);
    receive_whole(fd, says, sizeof says);
    if (says[0] != 5 || says[1] != asks[2]) refused("the relay's way to authenticate");
    if (relay->user) {
        unsigned char is[3 + 255 + 255];
        size_t user = strlen(relay->user), password = strlen(relay->password);
        if (user > 255 || password > 255) fail("user");
        is[0] = 1;
        is[1] = user;
        memcpy(is + 2, relay->user, user);
        is[2 + user] = password;
        memcpy(is + 3 + user, relay->password, password);
        send_whole(fd, is, 3 + user + password);
        receive_whole(fd, says, sizeof says);
        if (says[1] != 0) refused("the user's name and password");
    }
    memcpy(wants + 4, &behind->sin_addr, 4);
    memcpy(wants + 8, &behind->sin_port, 2);
    send_whole(fd, wants, sizeof wants);
    receive_whole(fd, has, sizeof has);
    if (has[0] != 5 || has[1] != 0 || has[3] != 1) refused("the relay's connection");
}

/* ADDRESS:PORT[:USER:PASSWORD] */
static struct relay read_relay(char *text)
{
    char *address = strtok(text, ":"), *port = strtok(NULL, ":");
    if (!address || !port) fail(text);
    struct relay relay = {.at = place(address, port), .user = strtok(NULL, ":")};
    relay.password = strtok(NULL, ":");
    if (relay.user && !relay.password) fail("password");
    return relay;
}

static int open_connections(int argc, char **argv)
{
    struct relay relays[MOST_RELAYS];
    struct sockaddr_in behind[MOST_RELAYS + 1];
    int count_of_relays = argc - 10;
    if (count_of_relays > MOST_RELAYS) fail("relays");
    for (int i = 0; i < count_of_relays; i++) {
        relays[i] = read_relay(argv[10 + i]);
        behind[i] = relays[i].at;
    }
    behind[count_of_relays] = place(argv[2], argv[3]);
    size_t bytes = strtoul(argv[4], NULL, 10);
    int delays = strcmp(argv[5], "nodelay") != 0;
    double warm_up_ns = strtod(argv[6], NULL) * 1e9, seconds = strtod(argv[7], NULL);
    long begin = now() + strtol(argv[8], NULL, 10) * 1000000L, most = (long)(seconds * MOST_PER_SECOND) + 1, counted = 0, count = 0;
    int (*steps)[STEPS] = malloc(most * sizeof *steps);
    if (!steps || bytes > sizeof message) fail("arguments");
    /* Written now, so that no page is touched for the first time later. */
    memset(steps, 1, most * sizeof *steps);
    memset(message, 1, sizeof message);
    long clock = clock_ns();
    struct timespec first = {begin / 1000000000L, begin % 1000000000L};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &first, NULL);
    begin = now();
    long from = begin + (long)warm_up_ns, end = from + (long)(seconds * 1e9), at[STEPS + 1] = {begin};
    while (at[STEPS] < end && counted < most) {
        at[0] = now();
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0) fail("socket");
        if (!delays) no_delay(fd);
        at[1] = now();
        if (connect(fd, (struct sockaddr *)&behind[0], sizeof behind[0])) fail("connect");
        at[2] = now();
        for (int i = 0; i < count_of_relays; i++) negotiate(fd, &relays[i], &behind[i + 1]);
        at[3] = now();
        send_whole(fd, message, bytes);
        receive_whole(fd, message, bytes);
        at[4] = now();
        if (recv(fd, message, READ_BYTES, 0) != 0) fail("the server's end");
        if (close(fd)) fail("close");
        at[5] = now();
        count++;
        if (at[0] < from) continue;
        for (int i = 0; i < STEPS; i++) {
            long took = at[i + 1] - at[i] - clock;
            steps[counted][i] = took < 0 ? 0 : took;
        }
        counted++;
    }
    struct timespec hold = {0, HOLD_NS};
    nanosleep(&hold, NULL);
    FILE *log_file = fopen(argv[9], "w");
    if (!log_file) fail(argv[9]);
    for (long i = 0; i < counted; i++) {
        int *s = steps[i];
        fprintf(log_file, "%d,%d,%d,%d,%d\n", s[SOCKET], s[CONNECT], s[NEGOTIATE], s[EXCHANGE], s[CLOSE]);
    }
    if (fclose(log_file)) fail("log");
    printf("{\"connections\":%ld,\"counted\":%ld,\"seconds\":%.9f,\"clockNs\":%ld}\n", count, counted, (at[STEPS] - begin) / 1e9, clock);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "serve") == 0) serve(argv);
    if (argc >= 10 && strcmp(argv[1], "open") == 0) return open_connections(argc, argv);
    fprintf(stderr, "usage: connect serve|open ADDRESS PORT BYTES nodelay|nagle [WARM_UP_SECONDS SECONDS START_MS LOG [ADDRESS:PORT[:USER:PASSWORD]]...]\n");
    return 2;
}
