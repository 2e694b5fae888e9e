#!/usr/bin/env python3
"""The aggregate tree once more, straight from its definition and from nothing else of this project.

Prints the vectors in tests/vectors/aggregate/agg_tree.json:

    tests/reference/agg_tree.py > tests/vectors/aggregate/agg_tree.json
"""

import hashlib
import json


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def agg(count, total):
    return count.to_bytes(8, "big") + total.to_bytes(16, "big", signed=True)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


class Leaf:
    def __init__(self, key, value, payload):
        self.key, self.value, self.payload = key, value, payload

    def hash(self):
        return sha(b"\x10", agg(1, self.value), sha(b"\x13", self.key), sha(b"\x14", self.payload))


def node(leaves):
    """(sum, hash) of a subtree."""
    if not leaves:
        return 0, sha()
    if len(leaves) == 1:
        return leaves[0].value, leaves[0].hash()
    k = split(len(leaves))
    (left_sum, left), (right_sum, right) = node(leaves[:k]), node(leaves[k:])
    return left_sum + right_sum, sha(b"\x11", agg(k, left_sum), left,
                                     agg(len(leaves) - k, right_sum), right)


def root(view_id, leaves):
    total, top = node(leaves)
    return sha(b"\x12", view_id, len(leaves).to_bytes(8, "big"), agg(len(leaves), total), top)


def proof(leaves, cuts, low=0):
    high = low + len(leaves)
    if not leaves:
        return b""
    if not any(low < cut < high for cut in cuts):
        total, top = node(leaves)
        return top + total.to_bytes(8, "big", signed=True)
    k = split(len(leaves))
    return proof(leaves[:k], cuts, low) + proof(leaves[k:], cuts, low + k)


def main():
    view_id = sha(b"a view")
    leaves = [Leaf(b"key %04d" % i, (i * i * 7919) % 1000 + (i == 5) * 2**40, b"payload %d" % i)
              for i in range(70)]
    roots = [root(view_id, leaves[:n]).hex() for n in range(71)]
    proofs = []
    for n in (1, 2, 3, 7, 8, 13, 33, 64, 70):
        for begin, end in ((0, 0), (0, 1), (0, n), (n // 3, n // 2), (n // 2, n), (n - 1, n),
                           (1, n - 1)):
            if not 0 <= begin <= end <= n:
                continue
            cuts = sorted({begin, end})
            proofs.append({"n": n, "cuts": cuts, "proof": proof(leaves[:n], cuts).hex(),
                           "sum": sum(leaf.value for leaf in leaves[begin:end])})
    print(json.dumps({
        "view_id": view_id.hex(),
        "leaves": [{"key": leaf.key.hex(), "value": leaf.value, "payload": leaf.payload.hex(),
                    "hash": leaf.hash().hex()} for leaf in leaves],
        "roots": roots, "proofs": proofs}, indent=1))


if __name__ == "__main__":
    main()
