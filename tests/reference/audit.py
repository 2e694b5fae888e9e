#!/usr/bin/env python3
"""Sample sizes and draws of ledger/audit, written down a second time from the same text.

Prints the values that ledger/audit/sample_test.cc and sample_size_test.cc expect.
"""
import hashlib
import struct
from math import comb


def digest_of(*parts):
    return hashlib.sha256(b"".join(struct.pack(">I", len(p)) + p for p in parts)).digest()


def seed_of(cut, pack, view, plan, reveals, beacon):
    return digest_of(b"hefu/sample/v1", cut, pack, view, plan, *sorted(reveals), beacon.encode())


def draw(seed, population, size, repeats=False):
    fair = (2**256 // population) * population
    drawn, count = [], 0
    while len(drawn) < size:
        number = int.from_bytes(digest_of(b"draw", seed, struct.pack(">Q", count)), "big")
        count += 1
        item = number % population
        if number < fair and (repeats or item not in drawn):
            drawn.append(item)
    return drawn


def sample_size(confidence, tolerable, accepted, population=None):
    deviating = population and -(-population * tolerable // 100)
    if population and deviating <= accepted:
        return population
    size = 1
    while True:
        if population is None:
            seen = sum(comb(size, j) * tolerable**j * (100 - tolerable) ** (size - j)
                       for j in range(min(accepted, size) + 1))
            ways = 100**size
        else:
            seen = sum(comb(deviating, j) * comb(population - deviating, size - j)
                       for j in range(min(accepted, size) + 1))
            ways = comb(population, size)
        if seen * 100 <= (100 - confidence) * ways or size == population:
            return size
        size += 1


if __name__ == "__main__":
    seed = seed_of(*(bytes([b]) * 32 for b in (1, 2, 3, 4)), [bytes([b]) * 32 for b in (6, 5)],
                   "双色球 2026134: 03 09 11 18 25 30 + 07")
    print("seed", seed.hex())
    print(draw(seed, 5000, 12))
    print(draw(seed, 10, 10))
    print(draw(seed, 3, 8, repeats=True))
    print(draw(seed, 2**63 + 2**62, 6, repeats=True))
    for rule in ((90, 10), (90, 5), (95, 10), (95, 7), (95, 5), (95, 3), (95, 2), (95, 1), (99, 5),
                 (99, 1)):
        print(rule, [sample_size(*rule, accepted) for accepted in range(5)])
    for population in (20, 50, 100, 200, 500, 1000):
        print(population, [sample_size(95, rate, 0, population) for rate in (1, 2, 5, 10)],
              sample_size(95, 5, 1, population))
