#!/usr/bin/env python3
"""The queue of findings across projects: makes PROJECTS of 100,000 findings each (50 of them are the 5,000,000 of docs/bench.md), and measures
the pages of their lists and of the queue in one process that has all of them open, in turns, and its memory. One JSON line a figure, as the
other programs. Making one takes half a minute, and 0.3 GB. Usage: queue.py BUILD [PROJECTS [SEED]]"""
import os
import resource
import subprocess
import sys
import tempfile

from figures import figure


def main():
    build, n = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    keys = [f'Q{i}' for i in range(1, n + 1)]
    with tempfile.TemporaryDirectory(dir='/var/tmp') as folder:
        command = [os.path.join(build, 'zw'), '--data', folder + '/data']
        subprocess.run([*command, 'init'], check=True, stdout=subprocess.DEVNULL)
        for i, key in enumerate(keys):
            subprocess.run([*command, '--project', key, 'bench', 'generate', '--size', 'Q', '--seed', str(seed + i)], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([os.path.join(build, 'bench', 'bench_lists'), folder + '/data', *keys], check=True)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    figure(f'memory of {n} projects of 100,000 findings each, MiB', 'MiB', memory, '150 bytes an item, 48 a link', n * (150000 * 150 + 500000 * 48) / 2**20)


if __name__ == '__main__':
    main()
