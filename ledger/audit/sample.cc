#include "ledger/audit/sample.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <boost/multiprecision/cpp_int.hpp>

#include "crypto/bytes.h"

namespace hefu {
namespace {

using Whole = boost::multiprecision::cpp_int;

void put_part(Bytes& out, BytesView part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(size >> static_cast<unsigned>(shift)));
  }
  append(out, part);
}

Whole draw_number(const Digest& seed, std::uint64_t count) {
  Bytes number;
  for (int shift = 56; shift >= 0; shift -= 8) {
    number.push_back(static_cast<std::uint8_t>(count >> static_cast<unsigned>(shift)));
  }
  Bytes parts;
  put_part(parts, as_bytes(std::string_view("draw")));
  put_part(parts, seed.bytes);
  put_part(parts, number);
  const Digest drawn = sha256(parts);
  Whole whole;
  boost::multiprecision::import_bits(whole, drawn.bytes.begin(), drawn.bytes.end());
  return whole;
}

Result<void> check(std::uint64_t population, std::uint64_t size, bool repeats) {
  if (population == 0 || size == 0) {
    return Error{Errc::kInvalid, "there is nothing to draw, or nothing to draw from",
                 "give the number of items and the size of the sample"};
  }
  if (!repeats && size > population) {
    return Error{
        Errc::kInvalid,
        "a sample of " + std::to_string(size) + " of " + std::to_string(population) + " items",
        "look at all of them"};
  }
  if (size > kSampleMax) {
    return Error{Errc::kTooLarge, "a sample of " + std::to_string(size),
                 "at most " + std::to_string(kSampleMax) + " are drawn"};
  }
  return {};
}

Result<std::vector<std::uint64_t>> draw(const Digest& seed, std::uint64_t population,
                                        std::uint64_t size, bool repeats) {
  if (auto fits = check(population, size, repeats); !fits) {
    return fits.error();
  }
  const Whole numbers = Whole(1) << 256U;
  const Whole fair = numbers / population * population;  // beyond it some items would be likelier
  std::vector<std::uint64_t> drawn;
  std::set<std::uint64_t> known;
  for (std::uint64_t count = 0; drawn.size() < size; ++count) {
    const Whole number = draw_number(seed, count);
    if (number >= fair) {
      continue;
    }
    const auto item = static_cast<std::uint64_t>(Whole(number % population));
    if (repeats || known.insert(item).second) {
      drawn.push_back(item);
    }
  }
  return drawn;
}

}  // namespace

Digest SampleSeed::digest() const {
  std::vector<Digest> sorted = reveals;
  std::sort(sorted.begin(), sorted.end());
  Bytes parts;
  put_part(parts, as_bytes(std::string_view("hefu/sample/v1")));
  for (const Digest* part : {&cut, &pack, &view, &plan}) {
    put_part(parts, part->bytes);
  }
  for (const Digest& reveal : sorted) {
    put_part(parts, reveal.bytes);
  }
  put_part(parts, as_bytes(beacon));
  return sha256(parts);
}

Digest stratum_seed(const Digest& seed, std::string_view stratum) {
  Bytes parts;
  put_part(parts, as_bytes(std::string_view("hefu/stratum/v1")));
  put_part(parts, seed.bytes);
  put_part(parts, as_bytes(stratum));
  return sha256(parts);
}

Result<std::vector<std::uint64_t>> draw_items(const Digest& seed, std::uint64_t population,
                                              std::uint64_t size) {
  return draw(seed, population, size, false);
}

Result<std::vector<std::uint64_t>> draw_units(const Digest& seed, std::uint64_t total,
                                              std::uint64_t size) {
  return draw(seed, total, size, true);
}

}  // namespace hefu
