#include "node/farewell.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

namespace hefu {
namespace {

constexpr const char* kTakingPartKey = "taking-part";  // ids of members, a line each

std::string farewell_key(std::string_view member) {
  return "farewell/" + std::string(member);
}

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  std::istringstream from(text);
  for (std::string line; std::getline(from, line);) {
    lines.insert(line);
  }
  return lines;
}

}  // namespace

bool takes_part(const Member& member) {
  const Participation at = member.participation();
  return at == Participation::kActive || at == Participation::kSuspended;
}

Result<Farewells> Farewells::open(Store& store, const Charter& charter, const HeadsAnswer& now) {
  const auto noted = store.meta(kTakingPartKey);
  if (!noted) {
    return noted.error();
  }
  const std::set<std::string> before = lines_of(noted->value_or(std::string()));
  const Bytes shown = encode(PeerAnswer(now));
  Farewells farewells;
  std::string present;
  for (const Member& member : charter.members) {
    const std::string key = farewell_key(member.id);
    auto kept = store.meta(key);
    if (!kept) {
      return kept.error();
    }
    std::string wanted = kept->value_or(std::string());
    if (takes_part(member)) {
      present += member.id + '\n';
      wanted.clear();
    } else if (before.contains(member.id)) {
      wanted.assign(shown.begin(), shown.end());
    }
    if (wanted != kept->value_or(std::string())) {
      if (auto put = store.put_meta(key, wanted); !put) {
        return put.error();
      }
    }
    if (wanted.empty()) {
      continue;
    }
    auto heads = decode_answer(as_bytes(wanted));
    auto* answer = heads ? std::get_if<HeadsAnswer>(&*heads) : nullptr;
    if (answer == nullptr) {
      return Error{Errc::kCorrupt, "what " + member.id + " may still read cannot be read itself",
                   "restore a backup, or let the node recover from its peers"};
    }
    farewells.heads_.emplace(member.id, std::move(*answer));
  }
  // Last: whoever is killed before this notes the same again.
  if (present != noted->value_or(std::string())) {
    if (auto put = store.put_meta(kTakingPartKey, present); !put) {
      return put.error();
    }
  }
  return farewells;
}

const HeadsAnswer* Farewells::of(std::string_view member) const {
  const auto found = heads_.find(member);
  return found == heads_.end() ? nullptr : &found->second;
}

bool reaches(const HeadsAnswer& heads, std::string_view origin, std::uint64_t size) {
  return std::any_of(heads.heads.begin(), heads.heads.end(), [&](const PeerHead& head) {
    return head.origin == origin && size <= head.size;
  });
}

}  // namespace hefu
