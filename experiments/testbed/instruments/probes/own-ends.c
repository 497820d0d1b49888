/*
 * One process that owns both ends of a connection: each call returns without a wake-up or a switch, so what is timed is the call alone.
 * `send` holds the whole path's softirq, which runs inline before it returns; `receive` finds its data ready.
 *
 * own-ends tcp|udp CLIENT_NETNS SERVER_NETNS SERVER_ADDRESS PORT COUNT SENDS BYTES...
 *   CLIENT_NETNS, SERVER_NETNS  files of the namespaces, such as /run/netns/NAME; `-` stays in this one
 *   SENDS                       requests that are sent before the first is received (1: ping-pong's order)
 * Prints a line of JSON for each call and size: send and receive (the request), send-reply and receive-reply; and, first, `clock`:
 * what reading the clock twice costs, which every duration contains.
 */
#define _GNU_SOURCE
#include "durations.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what) {
  fprintf(stderr, "own-ends: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void enter(const char *netns) {
  if (strcmp(netns, "-") == 0) return;
  const int fd = open(netns, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) fail(netns);
  close(fd);
}

static void send_all(int fd, const char *data, long bytes) {
  for (long sent = 0; sent < bytes;) {
    const ssize_t n = send(fd, data + sent, bytes - sent, MSG_NOSIGNAL);
    if (n < 0) fail("send");
    sent += n;
  }
}

static void receive_all(int fd, char *data, long bytes) {
  for (long received = 0; received < bytes;) {
    const ssize_t n = recv(fd, data + received, bytes - received, 0);
    if (n <= 0) fail("recv");
    received += n;
  }
}

int main(int argc, char **argv) {
  if (argc < 9) {
    fprintf(stderr, "own-ends tcp|udp CLIENT_NETNS SERVER_NETNS SERVER_ADDRESS PORT COUNT SENDS BYTES...\n");
    return 2;
  }
  const int tcp = strcmp(argv[1], "tcp") == 0, one = 1;
  const long count = atol(argv[6]), sends = atol(argv[7]);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[5]))};
  if (inet_pton(AF_INET, argv[4], &address.sin_addr) != 1) fail(argv[4]);

  enter(argv[3]);
  int server = socket(AF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
  if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) < 0 || (tcp && listen(server, 1) < 0)) fail("server");
  enter(argv[2]);
  const int client = socket(AF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
  if (client < 0 || connect(client, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  if (tcp) {
    const int accepted = accept(server, NULL, NULL);
    if (accepted < 0) fail("accept");
    close(server);
    server = accepted;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  } else {
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    if (getsockname(client, (struct sockaddr *)&peer, &length) < 0 || connect(server, (struct sockaddr *)&peer, sizeof peer) < 0) fail("peer");
  }

  int64_t *durations[4];
  for (int i = 0; i < 4; i++) durations[i] = calloc(count, sizeof **durations);
  for (long i = 0; i < count; i++) {
    const int64_t before = now_ns();
    durations[0][i] = now_ns() - before;
  }
  print_durations("clock", 0, durations[0], count, 1);

  const int ends[4][2] = {{client, 1}, {server, 0}, {server, 1}, {client, 0}};
  const char *calls[4] = {"send", "receive", "send-reply", "receive-reply"};
  for (int arg = 8; arg < argc; arg++) {
    const long bytes = atol(argv[arg]);
    char *data = calloc(1, bytes);
    /* A tenth of the count warms the path up. */
    for (long i = -count / 10; i < count; i++)
      for (int call = 0; call < 4; call++) {
        const int64_t before = now_ns();
        for (long k = 0; k < sends; k++) {
          if (ends[call][1]) send_all(ends[call][0], data, bytes);
          else receive_all(ends[call][0], data, bytes);
        }
        if (i >= 0) durations[call][i] = now_ns() - before;
      }
    for (int call = 0; call < 4; call++) print_durations(calls[call], bytes, durations[call], count, sends);
    free(data);
  }
  return 0;
}
