#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

/// The five rules of agreements written down once more, as short as they can be said: versions
/// without a base, signed by m of the same n parties, and of the acts only signatures, declines and
/// dated heads. No code is shared with ledger/agreement; the tests compare the real one with it.
/// Times are milliseconds. Source: design study "agreements" §2.
namespace hefu::reference {

/// What one entry of a party's log says about an agreement, or that it dates what precedes it.
struct AgreementEntry {
  enum class Kind : std::uint8_t { kSign, kDecline, kHead };
  Kind kind = Kind::kHead;
  std::uint64_t index = 0;
  std::size_t version = 0;         // of a signature or decline
  std::set<std::size_t> releases;  // of a signature: the versions it cites as dead
  std::uint64_t size = 0;          // of a head: entries below are dated
  std::int64_t time = 0;           // of a head
};

struct AgreementVersion {
  std::int64_t attempt = 1;
  std::int64_t deadline = 0;  // no version of a later attempt has an earlier one
};

struct AgreementFate {
  enum class Kind : std::uint8_t { kOpen, kEffective, kDead };
  Kind kind = Kind::kOpen;
  std::int64_t since = 0;  // unless open
  bool operator==(const AgreementFate&) const = default;
};

/// One party's log, read from its first entry to its last.
struct AgreementParty {
  using Dated = std::optional<std::int64_t>;
  struct Act {
    std::size_t version = 0;
    Dated dated;
  };
  std::vector<std::pair<std::uint64_t, std::int64_t>> heads;  // size and time, both rising
  std::vector<Act> signatures;                                // those that are promises
  std::vector<Act> declines;

  static const Act* of(const std::vector<Act>& acts, std::size_t version) {
    const auto found = std::find_if(acts.begin(), acts.end(),
                                    [&](const Act& act) { return act.version == version; });
    return found == acts.end() ? nullptr : &*found;
  }

  AgreementParty(const std::vector<AgreementVersion>& versions,
                 const std::vector<AgreementEntry>& log) {
    // R5: a head can neither date again what an earlier one covered, nor turn the clock back.
    for (const AgreementEntry& entry : log) {
      if (entry.kind == AgreementEntry::Kind::kHead &&
          (heads.empty() || heads.back().first < entry.size)) {
        heads.emplace_back(entry.size,
                           heads.empty() ? entry.time : std::max(entry.time, heads.back().second));
      }
    }
    for (const AgreementEntry& entry : log) {
      const bool signed_before = of(signatures, entry.version) != nullptr;
      const bool declined_before = of(declines, entry.version) != nullptr;
      if (entry.kind == AgreementEntry::Kind::kHead || signed_before || declined_before) {
        continue;  // R4: after one's own signature there is no decline
      }
      Act act{entry.version, dated(entry.index)};
      if (entry.kind == AgreementEntry::Kind::kDecline) {
        declines.push_back(act);
        continue;
      }
      // R1, R2: one promise in a slot, and attempts only go up. R3: what was promised is cited.
      const bool promise =
          std::all_of(signatures.begin(), signatures.end(), [&](const Act& earlier) {
            return versions[earlier.version].attempt < versions[entry.version].attempt &&
                   entry.releases.count(earlier.version) == 1;
          });
      if (promise) {
        signatures.push_back(act);
      }
    }
  }

  [[nodiscard]] Dated dated(std::uint64_t index) const {
    for (const auto& [size, time] : heads) {
      if (index < size) {
        return time;
      }
    }
    return std::nullopt;
  }
  [[nodiscard]] bool known_past(std::int64_t deadline) const {
    return !heads.empty() && deadline < heads.back().second;
  }
};

/// The fates of the versions, given by rising attempts, as far as these logs (one of each party)
/// reach.
inline std::vector<AgreementFate> agreement_fates(
    const std::vector<AgreementVersion>& versions,
    const std::vector<const std::vector<AgreementEntry>*>& logs, std::size_t needed) {
  std::vector<AgreementParty> parties;
  for (const std::vector<AgreementEntry>* log : logs) {
    parties.emplace_back(versions, *log);
  }
  std::vector<AgreementFate> fates;
  for (std::size_t x = 0; x < versions.size(); ++x) {
    const std::int64_t deadline = versions[x].deadline;
    std::vector<std::int64_t> consents;
    std::vector<std::int64_t> refusals;
    for (const AgreementParty& party : parties) {
      std::optional<std::int64_t> refused;
      const auto refuses = [&](const AgreementParty::Dated& since) {
        refused = since && (!refused || *since < *refused) ? since : refused;
      };
      const AgreementParty::Act* const own = AgreementParty::of(party.signatures, x);
      const bool in_time = own != nullptr && own->dated && *own->dated <= deadline;
      if (party.known_past(deadline) && !in_time) {
        refuses(deadline);
      }
      if (own == nullptr) {
        if (const auto* decline = AgreementParty::of(party.declines, x)) {
          refuses(decline->dated);
        }
        for (const auto& other : party.signatures) {
          if (versions[other.version].attempt >= versions[x].attempt) {
            refuses(other.dated);
          }
        }
      }
      bool released = true;
      for (const auto* earlier = party.signatures.data(); in_time && earlier != own; ++earlier) {
        released = released && fates[earlier->version].kind == AgreementFate::Kind::kDead;
        if (fates[earlier->version].kind == AgreementFate::Kind::kEffective) {
          refuses(deadline);
        }
      }
      if (in_time && released) {
        consents.push_back(*own->dated);
      }
      if (refused) {
        refusals.push_back(*refused);
      }
    }
    std::sort(consents.begin(), consents.end());
    std::sort(refusals.begin(), refusals.end());
    const std::size_t enough = parties.size() - needed + 1;  // refusals
    AgreementFate fate;
    if (refusals.size() >= enough) {
      fate = {AgreementFate::Kind::kDead, refusals[enough - 1]};
    } else if (consents.size() >= needed) {
      fate = {AgreementFate::Kind::kEffective, consents[needed - 1]};
    }
    fates.push_back(fate);
  }
  return fates;
}

}  // namespace hefu::reference
