#!/usr/bin/env python3
"""Sample sizes, draws and limits of ledger/audit, written down a second time from the same text.

  audit.py                   prints the values that the tests beside the code expect
  audit.py --check REPORT    holds an audit report (canonical JSON) against itself: its seeds, the
                             items drawn with them, and what they show
"""
import hashlib
import json
import struct
import sys
from fractions import Fraction
from math import ceil, comb, floor

POISSON = {  # thousandths; audit study, section 3
    90: [2303, 3890, 5322, 6681], 95: [2996, 4744, 6296, 7754], 99: [4605, 6638, 8406, 10045]}


def digest_of(*parts):
    return hashlib.sha256(b"".join(struct.pack(">I", len(p)) + p for p in parts)).digest()


def seed_of(cut, pack, view, plan, reveals, beacon):
    return digest_of(b"hefu/sample/v1", cut, pack, view, plan, *sorted(reveals), beacon.encode())


def stratum_seed_of(seed, name):
    return digest_of(b"hefu/stratum/v1", seed, name.encode())


def numbers(seed, population):
    fair = (2**256 // population) * population
    count = 0
    while True:
        number = int.from_bytes(digest_of(b"draw", seed, struct.pack(">Q", count)), "big")
        count += 1
        if number < fair:
            yield number % population


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


def upper_limit(confidence, size, deviations):
    """Hundredths of a per cent."""
    if deviations == size:
        return 10000
    low, high = 1, 10000
    while low < high:
        rate = (low + high) // 2
        seen = sum(comb(size, j) * rate**j * (10000 - rate) ** (size - j)
                   for j in range(deviations + 1))
        if seen * 100 <= (100 - confidence) * 10000**size:
            high = rate
        else:
            low = rate + 1
    return low


def misstatement(confidence, total, size, taints):
    """Projected and upper, of taints in per mille."""
    taints = sorted((t for t in taints if t), reverse=True)
    factors, interval = POISSON[confidence], Fraction(total, size)
    upper = interval * Fraction(factors[0], 1000) + sum(
        interval * Fraction(factors[j + 1] - factors[j], 1000) * Fraction(taint, 1000)
        for j, taint in enumerate(taints))
    projected = interval * Fraction(sum(taints), 1000)
    return min(total, floor(projected + Fraction(1, 2))), min(total, ceil(upper))


def check_vouching_units(stratum, drawn_with):
    """Each unit drawn lies in an item of the sample, or in one that is examined in full."""
    size = stratum["stages"][stratum["stage"] - 1]["size"]
    full = [i for i in stratum["items"] if "in_full" in i]
    drawn = [i for i in stratum["items"] if "in_full" not in i]
    owns = lambda item, unit: item["begin"] <= unit < item["begin"] + item["value"]
    times, taken = {}, 0
    for unit in numbers(drawn_with, stratum["total"]) if drawn else []:
        if taken == size:
            break
        if any(owns(item, unit) for item in full):
            continue
        owner = [item["place"] for item in drawn if owns(item, unit)]
        assert len(owner) == 1, f"unit {unit} belongs to no item of the sample"
        times[owner[0]] = times.get(owner[0], 0) + 1
        taken += 1
    assert set(times) == {i["place"] for i in drawn}, "items were drawn that no unit falls on"
    return times


def check_items(stratum, drawn_with):
    """The places drawn, in their order."""
    full = {i["place"] for i in stratum["items"] if "in_full" in i}
    places = [i["place"] for i in stratum["items"] if "in_full" not in i]
    expected, seen = [], set()
    for place in numbers(drawn_with, stratum["population"]) if places else []:
        if len(expected) == len(places):
            break
        if place not in seen and place not in full:
            expected.append(place)
        seen.add(place)
    assert places == expected, f"drawn {places}, expected {expected}"


def check_result(sampling, stratum, times):
    deviates = lambda item: item["outcome"] not in ("open", "ok")
    drawn = [i for i in stratum["items"] if "in_full" not in i]
    assert stratum["deviations"] == sum(map(deviates, drawn))
    if stratum["open"]:
        assert stratum["verdict"] == "open"
        return
    if stratum["method"] == "attribute":
        if stratum["exact"]:
            limit = ceil(Fraction(stratum["deviations"] * 10000, max(1, len(drawn))))
        else:
            limit = upper_limit(sampling["confidence"], len(drawn), stratum["deviations"])
        assert stratum["upper_limit_hundredths"] == limit
        return
    size = stratum["stages"][stratum["stage"] - 1]["size"]
    taints = [i.get("misstated_permille", 0) for i in drawn for _ in range(times[i["place"]])]
    known = ceil(Fraction(sum(i["value"] * i.get("misstated_permille", 0)
                              for i in stratum["items"] if "in_full" in i), 1000))
    projected, upper = (misstatement(sampling["confidence"], stratum["total_left_to_chance"], size,
                                     taints) if stratum["total_left_to_chance"] else (0, 0))
    assert stratum["projected_misstatement"] == projected
    assert stratum["upper_misstatement"] == upper + known


def check(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    sampling, identity = report["sampling"], report["identity"]
    for stratum in sampling["strata"]:
        seed = seed_of(*(bytes.fromhex(part) for part in (
            identity["cut"]["id"], identity["pack_digest"], stratum["view"]["root"],
            sampling["plan"]["event"])), [bytes.fromhex(s) for s in sampling["secrets"]],
            sampling["beacon_value"])
        assert seed.hex() == stratum["seed"], "seed"
        drawn_with = stratum_seed_of(seed, stratum["name"])
        assert drawn_with.hex() == stratum["drawn_with"], "seed of the stratum"
        times = {}
        if stratum["method"] == "monetary-unit":
            times = check_vouching_units(stratum, drawn_with)
        else:
            check_items(stratum, drawn_with)
        check_result(sampling, stratum, times)
        print(f"{stratum['name']}: {len(stratum['items'])} items, {stratum['verdict']}: as drawn")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        check(sys.argv[2])
        sys.exit()
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
    print("stratum", stratum_seed_of(seed, "visits").hex())
    print(draw(stratum_seed_of(seed, "visits"), 5000, 6))
    for case in ((95, 10**6, 60, []), (95, 10**6, 60, [400, 1000, 250]),
                 (99, 123456789, 459, [7, 7, 1000]), (90, 7, 3, [1000])):
        print(case, misstatement(*case))
    print([upper_limit(95, 59, k) for k in range(3)])
