/*
 * A conversation between two kernel sockets: a client and a server in network namespaces of their own, which end with this process, joined by a veth pair.
 * Reads the plan from standard input and writes what happened to standard output, times in ns since a tick right after the handshake:
 *
 *     mtu BYTES | nodelay END 0|1 | initcwnd END SEGMENTS | quickack END 0|1        END is 0 for the client, 1 for the server
 *     send END BYTES | read END BYTES (0: all that is there) | wait NS | hold END | free END
 *
 *     act TIME                                                       each time an act of the second line begins
 *     packet TIME END FROM BYTES SEGMENT_BYTES FLAGS ACK             FROM counts from the end's first byte; ACK and FLAGS as in the header
 *     first END SEQUENCE_NUMBER                                      of the end's first byte, which the other's ACK counts from
 *
 * Packets are seen where they leave (AF_PACKET, outgoing): softirq runs inline in whoever sends, so that their times are the order in which the stack
 * made them. A socket is held as a system call holds it: getsockopt(IP_MSFILTER) reads its argument with the socket locked (do_ip_getsockopt()), and the
 * page that it stands in is missing until the socket is let go (userfaultfd).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/userfaultfd.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CLIENT 0
#define SERVER 1
#define MOST_ACTS 512
#define LONGEST_PLAN_NS 10000000000LL
#define BUFFER_BYTES (1 << 21)

static const char *const ADDRESS[] = {"10.91.0.1", "10.91.0.2"};
static const char *const ADDRESS_IN_NET[] = {"10.91.0.1/24", "10.91.0.2/24"};
static char buffer[BUFFER_BYTES];
static int namespaces[2], sockets[2], captures[2];
static uint32_t firstByte[2];
static int64_t startNs;

static void must(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t nowNs(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

extern char **environ;

static void run(char *const argv[]) {
  pid_t pid;
  int status;
  errno = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
  must(errno == 0, argv[0]);
  must(waitpid(pid, &status, 0) == pid, "waitpid");
  if (status != 0) {
    fprintf(stderr, "%s %s %s failed\n", argv[0], argv[1], argv[2]);
    exit(1);
  }
}

static void set(const char *name, const char *value) {
  int file = open(name, O_WRONLY);
  must(file >= 0 && write(file, value, strlen(value)) > 0, name);
  close(file);
}

static void enter(int end) { must(setns(namespaces[end], CLONE_NEWNET) == 0, "setns"); }

static void makeNamespaces(void) {
  for (int end = 0; end < 2; end++) {
    must(unshare(CLONE_NEWNET) == 0, "unshare");
    namespaces[end] = open("/proc/self/ns/net", O_RDONLY);
    set("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    set("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  }
  char client[64];
  snprintf(client, sizeof client, "/proc/%d/fd/%d", getpid(), namespaces[CLIENT]);
  run((char *[]){"ip", "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", client, NULL});
  for (int end = 0; end < 2; end++) {
    enter(end);
    run((char *[]){"ip", "addr", "add", (char *)ADDRESS_IN_NET[end], "dev", "wire", NULL});
    run((char *[]){"ip", "link", "set", "wire", "up", NULL});
  }
}

/* Sees what leaves through the device, whole as the stack made it. */
static void capture(int end) {
  enter(end);
  captures[end] = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  must(captures[end] >= 0, "socket(AF_PACKET)");
  int on = 1, bytes = 1 << 26;
  must(setsockopt(captures[end], SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) == 0, "PACKET_VNET_HDR");
  must(setsockopt(captures[end], SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0, "SO_TIMESTAMPNS");
  setsockopt(captures[end], SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex("wire")};
  must(bind(captures[end], (struct sockaddr *)&address, sizeof address) == 0, "bind(AF_PACKET)");
}

static int openSocket(int end) {
  enter(end);
  int opened = socket(AF_INET, SOCK_STREAM, 0);
  must(opened >= 0 && setsockopt(opened, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5) == 0, "TCP_CONGESTION");
  return opened;
}

static void join(const int noDelay[2]) {
  int listener = openSocket(SERVER);
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(7000)};
  inet_pton(AF_INET, ADDRESS[SERVER], &server.sin_addr);
  must(bind(listener, (struct sockaddr *)&server, sizeof server) == 0 && listen(listener, 1) == 0, "listen");
  sockets[CLIENT] = openSocket(CLIENT);
  must(connect(sockets[CLIENT], (struct sockaddr *)&server, sizeof server) == 0, "connect");
  sockets[SERVER] = accept(listener, NULL, NULL);
  must(sockets[SERVER] >= 0, "accept");
  for (int end = 0; end < 2; end++)
    must(setsockopt(sockets[end], IPPROTO_TCP, TCP_NODELAY, &noDelay[end], sizeof(int)) == 0, "TCP_NODELAY");
}

/* A receive that times out does so in the tick in which this core's timers of that time fire (schedule_timeout()). */
static void awaitTick(void) {
  int unused = socket(AF_INET, SOCK_DGRAM, 0);
  struct timeval shortest = {0, 1000};
  must(unused >= 0 && setsockopt(unused, SOL_SOCKET, SO_RCVTIMEO, &shortest, sizeof shortest) == 0, "SO_RCVTIMEO");
  must(recv(unused, buffer, 1, 0) < 0, "recv");
  close(unused);
}

/* --- a held socket --- */

static pthread_t holders[2];
static char *pages[2];
static int faults = -1;

static void *holdSocket(void *of) {
  int end = (int)(intptr_t)of;
  socklen_t length = 64;
  getsockopt(sockets[end], IPPROTO_IP, IP_MSFILTER, pages[end], &length);
  return NULL;
}

static void hold(int end) {
  if (faults < 0) {
    faults = syscall(SYS_userfaultfd, O_CLOEXEC);
    must(faults >= 0, "userfaultfd");
    struct uffdio_api api = {.api = UFFD_API};
    must(ioctl(faults, UFFDIO_API, &api) == 0, "UFFDIO_API");
  }
  pages[end] = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  must(pages[end] != MAP_FAILED, "mmap");
  struct uffdio_register region = {.range = {(uintptr_t)pages[end], 4096}, .mode = UFFDIO_REGISTER_MODE_MISSING};
  must(ioctl(faults, UFFDIO_REGISTER, &region) == 0, "UFFDIO_REGISTER");
  errno = pthread_create(&holders[end], NULL, holdSocket, (void *)(intptr_t)end);
  must(errno == 0, "pthread_create");
  struct uffd_msg fault;
  must(read(faults, &fault, sizeof fault) == sizeof fault && fault.event == UFFD_EVENT_PAGEFAULT, "the page fault of a held socket");
}

static void letGo(int end) {
  struct uffdio_zeropage zero = {.range = {(uintptr_t)pages[end], 4096}};
  must(ioctl(faults, UFFDIO_ZEROPAGE, &zero) == 0, "UFFDIO_ZEROPAGE");
  errno = pthread_join(holders[end], NULL);
  must(errno == 0, "pthread_join");
  munmap(pages[end], 4096);
}

/* --- the plan --- */

struct act {
  char verb[16];
  int end;
  int64_t amount;
};

static void waitUntil(int64_t ns) {
  int64_t sleepTo = ns - 100000;
  struct timespec until = {sleepTo / 1000000000, sleepTo % 1000000000};
  clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL);
  while (nowNs(CLOCK_REALTIME) < ns) {
  }
}

static void carryOut(const struct act *act, int64_t *waitedNs) {
  printf("act %lld\n", (long long)(nowNs(CLOCK_REALTIME) - startNs));
  if (strcmp(act->verb, "send") == 0) {
    must(act->amount <= BUFFER_BYTES && send(sockets[act->end], buffer, act->amount, 0) == act->amount, "send");
  } else if (strcmp(act->verb, "read") == 0) {
    must(recv(sockets[act->end], buffer, act->amount > 0 ? act->amount : BUFFER_BYTES, MSG_DONTWAIT) > 0, "recv");
  } else if (strcmp(act->verb, "wait") == 0) {
    *waitedNs += act->amount;
    must(*waitedNs <= LONGEST_PLAN_NS, "a plan that takes too long");
    waitUntil(startNs + *waitedNs);
  } else if (strcmp(act->verb, "hold") == 0) {
    hold(act->end);
  } else if (strcmp(act->verb, "free") == 0) {
    letGo(act->end);
  }
}

/* --- what was seen --- */

static int showPacket(int end) {
  struct {
    struct virtio_net_hdr offload;
    struct ether_header ethernet;
    char bytes[65536];
  } __attribute__((packed)) packet;
  struct sockaddr_ll from;
  struct iovec parts = {&packet, sizeof packet};
  char control[256];
  struct msghdr message = {&from, sizeof from, &parts, 1, control, sizeof control, 0};
  ssize_t bytes = recvmsg(captures[end], &message, MSG_DONTWAIT);
  if (bytes < 0) return 0;
  const struct iphdr *ip = (const void *)packet.bytes;
  if (from.sll_pkttype != PACKET_OUTGOING || from.sll_protocol != htons(ETH_P_IP) || ip->protocol != IPPROTO_TCP) return 1;
  const struct tcphdr *tcp = (const void *)(packet.bytes + ip->ihl * 4);
  if (tcp->syn) {
    firstByte[end] = ntohl(tcp->seq) + 1;
    return 1;
  }
  int64_t timeNs = 0;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
      struct timespec t;
      memcpy(&t, CMSG_DATA(c), sizeof t);
      timeNs = t.tv_sec * 1000000000LL + t.tv_nsec;
    }
  int payload = ntohs(ip->tot_len) - ip->ihl * 4 - tcp->doff * 4;
  printf("packet %lld %d %u %d %d %u %u\n", (long long)(timeNs - startNs), end, ntohl(tcp->seq) - firstByte[end], payload,
         packet.offload.gso_size, ((const uint8_t *)tcp)[13], ntohl(tcp->ack_seq));
  return 1;
}

int main(void) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(1, &one);
  must(sched_setaffinity(0, sizeof one, &one) == 0, "sched_setaffinity");
  makeNamespaces();

  struct act acts[MOST_ACTS];
  int count = 0, noDelay[2] = {1, 1}, end;
  char verb[16], value[32], window[2][32] = {"10", "10"}, quickAck[2][32] = {"0", "0"};
  while (scanf("%15s", verb) == 1) {
    if (strcmp(verb, "mtu") == 0) {
      must(scanf("%31s", value) == 1, "mtu");
      for (end = 0; end < 2; end++) {
        enter(end);
        run((char *[]){"ip", "link", "set", "wire", "mtu", value, NULL});
      }
    } else if (strcmp(verb, "nodelay") == 0) {
      must(scanf("%d", &end) == 1 && scanf("%d", &noDelay[end & 1]) == 1, "nodelay");
    } else if (strcmp(verb, "initcwnd") == 0) {
      must(scanf("%d", &end) == 1 && scanf("%31s", window[end & 1]) == 1, "initcwnd");
    } else if (strcmp(verb, "quickack") == 0) {
      must(scanf("%d", &end) == 1 && scanf("%31s", quickAck[end & 1]) == 1, "quickack");
    } else {
      must(count < MOST_ACTS, "a plan that is too long");
      struct act *act = &acts[count++];
      strcpy(act->verb, verb);
      act->end = 0;
      act->amount = 0;
      if (strcmp(verb, "wait") != 0) must(scanf("%d", &act->end) == 1 && act->end >= 0 && act->end <= 1, verb);
      if (strcmp(verb, "hold") != 0 && strcmp(verb, "free") != 0) {
        long long amount;
        must(scanf("%lld", &amount) == 1, verb);
        act->amount = amount;
      }
    }
  }
  for (end = 0; end < 2; end++) {
    enter(end);
    run((char *[]){"ip", "route", "replace", "10.91.0.0/24", "dev", "wire", "src", (char *)ADDRESS[end], "initcwnd", window[end], "quickack",
                   quickAck[end], NULL});
    capture(end);
  }
  join(noDelay);

  awaitTick();
  startNs = nowNs(CLOCK_REALTIME);
  int64_t waitedNs = 0;
  for (int i = 0; i < count; i++) carryOut(&acts[i], &waitedNs);
  for (end = 0; end < 2; end++)
    while (showPacket(end)) {
    }
  for (end = 0; end < 2; end++) printf("first %d %u\n", end, firstByte[end]);
  return 0;
}
