#include "node/staged_recovery.h"

#include <algorithm>
#include <utility>

namespace hefu {
namespace {

constexpr int kRandomBits = 20;
/// Far above what counting reaches, far below what the messages can carry.
constexpr std::uint64_t kBootMax = std::uint64_t{1} << 62;

}  // namespace

std::uint64_t next_boot(std::uint64_t highest_known, Entropy& entropy) {
  const auto random = entropy.take<4>();
  return (((highest_known >> kRandomBits) + 1) << kRandomBits) |
         (read_be<std::uint32_t>(random.data()) & ((1U << kRandomBits) - 1));
}

void StagedRecovery::known_boot(std::uint64_t boot) {
  own_boot_ = boot;
  boot_ = std::max(boot_, boot);
}

Result<void> StagedRecovery::take(const std::string& member, const RecalledAnswer& answer) {
  const auto entries = split_entries(answer.entries, answer.boots.size());
  if (!entries) {
    return entries.error();
  }
  if (answer.boot > kBootMax ||
      std::any_of(answer.boots.begin(), answer.boots.end(),
                  [&](std::uint64_t boot) { return boot > answer.boot; })) {
    return Error{Errc::kInvalid, "recalled.boot: beyond the largest number of a start", ""};
  }
  boot_ = std::max(boot_, answer.boot);
  for (std::size_t i = 0; i < entries->size(); ++i) {
    add(answer.begin + i, to_bytes((*entries)[i]), member, answer.boots[i]);
  }
  return {};
}

std::optional<std::uint64_t> StagedRecovery::Candidate::boot(const std::string& without) const {
  std::optional<std::uint64_t> latest;
  for (const auto& [member, number] : boots) {
    if (member != without) {
      latest = std::max(latest.value_or(0), number);
    }
  }
  return latest;
}

std::optional<Package> StagedRecovery::package(std::uint64_t begin, std::uint64_t end,
                                               const std::string& without) const {
  Package package;
  package.begin = begin;
  for (std::uint64_t index = begin; index < end; ++index) {
    const auto place = entries_.find(index);
    const Candidate* latest = nullptr;
    if (place != entries_.end()) {
      for (const Candidate& one : place->second) {
        const auto boot = one.boot(without);
        if (boot && (latest == nullptr || *boot > *latest->boot(without))) {
          latest = &one;
        }
      }
    }
    if (latest == nullptr) {
      return std::nullopt;
    }
    append_entry(package.entries, latest->envelope);
    ++package.count;
  }
  return package;
}

std::vector<Package> StagedRecovery::packages(std::uint64_t begin, std::uint64_t end) const {
  std::set<std::string> members = {""};
  for (auto at = entries_.lower_bound(begin); at != entries_.end() && at->first < end; ++at) {
    for (const Candidate& one : at->second) {
      for (const auto& [member, boot] : one.boots) {
        members.insert(member);
      }
    }
  }
  std::vector<Package> packages;
  for (const std::string& without : members) {
    auto made = package(begin, end, without);
    const bool known = made && std::any_of(packages.begin(), packages.end(), [&](const Package& p) {
                         return p.entries == made->entries;
                       });
    if (made && !known) {
      packages.push_back(*std::move(made));
    }
  }
  return packages;
}

void StagedRecovery::add(std::uint64_t index, Bytes envelope, const std::string& member,
                         std::uint64_t boot) {
  std::vector<Candidate>& candidates = entries_[index];
  auto at = std::find_if(candidates.begin(), candidates.end(),
                         [&](const Candidate& one) { return one.envelope == envelope; });
  if (at == candidates.end()) {
    at = candidates.insert(at, Candidate{std::move(envelope), {}});
  }
  std::uint64_t& known = at->boots[member];
  known = std::max(known, boot);
}

Result<void> StagedRecovery::add_own(const Store& store, LogNumber log, const Member& owner) {
  auto head = store.head(log);
  auto end = store.staged_end(log);
  if (!head || !end) {
    return head ? end.error() : head.error();
  }
  own_.clear();
  return store.scan(log, head->size, *end, [&](std::uint64_t index, BytesView bytes) {
    add(index, to_bytes(bytes), owner.id, own_boot_);
    own_.push_back(to_bytes(bytes));
    return true;
  });
}

/// The event of an entry, if it is valid. In `chosen.seen` from then on; none if it was there, or
/// is in the log. Errors: of the check, and kIo, kCorrupt of the store.
Result<std::optional<CheckedEvent>> StagedRecovery::fresh(BytesView envelope, const Store& store,
                                                          LogNumber log, const Member& owner,
                                                          EnvelopeChecker& checker,
                                                          Chosen& chosen) const {
  auto checked = checker.check(std::span(&envelope, 1), owner);
  if (!checked && checked.error().code == Errc::kUnauthorised && !chosen.certificates.empty()) {
    std::vector<BytesView> after = chosen.certificates;
    after.push_back(envelope);
    checked = checker.check(after, owner);
  }
  if (!checked) {
    return checked.error();
  }
  CheckedEvent& event = checked->back();
  auto known = store.find(event.id, log);
  if (!known) {
    return known.error();
  }
  if (*known || !chosen.seen.insert(event.id).second) {
    return std::optional<CheckedEvent>();
  }
  return std::optional(std::move(event));
}

/// At each place the valid event of the latest start. No member is trusted with what it gives
/// back: noise under a high number must not displace what was acknowledged.
Result<StagedRecovery::Chosen> StagedRecovery::choose(const Store& store, LogNumber log,
                                                      const Member& owner,
                                                      EnvelopeChecker& checker) {
  auto head = store.head(log);
  if (!head) {
    return head.error();
  }
  if (auto added = add_own(store, log, owner); !added) {
    return added.error();
  }
  Chosen chosen;
  /// True if the entry is valid, whether it was new or not.
  const auto take = [&](BytesView envelope, bool& taken) -> Result<bool> {
    auto event = fresh(envelope, store, log, owner, checker, chosen);
    if (!event) {
      const Errc code = event.error().code;
      return code == Errc::kIo || code == Errc::kCorrupt ? Result<bool>(event.error())
                                                         : Result<bool>(false);
    }
    taken = event->has_value();
    if (taken) {
      if ((*event)->certifies) {
        chosen.certificates.push_back(envelope);
      }
      chosen.envelopes.push_back(envelope);
      chosen.events.push_back(**std::move(event));
    }
    return true;
  };
  for (auto at = entries_.lower_bound(head->size); at != entries_.end(); ++at) {
    std::stable_sort(at->second.begin(), at->second.end(),
                     [](const auto& a, const auto& b) { return a.boot() > b.boot(); });
    bool valid = false;
    bool taken = false;
    for (std::size_t i = 0; i < at->second.size() && !taken; ++i) {
      auto one = take(at->second[i].envelope, taken);
      if (!one) {
        return one.error();
      }
      valid = valid || *one;
    }
    if (!valid) {
      break;
    }
  }
  // A start that only some members know may have had a higher number than the present one without
  // being later: its entries may take places, but what is stored here is not lost to them.
  for (const Bytes& own : own_) {
    bool taken = false;
    if (auto one = take(own, taken); !one) {
      return one.error();
    }
  }
  return chosen;
}

Result<std::uint64_t> StagedRecovery::prepare(const Store& store, LogNumber log,
                                              const Member& owner, EnvelopeChecker& checker) {
  auto chosen = choose(store, log, owner, checker);
  if (!chosen) {
    return chosen.error();
  }
  chosen_ = *std::move(chosen);
  const std::set<Bytes> own(own_.begin(), own_.end());
  return static_cast<std::uint64_t>(
      std::count_if(chosen_.envelopes.begin(), chosen_.envelopes.end(),
                    [&](BytesView envelope) { return !own.contains(to_bytes(envelope)); }));
}

Result<std::vector<CheckedEvent>> StagedRecovery::settle(Store& store, LogNumber log) {
  if (auto replaced = store.replace_staged(log, chosen_.envelopes); !replaced) {
    return replaced.error();
  }
  Chosen chosen = std::exchange(chosen_, {});
  entries_.clear();
  own_.clear();
  return std::move(chosen.events);
}

}  // namespace hefu
