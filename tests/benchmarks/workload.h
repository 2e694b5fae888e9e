#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/event/catalogue.h"
#include "tests/support/federation.h"

namespace hefu::bench {

/// The catalogue shipped with the program, from the source folder. Aborts if it cannot be read.
Catalogue shipped_catalogue();

/// A file of the source folder as text. Aborts if it cannot be read.
std::string source_file(const std::string& path);

/// A visit to an enterprise with all that its type demands; `number` makes it different from
/// others. Some 700 bytes as a single-signed envelope.
Event visit(const TestFederation& federation, std::size_t issuer, std::uint64_t number);

/// Envelopes of `count` visits from number `first` on, `batch` to a signature of the registrar.
std::vector<Bytes> signed_visits(const TestFederation& federation, std::size_t issuer,
                                 std::uint64_t first, std::size_t count, std::size_t batch);

}  // namespace hefu::bench
