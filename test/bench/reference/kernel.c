/*
 * The reference: what a C programmer gets from the same work, with nothing checked and nothing general.
 *
 *     gcc -O3 -march=native -o kernel kernel.c -lm
 *     ./kernel CASE RUNS          CASE: mm1, mmc, hold-heap-N, hold-buckets-N; prints the seconds of each run, and its peak of memory
 *
 * The same generator (xoshiro128**), the same exponential draw (ziggurat of 256 layers), the same order of events (time, then sequence),
 * the same statistics as test/bench/mm1.ts and test/bench/mmc.ts: Welford's mean and variance of the response time, the time average of the
 * number in system. Two future event lists: a 4-ary heap, and two levels of buckets.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- random streams ------------------------------------------------------------------------------------------------------------- */

typedef struct { uint32_t s[4]; } Stream;

static inline uint32_t rotated(uint32_t x, int by) { return (x << by) | (x >> (32 - by)); }

static inline uint32_t bits(Stream *stream) {
  uint32_t *s = stream->s;
  const uint32_t result = rotated(s[1] * 5, 7) * 9, t = s[1] << 9;
  s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotated(s[3], 11);
  return result;
}

static inline double uniform(Stream *stream) {
  const double high = bits(stream) >> 5;
  return (high * 67108864.0 + (bits(stream) >> 6)) * 0x1p-53;
}

#define TAIL 7.69711747013105
static double edge[257], density[257];

static void prepareZiggurat(void) {
  const double area = (TAIL + 1) * exp(-TAIL);
  edge[0] = area / exp(-TAIL);
  edge[1] = TAIL;
  for (int layer = 1; layer < 255; layer++) edge[layer + 1] = -log(exp(-edge[layer]) + area / edge[layer]);
  for (int layer = 0; layer <= 256; layer++) density[layer] = exp(-edge[layer]);
}

static inline double exponential(Stream *stream, double mean) {
  for (;;) {
    const uint32_t high = bits(stream), low = bits(stream);
    const int layer = low & 255;
    const double x = ((double)(high >> 3) * 16777216.0 + (low >> 8)) * 0x1p-53 * edge[layer];
    if (x < edge[layer + 1]) return mean * x;
    if (layer == 0) return mean * (TAIL - log(1 - uniform(stream)));
    if (density[layer] + uniform(stream) * (density[layer + 1] - density[layer]) < exp(-x)) return mean * x;
  }
}

static Stream stream(uint32_t seed) {
  Stream result;
  uint64_t x = seed * 0x9e3779b97f4a7c15ull + 1;
  for (int word = 0; word < 4; word++) {
    x ^= x >> 30; x *= 0xbf58476d1ce4e5b9ull; x ^= x >> 27; x *= 0x94d049bb133111ebull; x ^= x >> 31;
    result.s[word] = (uint32_t)x;
  }
  return result;
}

/* --- events ----------------------------------------------------------------------------------------------------------------------
 * An event's key is one number of 128 bits: its time above its sequence above the number of its payload, so that two keys are compared
 * without a branch: which of two events comes first is a coin toss.
 */

typedef unsigned __int128 Key;
typedef struct { int32_t kind, row; } Payload;

#define NODE_BITS 20
static inline Key keyOf(uint64_t timeNs, uint64_t sequence, uint32_t node) { return (Key)timeNs << 64 | sequence << NODE_BITS | node; }
static inline uint64_t timeOf(Key key) { return (uint64_t)(key >> 64); }
static inline uint32_t nodeOf(Key key) { return (uint32_t)key & ((1u << NODE_BITS) - 1); }

/* --- a 4-ary heap ------------------------------------------------------------------------------------------------------------------ */

typedef struct { Key *keys; int size; } Heap;

static inline void heapPush(Heap *heap, Key key) {
  int hole = heap->size++;
  while (hole > 0) {
    const int parent = (hole - 1) >> 2;
    if (heap->keys[parent] < key) break;
    heap->keys[hole] = heap->keys[parent];
    hole = parent;
  }
  heap->keys[hole] = key;
}

static inline Key heapPop(Heap *heap) {
  Key *keys = heap->keys;
  const Key first = keys[0];
  const int size = --heap->size;
  const Key last = keys[size];
  int hole = 0;
  for (int child = 1; child < size; child = 4 * hole + 1) {
    int best = child;
    if (child + 3 < size) {
      const int left = child + (keys[child + 1] < keys[child]);
      const int right = child + 2 + (keys[child + 3] < keys[child + 2]);
      best = left + (right - left) * (keys[right] < keys[left]);
    } else {
      for (int other = child + 1; other < size; other++) best = keys[other] < keys[best] ? other : best;
    }
    if (last < keys[best]) break;
    keys[hole] = keys[best];
    hole = best;
  }
  keys[hole] = last;
  return first;
}

/* --- two levels of buckets -----------------------------------------------------------------------------------------------------------
 * A ring of narrow buckets for the time at hand (lists of records), a ring of wide ones for what follows (blocks of records, so that what is
 * moved lies side by side), and the narrow bucket under way in a sorted list. A wide bucket is half a turn of the narrow ring.
 * Tuned by hand for the hold model: `perBucket` events a narrow bucket, wide buckets for sixteen mean delays.
 */

typedef struct { uint64_t timeNs, sequence; Payload payload; uint32_t next, unused; } Record;

static inline int before(const Record *a, const Record *b) {
  return (a->timeNs < b->timeNs) | ((a->timeNs == b->timeNs) & (a->sequence < b->sequence));
}

#define BLOCK 64
typedef struct { Record records[BLOCK]; uint32_t count, next; } Block;
typedef struct {
  Record *slab, **now;
  Block *blocks;
  uint32_t *narrow, *wide;
  uint32_t size, freed, freedBlock, narrowMask, wideMask;
  int shift, wideShift;
  uint64_t tick, wideTick;
} Buckets;

/* The bucket under way: pointers to records, sorted, the first event last. */
static inline void nowPut(Buckets *b, Record *record) {
  uint32_t hole = b->size++;
  while (hole > 0 && before(b->now[hole - 1], record)) { b->now[hole] = b->now[hole - 1]; hole--; }
  b->now[hole] = record;
}

static inline uint32_t taken(Buckets *b) {
  const uint32_t record = b->freed;
  b->freed = b->slab[record].next;
  return record;
}

static inline void narrowPut(Buckets *b, uint32_t record) {
  uint32_t *list = &b->narrow[(b->slab[record].timeNs >> b->shift) & b->narrowMask];
  b->slab[record].next = *list;
  *list = record;
}

static inline void widePut(Buckets *b, uint64_t timeNs, uint64_t sequence, Payload payload) {
  uint32_t *list = &b->wide[(timeNs >> b->wideShift) & b->wideMask], block = *list;
  if (!block || b->blocks[block].count == BLOCK) {
    block = b->freedBlock;
    b->freedBlock = b->blocks[block].next;
    b->blocks[block].next = *list;
    b->blocks[block].count = 0;
    *list = block;
  }
  Record *to = &b->blocks[block].records[b->blocks[block].count++];
  to->timeNs = timeNs;
  to->sequence = sequence;
  to->payload = payload;
}

static inline void bucketsPush(Buckets *b, uint64_t timeNs, uint64_t sequence, Payload payload) {
  if (timeNs >> b->wideShift > b->wideTick + 1) { widePut(b, timeNs, sequence, payload); return; }
  const uint32_t record = taken(b);
  Record *to = &b->slab[record];
  to->timeNs = timeNs;
  to->sequence = sequence;
  to->payload = payload;
  if (timeNs >> b->shift <= b->tick) nowPut(b, to);
  else narrowPut(b, record);
}

static void bucketsRefill(Buckets *b) {
  for (;;) {
    b->tick++;
    if ((b->tick & (b->narrowMask >> 1)) == 0) {
      uint32_t *list = &b->wide[(++b->wideTick + 1) & b->wideMask], block = *list;
      *list = 0;
      while (block) {
        Block *from = &b->blocks[block];
        for (uint32_t i = 0; i < from->count; i++) bucketsPush(b, from->records[i].timeNs, from->records[i].sequence, from->records[i].payload);
        const uint32_t next = from->next;
        from->next = b->freedBlock;
        b->freedBlock = block;
        block = next;
      }
    }
    uint32_t record = b->narrow[b->tick & b->narrowMask];
    if (!record) continue;
    b->narrow[b->tick & b->narrowMask] = 0;
    while (record) {
      const uint32_t next = b->slab[record].next;
      nowPut(b, &b->slab[record]);
      record = next;
    }
    return;
  }
}

static inline const Record *bucketsPop(Buckets *b) {
  if (b->size == 0) bucketsRefill(b);
  Record *record = b->now[--b->size];
  record->next = b->freed;
  b->freed = (uint32_t)(record - b->slab);
  return record;
}

static Buckets buckets(int pending, double meanNs, double perBucket) {
  Buckets b = {0};
  b.now = malloc((pending + 1) * sizeof(Record *));
  while (2ull << b.shift <= perBucket * meanNs / pending) b.shift++;
  const uint32_t most = pending > 32768 ? 2048 : 16384;
  b.narrowMask = 15;
  while (b.narrowMask + 1 < most && (double)(b.narrowMask + 1) * (1ull << b.shift) < 4 * meanNs) b.narrowMask = 2 * b.narrowMask + 1;
  b.wideShift = b.shift;
  while (2u << (b.wideShift - b.shift) <= b.narrowMask) b.wideShift++;
  b.wideMask = 3;
  while ((double)b.wideMask * (1ull << b.wideShift) < 16 * meanNs) b.wideMask = 2 * b.wideMask + 1;
  b.narrow = calloc(b.narrowMask + 1, sizeof(uint32_t));
  b.wide = calloc(b.wideMask + 1, sizeof(uint32_t));
  b.slab = malloc((pending + 2) * sizeof(Record));
  for (int record = 1; record <= pending; record++) b.slab[record].next = record + 1;
  const uint32_t blocks = pending / BLOCK + b.wideMask + 4;
  b.blocks = malloc(blocks * sizeof(Block));
  for (uint32_t block = 1; block < blocks; block++) b.blocks[block].next = block + 1;
  b.freed = b.freedBlock = 1;
  return b;
}

/* --- the cases ---------------------------------------------------------------------------------------------------------------------- */

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

#define HOLDS 1000000
#define MEAN_NS 1e6
static uint64_t sink;

static void holdHeap(int pending, int runs) {
  Payload *payloads = malloc(pending * sizeof(Payload));
  Heap heap = {malloc((pending + 1) * sizeof(Key)), 0};
  Stream delays = stream(71);
  uint64_t sequence = 0;
  for (int row = 0; row < pending; row++) {
    payloads[row] = (Payload){row & 3, row};
    heapPush(&heap, keyOf((int64_t)exponential(&delays, MEAN_NS), sequence++, row));
  }
  for (int run = 0; run < runs; run++) {
    const double start = seconds();
    for (int i = 0; i < HOLDS; i++) {
      const Key key = heapPop(&heap);
      const uint32_t node = nodeOf(key);
      const Payload event = payloads[node];
      sink += event.row;
      payloads[node] = event;
      heapPush(&heap, keyOf(timeOf(key) + (int64_t)exponential(&delays, MEAN_NS), sequence++, node));
    }
    printf("%.9f\n", seconds() - start);
  }
}

static void holdBuckets(int pending, int runs) {
  Buckets b = buckets(pending, MEAN_NS, 2);
  Stream delays = stream(71);
  uint64_t sequence = 0;
  for (int row = 0; row < pending; row++) bucketsPush(&b, (int64_t)exponential(&delays, MEAN_NS), sequence++, (Payload){row & 3, row});
  for (int run = 0; run < runs; run++) {
    const double start = seconds();
    for (int i = 0; i < HOLDS; i++) {
      const Record *event = bucketsPop(&b);
      const Payload payload = event->payload;
      sink += payload.row;
      bucketsPush(&b, event->timeNs + (int64_t)exponential(&delays, MEAN_NS), sequence++, payload);
    }
    printf("%.9f\n", seconds() - start);
  }
}

#define CUSTOMERS 1000000
#define RING 65536
#define SERVICE_NS 1e6
#define LOAD 0.8
enum { ARRIVAL, DEPARTURE, TIMEOUT };

typedef struct { uint64_t count; double mean, squares; } Moments;

static inline void add(Moments *m, double value) {
  const double difference = value - m->mean;
  m->mean += difference / ++m->count;
  m->squares += difference * (value - m->mean);
}

static void mm1(int runs) {
  static uint64_t arrivedNs[RING];
  for (int run = 0; run < runs; run++) {
    Key space[8];
    Heap heap = {space, 0};
    Stream arrivals = stream(2 * run), services = stream(2 * run + 1);
    Moments response = {0, 0, 0};
    uint64_t sequence = 0, changedNs = 0;
    double area = 0;
    uint32_t head = 0, inside = 0, left = 0;
    const double start = seconds();
    heapPush(&heap, keyOf(0, sequence++, ARRIVAL));
    while (left < CUSTOMERS) {
      const Key event = heapPop(&heap);
      const uint64_t nowNs = timeOf(event);
      area += (double)inside * (double)(int64_t)(nowNs - changedNs);
      changedNs = nowNs;
      switch (nodeOf(event)) {
      case ARRIVAL:
        heapPush(&heap, keyOf(nowNs + (int64_t)exponential(&arrivals, SERVICE_NS / LOAD), sequence++, ARRIVAL));
        arrivedNs[(head + inside) & (RING - 1)] = nowNs;
        if (inside++ > 0) break;
        heapPush(&heap, keyOf(nowNs + (int64_t)exponential(&services, SERVICE_NS), sequence++, DEPARTURE));
        break;
      case DEPARTURE:
        add(&response, (double)(int64_t)(nowNs - arrivedNs[head]));
        head = (head + 1) & (RING - 1);
        left++;
        if (--inside == 0) break;
        heapPush(&heap, keyOf(nowNs + (int64_t)exponential(&services, SERVICE_NS), sequence++, DEPARTURE));
        break;
      }
    }
    printf("%.9f\n", seconds() - start);
    sink += response.mean + response.squares / CUSTOMERS + area / changedNs;
    fprintf(stderr, "response %.6g, number in system %.6g\n", response.mean, area / changedNs);
  }
}

/*
 * M/M/4 at load 0.8 whose customers give up after forty services, which all but never happens: a timer is set as each comes and cancelled as
 * each leaves. A cancelled timer stays in the heap until its time and is dropped there. Three events a customer.
 */
#define SERVERS 4
#define PATIENCE_NS (40 * SERVICE_NS)
#define PLACES 4096

static void mmc(int runs) {
  static uint64_t arrivedNs[PLACES];
  static uint32_t generation[PLACES], waiting[PLACES], vacant[PLACES];
  static Payload payloads[4 * PLACES];
  static uint32_t vacantNode[4 * PLACES];
  for (int run = 0; run < runs; run++) {
    static Key space[4 * PLACES];
    Heap heap = {space, 0};
    Stream arrivals = stream(2 * run), services = stream(2 * run + 1);
    Moments response = {0, 0, 0};
    uint64_t sequence = 0, changedNs = 0;
    double area = 0;
    uint32_t head = 0, queued = 0, idle = SERVERS, inside = 0, left = 0, vacancies = PLACES, nodes = 4 * PLACES, gaveUp = 0;
    for (uint32_t place = 0; place < PLACES; place++) vacant[place] = place;
    for (uint32_t node = 0; node < 4 * PLACES; node++) vacantNode[node] = node;
#define SCHEDULE(timeNs, kind, row, stamp)                                                        \
  do {                                                                                            \
    const uint32_t node = vacantNode[--nodes];                                                    \
    payloads[node] = (Payload){(kind) | (int32_t)((stamp) << 2), row};                            \
    heapPush(&heap, keyOf(timeNs, sequence++, node));                                             \
  } while (0)
    const double start = seconds();
    SCHEDULE(0, ARRIVAL, 0, 0);
    while (left < CUSTOMERS) {
      const Key event = heapPop(&heap);
      const uint64_t nowNs = timeOf(event);
      const Payload payload = payloads[nodeOf(event)];
      vacantNode[nodes++] = nodeOf(event);
      const uint32_t row = payload.row;
      switch (payload.kind & 3) {
      case ARRIVAL: {
        area += (double)inside++ * (double)(int64_t)(nowNs - changedNs);
        changedNs = nowNs;
        SCHEDULE(nowNs + (int64_t)exponential(&arrivals, SERVICE_NS / LOAD / SERVERS), ARRIVAL, 0, 0);
        const uint32_t place = vacant[--vacancies];
        arrivedNs[place] = nowNs;
        SCHEDULE(nowNs + (int64_t)PATIENCE_NS, TIMEOUT, place, generation[place]);
        if (idle > 0) {
          idle--;
          SCHEDULE(nowNs + (int64_t)exponential(&services, SERVICE_NS), DEPARTURE, place, 0);
        } else waiting[(head + queued++) & (PLACES - 1)] = place;
        break;
      }
      case DEPARTURE: {
        area += (double)inside-- * (double)(int64_t)(nowNs - changedNs);
        changedNs = nowNs;
        add(&response, (double)(int64_t)(nowNs - arrivedNs[row]));
        generation[row] = (generation[row] + 1) & 0xffffff;
        vacant[vacancies++] = row;
        left++;
        if (queued == 0) { idle++; break; }
        const uint32_t place = waiting[head++ & (PLACES - 1)];
        queued--;
        SCHEDULE(nowNs + (int64_t)exponential(&services, SERVICE_NS), DEPARTURE, place, 0);
        break;
      }
      case TIMEOUT:
        if ((uint32_t)payload.kind >> 2 == generation[row]) gaveUp++;
        break;
      }
    }
    printf("%.9f\n", seconds() - start);
    sink += response.mean + area / changedNs + gaveUp;
    fprintf(stderr, "response %.6g, number in system %.6g, patience lost %u\n", response.mean, area / changedNs, gaveUp);
  }
}

/* Not getrusage's maximum: that begins with what the process had that this one was forked from. */
static void printPeak(void) {
  char line[128];
  long kib = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status)) if (sscanf(line, "VmHWM: %ld", &kib) == 1) break;
  printf("peak %ld KiB\n", kib);
}

int main(int count, char **argument) {
  if (count < 3) return 2;
  const char *name = argument[1];
  const int runs = atoi(argument[2]);
  prepareZiggurat();
  if (!strcmp(name, "mm1")) mm1(runs);
  else if (!strcmp(name, "mmc")) mmc(runs);
  else if (!strncmp(name, "hold-heap-", 10)) holdHeap(atoi(name + 10), runs);
  else if (!strncmp(name, "hold-buckets-", 13)) holdBuckets(atoi(name + 13), runs);
  else return 2;
  printPeak();
  fprintf(stderr, "%llu\n", (unsigned long long)sink);
  return 0;
}
