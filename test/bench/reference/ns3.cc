/*
 * ns-3's kernel at the same work: M/M/1, and the hold model, by Simulator::Schedule with each of its event lists.
 *
 *     g++ -O3 -march=native -o ns3 ns3.cc -lns3-core
 *     ./ns3 CASE RUNS          CASE: mm1:SCHEDULER, hold:SCHEDULER:N; prints the seconds of each run, and its peak of memory
 */
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <deque>
#include <random>
#include <string>

#include "ns3/core-module.h"

using namespace ns3;

static std::minstd_rand generator(1);
/* The cheapest exponential at hand, so that the kernel is what is timed. */
static double Exponential(double mean) { return -mean * std::log((generator() + 0.5) / 2147483648.0); }

static uint64_t left_, most;
static uint32_t inside;
static double mean_, squares, area;
static int64_t changedNs;
static std::deque<int64_t> came;

static void Depart();
static void StartService() { Simulator::Schedule(NanoSeconds((int64_t)Exponential(1e6)), &Depart); }
static void Count(int64_t nowNs) { area += (double)inside * (nowNs - changedNs); changedNs = nowNs; }
static void Arrive() {
  const int64_t nowNs = Simulator::Now().GetNanoSeconds();
  Count(nowNs);
  Simulator::Schedule(NanoSeconds((int64_t)Exponential(1.25e6)), &Arrive);
  came.push_back(nowNs);
  if (inside++ == 0) StartService();
}
static void Depart() {
  const int64_t nowNs = Simulator::Now().GetNanoSeconds();
  Count(nowNs);
  const double value = nowNs - came.front(), before = value - mean_;
  came.pop_front();
  mean_ += before / ++left_;
  squares += before * (value - mean_);
  if (left_ == most) { Simulator::Stop(); return; }
  if (--inside > 0) StartService();
}

static uint64_t holds;
static void Hold(uint32_t row) {
  if (++holds == most) { Simulator::Stop(); return; }
  Simulator::Schedule(NanoSeconds((int64_t)Exponential(1e6)), &Hold, row);
}

/* Not getrusage's maximum: that begins with what the process had that this one was forked from. */
static void printPeak() {
  char line[128];
  long kib = 0;
  std::FILE *status = std::fopen("/proc/self/status", "r");
  while (status && std::fgets(line, sizeof line, status)) if (std::sscanf(line, "VmHWM: %ld", &kib) == 1) break;
  std::printf("peak %ld KiB\n", kib);
}

int main(int count, char **argument) {
  if (count < 3) return 2;
  std::string what = argument[1];
  const std::string name = what.substr(0, what.find(':'));
  std::string scheduler = what.substr(what.find(':') + 1);
  const auto colon = scheduler.find(':');
  const uint32_t pending = colon == std::string::npos ? 0 : std::stoul(scheduler.substr(colon + 1));
  scheduler = scheduler.substr(0, colon);
  for (int run = 0; run < std::atoi(argument[2]); run++) {
    ObjectFactory factory("ns3::" + scheduler);
    Simulator::SetScheduler(factory);
    left_ = holds = inside = changedNs = 0;
    mean_ = squares = area = 0;
    came.clear();
    most = 500000;
    if (name == "mm1") Simulator::Schedule(NanoSeconds(0), &Arrive);
    else for (uint32_t row = 0; row < pending; row++) Simulator::Schedule(NanoSeconds((int64_t)Exponential(1e6)), &Hold, row);
    const auto start = std::chrono::steady_clock::now();
    Simulator::Run();
    std::printf("%.9f\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    Simulator::Destroy();
  }
  printPeak();
}
