#include "ledger/event/random_event.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "crypto/system_entropy.h"

namespace hefu::testing {

namespace {

std::int64_t pick(SeededEntropy& random, std::int64_t least, std::int64_t most) {
  return least +
         static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least) + 1));
}

std::string_view pick_of(SeededEntropy& random, std::span<const std::string_view> choices) {
  return choices[random.below(choices.size())];
}

Digest random_digest(SeededEntropy& random) {
  Digest digest;
  random.fill(digest.bytes);
  // Trailing and whole zeros are where a canonical form may cut.
  if (pick(random, 0, 9) == 0) {
    digest = Digest{};
  }
  return digest;
}

std::string random_text(SeededEntropy& random) {
  static constexpr std::string_view kPieces[] = {"a",  "Z",  " ",  "合符", "\n", "é",
                                                 "中", "𠀀", "\"", "0",    "ﬁ"};
  std::string text;
  for (std::int64_t i = pick(random, 0, 12); i > 0; --i) {
    text += pick_of(random, kPieces);
  }
  return text;
}

std::string random_name(SeededEntropy& random) {
  static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz_-.019AZ";
  std::string name;
  for (std::int64_t i = pick(random, 1, 12); i > 0; --i) {
    name += kLetters[random.below(kLetters.size())];
  }
  return name;
}

std::int64_t random_number(SeededEntropy& random) {
  switch (pick(random, 0, 4)) {
    case 0:
      return 0;
    case 1:
      return std::numeric_limits<std::int64_t>::min();
    case 2:
      return std::numeric_limits<std::int64_t>::max();
    case 3:
      return pick(random, -1000, 1000);
    default:
      return static_cast<std::int64_t>(random.next());
  }
}

Date random_date(SeededEntropy& random) {
  return Date{static_cast<std::int32_t>(
      pick(random, Date::from_civil(1900, 1, 1)->days, Date::from_civil(2199, 12, 31)->days))};
}

Decimal random_decimal(SeededEntropy& random) {
  Decimal decimal{random_number(random), static_cast<std::uint8_t>(pick(random, 0, 9))};
  while (decimal.scale > 0 && decimal.units % 10 == 0) {
    decimal.units /= 10;
    --decimal.scale;
  }
  return decimal;
}

Value random_value(SeededEntropy& random, int depth) {
  switch (pick(random, 0, depth < 4 ? 7 : 6)) {
    case 0:
      return Value{random_text(random)};
    case 1:
      return Value{random_number(random)};
    case 2:
      return Value{pick(random, 0, 1) == 1};
    case 3:
      return Value{random_decimal(random)};
    case 4:
      return Value{random_date(random)};
    case 5:
      return Value{random_digest(random)};
    case 6: {
      Bytes bytes(random.below(21));
      random.fill(bytes);
      return Value{bytes};
    }
    default: {
      Value::List list;
      const bool alike = pick(random, 0, 1) == 1;
      for (std::int64_t i = pick(random, 0, 5); i > 0; --i) {
        list.push_back(alike && !list.empty() ? list.front() : random_value(random, depth + 1));
      }
      return Value{list};
    }
  }
}

}  // namespace

void SeededEntropy::fill(std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    Bytes block;
    append_be(block, seed_);
    append_be(block, counter_++);
    const Digest digest = sha256(block);
    const std::size_t count = std::min(out.size() - done, Digest::kSize);
    std::copy_n(digest.bytes.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
  }
}

std::uint64_t SeededEntropy::next() {
  return read_be<std::uint64_t>(take<8>().data());
}

Event sample_event() {
  Event event;
  event.type = "enterprise-visit";
  event.catalogue = "hefu-cn/1.0.0";
  event.issuer = "12100000400000624D";
  event.occurred_on = *Date::from_civil(2026, 3, 14);
  event.created_at = *Moment::parse("2026-03-14T09:26:53.589Z");
  for (std::size_t i = 0; i < event.nonce.size(); ++i) {
    event.nonce[i] = static_cast<std::uint8_t>(i + 1);
  }
  event.programmes = {"cqcvc", "hechuan"};
  event.fields["visitor"] = Value{std::string("12100000400000624D/mining")};
  event.fields["host"] = Value{std::string("91350100M000100Y43")};
  event.fields["leader_role"] = Value{std::string("president")};
  event.fields["mode"] = Value{std::string("on-site")};
  event.fields["visited_on"] = Value{*Date::from_civil(2026, 3, 14)};
  event.fields["posts_offered"] = Value{std::int64_t{12}};
  event.fields["topics"] =
      Value{Value::List{Value{std::string("employment")}, Value{std::string("research")}}};
  event.commitments["participants"] = sha256(as_bytes("a commitment"));
  event.evidence = {sha256(as_bytes("a document"))};
  return event;
}

Event random_event(SeededEntropy& random) {
  Event event = sample_event();
  event.type = random_name(random);
  event.occurred_on = random_date(random);
  event.created_at = Moment{pick(random, 0, 4'000'000'000'000)};
  event.visibility = static_cast<Visibility>(pick(random, 0, 3));
  random.fill(event.nonce);
  if (pick(random, 0, 1) == 1) {
    event.record = EventId{random_digest(random)};
  }
  if (pick(random, 0, 1) == 1) {
    event.supersedes = EventId{random_digest(random)};
  }
  event.programmes.clear();
  for (std::int64_t i = pick(random, 0, 3); i > 0; --i) {
    event.programmes.push_back(random_name(random));
  }
  std::sort(event.programmes.begin(), event.programmes.end());
  event.programmes.erase(std::unique(event.programmes.begin(), event.programmes.end()),
                         event.programmes.end());
  event.fields.clear();
  for (std::int64_t i = pick(random, 0, 8); i > 0; --i) {
    event.fields[random_name(random)] = random_value(random, 0);
  }
  event.commitments.clear();
  for (std::int64_t i = pick(random, 0, 3); i > 0; --i) {
    event.commitments[random_name(random)] = random_digest(random);
  }
  event.evidence.clear();
  for (std::int64_t i = pick(random, 0, 3); i > 0; --i) {
    event.evidence.push_back(random_digest(random));
  }
  return event;
}

std::uint64_t fresh_seed() {
  SystemEntropy system;
  return read_be<std::uint64_t>(system.take<8>().data());
}

}  // namespace hefu::testing
