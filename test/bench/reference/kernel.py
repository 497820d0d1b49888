"""M/M/1 in SimPy as its documentation writes it: a process for the source and one for each customer. Prints the seconds of each run."""
import random
import re
import sys
import time

import simpy


def customer(env, server, moments):
    came = env.now
    with server.request() as request:
        yield request
        yield env.timeout(random.expovariate(1.0))
    moments.append(env.now - came)


def source(env, server, customers, moments):
    for _ in range(customers):
        env.process(customer(env, server, moments))
        yield env.timeout(random.expovariate(0.8))


for run in range(int(sys.argv[2])):
    random.seed(run)
    env = simpy.Environment()
    moments = []
    env.process(source(env, simpy.Resource(env, 1), 20000, moments))
    start = time.perf_counter()
    env.run()
    print(time.perf_counter() - start)
print("peak", re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1], "KiB")
