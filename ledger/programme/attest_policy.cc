#include "ledger/programme/attest_policy.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hefu {

namespace {

constexpr std::string_view kNone = "none";
constexpr std::string_view kAnyKind = "*";

using Items = std::vector<std::string_view>;

Items split_items(std::string_view line) {
  static constexpr std::string_view kWhitespace = " \t";
  Items items;
  for (;;) {
    const std::size_t start = line.find_first_not_of(kWhitespace);
    if (start == std::string_view::npos) {
      return items;
    }
    line.remove_prefix(start);
    items.push_back(line.substr(0, line.find_first_of(kWhitespace)));
    line.remove_prefix(items.back().size());
  }
}

std::optional<std::size_t> read_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= 1 && text.front() != '0' ? std::optional(number) : std::nullopt;
}

Error invalid(const std::string& message, const std::string& hint = "") {
  return Error{Errc::kInvalid, message, hint};
}

}  // namespace

/// Builds a policy line by line.
class AttestPolicyReader {
 public:
  Result<void> read_line(std::string_view line) {
    const Items items = split_items(line);
    if (items.empty() || items[0].front() == '#') {
      return {};
    }
    if (items[0] == "member") {
      return read_member(items);
    }
    if (items[0] == "kind") {
      return read_kind(items);
    }
    if (items[0] == "group") {
      return read_group(items);
    }
    if (items[0] == "engines") {
      return read_engines(items);
    }
    if (items[0] == "quorum") {
      return read_quorum(items);
    }
    return invalid("starts with none of member, kind, group, engines and quorum");
  }

  Result<AttestPolicy> finish(std::string_view text) {
    if (!has_quorum_) {
      return invalid("policy: the quorum line is missing",
                     "\"quorum none\" asks for no attestation");
    }
    policy_.text_ = text;
    return std::move(policy_);
  }

 private:
  using Party = AttestPolicy::Party;

  Result<void> read_member(const Items& items) {
    if (items.size() != 3) {
      return invalid("member: want \"member <name> <credit code>\"");
    }
    if (!members_.insert(items[2]).second) {
      return invalid("member: " + std::string(items[2]) + " stands in the policy already");
    }
    Party party;
    party.member = items[2];
    return define(items[1], std::move(party));
  }

  Result<void> read_kind(const Items& items) {
    if (items.size() < 4) {
      return invalid(
          "kind: want \"kind <name> all|any|majority|<k> <kind>...\", or * for any kind");
    }
    Party party;
    party.form = AttestPolicy::Form::kKind;
    const auto k = read_number(items[2]);
    if (items[2] == "all" || items[2] == "majority") {
      party.threshold =
          items[2] == "all" ? AttestPolicy::Threshold::kAll : AttestPolicy::Threshold::kMajority;
    } else if (items[2] != "any" && !k) {
      return invalid("kind: the threshold is neither all, any, majority nor a number from 1");
    }
    party.number = k.value_or(1);
    for (std::size_t i = 3; i < items.size(); ++i) {
      if (items[i] == kAnyKind && items.size() > 4) {
        return invalid("kind: * stands for every kind and so stands alone");
      }
      if (items[i] != kAnyKind) {
        party.kinds.emplace_back(items[i]);
      }
    }
    return define(items[1], std::move(party));
  }

  Result<void> read_group(const Items& items) {
    static constexpr std::size_t kFirst = 3;
    if (items.size() <= kFirst) {
      return invalid("group: want \"group <name> all|any|<k> <party>...\", one party at least");
    }
    Party party;
    party.form = AttestPolicy::Form::kGroup;
    for (std::size_t i = kFirst; i < items.size(); ++i) {
      const auto found = names_.find(items[i]);
      if (found == names_.end()) {
        return invalid("group: party " + std::string(items[i]) + " is not defined above");
      }
      if (!grouped_.insert(found->second).second) {
        return invalid("group: " + std::string(items[i]) + " is in a group already",
                       "a name may stand once, in one group");
      }
      party.parties.push_back(found->second);
    }
    const std::size_t size = party.parties.size();
    const auto k = read_number(items[2]);
    if (items[2] == "all") {
      party.number = size;
    } else if (k && *k <= size) {
      party.number = *k;
    } else if (items[2] != "any") {
      return invalid("group: the threshold is neither all, any nor a number from 1 to " +
                     std::to_string(size));
    }
    return define(items[1], std::move(party));
  }

  Result<void> read_engines(const Items& items) {
    const auto k = items.size() == 2 ? read_number(items[1]) : std::nullopt;
    if (!k || *k > kAttestPartiesMax) {
      return invalid("engines: want \"engines <k>\", k from 1 to " +
                     std::to_string(kAttestPartiesMax));
    }
    if (std::exchange(has_engines_, true)) {
      return invalid("engines: there is such a line already");
    }
    policy_.engines_ = *k;
    return {};
  }

  Result<void> read_quorum(const Items& items) {
    if (items.size() != 2) {
      return invalid("quorum: want \"quorum <name>\" or \"quorum none\"");
    }
    if (std::exchange(has_quorum_, true)) {
      return invalid("quorum: there is one already");
    }
    if (items[1] == kNone) {
      return {};
    }
    const auto party = names_.find(items[1]);
    if (party == names_.end()) {
      return invalid("quorum: " + std::string(items[1]) + " is not defined above");
    }
    policy_.quorum_ = party->second;
    return {};
  }

  Result<void> define(std::string_view name, Party party) {
    if (policy_.parties_.size() == kAttestPartiesMax) {
      return Error{Errc::kTooLarge,
                   "more than " + std::to_string(kAttestPartiesMax) + " members, kinds and groups",
                   ""};
    }
    if (name == kNone) {
      return invalid("the name none has a meaning of its own");
    }
    if (!names_.emplace(name, policy_.parties_.size()).second) {
      return invalid("the name " + std::string(name) + " is taken");
    }
    party.name = name;
    policy_.parties_.push_back(std::move(party));
    return {};
  }

  AttestPolicy policy_;
  bool has_quorum_ = false;
  bool has_engines_ = false;
  std::set<std::string_view> members_;  // views into the text
  std::set<std::size_t> grouped_;
  std::map<std::string, std::size_t, std::less<>> names_;
};

Result<AttestPolicy> AttestPolicy::parse(std::string_view text) {
  if (text.size() > kAttestPolicyBytesMax) {
    return Error{Errc::kTooLarge,
                 "policy: more than " + std::to_string(kAttestPolicyBytesMax) + " bytes", ""};
  }
  AttestPolicyReader reader;
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (auto read = reader.read_line(rest.substr(0, end)); !read) {
      return read.error().during("policy line " + std::to_string(number));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return reader.finish(text);
}

const AttestPolicy& AttestPolicy::by_default() {
  static const AttestPolicy policy = *parse(kDefaultText);
  return policy;
}

AttestPolicy::State AttestPolicy::state_of(const Party& party, const std::vector<State>& before,
                                           const Attesters& eligible,
                                           const std::set<std::string>& attested) const {
  State state;
  state.needed = party.number;
  if (party.form == Form::kGroup) {
    for (const std::size_t place : party.parties) {
      if (before[place].met()) {
        ++state.has;
      } else {
        state.from.push_back(parties_[place].name);
      }
    }
    return state;
  }
  std::size_t possible = 0;
  for (const auto& [member, kind] : eligible) {
    const bool meant =
        party.form == Form::kMember
            ? member == party.member
            : party.kinds.empty() ||
                  std::find(party.kinds.begin(), party.kinds.end(), kind) != party.kinds.end();
    if (!meant) {
      continue;
    }
    ++possible;
    if (attested.contains(member)) {
      ++state.has;
    } else {
      state.from.push_back(member);
    }
  }
  if (party.threshold != Threshold::kNumber) {
    state.needed = party.threshold == Threshold::kAll ? possible : possible / 2 + 1;
  }
  if (state.needed > possible) {
    state.needed = 0;  // out of reach: too few may count at all
  }
  return state;
}

void AttestPolicy::explain(std::size_t place, const std::vector<State>& states,
                           std::vector<MissingAttesters>* missing) const {
  const State& state = states[place];
  if (state.met()) {
    return;
  }
  missing->push_back({parties_[place].name, state.has, state.needed, state.from});
  for (const std::size_t part : parties_[place].parties) {
    explain(part, states, missing);
  }
}

AttestPolicy::Verdict AttestPolicy::judge(const Attesters& eligible,
                                          const std::set<std::string>& attested,
                                          std::size_t engines) const {
  if (!quorum_) {
    return {true, {}};
  }
  std::vector<State> states;
  for (const Party& party : parties_) {
    states.push_back(state_of(party, states, eligible, attested));
  }
  Verdict verdict;
  explain(*quorum_, states, &verdict.missing);
  if (engines < engines_) {
    verdict.missing.push_back({"engines", engines, engines_, {}});
  }
  verdict.met = verdict.missing.empty();
  return verdict;
}

}  // namespace hefu
