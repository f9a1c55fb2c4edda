"""Asks the program and its twin about random models and says where they differ. A test calls `run` and then tap.main()."""
import json
import os
import subprocess
import sys

from maker import instant
from plain import Facts

REPLAY = sys.argv[1]
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 0
FIRST = int(sys.argv[3]) if len(sys.argv) > 3 else 1


def difference(said, expected, path=''):
    """The first place where two answers are not equal, or None."""
    if isinstance(said, dict) and isinstance(expected, dict):
        for key in sorted({*said, *expected}):
            if key not in said or key not in expected:
                return f'{path}/{key}: only {"the twin" if key in expected else "the program"} has it'
            found = difference(said[key], expected[key], f'{path}/{key}')
            if found:
                return found
        return None
    return None if said == expected else f'{path}: the program says {said}, the twin {expected}'


def answers(part, maker, twin, count, tables=Facts):
    """Yields (seed, twin, said, expected) of each model; `part` is what replay.c is asked for."""
    facts = tables(os.environ['ZONEWRIGHT_SOURCE'])
    with subprocess.Popen([REPLAY, part], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as replay:
        for seed in range(FIRST, FIRST + (COUNT or count)):
            model = maker(facts, seed).model
            replay.stdin.write(json.dumps(model) + '\n')
            replay.stdin.flush()
            other = twin(facts, model, instant)
            expected = other.answer()
            line = replay.stdout.readline()
            if not line:
                raise AssertionError(f'seed {seed}: the program gave no answer')
            yield seed, other, json.loads(line), expected
        replay.stdin.close()
        if replay.wait() != 0:
            raise AssertionError(f'the program ended with {replay.returncode}')


def enough(count):
    """Are there so many models that each case must have come up?"""
    return not COUNT or COUNT >= count
