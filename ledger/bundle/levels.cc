#include "ledger/bundle/levels.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "ledger/bundle/declared.h"
#include "ledger/bundle/make.h"
#include "ledger/bundle/sample_parts.h"
#include "ledger/bundle/samples.h"
#include "ledger/bundle/verify.h"
#include "ledger/event/envelope.h"
#include "ledger/governance/proposal.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/memory_tree.h"
#include "ledger/view/attested.h"
#include "ledger/view/figures.h"
#include "ledger/view/view.h"

namespace hefu {

namespace {

const LogContents* log_of(std::span<const LogContents> logs, const std::string& origin) {
  const auto at = std::find_if(logs.begin(), logs.end(),
                               [&](const LogContents& one) { return one.origin == origin; });
  return at == logs.end() ? nullptr : &*at;
}

MemoryTree tree_of(const LogContents& log) {
  MemoryTree tree;
  for (const LogContents::Entry& entry : log.entries) {
    tree.append(leaf_hash(entry.envelope));
  }
  return tree;
}

/// Levels 1 and 3: a figure as members attested it.
class AttestedBundle {
 public:
  AttestedBundle(const HeldLogs& held, const FigureBundleRequest& request)
      : held_(held), request_(request) {}

  Result<Bundle> make() {
    for (auto step :
         {&AttestedBundle::find_attested, &AttestedBundle::go_back, &AttestedBundle::take_parts}) {
      if (auto done = (this->*step)(); !done) {
        return done.error();
      }
    }
    auto bundle = make_bundle(past_->governance->charter, cut_, claim_, parts_, held_.logs);
    if (!bundle) {
      return bundle;
    }
    bundle->charter = held_.founding.note;
    bundle->level = request_.level;
    bundle->aside.assign(aside_.begin(), aside_.end());
    bundle->attestations = statements();
    if (request_.level == 3 || !request_.unit.empty()) {
      bundle->range = BundleRange{prefix_, range_};
    }
    if (request_.level == 3) {
      bundle->samples = samples_;
    }
    return bundle;
  }

 private:
  /// The cut at which most members that count said one thing.
  Result<void> find_attested() {
    const auto document = find_pack(held_.state, request_.pack);
    auto pack = document ? Pack::from_json((*document)->content) : Result<Pack>(document.error());
    const auto maker = pack ? ViewMaker::make(held_.state, request_.pack, request_.period)
                            : Result<ViewMaker>(pack.error());
    const auto units =
        maker ? maker->units(request_.indicator) : Result<std::vector<Contribution>>(maker.error());
    if (!units) {
      return units.error();
    }
    pack_.emplace(*std::move(pack));
    claim_ = {request_.pack,     pack_->digest(), request_.period, request_.unit, "",
              request_.indicator};
    said_ = view_statements(held_.state).attestations;
    const AttestedFigure figure{*pack_,
                                request_.indicator,
                                maker->period(),
                                *held_.state.world,
                                held_.state.governance->charter,
                                reported_in(*units, *held_.state.world, maker->period(), unit())};
    std::optional<AttestedResult> best;
    const auto rank = [](const AttestedResult& one) {
      return std::tuple(one.quorum.met, one.counted, one.latest);
    };
    for (AttestedResult& one : judge_attestations(figure, said_)) {
      if (!one.result.heads.empty() && (!best || rank(*best) < rank(one))) {
        best = std::move(one);
      }
    }
    if (!best) {
      return Error{Errc::kNotFound,
                   "nobody attested " + request_.indicator + " for " + request_.period +
                       " at a cut that can be made again",
                   "`hefu view attest` does; a bundle of level 2 needs no attestation"};
    }
    attested_ = best->result;
    return {};
  }

  /// Everything as it stood at that cut.
  Result<void> go_back() {
    auto cut = cut_again(held_, attested_.heads, attested_.missing);
    if (!cut) {
      return cut.error();
    }
    cut_ = *std::move(cut);
    if (cut_.id() != attested_.cut) {
      return Error{Errc::kUnverified,
                   "the logs here do not lead to the attested cut " + attested_.cut.hex(),
                   "compare with other members; `hefu fork list` shows proven forks"};
    }
    if (attested_.cut == held_.state.cut.id()) {
      past_ = &held_.state;
    } else {
      std::vector<LogContents> logs;
      for (const CutLog& place : cut_.logs) {
        LogContents log = *log_of(held_.logs, place.checkpoint.origin);
        log.size = place.checkpoint.size;
        log.entries.resize(log.size);
        logs.push_back(std::move(log));
      }
      auto state =
          build_state(held_.founding, cut_, logs, nullptr, &held_.state.governance->charter);
      if (!state) {
        return state.error();
      }
      own_past_ = std::make_unique<LedgerState>(*std::move(state));
      past_ = own_past_.get();
    }
    const auto maker = ViewMaker::make(*past_, pack_->name(), request_.period);
    const auto units =
        maker ? maker->units(request_.indicator) : Result<std::vector<Contribution>>(maker.error());
    auto view = units ? maker->view(request_.indicator) : Result<View>(units.error());
    if (!view) {
      return view.error();
    }
    view_ = *std::move(view);
    const AttestedFigure figure{*pack_,
                                request_.indicator,
                                maker->period(),
                                *past_->world,
                                past_->governance->charter,
                                reported_in(*units, *past_->world, maker->period(), unit())};
    aside_ = not_independent(figure);
    for (const AttestedResult& result : judge_attestations(figure, said_)) {
      for (const Attester& by : result.by) {
        if (by.standing == AttesterStanding::kReported ||
            by.standing == AttesterStanding::kRelated) {
          aside_.insert(by.member);
        }
      }
    }
    return {};
  }

  /// What of the logs goes in.
  Result<void> take_parts() {
    EntryPicker picker(*past_);
    parts_.basis = BundleParts::Basis::kNone;
    if (!same_rules(past_->governance->charter, held_.founding)) {
      picker.add_types_that([](const std::string& type) { return concerns_charter(type); });
    }
    for (const MemberAttestation& one : said_) {
      if (is_meant(one)) {
        picker.add_certificates_of(one.member);
      }
    }
    if (request_.level == 3 || request_.with_pack) {
      picker.add_document("pack", pack_->id, pack_->version);
    }
    const bool ranged = request_.level == 3 || !request_.unit.empty();
    const AttestedTree& tree = request_.unit.empty() ? attested_.units : attested_.claims;
    const ViewLeaves& leaves = request_.unit.empty() ? view_.units : view_.claims;
    const auto made = ranged ? view_tree(leaves) : Result<AggTree>(Error{});
    if (ranged && (!made || made->root(attested_.view_id()) != tree.root)) {
      return Error{
          Errc::kConflict,
          "what members attested of " + request_.indicator + " is not what the events give here",
          "`hefu figure why` says who is wrong"};
    }
    if (ranged) {
      prefix_ = request_.unit.empty() ? Bytes{} : org_path(*past_->world, request_.unit);
      range_ = prove_key_range(*made, keys_of(leaves), payload_hashes_of(leaves),
                               KeyRange::with_prefix(prefix_));
    }
    if (request_.level == 3) {
      if (auto drawn = draw(*made, leaves, &picker); !drawn) {
        return drawn.error();
      }
    }
    parts_.entries = picker.entries();
    return {};
  }

  /// Samples, and the events they are evaluated from.
  Result<void> draw(const AggTree& tree, const ViewLeaves& leaves, EntryPicker* picker) {
    parts_.basis = BundleParts::Basis::kCorrections;
    auto types = sampled_types(*past_, claim_);
    if (!types) {
      return types.error();
    }
    parts_.types = *std::move(types);
    samples_.asked = request_.samples;
    samples_.value = request_.value;
    samples_.seed = public_seed(attested_, request_.value, request_.samples);
    const auto drawn =
        draw_samples(samples_.seed, range_.end - range_.begin, cut_, request_.samples);
    if (!drawn) {
      return drawn.error();
    }
    std::set<std::uint64_t> places;
    for (const std::uint64_t leaf : drawn->leaves) {
      places.insert(range_.begin + leaf);
    }
    // Whoever claims a record that a traced entry is about, in the part that is claimed.
    std::map<EventId, std::vector<std::uint64_t>> by_record;
    for (std::uint64_t place = range_.begin; place < range_.end; ++place) {
      const auto counted = read_view_payload(leaves[place].payload);
      for (const CountedRecord& one : counted ? *counted : std::vector<CountedRecord>{}) {
        by_record[one.record].push_back(place);
      }
    }
    picker->add_published_catalogue();
    for (const DrawnEntry& entry : drawn->entries) {
      for (const EventId& record : picker->add_entry(entry.origin, entry.index)) {
        if (const auto at = by_record.find(record); at != by_record.end()) {
          places.insert(at->second.begin(), at->second.end());
        }
      }
    }
    for (const std::uint64_t place : places) {
      const std::uint64_t cuts[] = {place, place + 1};
      samples_.leaves.push_back(
          {place, leaves[place].key, leaves[place].payload, tree.prove(cuts)});
      const auto counted = read_view_payload(leaves[place].payload);
      for (const CountedRecord& one : counted ? *counted : std::vector<CountedRecord>{}) {
        picker->add_record(one.record);
      }
    }
    picker->add_types_that([&](const std::string& type) {
      return concerns_charter(type) && parts_.types.count(type) == 1;
    });
    return {};
  }

  [[nodiscard]] bool is_meant(const MemberAttestation& one) const {
    return one.attestation.same_question(attested_) && one.recorded;
  }

  /// Every attestation of the figure at that cut, each with its proof.
  [[nodiscard]] std::vector<LoggedStatement> statements() const {
    std::map<std::string, MemoryTree> trees;
    std::vector<LoggedStatement> out;
    std::set<EventId> meant;
    for (const MemberAttestation& one : said_) {
      if (is_meant(one)) {
        meant.insert(one.event);
      }
    }
    for (const auto& [place, logged] : held_.state.events) {
      const LogContents* log =
          meant.count(logged.id) == 1 ? log_of(held_.logs, logged.origin) : nullptr;
      if (log == nullptr) {
        continue;
      }
      const auto [tree, is_new] = trees.try_emplace(logged.origin);
      if (is_new) {
        tree->second = tree_of(*log);
      }
      const TlogProof proof{std::nullopt, logged.index,
                            tree->second.prove_inclusion(logged.index, tree->second.size()),
                            held_.state.cut.log(logged.origin)->note};
      out.push_back({to_bytes(log->entries[logged.index].envelope), proof.text()});
    }
    std::sort(out.begin(), out.end(), [](const LoggedStatement& a, const LoggedStatement& b) {
      return a.envelope < b.envelope;
    });
    return out;
  }

  [[nodiscard]] std::optional<std::string> unit() const {
    return request_.unit.empty() ? std::nullopt : std::optional(request_.unit);
  }

  const HeldLogs& held_;
  const FigureBundleRequest& request_;
  std::optional<Pack> pack_;
  BundleClaim claim_;
  std::vector<MemberAttestation> said_;
  ViewAttestation attested_;
  Cut cut_;
  const LedgerState* past_ = nullptr;
  std::unique_ptr<LedgerState> own_past_;
  View view_;
  std::set<std::string> aside_;
  BundleParts parts_;
  Bytes prefix_;
  KeyRangeProof range_;
  BundleSamples samples_;
};

Result<void> check_request(const FigureBundleRequest& request) {
  const auto invalid = [](const std::string& what, const std::string& hint) {
    return Error{Errc::kInvalid, what, hint};
  };
  if (request.level != 0 && request.level != 1 && request.level != 3) {
    return invalid("level " + std::to_string(request.level) + " is not about one figure",
                   "0, 1 or 3; bundles of level 2 and 4 hold all figures of a pack");
  }
  if (request.indicator.empty()) {
    return invalid("a bundle of level " + std::to_string(request.level) + " is about one figure",
                   "name its indicator");
  }
  if (request.level == 0 && request.unit.empty()) {
    return invalid("a bundle of level 0 is what one organisation declares",
                   "name the organisation");
  }
  if (request.level == 3 &&
      (request.samples == 0 || request.samples > kBundleSamplesMax || request.value.empty() ||
       request.value.size() > kBundleValueBytesMax)) {
    return invalid("samples are drawn with a public value of 1 to 255 bytes, 1 to 10,000 of them",
                   "a value nobody could choose: a lottery's draw of a day named before");
  }
  return {};
}

}  // namespace

Result<Cut> cut_again(const HeldLogs& held, std::span<const AttestedHead> heads,
                      const std::vector<std::string>& missing) {
  Cut cut;
  cut.missing = missing;
  for (const AttestedHead& head : heads) {
    const LogContents* log = log_of(held.logs, head.origin);
    const CutLog* present = held.state.cut.log(head.origin);
    if (log == nullptr || present == nullptr || log->entries.size() < head.size) {
      return Error{Errc::kNotFound,
                   "log " + head.origin + " is not here up to the " + std::to_string(head.size) +
                       " entries that the cut reads",
                   "wait until this node has caught up, or ask another one"};
    }
    cut.logs.push_back({{head.origin, head.size, tree_of(*log).root(head.size)}, present->note});
  }
  return cut;
}

Result<Bundle> make_figure_bundle(const HeldLogs& held, const FigureBundleRequest& request) {
  if (auto fits = check_request(request); !fits) {
    return fits.error();
  }
  auto bundle =
      request.level == 0 ? make_declared(held, request) : AttestedBundle(held, request).make();
  if (!bundle) {
    return bundle;
  }
  // Nothing is handed out that would not hold: keys may have changed since the cut.
  const BundleVerdict verdict = verify_bundle(*bundle, held.founding);
  for (const BundleCheck& check : verdict.checks) {
    if (check.outcome == BundleCheck::Outcome::kBad) {
      return Error{Errc::kUnverified,
                   "the bundle would not hold: " + check.subject + ": " + check.text,
                   "have the figure attested at a present cut, or use level 2"};
    }
  }
  return bundle;
}

}  // namespace hefu
