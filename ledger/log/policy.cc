#include "ledger/log/policy.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "ledger/log/lines.h"

namespace hefu {

namespace {

constexpr std::string_view kNone = "none";

std::vector<std::string_view> split_items(std::string_view line) {
  static constexpr std::string_view kWhitespace = " \t";
  std::vector<std::string_view> items;
  for (;;) {
    const std::size_t start = line.find_first_not_of(kWhitespace);
    if (start == std::string_view::npos) {
      return items;
    }
    line.remove_prefix(start);
    const std::string_view item = line.substr(0, line.find_first_of(kWhitespace));
    items.push_back(item);
    line.remove_prefix(item.size());
  }
}

bool is_allowed(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

Error invalid(const std::string& message, const std::string& hint = "") {
  return Error{Errc::kInvalid, message, hint};
}

}  // namespace

/// Builds a policy line by line.
class PolicyReader {
 public:
  Result<void> read_line(std::string_view line) {
    if (!std::all_of(line.begin(), line.end(), is_allowed)) {
      return invalid("control character");
    }
    const std::vector<std::string_view> items = split_items(line);
    if (items.empty() || items[0].front() == '#') {
      return {};
    }
    if (items[0] == "log") {
      return read_log(items);
    }
    if (items[0] == "witness") {
      return read_witness(items);
    }
    if (items[0] == "group") {
      return read_group(items);
    }
    if (items[0] == "quorum") {
      return read_quorum(items);
    }
    return invalid("starts with none of log, witness, group and quorum");
  }

  Result<Policy> finish() {
    if (!has_quorum_) {
      return invalid("policy: the quorum line is missing",
                     "\"quorum none\" asks for no cosignature");
    }
    return std::move(policy_);
  }

 private:
  using Items = std::vector<std::string_view>;

  Result<void> read_log(const Items& items) {
    if (items.size() < 2 || items.size() > 3) {
      return invalid("log: want \"log <vkey> [<url>]\"");
    }
    if (policy_.logs_.size() == kPolicyEntriesMax) {
      return Error{Errc::kTooLarge, "log: more than " + std::to_string(kPolicyEntriesMax), ""};
    }
    auto key = read_key(items[1], kNoteEd25519);
    if (!key) {
      return key.error().during("log");
    }
    policy_.logs_.push_back(
        PolicyLog{std::move(*key), std::string(items.size() == 3 ? items[2] : "")});
    return {};
  }

  Result<void> read_witness(const Items& items) {
    if (items.size() < 3 || items.size() > 4) {
      return invalid("witness: want \"witness <name> <vkey> [<url>]\"");
    }
    if (policy_.witnesses_.size() == kPolicyEntriesMax) {
      return Error{Errc::kTooLarge, "witness: more than " + std::to_string(kPolicyEntriesMax), ""};
    }
    auto key = read_key(items[2], kNoteCosignature);
    if (!key) {
      return key.error().during("witness");
    }
    Policy::Party party;
    party.witness = policy_.witnesses_.size();
    const auto defined = define(items[1], std::move(party));
    if (!defined) {
      return defined.error().during("witness");
    }
    policy_.witnesses_.push_back(PolicyWitness{std::string(items[1]), std::move(*key),
                                               std::string(items.size() == 4 ? items[3] : "")});
    return {};
  }

  Result<void> read_group(const Items& items) {
    static constexpr std::size_t kFirstMember = 3;
    if (items.size() <= kFirstMember) {
      return invalid("group: want \"group <name> all|any|<k> <member>...\", one member at least");
    }
    if (++groups_ > kPolicyEntriesMax) {
      return Error{Errc::kTooLarge, "group: more than " + std::to_string(kPolicyEntriesMax), ""};
    }
    Policy::Party party;
    for (std::size_t i = kFirstMember; i < items.size(); ++i) {
      const auto member = names_.find(items[i]);
      if (member == names_.end()) {
        return invalid("group: member " + std::string(items[i]) + " is not defined above");
      }
      if (!members_.insert(member->second).second) {
        return invalid("group: " + std::string(items[i]) + " is a member already",
                       "a name may be a member once, in one group");
      }
      party.members.push_back(member->second);
    }
    const std::size_t size = party.members.size();
    const auto k = parse_decimal_line(items[2]);
    if (items[2] == "all") {
      party.threshold = size;
    } else if (items[2] == "any") {
      party.threshold = 1;
    } else if (k && *k >= 1 && *k <= size) {
      party.threshold = static_cast<std::size_t>(*k);
    } else {
      return invalid("group: the threshold is neither all, any nor a number from 1 to " +
                     std::to_string(size));
    }
    const auto defined = define(items[1], std::move(party));
    return defined ? defined : Result<void>(defined.error().during("group"));
  }

  Result<void> read_quorum(const Items& items) {
    if (items.size() != 2) {
      return invalid("quorum: want \"quorum <name>\" or \"quorum none\"");
    }
    if (has_quorum_) {
      return invalid("quorum: there is one already");
    }
    has_quorum_ = true;
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

  Result<VerifierKey> read_key(std::string_view vkey, std::uint8_t type) {
    auto key = VerifierKey::parse(vkey);
    if (!key) {
      return key.error();
    }
    if (key->type != type) {
      return invalid(
          "the key is of type " + std::to_string(key->type) + ", not " + std::to_string(type),
          "a log's key has type 1, a witness's type 4");
    }
    if (!keys_.insert(key->key).second) {
      return invalid("the public key of " + key->name + " stands in the policy already");
    }
    return key;
  }

  Result<void> define(std::string_view name, Policy::Party party) {
    if (name == kNone) {
      return invalid("the name none has a meaning of its own");
    }
    if (!names_.emplace(name, policy_.parties_.size()).second) {
      return invalid("the name " + std::string(name) + " is taken");
    }
    policy_.parties_.push_back(std::move(party));
    return {};
  }

  Policy policy_;
  bool has_quorum_ = false;
  std::size_t groups_ = 0;
  std::set<PublicKey> keys_;
  std::set<std::size_t> members_;  // parties that are in a group
  std::map<std::string, std::size_t, std::less<>> names_;
};

Result<Policy> Policy::parse(std::string_view text) {
  if (text.size() > kPolicyBytesMax) {
    return Error{Errc::kTooLarge, "policy: more than " + std::to_string(kPolicyBytesMax) + " bytes",
                 ""};
  }
  PolicyReader reader;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = take_line(text);
    if (!line) {
      line = std::exchange(text, {});  // people forget the last newline
    }
    const auto read = reader.read_line(*line);
    if (!read) {
      return read.error().during("policy line " + std::to_string(number));
    }
  }
  return reader.finish();
}

std::vector<VerifierKey> Policy::log_keys() const {
  std::vector<VerifierKey> keys;
  for (const PolicyLog& log : logs_) {
    keys.push_back(log.key);
  }
  return keys;
}

std::vector<VerifierKey> Policy::witness_keys() const {
  std::vector<VerifierKey> keys;
  for (const PolicyWitness& witness : witnesses_) {
    keys.push_back(witness.key);
  }
  return keys;
}

bool Policy::is_met(std::span<const Cosignature> cosignatures,
                    std::span<const PublicKey> not_counted) const {
  if (!quorum_) {
    return true;
  }
  std::set<PublicKey> signers;
  for (const Cosignature& cosignature : cosignatures) {
    signers.insert(cosignature.witness.key);
  }
  for (const PublicKey& key : not_counted) {
    signers.erase(key);
  }
  std::vector<bool> witnessed;
  for (const Party& party : parties_) {
    if (party.witness) {
      witnessed.push_back(signers.contains(witnesses_[*party.witness].key.key));
      continue;
    }
    const auto count =
        std::count_if(party.members.begin(), party.members.end(),
                      [&](std::size_t member) { return static_cast<bool>(witnessed[member]); });
    witnessed.push_back(static_cast<std::size_t>(count) >= party.threshold);
  }
  return witnessed[*quorum_];
}

std::string k_of_n_policy(std::span<const VerifierKey> logs, std::span<const VerifierKey> witnesses,
                          std::size_t k) {
  HEFU_ASSERT(k <= witnesses.size());
  std::string text;
  for (const VerifierKey& log : logs) {
    text += "log " + log.text() + "\n";
  }
  std::string members;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    const std::string name = "w" + std::to_string(i + 1);
    text += "witness " + name + " " + witnesses[i].text() + "\n";
    members += " " + name;
  }
  if (k == 0) {
    return text + "quorum none\n";
  }
  return text + "group witnesses " + std::to_string(k) + members + "\nquorum witnesses\n";
}

Result<AcceptedCheckpoint> accept_checkpoint(std::string_view note, const Policy& policy,
                                             std::span<const PublicKey> not_counted) {
  auto opened = open_checkpoint(note, policy.log_keys());
  if (!opened) {
    return opened.error();
  }
  auto cosignatures = verify_cosignatures(opened->note, policy.witness_keys());
  if (!cosignatures) {
    return cosignatures.error().during("checkpoint of " + opened->checkpoint.origin);
  }
  if (!policy.is_met(*cosignatures, not_counted)) {
    return Error{Errc::kUnverified,
                 "checkpoint of " + opened->checkpoint.origin + ": the quorum is not reached, " +
                     std::to_string(cosignatures->size()) + " of " +
                     std::to_string(policy.witnesses().size()) + " witnesses cosigned",
                 "wait until more witnesses have cosigned"};
  }
  return AcceptedCheckpoint{std::move(opened->checkpoint), std::move(opened->note),
                            std::move(*cosignatures)};
}

}  // namespace hefu
