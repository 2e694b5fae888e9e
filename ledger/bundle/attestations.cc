#include "ledger/bundle/attestations.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ledger/event/envelope.h"
#include "ledger/record/key_authority.h"
#include "ledger/view/attested.h"
#include "ledger/view/signers.h"
#include "ledger/view/view.h"

namespace hefu {

namespace {

using Outcome = BundleCheck::Outcome;

/// Indicators named in one line; of the rest only how many.
constexpr std::size_t kNamedMax = 6;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamedMax); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.size() <= kNamedMax
             ? text
             : text + " and " + std::to_string(names.size() - kNamedMax) + " more";
}

std::string missing_text(const AttestPolicy::Verdict& verdict) {
  std::string text;
  for (const MissingAttesters& one : verdict.missing) {
    text += (text.empty() ? "" : "; ") + one.party + " " + std::to_string(one.has) + " of " +
            (one.needed == 0 ? std::string("more than there are") : std::to_string(one.needed));
  }
  return text;
}

class AttestationChecks {
 public:
  AttestationChecks(const Bundle& bundle, const LedgerState& state, const Charter& charter)
      : bundle_(bundle),
        state_(state),
        charter_(charter),
        authority_(EventList(state.events).pointers(), charter) {}

  std::vector<BundleCheck> run() {
    for (const LoggedStatement& statement : bundle_.attestations) {
      open(statement);
    }
    auto maker = ViewMaker::make(state_, bundle_.claim.pack, bundle_.claim.period);
    if (!maker) {
      say(Outcome::kBad, "attestations", maker.error().message);
      return std::move(checks_);
    }
    for (const std::string& indicator : indicators_) {
      judge(*maker, indicator);
    }
    tell();
    return std::move(checks_);
  }

 private:
  void say(Outcome outcome, const std::string& subject, const std::string& text) {
    checks_.push_back({outcome, subject, text});
  }

  void open(const LoggedStatement& statement) {
    const auto envelope = decode_envelope(statement.envelope);
    const std::string subject =
        "attestation " + (envelope ? envelope->id().hex().substr(0, 16) : std::string("unread"));
    const auto opened = open_statement(
        statement, charter_,
        [&](const Member& owner, const Envelope& by) { return signers_of(owner).find(by); });
    auto attested = opened ? member_attestation(*opened, authority_)
                           : Result<MemberAttestation>(opened.error());
    if (!attested) {
      say(Outcome::kBad, subject, attested.error().message);
      return;
    }
    const ViewAttestation& said = attested->attestation;
    if (said.cut != state_.cut.id() || said.pack_digest != bundle_.claim.pack_digest ||
        said.period != bundle_.claim.period) {
      say(Outcome::kBad, subject,
          "of " + attested->member + " is about another cut, pack or period than the bundle");
      return;
    }
    indicators_.insert(said.indicator);
    attested_.push_back(*std::move(attested));
  }

  /// The keys of a member, those certified in the bundle's slices of its logs among them.
  const LogSigners& signers_of(const Member& owner) {
    const auto [at, is_new] = signers_.try_emplace(owner.id, charter_, *charter_.member(owner.id));
    for (const BundleLog& log : bundle_.logs) {
      if (!is_new || line_of(log.origin) != line_of(owner.origin)) {
        continue;
      }
      for (const BundleEntry& entry : log.entries) {
        const auto envelope = decode_envelope(entry.envelope);
        const auto event = envelope ? decode_event(envelope->event) : Result<Event>(Error{});
        if (event) {
          at->second.learn(envelope->signer, *event);
        }
      }
    }
    return at->second;
  }

  /// One figure: held against what its events give.
  void judge(const ViewMaker& maker, const std::string& indicator) {
    const auto units = maker.units(indicator);
    const auto ours = units ? maker.view(indicator) : Result<View>(units.error());
    if (!ours) {
      say(Outcome::kUnchecked, "attestations",
          indicator + ": not held against the events: " + ours.error().message);
      return;
    }
    const auto unit = bundle_.claim.node.empty() ? std::nullopt : std::optional(bundle_.claim.node);
    const AttestedFigure figure{
        maker.pack(),  indicator, maker.period(),
        *state_.world, charter_,  reported_in(*units, *state_.world, maker.period(), unit)};
    for (const AttestedResult& result : judge_attestations(figure, attested_)) {
      if (result.result.same_result(ours->attestation)) {
        agreed(indicator, result);
      } else {
        for (const Attester& by : result.by) {
          differing_[by.member].push_back(indicator);
        }
      }
    }
  }

  void agreed(const std::string& indicator, const AttestedResult& result) {
    std::set<std::string> engines;
    for (const Attester& by : result.by) {
      if (by.standing == AttesterStanding::kCounts) {
        engines.insert(by.engine);
      } else {
        not_counted_[{by.member, name(by.standing)}].push_back(indicator);
      }
    }
    std::string text = "recomputed by " + std::to_string(result.counted) + " of " +
                       std::to_string(result.eligible) + " independent nodes";
    if (!engines.empty()) {
      std::string all;
      for (const std::string& engine : engines) {
        all += (all.empty() ? "" : ", ") + engine;
      }
      text += " (" + all + ")";
    }
    text += result.quorum.met ? ", as the pack asks"
                              : "; the pack asks for more: " + missing_text(result.quorum);
    agreed_[{result.quorum.met ? Outcome::kGood : Outcome::kUnchecked, text}].push_back(indicator);
  }

  void tell() {
    for (const auto& [line, indicators] : agreed_) {
      say(line.first, "attestations", line.second + ": " + listed(indicators));
    }
    for (const auto& [who, indicators] : not_counted_) {
      say(Outcome::kUnchecked, "attestations",
          "of " + who.first + " do not count (" + who.second + "): " + listed(indicators));
    }
    for (const auto& [member, indicators] : differing_) {
      say(Outcome::kUnchecked, "attestations",
          member + " attested something else than these events give: " + listed(indicators) +
              "; `hefu figure why` says who is wrong");
    }
    if (bundle_.attestations.empty()) {
      say(Outcome::kUnchecked, "other nodes",
          "no attestation is in the bundle, so nobody but this program is known to have "
          "recomputed it; `hefu bundle attach` adds what members attested");
    }
  }

  const Bundle& bundle_;
  const LedgerState& state_;
  const Charter& charter_;
  const KeyAuthority authority_;
  std::map<std::string, LogSigners> signers_;  // by member
  std::vector<MemberAttestation> attested_;
  std::set<std::string> indicators_;
  std::map<std::pair<Outcome, std::string>, std::vector<std::string>> agreed_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> not_counted_;
  std::map<std::string, std::vector<std::string>> differing_;
  std::vector<BundleCheck> checks_;
};

}  // namespace

Result<Bundle> attach_attestations(const Bundle& bundle, std::vector<LoggedStatement> statements) {
  Bundle out = bundle;
  std::move(statements.begin(), statements.end(), std::back_inserter(out.attestations));
  std::stable_sort(
      out.attestations.begin(), out.attestations.end(),
      [](const LoggedStatement& a, const LoggedStatement& b) { return a.envelope < b.envelope; });
  out.attestations.erase(std::unique(out.attestations.begin(), out.attestations.end(),
                                     [](const LoggedStatement& a, const LoggedStatement& b) {
                                       return a.envelope == b.envelope;
                                     }),
                         out.attestations.end());
  if (out.attestations.size() > kBundleAttestationsMax) {
    return Error{Errc::kTooLarge, "bundle: more than 50,000 attestations",
                 "attach those of fewer members or figures"};
  }
  return out;
}

std::vector<BundleCheck> check_attestations(const Bundle& bundle, const LedgerState& state,
                                            const Charter& charter) {
  return AttestationChecks(bundle, state, charter).run();
}

}  // namespace hefu
