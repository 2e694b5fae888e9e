#pragma once

/// The whole Merkle tree: hashing and proofs, the growing edge, and a tree held in memory.

#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/memory_tree.h"
#include "ledger/merkle/proof.h"
