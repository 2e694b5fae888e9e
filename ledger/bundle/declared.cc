#include "ledger/bundle/declared.h"

#include <algorithm>
#include <map>
#include <set>

#include "ledger/bundle/level_checks.h"
#include "ledger/closing/acts.h"
#include "ledger/event/envelope.h"
#include "ledger/event/uscc.h"
#include "ledger/governance/proposal.h"
#include "ledger/programme/evaluate.h"
#include "ledger/view/figures.h"
#include "ledger/view/signers.h"

namespace hefu {

namespace {

using Outcome = BundleCheck::Outcome;

class DeclaredChecks {
 public:
  DeclaredChecks(const Bundle& bundle, const Charter& charter)
      : bundle_(bundle), charter_(charter) {}

  LevelVerdict run() {
    const Member* member = charter_.member(institution_of(bundle_.claim.node));
    if (member == nullptr) {
      say(Outcome::kBad, "declared", bundle_.claim.node + " is no member of the charter");
      return std::move(out_);
    }
    LogSigners signers(charter_, *member);
    for (const Bytes& bytes : bundle_.declared) {
      const auto envelope = decode_envelope(bytes);
      if (const auto event =
              envelope ? decode_event(envelope->event) : Result<Event>(envelope.error())) {
        signers.learn(envelope->signer, *event);
      }
    }
    for (const Bytes& bytes : bundle_.declared) {
      read(bytes, *member, signers);
    }
    if (out_.checks.empty()) {
      tell(*member);
    }
    return std::move(out_);
  }

 private:
  void say(Outcome outcome, const std::string& subject, const std::string& text) {
    out_.checks.push_back({outcome, subject, text});
  }

  void read(const Bytes& bytes, const Member& member, const LogSigners& signers) {
    const auto envelope = decode_envelope(bytes);
    const auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
    const std::string subject =
        "event " + (envelope ? envelope->id().hex().substr(0, 16) : std::string("unread"));
    if (!event) {
      say(Outcome::kBad, subject, event.error().message);
      return;
    }
    if (const auto signer = signers.verify(*envelope, &signatures_); !signer) {
      say(Outcome::kBad, subject, signer.error().message);
    } else if (signer->role == KeyRole::kGuest || institution_of(event->issuer) != member.id) {
      say(Outcome::kBad, subject, "is made in the name of " + event->issuer);
    } else if (event->type == kStatementType) {
      read_claim(*event, subject);
    } else if (event->type != kKeyCertificationType) {
      ++types_[event->type];
    }
  }

  void read_claim(const Event& event, const std::string& subject) {
    const auto statement = read_statement(event);
    if (!statement) {
      say(Outcome::kBad, subject, statement.error().message);
    } else if (statement->scope.pack_digest != bundle_.claim.pack_digest ||
               statement->scope.period != bundle_.claim.period) {
      say(Outcome::kBad, subject, "is a statement about another pack or period");
    } else {
      statements_.push_back("figures " + statement->figures.hex() + " at cut " +
                            statement->scope.cut.hex());
    }
  }

  void tell(const Member& member) {
    const std::string who = member.name_zh + " (" + member.id + ")";
    std::string records;
    for (const auto& [type, count] : types_) {
      records += (records.empty() ? "" : ", ") + std::to_string(count) + " " + type;
    }
    for (const std::string& statement : statements_) {
      say(Outcome::kGood, "statement",
          "signed by " + who + " for " + bundle_.claim.period + ": " + statement);
    }
    if (!records.empty()) {
      say(Outcome::kGood, "declared", "signed by " + who + ": " + records);
    }
    out_.claim = "declared";
    say(Outcome::kUnchecked, "everything else",
        "that these are in any log, were not withdrawn or disputed, are all there is for or "
        "against " +
            bundle_.claim.indicator + ", and what figure follows: nobody but " + who +
            " vouches for them here; bundles of level 1 and up show more");
  }

  const Bundle& bundle_;
  const Charter& charter_;
  EnvelopeVerifier signatures_;
  std::map<std::string, std::size_t> types_;
  std::vector<std::string> statements_;
  LevelVerdict out_;
};

/// What the unit's institution says of a figure: records, statements, certificates of its keys.
std::set<EventId> declared_events(const LedgerState& state, const Figure& figure,
                                  const FigureBundleRequest& request, const Digest& pack) {
  const std::string institution(institution_of(request.unit));
  std::set<std::string> records(figure.counted_ids.begin(), figure.counted_ids.end());
  for (const LeftOutFact& fact : figure.left_out_facts) {
    records.insert(fact.id);
  }
  std::set<EventId> out;
  for (const std::string& hex : records) {
    const auto id = Digest::from_hex(hex);
    const Record* record = id ? state.records.record(EventId{*id}) : nullptr;
    if (record != nullptr && record->current.member == institution) {
      out.insert(record->current.id);
    }
  }
  for (const auto& [place, logged] : state.events) {
    if (logged.member != institution) {
      continue;
    }
    const auto statement = logged.event.type == kStatementType ? read_statement(logged.event)
                                                               : Result<Statement>(Error{});
    if (logged.event.type == kKeyCertificationType ||
        (statement && statement->scope.pack_digest == pack &&
         statement->scope.period == request.period)) {
      out.insert(logged.id);
    }
  }
  return out;
}

}  // namespace

Result<Bundle> make_declared(const HeldLogs& held, const FigureBundleRequest& request) {
  const LedgerState& state = held.state;
  const auto document = find_pack(state, request.pack);
  const auto pack =
      document ? Pack::from_json((*document)->content) : Result<Pack>(document.error());
  const auto period =
      pack ? Period::parse(request.period, pack->valid) : Result<Period>(pack.error());
  const auto figures = period ? evaluate(*pack, *state.world, state.facts, *period, request.unit)
                              : Result<std::vector<Figure>>(period.error());
  if (!figures) {
    return figures.error();
  }
  const auto figure = std::find_if(figures->begin(), figures->end(), [&](const Figure& one) {
    return one.indicator == request.indicator;
  });
  if (figure == figures->end()) {
    return Error{Errc::kNotFound, "the pack has no indicator " + request.indicator,
                 "`hefu figure show` lists them"};
  }
  const Digest digest = pack->digest();
  const std::set<EventId> wanted = declared_events(state, *figure, request, digest);
  Bundle out;
  out.level = 0;
  out.charter = held.founding.note;
  out.claim = {request.pack, digest, request.period, request.unit, "", request.indicator};
  bool is_anything_said = false;
  for (const auto& [place, logged] : state.events) {
    if (wanted.count(logged.id) == 0) {
      continue;
    }
    const std::string& origin = logged.origin;
    const auto log = std::find_if(held.logs.begin(), held.logs.end(),
                                  [&](const LogContents& one) { return one.origin == origin; });
    if (log != held.logs.end() && logged.index < log->entries.size()) {
      out.declared.push_back(to_bytes(log->entries[logged.index].envelope));
      is_anything_said = is_anything_said || logged.event.type != kKeyCertificationType;
    }
  }
  if (!is_anything_said) {
    return Error{Errc::kNotFound,
                 "the institution of " + request.unit + " declares nothing of " +
                     request.indicator + " for " + request.period,
                 "`hefu figure show --unit` shows what an institution claims"};
  }
  std::sort(out.declared.begin(), out.declared.end());
  return out;
}

LevelVerdict check_declared(const Bundle& bundle, const Charter& charter) {
  return DeclaredChecks(bundle, charter).run();
}

}  // namespace hefu
