#!/usr/bin/python3
"""Reads the golden tallies by docs/formats/tally.md alone, and counts their eight rows by itself.

    tests/golden/read_tally.py           ends with 1 where a file says anything else
"""
import collections
import fractions
import pathlib
import struct
import sys

folder = pathlib.Path(__file__).resolve().parent / "tally"
Fraction = fractions.Fraction
MISSING = 2

# The rows, as tests/laws/tally_laws_test.cc has them; None is missing.
KEYS = [("F", "A"), ("M\u00e4", "A"), (None, "B")]
ROWS = list(zip(
    [0, 0, 1, 1, 2, 2, 0, 1],  # group
    [0, 0, 1, 1, 2, 2, 3, 3],  # cluster
    [1, 0, 1, 2, 0, 1, 1, 0],  # label
    [1, 1, 0, 1, 2, 1, 0, 0],  # decision
    [0.9, 0.25, 1, 0.5, 0, None, 0.75, 0.125],  # score
))
WEIGHTS = {"frequency": [1, 2, 3, 1, 0, 1, 5, 1], "sampling": [1.5, 2, 0.1, 2.0**40, 0, 3, 2.0**-30, 7]}


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, n):
        self.at += n
        return self.data[self.at - n:self.at]

    def varint(self):
        value, shift = 0, 0
        while True:
            byte = self.raw(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def text(self):
        return self.raw(self.varint()).decode()

    def wide(self):
        low = self.varint()
        return low + (self.varint() << 64)

    def sum(self):
        head = self.varint()
        if head < 2:
            return Fraction(0)
        place = self.varint()
        value = sum(struct.unpack("<I", self.raw(4))[0] << (32 * k) for k in range(head // 2))
        return Fraction(value * (-1 if head % 2 else 1)) * Fraction(2) ** (32 * place - 1074)

    def list(self):
        return [self.text() for _ in range(self.varint())]

    def groups(self):
        by, strata = self.list(), self.list()
        keys = []
        for _ in range(self.varint()):
            key = []
            for _ in range(len(by) + len(strata)):
                length = self.varint()
                key.append(self.raw(length - 1).decode() if length else None)
            keys.append(tuple(key))
        assert (by, strata, keys) == (["sex"], ["dept"], KEYS), (by, strata, keys)

    def cells(self, kept):
        found, nxt = {}, 0
        for _ in range(self.varint()):
            cell = nxt + self.varint()
            nxt = cell + 1
            found[cell] = kept()
        return found


def opened(name, kind):
    data = (folder / f"{name}_{kind}.bin").read_bytes()
    checksum = 0xCBF29CE484222325
    for byte in data[:-8]:
        checksum = (checksum ^ byte) * 0x100000001B3 % 2**64
    assert struct.unpack("<Q", data[-8:])[0] == checksum
    reader = Reader(data[:-8])
    assert reader.raw(4) == b"EVHT" and reader.raw(1) == b"\x01" and reader.text() == name
    return reader


def counted(kind, cell_of):
    """Rows and sums of weights by cell; a frequency weight is that many rows."""
    n = collections.Counter()
    sums = collections.defaultdict(lambda: [Fraction(0), Fraction(0)])
    for row, w in zip(ROWS, WEIGHTS[kind]):
        cell = cell_of(row)
        n[cell] += w if kind == "frequency" else 1
        sums[cell][0] += Fraction(w)
        sums[cell][1] += Fraction(w) ** 2
    return {c: (k,) if kind == "frequency" else (k, *sums[c]) for c, k in n.items() if k}


def check(kind):
    weighted = kind == "sampling"
    flag = bytes([weighted])

    def weights(r):
        return (r.sum(), r.sum()) if weighted else ()

    for name, cell_of in (("confusion", lambda row: (row[0] * 3 + row[2]) * 3 + row[3]),
                          ("crosstab", lambda row: row[0])):
        r = opened(name, kind)
        if name == "confusion":
            assert len(r.list()) == 2
        assert r.raw(1) == flag
        r.groups()
        found = r.cells(lambda: (r.varint(), *weights(r)))
        assert found == counted(kind, cell_of), (name, kind, found)
        assert r.at == len(r.data)

    r = opened("score_grid", kind)
    assert r.raw(1) == flag
    bins = r.varint()
    r.groups()
    found = r.cells(lambda: (r.varint(), r.wide(), *([r.sum() for _ in range(3)] if weighted else [])))

    def grid_cell(row):
        score = row[4]
        bin_ = bins if score is None else min(int(score * bins), bins - 1)
        return (row[0] * 3 + row[2]) * (bins + 1) + bin_

    assert {c: (v[0], *v[2:4]) for c, v in found.items()} == counted(kind, grid_cell), (kind, found)
    assert r.at == len(r.data)

    r = opened("moments", kind)
    assert r.raw(1) == flag
    r.groups()
    found = r.cells(lambda: (r.varint(), r.varint(), *[r.sum() for _ in range(6 if weighted else 2)]))
    for g in range(3):
        for y in range(3):
            rows = [(Fraction(row[4]), Fraction(w)) for row, w in zip(ROWS, WEIGHTS[kind])
                    if row[0] == g and row[2] == y and row[4] is not None]
            x = sum((s * (w if not weighted else 1) for s, w in rows), Fraction(0))
            assert found.get(g * 3 + y, (0, 0, Fraction(0)))[2] == x, (kind, g, y)
    assert r.at == len(r.data)

    r = opened("cluster_products", kind)
    assert len(r.list()) == 2 and r.raw(1) == flag
    r.groups()
    r.varint()
    clusters = r.varint()
    patterns = [(r.varint(), r.varint(), r.varint()) for _ in range(r.varint())]
    products = {(r.varint(), r.varint()): r.sum() if weighted else r.wide() for _ in range(r.varint())}
    expected = collections.defaultdict(Fraction)
    for c in range(4):
        of = collections.defaultdict(Fraction)
        for row, w in zip(ROWS, WEIGHTS[kind]):
            if row[1] == c:
                of[(row[0] * 3 + row[2]) * 3 + row[3]] += Fraction(w)
        for i in of:
            for j in of:
                if i <= j and of[i] * of[j]:
                    expected[i, j] += of[i] * of[j]
    assert products == dict(expected), (kind, products)
    assert clusters == 4 and sum(p[2] for p in patterns) >= 4
    assert r.at == len(r.data)


for kind in WEIGHTS:
    check(kind)
print("10 golden tallies read by their page")
sys.exit(0)
