"""What the benchmarks in Python share: a figure as one JSON line, and what a command takes."""
import json
import os
import subprocess
import sys
import time


def figure(name, unit, ours, peer, theirs):
    """`ratio` is above 1 where we are better: of rates (`1/s`) the higher is, of all else the lower."""
    ratio = ours / theirs if unit == '1/s' else theirs / ours
    print(json.dumps({'name': name, 'unit': unit, 'ours': ours, 'peer': peer, 'theirs': theirs, 'ratio': ratio}), flush=True)


def measured(*command):
    """Seconds, and the most memory in MiB; what the command prints is dropped."""
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f'bench: {command[0]} ended with {child.returncode}')
    return time.monotonic() - begin, usage.ru_maxrss / 1024
