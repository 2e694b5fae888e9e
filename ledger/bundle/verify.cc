#include "ledger/bundle/verify.h"

#include <algorithm>
#include <map>
#include <set>

#include "ledger/bundle/attestations.h"
#include "ledger/bundle/vintages.h"
#include "ledger/bundle/whole.h"
#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"
#include "ledger/event/envelope.h"
#include "ledger/event/uscc.h"
#include "ledger/log/cosignature.h"
#include "ledger/merkle/tree.h"
#include "ledger/view/figures.h"
#include "ledger/view/ledger.h"
#include "ledger/view/settle.h"
#include "ledger/view/signers.h"
#include "ledger/view/state.h"

namespace hefu {

namespace {

class Verifier {
 public:
  explicit Verifier(const Bundle& bundle) : bundle_(bundle) {}

  BundleVerdict run(const std::optional<Charter>& trusted) {
    if (!check_charter(trusted)) {
      return std::move(verdict_);
    }
    find_charter_in_force();
    check_members();
    for (const BundleLog& log : bundle_.logs) {
      check_log(log);
    }
    recompute();
    return std::move(verdict_);
  }

 private:
  void good(const std::string& subject, const std::string& text) {
    verdict_.checks.push_back({BundleCheck::Outcome::kGood, subject, text});
  }
  void bad(const std::string& subject, const std::string& text) {
    verdict_.checks.push_back({BundleCheck::Outcome::kBad, subject, text});
  }
  void unchecked(const std::string& subject, const std::string& text) {
    verdict_.checks.push_back({BundleCheck::Outcome::kUnchecked, subject, text});
  }

  [[nodiscard]] std::size_t failures() const {
    return static_cast<std::size_t>(std::count_if(
        verdict_.checks.begin(), verdict_.checks.end(),
        [](const BundleCheck& check) { return check.outcome == BundleCheck::Outcome::kBad; }));
  }

  bool check_charter(const std::optional<Charter>& trusted) {
    auto charter = parse_charter(bundle_.charter);
    if (!charter) {
      bad("charter", charter.error().message);
      return false;
    }
    if (trusted && trusted->federation != charter->federation) {
      bad("charter", "is that of federation " + charter->federation.hex() + ", you trust " +
                         trusted->federation.hex());
      return false;
    }
    founding_ = std::move(*charter);
    charter_ = founding_;
    if (trusted) {
      good("charter", "is the one you trust; root signatures of all " +
                          std::to_string(charter_.members.size()) + " founders hold");
    } else {
      verdict_.complete = false;
      unchecked("charter", "taken from the bundle itself: compare federation " +
                               charter_.federation.hex() + " with what you know, or use --trust");
    }
    return true;
  }

  /// The members and keys of today, by what the bundle shows of decisions: each is signed, and
  /// dated by witnesses. Where the bundle is damaged it stays with the founders; the checks that
  /// follow say what is wrong.
  void find_charter_in_force() {
    std::vector<LogContents> logs;
    for (const BundleLog& log : bundle_.logs) {
      const auto head = parse_checkpoint(log.checkpoint);
      if (!head) {
        return;
      }
      logs.push_back(contents_of(log, head->checkpoint.size));
    }
    const auto settled = settle_ledger(founding_, logs, &signatures_);
    if (settled && !same_rules(settled->governance.charter, founding_)) {
      charter_ = settled->governance.charter;
      good("charter", "was changed by " + std::to_string(charter_.revision) + " decisions and " +
                          std::to_string(settled->governance.rotations.size()) +
                          " new keys, all signed and witnessed; " +
                          std::to_string(charter_.active_count()) + " members take part");
    }
  }

  static LogContents contents_of(const BundleLog& log, std::uint64_t size) {
    LogContents contents{log.origin, size, {}};
    for (const BundleEntry& entry : log.entries) {
      contents.entries.push_back({entry.index, entry.envelope});
    }
    return contents;
  }

  /// Every member's log is in the bundle or named as missing; nothing else is.
  void check_members() {
    std::set<std::string> incomplete;  // members of whom an earlier log is missing
    for (const Member* member : charter_.log_owners()) {
      const std::string subject = "log " + member->origin;
      const bool here =
          std::any_of(bundle_.logs.begin(), bundle_.logs.end(),
                      [&](const BundleLog& log) { return log.origin == member->origin; });
      const bool missing = std::find(bundle_.missing.begin(), bundle_.missing.end(),
                                     member->origin) != bundle_.missing.end();
      if (here == missing) {
        bad(subject, here ? "is in the bundle and also listed as missing"
                          : "is neither in the bundle nor listed as missing");
      } else if (missing) {
        verdict_.complete = false;
        incomplete.insert(member->id);
        unchecked(subject, "of " + member->name_zh +
                               " was not available to the exporter: what it holds, "
                               "withdrawals too, is not in these figures");
      } else if (incomplete.count(member->id) == 1) {
        bad(subject, "continues a log that is listed as missing");
      }
    }
    for (const std::string& origin : bundle_.missing) {
      if (charter_.by_origin(origin) == nullptr) {
        bad("log " + origin, "is listed as missing but belongs to no member of the charter");
      }
    }
  }

  void check_log(const BundleLog& log) {
    const std::string subject = "log " + log.origin;
    const Member* member = charter_.by_origin(log.origin);
    if (member == nullptr) {
      bad(subject, "belongs to no member of the charter");
      return;
    }
    auto checkpoint = open_cosigned(charter_, *member, log.checkpoint);
    if (!checkpoint) {
      bad(subject, checkpoint.error().message);
      return;
    }
    // Lines of unknown keys would be bytes nobody vouches for.
    for (const NoteSignature& line : checkpoint->note.signatures) {
      const auto by = [&](const VerifierKey& key) {
        return key.name == line.name && key.id == line.key_id;
      };
      const auto logs = log_keys_of(*member);
      const auto witnesses = witnesses_for(charter_, *member);
      if (std::none_of(logs.begin(), logs.end(), by) &&
          std::none_of(witnesses.begin(), witnesses.end(), by)) {
        bad(subject, "its checkpoint carries a signature line by " + line.name +
                         ", which the charter does not know");
        return;
      }
    }
    const auto cosignatures =
        verify_cosignatures(checkpoint->note, witnesses_for(charter_, *member));
    const std::size_t witnesses = cosignatures ? cosignatures->size() : 0;
    const Checkpoint& head = checkpoint->checkpoint;
    if (member->end && head.size != member->end->size) {
      bad(subject, "ended at size " + std::to_string(member->end->size) +
                       ", the bundle holds it up to " + std::to_string(head.size));
      return;
    }
    cut_.logs.push_back(CutLog{head, log.checkpoint});
    const std::string needed = member->end ? "its end, as the members decided"
                                           : std::to_string(charter_.quorum) + " needed";
    good(subject, "checkpoint of " + std::to_string(head.size) + " entries signed by the log and " +
                      std::to_string(witnesses) + " independent witnesses (" + needed + "), " +
                      witnessed_text(*member, checkpoint->note));

    const std::size_t before = failures();
    check_entries(log, *member, head);
    check_slices(log, *member, head);
    if (failures() == before) {
      good(subject, std::to_string(log.entries.size()) +
                        " events: signatures and inclusion hold, every slice is complete");
      sound_.insert(log.origin);
    }
  }

  /// When a quorum saw this checkpoint as the log's largest: how old the reader's picture of it is.
  std::string witnessed_text(const Member& member, const Note& note) {
    const auto cosignatures = verify_cosignatures(note, witnesses_for(charter_, member));
    const auto time = cosignatures ? witnessed_at(charter_, member, *cosignatures) : std::nullopt;
    if (!time) {
      return "undated";
    }
    oldest_ = oldest_ ? std::min(*oldest_, *time) : *time;
    return "seen as its latest on " + time->text();
  }

  /// Each event's own signature, and its place in the log.
  void check_entries(const BundleLog& log, const Member& member, const Checkpoint& head) {
    LogSigners signers(charter_, member);
    for (const BundleLog& epoch : bundle_.logs) {
      if (line_of(epoch.origin) != line_of(log.origin)) {
        continue;  // keys certified in one epoch of a member sign in the others
      }
      for (const BundleEntry& entry : epoch.entries) {
        auto envelope = decode_envelope(entry.envelope);
        if (auto event =
                envelope ? decode_event(envelope->event) : Result<Event>(envelope.error())) {
          signers.learn(envelope->signer, *event);
        }
      }
    }
    for (const BundleEntry& entry : log.entries) {
      const std::string subject = "log " + log.origin + " entry " + std::to_string(entry.index);
      auto envelope = decode_envelope(entry.envelope);
      auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
      const bool newer = envelope && !event && event.error().code == Errc::kUnsupported;
      if (!event && !newer) {
        bad(subject, event.error().message);
        continue;
      }
      if (newer) {
        verdict_.complete = false;
        unchecked(subject, "is of a newer schema than this program reads: use a newer one");
      } else {
        types_[log.origin][entry.index] = event->type;
      }
      const std::string what = newer ? "an event" : event->type + " of " + event->issuer;
      if (auto signer = signers.verify(*envelope, &signatures_); !signer) {
        bad(subject, what + ": " + signer.error().message);
      } else if (!newer && signer->role != KeyRole::kGuest &&
                 institution_of(event->issuer) != member.id) {
        // Truly in that log, so no fault of the bundle; the fold of records lets it say nothing.
        unchecked(subject, event->type + " speaks in the name of " + event->issuer +
                               ", but stands in the log of " + member.name_zh + " (" + member.id +
                               "): it counts for nothing");
      }
      if (!verify_inclusion(entry.index, head.size, leaf_hash(entry.envelope), entry.proof,
                            head.root)) {
        bad(subject, what +
                         " is not what the log holds there: its inclusion path does not lead to "
                         "the witnessed root");
      }
    }
  }

  /// Nothing withheld: the slices named by the anchor's index, and everything after the anchor.
  void check_slices(const BundleLog& log, const Member& member, const Checkpoint& head) {
    const std::string subject = "log " + log.origin;
    std::uint64_t indexed_size = 0;
    if (log.anchor) {
      auto anchor = read_bundle_anchor(log, member, *log.anchor);
      if (!anchor) {
        bad(subject, anchor.error().message);
        return;
      }
      indexed_size = anchor->indexed_size;
      if (!is_type_index(log.slices) || type_index_root(log.slices) != anchor->type_index_root) {
        bad(subject, "the type index in the bundle is not the one its anchor commits to");
        return;
      }
    } else if (!log.slices.empty()) {
      bad(subject, "carries a type index but names no anchor");
      return;
    }
    check_tail(log, head, indexed_size);
    index_delivered(log, indexed_size);
    std::set<std::string> wanted = always_needed_types();
    for (const auto& [type, range] : delivered_[log.origin]) {
      wanted.insert(type);
    }
    for (const std::string& type : wanted) {
      check_slice(log, type);
    }
  }

  Result<Anchor> read_bundle_anchor(const BundleLog& log, const Member& member,
                                    std::uint64_t index) const {
    const auto entry = std::find_if(log.entries.begin(), log.entries.end(),
                                    [&](const BundleEntry& e) { return e.index == index; });
    if (entry == log.entries.end()) {
      return Error{Errc::kUnverified,
                   "its anchor, entry " + std::to_string(index) + ", was withheld", ""};
    }
    auto envelope = decode_envelope(entry->envelope);
    auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
    if (!event) {
      return event.error();
    }
    return open_anchor(charter_, member, *envelope, *event, index);
  }

  void check_tail(const BundleLog& log, const Checkpoint& head, std::uint64_t indexed_size) {
    std::uint64_t expected = indexed_size;
    for (const BundleEntry& entry : log.entries) {
      if (entry.index < indexed_size) {
        continue;
      }
      if (entry.index != expected) {
        break;
      }
      ++expected;
    }
    if (expected != head.size) {
      bad("log " + log.origin, "entry " + std::to_string(expected) +
                                   " was withheld: entries after the last index must all be here");
    }
  }

  /// The delivered events below the anchor, by type: made in one pass, because a hostile file may
  /// hold as many types as events.
  void index_delivered(const BundleLog& log, std::uint64_t indexed_size) {
    const auto& types = types_[log.origin];
    auto& delivered = delivered_[log.origin];
    for (const BundleEntry& entry : log.entries) {
      const auto known = types.find(entry.index);
      if (entry.index < indexed_size && known != types.end()) {
        delivered[known->second].append(
            leaf_hash(type_index_leaf(entry.index, leaf_hash(entry.envelope))));
      }
    }
  }

  void check_slice(const BundleLog& log, const std::string& type) {
    const std::string subject = "log " + log.origin;
    const CompactRange& range = delivered_[log.origin][type];
    const auto slice = std::lower_bound(
        log.slices.begin(), log.slices.end(), type,
        [](const TypeSlice& at, const std::string& wanted) { return at.type < wanted; });
    const std::uint64_t committed =
        slice == log.slices.end() || slice->type != type ? 0 : slice->size;
    if (range.size() < committed) {
      bad(subject, std::to_string(committed - range.size()) + " of " + std::to_string(committed) +
                       " events of type " + type + " withheld: the log's own index lists " +
                       std::to_string(committed) + ", the bundle holds " +
                       std::to_string(range.size()));
    } else if (range.size() > committed || (committed > 0 && range.root() != slice->root)) {
      bad(subject, "the events of type " + type + " are not those the log's own index lists");
    }
  }

  /// The figures, from the bundle's events alone.
  void recompute() {
    if (sound_.size() != bundle_.logs.size()) {
      unchecked("figures", "not recomputed, because of what is wrong above");
      return;
    }
    std::vector<LogContents> logs;
    for (const BundleLog& log : bundle_.logs) {
      logs.push_back(contents_of(log, cut_.log(log.origin)->checkpoint.size));
    }
    cut_.missing = bundle_.missing;
    auto state = build_state(founding_, cut_, logs, nullptr, &charter_);
    if (!state) {
      bad("figures", state.error().message);
      return;
    }
    const FigureRequest request{bundle_.claim.pack, bundle_.claim.period, bundle_.claim.node, ""};
    auto figures = compute_figures(charter_, *state, request);
    if (!figures) {
      bad("figures", figures.error().message);
      return;
    }
    if (figures->pack_digest != bundle_.claim.pack_digest) {
      bad("pack", "the authority's log holds pack " + figures->pack_digest.hex() +
                      ", the bundle claims " + bundle_.claim.pack_digest.hex());
      return;
    }
    // Slices of the pack's own types, now that the pack is known.
    const std::size_t before = verdict_.checks.size();
    for (const BundleLog& log : bundle_.logs) {
      for (const std::string& type : figures->types_needed) {
        check_slice(log, type);
      }
    }
    if (verdict_.checks.size() != before) {
      unchecked("figures", "not recomputed, because events they need were withheld");
      return;
    }
    good("pack", bundle_.claim.pack + " " + bundle_.claim.pack_digest.hex() +
                     " is published in the authority's log");
    verdict_.report = figures->display;
    if (figures->report != bundle_.claim.report) {
      bad("figures", "the figures claimed are not those the events give" +
                         first_difference(bundle_.claim.report, figures->report));
      return;
    }
    good("figures",
         "recomputed from complete slices: identical to what is claimed, cut " + cut_.id().hex());
    for (BundleCheck& check : check_vintages(bundle_, founding_, *state)) {
      verdict_.checks.push_back(std::move(check));
    }
    for (BundleCheck& check : check_attestations(bundle_, *state, charter_)) {
      verdict_.checks.push_back(std::move(check));
    }
    say_what_remains();
  }

  static std::string first_difference(const std::string& claimed, const std::string& computed) {
    std::size_t at = 0;
    while (at < claimed.size() && at < computed.size() && claimed[at] == computed[at]) {
      ++at;
    }
    const std::size_t from = at < 40 ? 0 : at - 40;
    return ": claimed …" + claimed.substr(from, 80) + "…, computed …" + computed.substr(from, 80) +
           "…";
  }

  void say_what_remains() {
    unchecked("the facts themselves",
              "signatures prove who said what and when, not that a visit or a course took place: "
              "that is what samples and audits are for");
    unchecked(
        "later events",
        "whatever was recorded after this cut, a withdrawal included, is not in these figures; "
        "the oldest checkpoint in it was last witnessed on " +
            (oldest_ ? oldest_->text() : std::string("no known date")));
    if (is_whole(bundle_)) {
      good("the indexes", "none is trusted: every log is here whole");
    } else {
      unchecked("the indexes",
                "each log's own index is trusted as far as the members who recomputed it while "
                "witnessing; a bundle of whole logs (`hefu bundle whole`) trusts none");
    }
  }

  const Bundle& bundle_;
  Charter founding_;
  Charter charter_;  // in force
  Cut cut_;
  EnvelopeVerifier signatures_;
  std::map<std::string, std::map<std::uint64_t, std::string>> types_;
  std::map<std::string, std::map<std::string, CompactRange>> delivered_;  // origin → type → leaves
  std::set<std::string> sound_;
  std::optional<Moment> oldest_;
  BundleVerdict verdict_;
};

}  // namespace

bool BundleVerdict::good() const {
  return std::none_of(checks.begin(), checks.end(), [](const BundleCheck& check) {
    return check.outcome == BundleCheck::Outcome::kBad;
  });
}

BundleVerdict verify_bundle(const Bundle& bundle, const std::optional<Charter>& trusted) {
  return Verifier(bundle).run(trusted);
}

}  // namespace hefu
