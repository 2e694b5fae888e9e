#include "tests/simulation/agreement_watch.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"
#include "ledger/event/envelope.h"
#include "ledger/log/checkpoint.h"
#include "tests/reference/agreement.h"
#include "tests/simulation/oracle.h"

namespace hefu::simulation {
namespace {

using reference::AgreementEntry;
using reference::AgreementFate;

const Digest* digest_in(const Event& event, const char* field) {
  const Value* value = event.field(field);
  return value == nullptr ? nullptr : value->digest();
}

AgreementFate fate_of(const Version& version) {
  switch (version.verdict) {
    case Verdict::kEffective:
      return {AgreementFate::Kind::kEffective, version.completed->ms};
    case Verdict::kDead:
      return {AgreementFate::Kind::kDead, version.dead_since->ms};
    case Verdict::kOpen:
      break;
  }
  return {};
}

std::string text(const AgreementFate& fate) {
  const char* kind = fate.kind == AgreementFate::Kind::kOpen        ? "open"
                     : fate.kind == AgreementFate::Kind::kEffective ? "effective"
                                                                    : "dead";
  return std::string(kind) + " since " + std::to_string(fate.since);
}

}  // namespace

void AgreementWatch::read_on(MemberNode& node, std::size_t owner, std::uint64_t size) {
  Log& log = logs_[owner];
  const Member& member = federation_.member(owner);
  const auto scanned = node.store().scan(
      *node.store().known_number(member.origin), log.size, size,
      [&](std::uint64_t index, BytesView bytes) {
        const auto envelope = decode_envelope(bytes);
        auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
        if (!event) {
          return true;
        }
        if (event->type == kAnchorType) {
          const auto anchor = open_anchor(federation_.charter(), member, *envelope, *event, index);
          if (anchor && anchor->time) {
            log.heads.push_back({member.origin, anchor->checkpoint.size, *anchor->time, index});
          }
        } else if (event->type == kProposalType || event->type == kSignatureType ||
                   event->type == kDeclineType) {
          LoggedEvent logged;
          logged.id = envelope->id();
          logged.origin = member.origin;
          logged.index = index;
          logged.member = member.id;
          logged.role = KeyRole::kSeal;
          logged.event = *std::move(event);
          log.acts.push_back(std::move(logged));
        }
        return true;
      });
  if (!scanned) {
    throw Violation{"the log of member " + std::to_string(owner) + " cannot be read at member " +
                    std::to_string(node.index()) + ": " + scanned.error().message};
  }
  log.size = std::max(log.size, size);
}

void AgreementWatch::look(MemberNode& node) {
  std::vector<LoggedEvent> acts;
  std::vector<WitnessedHead> heads;
  for (std::size_t owner = 0; owner < federation_.charter().members.size(); ++owner) {
    if (liars_.contains(owner)) {
      continue;
    }
    const auto note =
        node.store().cosigned(*node.store().known_number(federation_.member(owner).origin));
    const auto parsed = note ? parse_checkpoint(*note) : Result<SignedCheckpoint>(note.error());
    if (!parsed) {
      continue;
    }
    const std::uint64_t size = parsed->checkpoint.size;
    if (logs_[owner].size < size) {
      read_on(node, owner, size);
    }
    for (const LoggedEvent& act : logs_[owner].acts) {
      if (act.index < size) {
        acts.push_back(act);
      }
    }
    for (const WitnessedHead& head : logs_[owner].heads) {
      if (head.anchored_at < size) {
        heads.push_back(head);
      }
    }
  }
  const std::string where = "member " + std::to_string(node.index());
  for (const auto& [id, agreement] : fold_agreements(acts, heads, federation_.charter())) {
    compare(agreement, acts, heads, where);
    remember(agreement, where);
  }
}

void AgreementWatch::compare(const Agreement& agreement, const std::vector<LoggedEvent>& acts,
                             const std::vector<WitnessedHead>& heads, const std::string& where) {
  std::map<EventId, std::size_t> number;
  std::vector<reference::AgreementVersion> versions;
  for (const Version& version : agreement.versions) {
    number.emplace(version.id, versions.size());
    versions.push_back({version.attempt, Moment::end_of(version.sign_by).ms});
  }
  std::map<std::string, std::vector<AgreementEntry>> logs;
  for (const std::string& party : agreement.versions.front().parties) {
    logs[party];
  }
  for (const LoggedEvent& act : acts) {
    if (act.event.type == kProposalType || act.event.record != agreement.id) {
      continue;
    }
    const auto version = number.find(EventId{*digest_in(act.event, "version")});
    if (version == number.end()) {
      return;  // its proposal is not held here yet: what that means is not for the reference
    }
    AgreementEntry entry;
    entry.kind = act.event.type == kSignatureType ? AgreementEntry::Kind::kSign
                                                  : AgreementEntry::Kind::kDecline;
    entry.index = act.index;
    entry.version = version->second;
    if (const Value* releases = act.event.field("releases")) {
      for (const Value& release : *releases->list()) {
        if (const auto of = number.find(EventId{*release.digest()}); of != number.end()) {
          entry.releases.insert(of->second);
        }
      }
    }
    logs[act.member].push_back(std::move(entry));
  }
  for (const WitnessedHead& head : heads) {
    const Member* owner = federation_.charter().by_origin(head.origin);
    if (const auto log = logs.find(owner->id); log != logs.end()) {
      AgreementEntry entry;
      entry.index = head.anchored_at;
      entry.size = head.size;
      entry.time = head.time.ms;
      log->second.push_back(entry);
    }
  }
  std::vector<const std::vector<AgreementEntry>*> read;
  for (auto& [party, log] : logs) {
    std::sort(log.begin(), log.end(),
              [](const AgreementEntry& a, const AgreementEntry& b) { return a.index < b.index; });
    read.push_back(&log);
  }
  const auto needed = static_cast<std::size_t>(agreement.versions.front().rule.needed);
  const auto fates = reference::agreement_fates(versions, read, needed);
  for (std::size_t i = 0; i < fates.size(); ++i) {
    ++counts_.compared;
    const AgreementFate said = fate_of(agreement.versions[i]);
    if (said != fates[i]) {
      throw Violation{where + ": version " + agreement.versions[i].id.digest.hex() +
                      " of an agreement is " + text(said) + ", by the rules " + text(fates[i])};
    }
  }
}

void AgreementWatch::remember(const Agreement& agreement, const std::string& where) {
  std::size_t effective = 0;
  for (const Version& version : agreement.versions) {
    const auto known = final_.find(version.id);
    if (known != final_.end() && version.verdict != Verdict::kOpen &&
        version.verdict != known->second) {
      throw Violation{where + ": version " + version.id.digest.hex() + " of an agreement is " +
                      name(version.verdict) + ", and somebody said before that it is " +
                      name(known->second)};
    }
    if (known == final_.end() && version.verdict != Verdict::kOpen) {
      final_.emplace(version.id, version.verdict);
      ++(version.verdict == Verdict::kEffective ? counts_.effective : counts_.dead);
    }
    const auto now = final_.find(version.id);
    effective += now != final_.end() && now->second == Verdict::kEffective ? 1 : 0;
  }
  if (effective > 1) {
    throw Violation{where + ": two versions of agreement " + agreement.id.digest.hex() +
                    " took effect, neither of them in place of the other"};
  }
}

}  // namespace hefu::simulation
