#include "ledger/governance/proposal.h"

#include <array>
#include <limits>

#include "ledger/event/text.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

constexpr std::array<std::pair<CharterChange, const char*>, 11> kChangeNames = {{
    {CharterChange::kAdmit, "admit"},
    {CharterChange::kSuspend, "suspend"},
    {CharterChange::kReinstate, "reinstate"},
    {CharterChange::kExpel, "expel"},
    {CharterChange::kLeave, "leave"},
    {CharterChange::kReplaceKeys, "replace-keys"},
    {CharterChange::kNewEpoch, "new-epoch"},
    {CharterChange::kSetRules, "set-rules"},
    {CharterChange::kDescribe, "describe"},
    {CharterChange::kMerge, "merge"},
    {CharterChange::kClose, "close"},
}};
constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kOriginBytesMax = 216;  // as on a member card
constexpr std::size_t kAttributeNameBytesMax = 64;

/// Reads fields one by one; remembers what was wrong first.
class Fields {
 public:
  explicit Fields(const Event& event) : event_(event) {}

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  void refuse(const std::string& field, const std::string& reason) {
    if (!error_) {
      error_ = Error{Errc::kInvalid, "charter-proposal field " + field + ": " + reason, ""};
    }
  }

  std::optional<std::string> text(const char* field, std::size_t bytes_max) {
    const Value* value = event_.field(field);
    if (value == nullptr) {
      return std::nullopt;
    }
    if (value->text() == nullptr || value->text()->empty() || value->text()->size() > bytes_max) {
      refuse(field, "must be a text of 1 to " + std::to_string(bytes_max) + " bytes");
      return std::nullopt;
    }
    return *value->text();
  }

  std::optional<std::string> line(const char* field, std::size_t bytes_max) {
    auto found = text(field, bytes_max);
    if (found && !check_text(*found)) {
      refuse(field, "must be plain text");
    }
    return found;
  }

  std::optional<std::string> institution(const char* field) {
    const auto found = text(field, 64);
    if (found && !check_credit_code(*found)) {
      refuse(field, "not the credit code of an institution");
    }
    return found;
  }

  std::optional<std::int64_t> integer(const char* field, std::int64_t low, std::int64_t high) {
    const Value* value = event_.field(field);
    if (value == nullptr) {
      return std::nullopt;
    }
    if (value->integer() == nullptr || *value->integer() < low || *value->integer() > high) {
      refuse(field, "must be a number from " + std::to_string(low) + " to " + std::to_string(high));
      return std::nullopt;
    }
    return *value->integer();
  }

  std::optional<std::uint32_t> count(const char* field) {
    const auto found = integer(field, 0, std::numeric_limits<std::uint16_t>::max());
    return found ? std::optional(static_cast<std::uint32_t>(*found)) : std::nullopt;
  }

  std::optional<Date> date(const char* field) {
    const Value* value = event_.field(field);
    if (value != nullptr && value->date() == nullptr) {
      refuse(field, "must be a date");
    }
    return value == nullptr || value->date() == nullptr ? std::nullopt
                                                        : std::optional(*value->date());
  }

  Value::List list(const char* field, std::size_t count_max) {
    const Value* value = event_.field(field);
    if (value == nullptr) {
      return {};
    }
    if (value->list() == nullptr || value->list()->size() > count_max) {
      refuse(field, "must be a list of at most " + std::to_string(count_max));
      return {};
    }
    return *value->list();
  }

  std::optional<PublicKey> key(const char* field, const Value& value) {
    const Bytes* bytes = std::get_if<Bytes>(&value.is);
    const auto found = bytes == nullptr ? std::nullopt : PublicKey::from_bytes(*bytes);
    if (!found || !is_acceptable(*found)) {
      refuse(field, "not an acceptable Ed25519 key");
      return std::nullopt;
    }
    return found;
  }

 private:
  const Event& event_;
  std::optional<Error> error_;
};

void read_keys(Fields& fields, CharterProposal* proposal) {
  for (const Value& item : fields.list("keys", kProposalKeysMax)) {
    const Value::List* pair = item.list();
    if (pair == nullptr || pair->size() != 2 || (*pair)[0].text() == nullptr) {
      fields.refuse("keys", "each is a role and a key");
      return;
    }
    const auto role = key_role(*(*pair)[0].text());
    const auto key = fields.key("keys", (*pair)[1]);
    if (!role) {
      fields.refuse("keys", "no such role");
    }
    if (role && key) {
      proposal->keys.emplace_back(*role, *key);
    }
  }
  for (const Value& item : fields.list("revoked", kProposalKeysMax)) {
    if (const auto key = fields.key("revoked", item)) {
      proposal->revoked.push_back(*key);
    }
  }
}

void read_attributes(Fields& fields, CharterProposal* proposal) {
  for (const Value& item : fields.list("attributes", kProposalAttributesMax)) {
    const Value::List* pair = item.list();
    const std::string* name = pair == nullptr || pair->size() != 2 ? nullptr : (*pair)[0].text();
    const std::string* value = name == nullptr ? nullptr : (*pair)[1].text();
    if (value == nullptr || name->empty() || name->size() > kAttributeNameBytesMax ||
        value->size() > kNameBytesMax || !check_text(*name) || !check_text(*value)) {
      fields.refuse("attributes", "each is a name of 1 to 64 and a value of at most 200 bytes");
      return;
    }
    proposal->attributes.emplace_back(*name, *value);
  }
}

Value key_value(const PublicKey& key) {
  return Value{Bytes(key.bytes.begin(), key.bytes.end())};
}

}  // namespace

const char* name(CharterChange change) {
  for (const auto& [known, text] : kChangeNames) {
    if (known == change) {
      return text;
    }
  }
  return "unknown";
}

std::optional<CharterChange> charter_change(std::string_view name) {
  for (const auto& [change, text] : kChangeNames) {
    if (name == text) {
      return change;
    }
  }
  return std::nullopt;
}

Result<CharterProposal> read_proposal(const EventId& id, const Event& event) {
  Fields fields(event);
  CharterProposal proposal;
  proposal.id = id;
  proposal.proposer = std::string(institution_of(event.issuer));
  const Value* base = event.field("base");
  if (base == nullptr || base->digest() == nullptr) {
    fields.refuse("base", "the decision it builds on is missing");
  } else {
    proposal.base = *base->digest();
  }
  const auto attempt = fields.integer("attempt", 1, kCharterAttemptMax);
  const auto change_name = fields.text("change", 32);
  const auto change = change_name ? charter_change(*change_name) : std::nullopt;
  const auto decide_by = fields.date("decide_by");
  if (!attempt || !change || !decide_by) {
    fields.refuse(!attempt ? "attempt" : !change ? "change" : "decide_by", "is missing");
  }
  proposal.attempt = attempt.value_or(1);
  proposal.change = change.value_or(CharterChange::kAdmit);
  proposal.decide_by = decide_by.value_or(Date{});
  proposal.reason = fields.text("reason", 2000).value_or("");
  proposal.member = fields.institution("member").value_or("");
  proposal.request = fields.text("request", 12 * 1024).value_or("");
  proposal.successor = fields.institution("successor").value_or("");
  proposal.origin = fields.line("origin", kOriginBytesMax).value_or("");
  proposal.checkpoint = fields.text("checkpoint", kProposalCheckpointBytesMax).value_or("");
  proposal.authority = fields.institution("authority");
  proposal.council = fields.count("council");
  proposal.quorum = fields.count("quorum");
  proposal.name_zh = fields.line("name_zh", kNameBytesMax);
  proposal.name_en = fields.line("name_en", kNameBytesMax);
  proposal.revoked_from = fields.date("revoked_from");
  proposal.effective_on = fields.date("effective_on");
  read_keys(fields, &proposal);
  read_attributes(fields, &proposal);
  if (fields.error()) {
    return *fields.error();
  }
  return proposal;
}

std::map<std::string, Value> proposal_fields(const CharterProposal& proposal) {
  std::map<std::string, Value> fields;
  fields["base"] = Value{proposal.base};
  fields["attempt"] = Value{proposal.attempt};
  fields["change"] = Value{std::string(name(proposal.change))};
  fields["decide_by"] = Value{proposal.decide_by};
  const auto put = [&](const char* field, const std::string& text) {
    if (!text.empty()) {
      fields[field] = Value{text};
    }
  };
  put("reason", proposal.reason);
  put("member", proposal.member);
  put("request", proposal.request);
  put("successor", proposal.successor);
  put("origin", proposal.origin);
  put("checkpoint", proposal.checkpoint);
  put("authority", proposal.authority.value_or(""));
  put("name_zh", proposal.name_zh.value_or(""));
  put("name_en", proposal.name_en.value_or(""));
  if (proposal.council) {
    fields["council"] = Value{static_cast<std::int64_t>(*proposal.council)};
  }
  if (proposal.quorum) {
    fields["quorum"] = Value{static_cast<std::int64_t>(*proposal.quorum)};
  }
  if (proposal.revoked_from) {
    fields["revoked_from"] = Value{*proposal.revoked_from};
  }
  if (proposal.effective_on) {
    fields["effective_on"] = Value{*proposal.effective_on};
  }
  Value::List keys;
  for (const auto& [role, key] : proposal.keys) {
    keys.push_back(Value{Value::List{Value{std::string(name(role))}, key_value(key)}});
  }
  Value::List revoked;
  for (const PublicKey& key : proposal.revoked) {
    revoked.push_back(key_value(key));
  }
  Value::List attributes;
  for (const auto& [key, value] : proposal.attributes) {
    attributes.push_back(Value{Value::List{Value{key}, Value{value}}});
  }
  for (auto& [field, list] : {std::pair<const char*, Value::List*>{"keys", &keys},
                              {"revoked", &revoked},
                              {"attributes", &attributes}}) {
    if (!list->empty()) {
      fields[field] = Value{std::move(*list)};
    }
  }
  return fields;
}

}  // namespace hefu
