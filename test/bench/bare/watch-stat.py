"""Prints what /proc/stat holds for each core, with the monotonic clock, ten times a second.

A line is: seconds, then for each core its busy ticks. Written apart from the lab, in another language,
to check what the lab says of the cores. Ends with its standard input.
"""

import os
import select
import sys
import time

hertz = os.sysconf("SC_CLK_TCK")

while not select.select([sys.stdin], [], [], 0.1)[0]:
    now = time.monotonic()
    with open("/proc/stat") as stat:
        lines = stat.read().splitlines()
    cores = []
    for line in lines:
        name, *values = line.split()
        if name.startswith("cpu") and name != "cpu":
            user, nice, system, idle, iowait, irq, softirq = map(int, values[:7])
            cores.append((user + nice + system + irq + softirq) / hertz)
    print(now, *cores, flush=True)
