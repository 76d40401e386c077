#!/usr/bin/python3
"""Writes a made-up table of people as CSV, to standard output or a pipe.

    benches/make_people.py ROWS [SEED]

Columns id, sex (2), race (5), label, decision, score: 10 crossings of sex and race; label is drawn with the
score as its probability, the decision is a noisy cut of the score. Blocks of 100,000 rows are repeated, so
that 10^8 rows can be piped as fast as they are read.
"""
import random
import sys

rows, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
draw = random.Random(seed)
sexes = ("Female", "Male")
races = ("Amer-Indian", "Asian", "Black", "Other", "White")


def line(i):
    score = draw.random()
    label = int(draw.random() < score)
    decision = int(score + draw.gauss(0, 0.2) > 0.5)
    return f"{i},{draw.choice(sexes)},{draw.choice(races)},{label},{decision},{score:.6f}\n"


distinct = min(rows, 1_000_000)
block, written = [], 0
sys.stdout.write("id,sex,race,label,decision,score\n")
text = ""
while written < rows:
    if written < distinct:
        step = min(100_000, distinct - written)
        text = "".join(line(written + i) for i in range(step))
    else:
        step = min(100_000, rows - written)
        if step < 100_000:
            text = "".join(text.splitlines(True)[:step])
    sys.stdout.write(text)
    written += step
