#include "tools/recover.h"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <thread>

#include <boost/json.hpp>

#include "crypto/bytes.h"
#include "ledger/merkle/tree.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPause{500};
/// A common envelope: several times a hash, far from the largest.
constexpr std::size_t kTypicalEntryBytes = 400;

std::uint64_t number(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

/// Leaf hashes of typical entries that one core of this machine makes in a second of processor
/// time: no recovery on one core can be faster than that.
double raw_hashes_per_s() {
  const Bytes entry(kTypicalEntryBytes, 0x5a);
  Digest sum;
  double count = 0;
  const std::clock_t begun = std::clock();
  while (std::clock() - begun < CLOCKS_PER_SEC / 4) {
    for (int i = 0; i < 1000; ++i) {
      sum.bytes[0] ^= leaf_hash(entry).bytes[0];
    }
    count += 1000;
  }
  return count / (static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
}

/// True once the log may grow.
bool print(const json::object& log, const json::object& recovery) {
  const bool writing = log.at("writing").as_bool();
  const std::uint64_t size = number(recovery, "size");
  const std::uint64_t target = number(recovery, "target");
  const json::array& heard = array_at(recovery, "heard");
  if (writing) {
    return true;
  }
  std::cout << text_at(log, "origin") << ": " << size << " of " << target << " entries";
  if (number(recovery, "entries_per_s") > 0) {
    std::cout << ", " << number(recovery, "entries_per_s") << "/s";
  }
  std::cout << "; " << heard.size() << " members heard, " << number(recovery, "needed")
            << " needed\n";
  if (!text_at(log, "reason").empty()) {
    std::cout << "  waits: " << text_at(log, "reason") << "\n  " << text_at(log, "hint") << "\n";
  }
  std::cout.flush();
  return false;
}

void print_end(const json::object& log, const json::object& recovery) {
  std::cout << text_at(log, "origin") << " may grow; it has " << number(log, "size")
            << " entries\n";
  if (text_at(recovery, "begun").empty()) {
    std::cout << "  nothing was missing: " << array_at(recovery, "heard").size()
              << " members knew of no more\n";
    return;
  }
  const std::uint64_t back = number(recovery, "target") - number(recovery, "size_before");
  const double raw = raw_hashes_per_s();
  const auto rate = static_cast<double>(number(recovery, "entries_per_s"));
  std::printf("  %llu entries taken back in %.1f s: %.0f entries/s\n",
              static_cast<unsigned long long>(back),
              static_cast<double>(number(recovery, "took_ms")) / 1000, rate);
  std::printf(
      "  one core of this machine hashes %.0f entries of %zu bytes a second: %.1f %% of it\n", raw,
      kTypicalEntryBytes, 100 * rate / raw);
}

}  // namespace

int run(Context& context, const NodeRecover& options) {
  auto node = open_node(context);
  if (!node) {
    return report(context, node.error());
  }
  while (true) {
    const auto document = node->get_json("/v1/status");
    if (!document) {
      return report(context, document.error());
    }
    const json::object& log = document->as_object().at("log").as_object();
    const json::object* recovery = object_at(log, "recovery");
    if (recovery != nullptr) {
      const bool done = log.at("writing").as_bool();
      if (context.json) {
        if (done || options.once) {
          print_json(*recovery, false);
        }
      } else if (print(log, *recovery)) {
        print_end(log, *recovery);
      }
      if (done) {
        return kExitOk;
      }
    }
    if (options.once) {
      return kExitIncomplete;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace hefu
