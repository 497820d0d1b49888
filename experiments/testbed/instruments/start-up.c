/*
 * Start-up: how long a container's network takes from the create call to the first byte that its server has accepted and answered, step by step.
 *
 *   start-up serve ADDRESS PORT BYTES
 *   start-up start ADDRESS PORT BYTES AT_ONCE FIRST_CORE CORES START_MS SECONDS LOG netns BRIDGE MTU PREFIX FIRST_ADDRESS
 *   start-up start ADDRESS PORT BYTES AT_ONCE FIRST_CORE CORES START_MS SECONDS LOG cni PLUGIN CONFIGURATIONS
 *   start-up start ADDRESS PORT BYTES AT_ONCE FIRST_CORE CORES START_MS SECONDS LOG command COMMANDS USAGE
 *   start-up greet ADDRESS PORT BYTES
 *
 * `start` runs in the namespace that plays the host. In rounds it starts AT_ONCE containers at one moment, each by a process of its own on core
 * (FIRST_CORE + i) modulo CORES, and takes them down again before the next round. The steps of each:
 *   namespace     unshare(CLONE_NEWNET)
 *   device        netns: a veth pair by one RTM_NEWLINK, one end in the namespace, the other a port of BRIDGE;
 *                 cni: the plugin's call, which also gives the address (CNI specification 1.0.0, CONFIGURATIONS.i.json on standard input)
 *   address       netns: both ends up, and RTM_NEWADDR
 *   carrier       netns: until the bridge forwards for the port (operational state UP of the host's end)
 *   first-packet  connect(), a message of BYTES there and one back: the neighbours ask for each other's hardware addresses
 * An engine that makes the whole container (command) has two steps: `device` is its command, COMMANDS.i.start (arguments, each ended by a NUL), until the
 * container's process runs, which is `start-up greet`: it says when its own first packet began and ended, and stays. COMMANDS.i.end takes the container away.
 * What it took a core for is what the control group of USAGE (cpuacct.usage) counts meanwhile: whoever else starts is in it, so that it tells of lone starts.
 * Each step has two times: what passed, and what the process and its children were on a core for.
 */
#define _GNU_SOURCE
#include "instrument.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STEPS = 5, MOST_AT_ONCE = 64 };
/* Between the processes' birth and the moment at which all begin, and after the last namespace's end, ns. */
#define GATHER_NS 20000000L
#define REST_NS 40000000L

struct engine {
    int is_cni, is_command, bridge, prefix;
    unsigned mtu, cores;
    struct in_addr first;
    const char *plugin, *configurations, *commands, *usage;
};

static char message[1 << 20];

struct record {
    long begin, wall[STEPS], core[STEPS];
};

/* ---- the server ---- */

static volatile sig_atomic_t ends;
static void end_it(int signal) { (void)signal; ends = 1; }

static struct sockaddr_in address_of(char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[3]))};
    if (inet_pton(AF_INET, argv[2], &address.sin_addr) != 1) fail(argv[2]);
    return address;
}

static int serve(char **argv)
{
    struct sockaddr_in address = address_of(argv);
    struct sigaction action = {.sa_handler = end_it};
    sigaction(SIGINT, &action, NULL);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 128)) fail("listen");
    size_t bytes = strtoul(argv[4], NULL, 10);
    long accepted = 0;
    if (bytes < 1 || bytes > sizeof message) fail("arguments");
    while (!ends) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        if (recv(fd, message, bytes, MSG_WAITALL) == (ssize_t)bytes && send(fd, message, bytes, MSG_NOSIGNAL) == (ssize_t)bytes) accepted++;
        close(fd);
    }
    printf("{\"accepted\":%ld}\n", accepted);
    return 0;
}

/* ---- requests to the kernel: rtnetlink(7) ---- */

struct request {
    struct nlmsghdr header;
    char body[1024];
};

static void *append(struct request *r, size_t bytes)
{
    void *at = (char *)r + NLMSG_ALIGN(r->header.nlmsg_len);
    memset(at, 0, NLMSG_ALIGN(bytes));
    r->header.nlmsg_len = NLMSG_ALIGN(r->header.nlmsg_len) + bytes;
    return at;
}

static struct rtattr *attribute(struct request *r, int type, const void *data, size_t bytes)
{
    struct rtattr *a = append(r, RTA_LENGTH(bytes));
    a->rta_type = type;
    a->rta_len = RTA_LENGTH(bytes);
    if (bytes) memcpy(RTA_DATA(a), data, bytes);
    return a;
}

static void close_nest(struct request *r, struct rtattr *nest)
{
    nest->rta_len = (char *)r + NLMSG_ALIGN(r->header.nlmsg_len) - (char *)nest;
}

static struct request begin_request(int type, int flags)
{
    struct request r = {.header = {.nlmsg_len = NLMSG_LENGTH(0), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags}};
    return r;
}

static int route_socket(unsigned groups)
{
    struct sockaddr_nl local = {.nl_family = AF_NETLINK, .nl_groups = groups};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), bytes = 1 << 20;
    if (fd < 0 || bind(fd, (void *)&local, sizeof local)) fail("netlink");
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    return fd;
}

static void ask(int fd, struct request *r, const char *what)
{
    char answer[4096];
    if (send(fd, r, r->header.nlmsg_len, 0) < 0) fail(what);
    if (recv(fd, answer, sizeof answer, 0) < 0) fail(what);
    struct nlmsghdr *header = (void *)answer;
    struct nlmsgerr *error = NLMSG_DATA(header);
    if (header->nlmsg_type == NLMSG_ERROR && error->error) {
        errno = -error->error;
        fail(what);
    }
}

static void set_up(int fd, int index)
{
    struct request r = begin_request(RTM_NEWLINK, 0);
    struct ifinfomsg *link = append(&r, sizeof *link);
    link->ifi_index = index;
    link->ifi_flags = link->ifi_change = IFF_UP;
    ask(fd, &r, "up");
}

/* A locally administered address that follows from the container's place: whoever has it again later is still known by it. */
static void hardware_address(unsigned char *to, int i, int inside)
{
    unsigned char address[6] = {2, 0xfb, inside, 0, 0, i};
    memcpy(to, address, 6);
}

/*
 * Queues are written out, as Fairway's own commands do (experiments/testbed/veth.ts). Left to the kernel they would be as many as there are cores,
 * then one, and the registered device would wait for a grace period of RCU under the rtnl mutex (netif_set_real_num_tx_queues()).
 */
static void add_queues(struct request *r, unsigned queues)
{
    attribute(r, IFLA_NUM_TX_QUEUES, &queues, sizeof queues);
    attribute(r, IFLA_NUM_RX_QUEUES, &queues, sizeof queues);
}

static void add_pair(int fd, const char *host_end, const struct engine *engine, int i)
{
    struct request r = begin_request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    append(&r, sizeof(struct ifinfomsg));
    unsigned char mac[6];
    unsigned pid = getpid();
    attribute(&r, IFLA_IFNAME, host_end, strlen(host_end) + 1);
    hardware_address(mac, i, 0);
    attribute(&r, IFLA_ADDRESS, mac, 6);
    attribute(&r, IFLA_MTU, &engine->mtu, sizeof engine->mtu);
    attribute(&r, IFLA_MASTER, &engine->bridge, sizeof engine->bridge);
    add_queues(&r, engine->cores);
    struct rtattr *info = attribute(&r, IFLA_LINKINFO, NULL, 0);
    attribute(&r, IFLA_INFO_KIND, "veth", 4);
    struct rtattr *data = attribute(&r, IFLA_INFO_DATA, NULL, 0);
    struct rtattr *peer = attribute(&r, VETH_INFO_PEER, NULL, 0);
    append(&r, sizeof(struct ifinfomsg));
    attribute(&r, IFLA_IFNAME, "eth0", 5);
    hardware_address(mac, i, 1);
    attribute(&r, IFLA_ADDRESS, mac, 6);
    attribute(&r, IFLA_MTU, &engine->mtu, sizeof engine->mtu);
    add_queues(&r, engine->cores);
    attribute(&r, IFLA_NET_NS_PID, &pid, sizeof pid);
    close_nest(&r, peer);
    close_nest(&r, data);
    close_nest(&r, info);
    ask(fd, &r, "veth");
}

static void add_address(int fd, int index, struct in_addr address, int prefix)
{
    struct request r = begin_request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
    struct ifaddrmsg *of = append(&r, sizeof *of);
    of->ifa_family = AF_INET;
    of->ifa_prefixlen = prefix;
    of->ifa_index = index;
    attribute(&r, IFA_LOCAL, &address, sizeof address);
    attribute(&r, IFA_ADDRESS, &address, sizeof address);
    ask(fd, &r, "address");
}

/* Operational state of a link in a notification: IFLA_OPERSTATE, RFC 2863; -1 where it says nothing of this link. */
static int state_in(struct nlmsghdr *header, int index)
{
    struct ifinfomsg *link = NLMSG_DATA(header);
    if (header->nlmsg_type != RTM_NEWLINK || link->ifi_index != index) return -1;
    int left = IFLA_PAYLOAD(header);
    for (struct rtattr *a = IFLA_RTA(link); RTA_OK(a, left); a = RTA_NEXT(a, left))
        if (a->rta_type == IFLA_OPERSTATE) return *(unsigned char *)RTA_DATA(a);
    return -1;
}

static void wait_for_carrier(int events, int index)
{
    char buffer[16384];
    for (;;) {
        int bytes = recv(events, buffer, sizeof buffer, 0);
        if (bytes < 0) fail("carrier");
        for (struct nlmsghdr *h = (void *)buffer; NLMSG_OK(h, (unsigned)bytes); h = NLMSG_NEXT(h, bytes))
            if (state_in(h, index) == 6) return;
    }
}

/* ---- one container ---- */

static void host_end(char *name, int i) { snprintf(name, IFNAMSIZ, "start%d", i); }

static long core_time(void)
{
    struct timespec own;
    struct rusage children;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    return own.tv_sec * 1000000000L + own.tv_nsec + (children.ru_utime.tv_sec + children.ru_stime.tv_sec) * 1000000000L +
           (children.ru_utime.tv_usec + children.ru_stime.tv_usec) * 1000L;
}

static void end_step(struct record *record, int step, long *wall, long *core)
{
    long t = now(), c = core_time();
    record->wall[step] = t - *wall;
    record->core[step] = c - *core;
    *wall = t;
    *core = c;
}

/* What a container runtime does with a plugin: the command and the namespace in the environment, in the host's namespace. */
static void call_plugin(const struct engine *engine, const char *does, int host_namespace, pid_t container, int i)
{
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        char file[512], command[32], id[64], path[64], run[128];
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (setns(host_namespace, CLONE_NEWNET)) fail("setns");
        snprintf(file, sizeof file, "%s.%d.json", engine->configurations, i);
        snprintf(command, sizeof command, "CNI_COMMAND=%s", does);
        snprintf(id, sizeof id, "CNI_CONTAINERID=start-%d", i);
        snprintf(path, sizeof path, "CNI_NETNS=/proc/%d/ns/net", container);
        snprintf(run, sizeof run, "FAIRWAY_RUN=%s", getenv("FAIRWAY_RUN") ? getenv("FAIRWAY_RUN") : "");
        char *environment[] = {command, id, path, "CNI_IFNAME=eth0", "CNI_PATH=/usr/lib/cni", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", run, NULL};
        int in = open(file, O_RDONLY), out = open("/dev/null", O_WRONLY);
        if (in < 0) fail(file);
        dup2(in, 0);
        dup2(out, 1);
        execle(engine->plugin, engine->plugin, (char *)NULL, environment);
        fail(engine->plugin);
    }
    int status;
    if (waitpid(child, &status, 0) < 0 || status != 0) {
        fprintf(stderr, "%s %s ended with %d\n", engine->plugin, does, status);
        exit(1);
    }
}

/* ns */
static long usage_of(const char *file)
{
    char text[32] = {0};
    int fd = open(file, O_RDONLY);
    if (fd < 0 || read(fd, text, sizeof text - 1) < 1) fail(file);
    close(fd);
    return atol(text);
}

/* Starts the program of COMMANDS.i.PART. @returns its process; `from` gives what it writes. */
static pid_t spawn(const struct engine *engine, int i, const char *part, int *from)
{
    char file[512], text[8192], *arguments[256];
    int pipes[2], count = 0;
    snprintf(file, sizeof file, "%s.%d.%s", engine->commands, i, part);
    int fd = open(file, O_RDONLY);
    if (fd < 0) fail(file);
    ssize_t bytes = read(fd, text, sizeof text);
    close(fd);
    if (bytes < 1 || bytes == sizeof text || pipe(pipes)) fail(file);
    for (char *at = text; at < text + bytes && count < 255; at += strlen(at) + 1) arguments[count++] = at;
    arguments[count] = NULL;
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(pipes[1], 1);
        close(pipes[0]);
        close(pipes[1]);
        execvp(arguments[0], arguments);
        fail(arguments[0]);
    }
    close(pipes[1]);
    *from = pipes[0];
    return child;
}

static void read_line(int from, char *line, size_t most)
{
    size_t have = 0;
    while (have < most - 1 && read(from, line + have, 1) == 1 && line[have] != '\n') have++;
    line[have] = 0;
}

static void greet(const struct sockaddr_in *server, size_t bytes)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (void *)server, sizeof *server)) fail("connect");
    if (send(fd, message, bytes, 0) != (ssize_t)bytes || recv(fd, message, bytes, MSG_WAITALL) != (ssize_t)bytes) fail("exchange");
    close(fd);
}

/* Tells the parent, and waits until all have started. */
static void hand_over(const struct record *record, int out, int hold)
{
    char byte;
    if (write(out, record, sizeof *record) != sizeof *record) fail("record");
    if (read(hold, &byte, 1) < 0) fail("hold");
}

/* Starts container i at the given moment, writes its record to the pipe, and holds its namespace until the parent closes `hold`. */
static void start_one(const struct engine *engine, const struct sockaddr_in *server, size_t bytes, int i, int core, long at, int out, int hold)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_TIMERSLACK, 1);
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores)) fail("affinity");
    int host_namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), host = route_socket(0), events = route_socket(RTMGRP_LINK);
    /* A socket asks the namespace that it was made in: this one still asks the host's. */
    int asks = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    char name[IFNAMSIZ];
    struct ifreq query = {0};
    host_end(name, i);
    strcpy(query.ifr_name, name);
    struct record record = {0};
    struct timespec moment = {at / 1000000000L, at % 1000000000L};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL);
    long wall = now(), used = core_time();
    record.begin = wall - at;
    if (engine->is_command) {
        char said[128];
        int from, nothing, status;
        long before = usage_of(engine->usage), first, last;
        pid_t starter = spawn(engine, i, "start", &from);
        read_line(from, said, sizeof said);
        record.core[1] = usage_of(engine->usage) - before;
        if (sscanf(said, "%ld %ld", &first, &last) != 2) {
            fprintf(stderr, "container %d said \"%s\"\n", i, said);
            exit(1);
        }
        record.wall[1] = first - wall;
        record.wall[4] = last - first;
        hand_over(&record, out, hold);
        pid_t end = spawn(engine, i, "end", &nothing);
        if (waitpid(end, &status, 0) < 0 || status != 0) fail("end");
        waitpid(starter, &status, 0);
        exit(0);
    }
    if (unshare(CLONE_NEWNET)) fail("namespace");
    end_step(&record, 0, &wall, &used);
    if (engine->is_cni) {
        call_plugin(engine, "ADD", host_namespace, getpid(), i);
        end_step(&record, 1, &wall, &used);
    } else {
        add_pair(host, name, engine, i);
        if (ioctl(asks, SIOCGIFINDEX, &query)) fail("index");
        end_step(&record, 1, &wall, &used);
        set_up(host, query.ifr_ifindex);
        int inside = route_socket(0), own = if_nametoindex("eth0");
        struct in_addr address = {htonl(ntohl(engine->first.s_addr) + i)};
        add_address(inside, own, address, engine->prefix);
        set_up(inside, own);
        end_step(&record, 2, &wall, &used);
        wait_for_carrier(events, query.ifr_ifindex);
        end_step(&record, 3, &wall, &used);
    }
    greet(server, bytes);
    end_step(&record, 4, &wall, &used);
    hand_over(&record, out, hold);
    if (engine->is_cni) call_plugin(engine, "DEL", host_namespace, getpid(), i);
    exit(0);
}

/* ---- rounds ---- */

static void sleep_ns(long ns)
{
    struct timespec t = {ns / 1000000000L, ns % 1000000000L};
    nanosleep(&t, NULL);
}

/* A namespace is taken down after its last process has ended (cleanup_net()): with it the host's end of the pair goes. */
static void wait_until_gone(int at_once)
{
    char name[IFNAMSIZ];
    for (int i = 0; i < at_once; i++)
        for (host_end(name, i); if_nametoindex(name) != 0;) sleep_ns(1000000);
    sleep_ns(REST_NS);
}

static void start_round(const struct engine *engine, const struct sockaddr_in *server, size_t bytes, int at_once, int first_core, int cores, FILE *log_file)
{
    int outs[MOST_AT_ONCE], hold[2];
    if (pipe(hold)) fail("pipe");
    long at = now() + GATHER_NS;
    for (int i = 0; i < at_once; i++) {
        int out[2];
        if (pipe(out)) fail("pipe");
        fflush(NULL);
        pid_t pid = fork();
        if (pid < 0) fail("fork");
        if (pid == 0) {
            close(hold[1]);
            start_one(engine, server, bytes, i, (first_core + i) % cores, at, out[1], hold[0]);
        }
        close(out[1]);
        outs[i] = out[0];
    }
    for (int i = 0; i < at_once; i++) {
        struct record r;
        if (read(outs[i], &r, sizeof r) != sizeof r) {
            fprintf(stderr, "container %d did not start\n", i);
            exit(1);
        }
        close(outs[i]);
        fprintf(log_file, "%d,%ld", i, r.begin);
        for (int step = 0; step < STEPS; step++) fprintf(log_file, ",%ld,%ld", r.wall[step], r.core[step]);
        fputc('\n', log_file);
    }
    close(hold[0]);
    close(hold[1]);
    for (int i = 0; i < at_once; i++) {
        int status;
        if (wait(&status) < 0 || status != 0) fail("end");
    }
    wait_until_gone(at_once);
}

static int start(int argc, char **argv)
{
    struct sockaddr_in server = address_of(argv);
    size_t bytes = strtoul(argv[4], NULL, 10);
    int at_once = atoi(argv[5]), first_core = atoi(argv[6]), cores = atoi(argv[7]);
    long begin = now() + atol(argv[8]) * 1000000L, end = begin + (long)(atof(argv[9]) * 1e9), rounds = 0;
    struct engine engine = {.is_cni = strcmp(argv[11], "cni") == 0, .is_command = strcmp(argv[11], "command") == 0, .cores = cores};
    if (bytes < 1 || bytes > sizeof message || at_once < 1 || at_once > MOST_AT_ONCE || cores < 1) fail("arguments");
    if (engine.is_cni) {
        engine.plugin = argv[12];
        engine.configurations = argv[13];
    } else if (engine.is_command) {
        engine.commands = argv[12];
        engine.usage = argv[13];
    } else {
        if (argc != 16 || inet_pton(AF_INET, argv[15], &engine.first) != 1) fail("arguments");
        engine.bridge = if_nametoindex(argv[12]);
        engine.mtu = atoi(argv[13]);
        engine.prefix = atoi(argv[14]);
        if (engine.bridge == 0) fail(argv[12]);
    }
    FILE *log_file = fopen(argv[10], "w");
    if (!log_file) fail(argv[10]);
    sleep_ns(begin - now());
    long first = now();
    do {
        start_round(&engine, &server, bytes, at_once, first_core, cores, log_file);
        rounds++;
    } while (now() < end);
    if (fclose(log_file)) fail("log");
    printf("{\"rounds\":%ld,\"started\":%ld,\"seconds\":%.9f}\n", rounds, rounds * at_once, (now() - first) / 1e9);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "serve") == 0) return serve(argv);
    if (argc >= 14 && strcmp(argv[1], "start") == 0) return start(argc, argv);
    if (argc == 5 && strcmp(argv[1], "greet") == 0) {
        struct sockaddr_in server = address_of(argv);
        long begin = now();
        greet(&server, strtoul(argv[4], NULL, 10));
        printf("%ld %ld\n", begin, now());
        fflush(stdout);
        /* A container runs until it is taken away. */
        for (;;) pause();
    }
    fprintf(stderr, "usage: start-up serve ADDRESS PORT BYTES | start ADDRESS PORT BYTES AT_ONCE FIRST_CORE CORES START_MS SECONDS LOG netns BRIDGE MTU PREFIX FIRST_ADDRESS\n"
                    "       start-up start ADDRESS PORT BYTES AT_ONCE FIRST_CORE CORES START_MS SECONDS LOG cni PLUGIN CONFIGURATIONS\n"
                    "       start-up start ADDRESS PORT BYTES AT_ONCE FIRST_CORE CORES START_MS SECONDS LOG command COMMANDS USAGE | greet ADDRESS PORT BYTES\n");
    return 2;
}
