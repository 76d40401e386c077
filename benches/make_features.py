#!/usr/bin/python3
"""Writes a made-up table for fair training as CSV, to standard output: ten numbers, a group, a label.

    benches/make_features.py ROWS [SEED]

Columns x0 to x9, group (a, b, c, d), label. The first three numbers tell something of the group, and the label
follows the numbers, so that a plain fit chooses the groups unevenly at equal labels too.
"""
import math
import random
import sys

rows, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
draw = random.Random(seed)
slopes = [0.5 if a % 2 == 0 else -0.3 for a in range(10)]


def line():
    group = draw.randrange(4)
    x = [draw.gauss(0.3 * group if a < 3 else 0, 1) for a in range(10)]
    eta = -0.5 + sum(s * v for s, v in zip(slopes, x))
    label = int(draw.random() < 1 / (1 + math.exp(-eta)))
    return ",".join(f"{v:.4f}" for v in x) + f",{'abcd'[group]},{label}\n"


sys.stdout.write(",".join(f"x{a}" for a in range(10)) + ",group,label\n")
for begin in range(0, rows, 10_000):
    sys.stdout.write("".join(line() for _ in range(min(10_000, rows - begin))))
