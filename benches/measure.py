"""`measure.py CORES PROGRAM ARGUMENT…`: runs a program on some cores (0 or 0,1) and, below what it prints,
tells `wall` and `cpu_all` in seconds and `peak`, the most memory that it held, in bytes. Standard library only."""

import os
import sys
import time

cores = {int(core) for core in sys.argv[1].split(",")}
program = sys.argv[2:]
start = time.monotonic()
child = os.fork()
if child == 0:
    os.sched_setaffinity(0, cores)
    os.execvp(program[0], program)
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - start
print(f"wall {wall:.6f}\ncpu_all {usage.ru_utime + usage.ru_stime:.6f}\npeak {usage.ru_maxrss * 1024}")
sys.exit(os.waitstatus_to_exitcode(status) and 1)
