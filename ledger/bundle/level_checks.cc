#include "ledger/bundle/level_checks.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/audit/sample_size.h"
#include "ledger/bundle/attestations.h"
#include "ledger/bundle/samples.h"
#include "ledger/event/envelope.h"
#include "ledger/event/uscc.h"
#include "ledger/view/fate.h"
#include "ledger/view/leaf_check.h"
#include "ledger/view/signers.h"
#include "ledger/view/view.h"

namespace hefu {

namespace {

using Outcome = BundleCheck::Outcome;

constexpr int kConfidence = 95;

std::string amount(std::int64_t sum, std::int64_t scale) {
  return scale == 1 ? std::to_string(sum) : std::to_string(sum) + "/" + std::to_string(scale);
}

std::string listed(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

/// Hundredths of a per cent, for people.
std::string percent(int hundredths) {
  const std::string rest = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (rest.size() == 1 ? "0" : "") + rest + " %";
}

/// What one attested result is, and who stands behind it.
struct Attested {
  ViewAttestation view;
  std::size_t counted = 0;
  std::size_t eligible = 0;
};

/// What levels 1 and 3 have in common.
class FigureChecks {
 public:
  FigureChecks(const Bundle& bundle, const LedgerState& state, const Charter& charter)
      : bundle_(bundle), state_(state), charter_(charter) {}

 protected:
  void good(const std::string& subject, const std::string& text) {
    out_.checks.push_back({Outcome::kGood, subject, text});
  }
  void bad(const std::string& subject, const std::string& text) {
    out_.checks.push_back({Outcome::kBad, subject, text});
    out_.claim.clear();
  }
  void unchecked(const std::string& subject, const std::string& text) {
    out_.checks.push_back({Outcome::kUnchecked, subject, text});
  }
  [[nodiscard]] bool is_good() const {
    return std::none_of(out_.checks.begin(), out_.checks.end(),
                        [](const BundleCheck& one) { return one.outcome == Outcome::kBad; });
  }

  /// Opens what was attested and takes the result that most members stand behind. None: something
  /// does not hold.
  std::optional<Attested> attested(const Pack* pack) {
    for (const std::string& member : bundle_.aside) {
      if (charter_.member(member) == nullptr) {
        bad("attestations", "sets aside " + member + ", which is no member");
      }
    }
    const auto all = open_attestations(bundle_, state_, charter_, &out_.checks);
    if (!is_good()) {
      return std::nullopt;
    }
    const std::set<std::string> aside(bundle_.aside.begin(), bundle_.aside.end());
    auto found = pack != nullptr ? by_the_pack(*pack, all, aside) : by_members(all, aside);
    if (found) {
      tell_of_others(all, *found, aside);
      out_.claim = "recomputed by " + std::to_string(found->counted) + " of " +
                   std::to_string(found->eligible) + " independent nodes";
      out_.complete = out_.complete && found->counted > 0;
      const std::string whole = amount(found->view.units.sum, found->view.scale) + " from " +
                                std::to_string(found->view.units.leaves) + " units, cut " +
                                found->view.cut.hex();
      good("figure", bundle_.claim.indicator + " of the whole programme for " +
                         bundle_.claim.period + " is attested to be " + whole);
    }
    return found;
  }

  /// The claimed part of the attested tree. None: it does not hold.
  std::optional<KeyRangeTotal> check_range(const ViewAttestation& view) {
    const BundleRange& range = *bundle_.range;
    const bool whole = range.prefix.empty();
    const AttestedTree& tree = whole ? view.units : view.claims;
    const std::string path(as_text(range.prefix));
    const std::string last = bundle_.claim.node + "/";
    const bool fits =
        whole ? bundle_.claim.node.empty()
              : !bundle_.claim.node.empty() && (path == last || path.ends_with("/" + last));
    if (!fits) {
      bad("range", "is of " + path + ", claimed is " + bundle_.claim.node);
      return std::nullopt;
    }
    const auto total = verify_key_range(tree.leaves, KeyRange::with_prefix(range.prefix),
                                        range.proof, view.view_id(), tree.root);
    if (!total) {
      bad("range", total.error().message);
      return std::nullopt;
    }
    good("arithmetic",
         whole
             ? "the " + std::to_string(total->count) + " units of the attested tree add up to " +
                   amount(total->sum, view.scale)
             : bundle_.claim.node + " and those below it claim " + amount(total->sum, view.scale) +
                   " in " + std::to_string(total->count) + " units of the attested tree");
    return *total;
  }

  void say_what_attestations_leave() {
    unchecked("independence",
              bundle_.aside.empty()
                  ? "that the figure is no attesting member's own, and none is related to who is "
                    "reported on, is the word of whoever made the bundle"
                  : "that only " +
                        listed(std::set<std::string>(bundle_.aside.begin(), bundle_.aside.end())) +
                        " are reported on or related to who is, is the word of whoever made the "
                        "bundle");
  }

  const Bundle& bundle_;
  const LedgerState& state_;
  const Charter& charter_;
  LevelVerdict out_;

 private:
  std::optional<Attested> by_the_pack(const Pack& pack, const std::vector<MemberAttestation>& all,
                                      const std::set<std::string>& aside) {
    const auto period = Period::parse(bundle_.claim.period, pack.valid);
    if (!period) {
      bad("claim", period.error().message);
      return std::nullopt;
    }
    const AttestedFigure figure{pack, bundle_.claim.indicator, *period, *state_.world, charter_,
                                aside};
    const auto results = judge_attestations(figure, all);
    if (results.empty()) {
      bad("attestations", "none of this figure, so nobody is known to have recomputed it");
      return std::nullopt;
    }
    const AttestedResult& first = results.front();
    for (const Attester& by : first.by) {
      if (by.standing != AttesterStanding::kCounts) {
        unchecked("attestations",
                  "of " + by.member + " does not count (" + name(by.standing) + ")");
      }
    }
    std::string text = "recomputed by " + std::to_string(first.counted) + " of " +
                       std::to_string(first.eligible) + " independent nodes";
    if (first.quorum.met) {
      good("attestations", text + ", as the pack asks");
    } else {
      out_.complete = false;
      unchecked("attestations", text + "; the pack asks for more: " + missing_text(first.quorum));
    }
    return Attested{first.result, first.counted, first.eligible};
  }

  /// Without the pack: members that may speak, and did so under a quorum's eyes.
  std::optional<Attested> by_members(const std::vector<MemberAttestation>& all,
                                     const std::set<std::string>& aside) {
    const auto counts = [&](const MemberAttestation& one) {
      const Member* member = charter_.member(one.member);
      return one.entitled && one.recorded && member != nullptr && member->is_active() &&
             aside.count(one.member) == 0;
    };
    std::map<std::tuple<std::int64_t, std::int64_t, Digest, std::int64_t, Digest>,
             std::pair<const MemberAttestation*, std::set<std::string>>>
        results;
    for (const MemberAttestation& one : all) {
      const ViewAttestation& said = one.attestation;
      auto& [first, by] =
          results[{said.scale, said.units.sum, said.units.root, said.claims.sum, said.claims.root}];
      first = first == nullptr ? &one : first;
      if (counts(one)) {
        by.insert(one.member);
      }
    }
    std::optional<Attested> best;
    for (const auto& [key, result] : results) {
      if (!best || result.second.size() > best->counted) {
        best = Attested{result.first->attestation, result.second.size(), 0};
      }
    }
    if (!best) {
      bad("attestations", "none of this figure, so nobody is known to have recomputed it");
      return best;
    }
    best->eligible = static_cast<std::size_t>(std::count_if(
        charter_.members.begin(), charter_.members.end(),
        [&](const Member& member) { return member.is_active() && aside.count(member.id) == 0; }));
    out_.complete = false;
    unchecked("quorum",
              "the pack is not here, only its digest " + bundle_.claim.pack_digest.hex() +
                  ": whether it asks for more attestations, and its tests were passed, was not "
                  "judged; give it with --pack");
    return best;
  }

  void tell_of_others(const std::vector<MemberAttestation>& all, const Attested& found,
                      const std::set<std::string>& aside) {
    std::set<std::string> same;
    std::set<std::string> others;
    for (const MemberAttestation& one : all) {
      (one.attestation.same_result(found.view) ? same : others).insert(one.member);
    }
    std::erase_if(same, [&](const std::string& member) { return aside.count(member) == 1; });
    good("attestations", "signed in their own logs and witnessed: by " + listed(same));
    if (!others.empty()) {
      unchecked("attestations",
                listed(others) + " attested something else; `hefu figure why` says who is wrong");
    }
  }
};

class AttestedChecks : FigureChecks {
 public:
  using FigureChecks::FigureChecks;

  LevelVerdict run(const Pack* given) {
    auto held = claimed_pack(state_, bundle_.claim);
    const Pack* pack = held ? &*held : given;
    if (given != nullptr && given->digest() != bundle_.claim.pack_digest) {
      bad("pack", "the one given has digest " + given->digest().hex() + ", the bundle claims " +
                      bundle_.claim.pack_digest.hex());
      return std::move(out_);
    }
    if (pack != nullptr) {
      good("pack", pack->name() + " " + pack->digest().hex() +
                       (held ? " is published in the authority's log" : " is the one given"));
    }
    const auto found = attested(pack);
    if (!found || (bundle_.range && !check_range(found->view))) {
      return std::move(out_);
    }
    if (bundle_.range) {
      unchecked("place", "that " + bundle_.claim.node + " stands there in the directory: " +
                             std::string(as_text(bundle_.range->prefix)));
    }
    say_what_attestations_leave();
    unchecked("the events",
              "none of them are here: that the figure follows from them is the word of those that "
              "attested it; a bundle of level 2 lets you recompute it, one of level 3 look at "
              "samples");
    return std::move(out_);
  }
};

class SampledChecks : FigureChecks {
 public:
  using FigureChecks::FigureChecks;

  LevelVerdict run() {
    const auto pack = claimed_pack(state_, bundle_.claim);
    if (!pack) {
      bad("pack", pack.error().message);
      return std::move(out_);
    }
    good("pack",
         pack->name() + " " + pack->digest().hex() + " is published in the authority's log");
    const auto found = attested(&*pack);
    const auto total = found ? check_range(found->view) : std::nullopt;
    if (!total) {
      return std::move(out_);
    }
    const auto maker = ViewMaker::make(state_, pack->name(), bundle_.claim.period);
    auto ours = maker ? maker->view(bundle_.claim.indicator) : Result<View>(maker.error());
    const auto fates = ours ? RecordFates::make(state_, *ours, maker->figures())
                            : Result<RecordFates>(ours.error());
    if (!fates) {
      bad("samples", fates.error().message);
      return std::move(out_);
    }
    attested_ = &found->view;
    ours_ = &*ours;
    if (!rescale(&*ours)) {
      bad("samples", "the events drawn give parts that the attested scale of " +
                         std::to_string(attested_->scale) + " cannot tell apart");
      return std::move(out_);
    }
    if (!bundle_.claim.node.empty() &&
        bundle_.range->prefix != org_path(*state_.world, bundle_.claim.node)) {
      bad("range", "the directory has another place for " + bundle_.claim.node);
    }
    judge(*total, *fates);
    return std::move(out_);
  }

 private:
  /// Gives our leaves the attested scale: the common denominator of some units is that of all, or a
  /// part of it.
  [[nodiscard]] bool rescale(View* ours) const {
    const std::int64_t own = ours->attestation.scale;
    if (attested_->scale % own != 0) {
      return false;
    }
    const std::int64_t factor = attested_->scale / own;
    for (ViewLeaves* leaves : {&ours->units, &ours->claims}) {
      for (ViewLeaf& leaf : *leaves) {
        if (leaf.value > std::numeric_limits<std::int64_t>::max() / factor) {
          return false;
        }
        leaf.value *= factor;
      }
    }
    ours->attestation.scale = attested_->scale;
    return true;
  }

  [[nodiscard]] bool of_claims() const { return !bundle_.range->prefix.empty(); }
  [[nodiscard]] const ViewLeaves& our_leaves() const {
    return of_claims() ? ours_->claims : ours_->units;
  }
  [[nodiscard]] const AttestedTree& tree() const {
    return of_claims() ? attested_->claims : attested_->units;
  }

  void judge(const KeyRangeTotal& total, const RecordFates& fates) {
    const BundleSamples& samples = *bundle_.samples;
    const Digest seed = public_seed(*attested_, samples.value, samples.asked);
    const auto drawn = seed == samples.seed
                           ? draw_samples(seed, total.count, state_.cut, samples.asked)
                           : Result<DrawnSamples>(Error{
                                 Errc::kUnverified, "the seed is not what it is said to be", ""});
    if (!drawn) {
      bad("samples", drawn.error().message);
      return;
    }
    for (const OpenedLeaf& leaf : samples.leaves) {
      opened_.emplace(leaf.place, &leaf);
      by_key_.emplace(leaf.key, leaf.place);
    }
    std::size_t wrong = 0;
    for (const std::uint64_t leaf : drawn->leaves) {
      wrong += is_right(bundle_.range->proof.begin + leaf) ? 0 : 1;
    }
    trace(drawn->entries, fates);
    for (const auto& [place, leaf] : opened_) {
      if (looked_at_.count(place) == 0) {
        bad("leaf " + std::to_string(place), "was neither drawn nor led to");
      }
    }
    if (wrong == 0 && is_good()) {
      conclude(*drawn, total);
    }
  }

  /// One leaf: in the attested tree, and as the rule gives it of its events.
  bool is_right(std::uint64_t place) {
    looked_at_.insert(place);
    const std::string subject = "leaf " + std::to_string(place);
    const auto at = opened_.find(place);
    if (at == opened_.end()) {
      bad(subject, "was drawn, and is withheld");
      return false;
    }
    const OpenedLeaf& leaf = *at->second;
    const std::uint64_t cuts[] = {place, place + 1};
    const auto shown =
        verify_agg_proof(tree().leaves, cuts, leaf.nodes, attested_->view_id(), tree().root);
    if (!shown) {
      bad(subject, shown.error().message);
      return false;
    }
    const auto own = std::find_if(shown->begin(), shown->end(), [&](const AggStretch& stretch) {
      return stretch.begin == place;
    });
    if (own == shown->end() || own->hash != agg_leaf(own->sum, leaf.key, leaf.payload).hash) {
      bad(subject, "is not the one in the attested tree");
      return false;
    }
    const auto difference =
        leaf_difference({own->sum, leaf.payload, attested_->scale},
                        find_leaf(our_leaves(), leaf.key), ours_->attestation.scale);
    if (difference) {
      bad(subject, "has " + *difference);
      return false;
    }
    keys_.insert(leaf.key);
    return true;
  }

  /// From the logs to the figure: what counts must be in the tree.
  void trace(const std::vector<DrawnEntry>& entries, const RecordFates& fates) {
    for (const DrawnEntry& entry : entries) {
      const auto logged = find(entry);
      const std::string subject = "log " + entry.origin + " entry " + std::to_string(entry.index);
      if (logged == nullptr) {
        if (is_here(entry)) {
          ++traced_["uninterpreted"];
        } else {
          bad(subject, "was drawn, and is withheld");
        }
        continue;
      }
      const RecordFates::Fate fate = fates.of(*logged);
      for_want_ += fate.for_want ? 1 : 0;
      if (fate.traced != Traced::kCounted) {
        ++traced_[fate.traced == Traced::kLeftOut ? std::string("left out: ") + fate.why
                                                  : std::string(name(fate.traced))];
        continue;
      }
      ++traced_[name(fate.traced)];
      for (const ViewLeaf* leaf : leaves_of(fate.record)) {
        if (in_range(leaf->key) && !is_opened(leaf->key)) {
          bad(subject, "its record counts, and its leaf in the attested tree is not shown");
        }
      }
    }
  }

  [[nodiscard]] bool in_range(const Bytes& key) const {
    const Bytes& prefix = bundle_.range->prefix;
    return key.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), key.begin());
  }
  /// Our leaves that a record counts for.
  const std::vector<const ViewLeaf*>& leaves_of(const EventId& record) {
    if (by_record_.empty()) {
      for (const ViewLeaf& leaf : our_leaves()) {
        const auto counted = read_view_payload(leaf.payload);
        for (const CountedRecord& one : counted ? *counted : std::vector<CountedRecord>{}) {
          by_record_[one.record].push_back(&leaf);
        }
      }
    }
    return by_record_[record];
  }
  /// Whether the leaf of this key is opened; it is looked at then.
  bool is_opened(const Bytes& key) {
    const auto at = by_key_.find(key);
    return keys_.count(key) == 1 ||
           (at != by_key_.end() && (looked_at_.count(at->second) == 1 || is_right(at->second)));
  }

  [[nodiscard]] std::shared_ptr<const LoggedEvent> find(const DrawnEntry& entry) const {
    return state_.events.get(entry_place(entry.origin, entry.index));
  }
  [[nodiscard]] bool is_here(const DrawnEntry& entry) const {
    const auto log = std::find_if(bundle_.logs.begin(), bundle_.logs.end(),
                                  [&](const BundleLog& one) { return one.origin == entry.origin; });
    if (log == bundle_.logs.end()) {
      return false;
    }
    const auto at = std::lower_bound(
        log->entries.begin(), log->entries.end(), entry.index,
        [](const BundleEntry& one, std::uint64_t index) { return one.index < index; });
    return at != log->entries.end() && at->index == entry.index;
  }

  void conclude(const DrawnSamples& drawn, const KeyRangeTotal& total) {
    const std::uint64_t size = drawn.leaves.size();
    const auto limit = size == 0 ? Result<int>(10'000) : upper_limit(kConfidence, size, 0);
    if (!limit) {
      bad("samples", limit.error().message);
      return;
    }
    const std::string all = size == total.count ? ", all there are" : "";
    const std::string most =
        all.empty() ? "at most " + percent(*limit) + " wrong at " + std::to_string(kConfidence) +
                          " % from " + std::to_string(size) + " samples"
                    : "none of " + std::to_string(size) + " leaves wrong" + all;
    good("samples", std::to_string(size) + " of " + std::to_string(total.count) + " leaves drawn" +
                        all +
                        ", each is what the pack's rule gives of its events, signatures and "
                        "countersignatures");
    std::string traced;
    for (const auto& [what, count] : traced_) {
      traced += (traced.empty() ? "" : ", ") + std::to_string(count) + " " + what;
    }
    good("tracing", std::to_string(drawn.entries.size()) +
                        " entries of the logs drawn, each is in the figure or a named rule leaves "
                        "it out: " +
                        traced);
    out_.claim = "arithmetic proven; " + most + "; " + out_.claim;
    unchecked("how samples were drawn",
              "CHOSEN BY WHOEVER MADE THE BUNDLE: the value \"" + bundle_.samples->value +
                  "\" was given by them, so that they could try values until the samples suited "
                  "them; believe it only if the value was fixed before, or could not be chosen");
    out_.complete = false;
    say_what_attestations_leave();
    unchecked("the other leaves", std::to_string(total.count - size) + " of " +
                                      std::to_string(total.count) +
                                      " were not looked at: the limit above is all that is known "
                                      "of them");
    unchecked("units left out", "that nothing else should count is known of the " +
                                    std::to_string(drawn.entries.size()) + " entries drawn alone");
    if (for_want_ > 0) {
      unchecked("tracing",
                std::to_string(for_want_) +
                    " of the entries drawn do not count for want of further events "
                    "(countersignatures, a proven time, what they add to): that the logs hold none "
                    "is not shown, and whoever made the bundle could have kept them back; one of "
                    "level 2 shows it");
    }
    unchecked("documents",
              "whether the authority had published a later catalogue, and whether another record "
              "claims the same unit, is not shown");
    unchecked("the indexes",
              "each log's own index is trusted for what corrects or speaks against a record, as "
              "far as the members who recomputed it while witnessing");
  }

  const ViewAttestation* attested_ = nullptr;
  const View* ours_ = nullptr;
  std::map<std::uint64_t, const OpenedLeaf*> opened_;  // by place
  std::map<Bytes, std::uint64_t> by_key_;              // places of opened leaves
  std::map<EventId, std::vector<const ViewLeaf*>> by_record_;
  std::set<std::uint64_t> looked_at_;
  std::set<Bytes> keys_;  // of leaves that are right
  std::map<std::string, std::size_t> traced_;
  std::size_t for_want_ = 0;  // of the traced
};

}  // namespace

std::string not_of_its_level(const Bundle& bundle) {
  const bool levelled = bundle.level != 2;
  const std::string level = "of level " + std::to_string(bundle.level);
  const auto wrong = [&](bool has, bool should, const std::string& what) {
    return has == should ? std::string()
                         : "a bundle " + level + (has ? " has no " : " needs ") + what;
  };
  const bool has_corrections =
      std::any_of(bundle.logs.begin(), bundle.logs.end(),
                  [](const BundleLog& log) { return !log.corrections.empty(); });
  const bool attests = bundle.level == 1 || bundle.level == 3;
  for (const std::string& one : {
           wrong(!bundle.claim.indicator.empty(), levelled, "indicator"),
           wrong(!bundle.claim.report.empty(), !levelled, "report"),
           wrong(!bundle.declared.empty(), bundle.level == 0, "declared events"),
           wrong(bundle.samples.has_value(), bundle.level == 3, "samples"),
           bundle.level == 2 ? std::string() : wrong(!bundle.logs.empty(), attests, "logs"),
           bundle.level == 2 ? std::string()
                             : wrong(!bundle.attestations.empty(), attests, "attestations"),
           has_corrections ? wrong(true, bundle.level == 3, "corrections") : std::string(),
           bundle.aside.empty() ? std::string() : wrong(true, attests, "members set aside"),
           bundle.missing.empty() ? std::string() : wrong(true, bundle.level != 0, "missing logs"),
           wrong(bundle.range.has_value(),
                 bundle.level == 3 || (bundle.level == 1 && !bundle.claim.node.empty()), "range"),
       }) {
    if (!one.empty()) {
      return one;
    }
  }
  return "";
}

LevelVerdict check_attested(const Bundle& bundle, const LedgerState& state, const Charter& charter,
                            const Pack* pack) {
  return AttestedChecks(bundle, state, charter).run(pack);
}

LevelVerdict check_sampled(const Bundle& bundle, const LedgerState& state, const Charter& charter) {
  return SampledChecks(bundle, state, charter).run();
}

}  // namespace hefu
