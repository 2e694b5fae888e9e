#include "ledger/assurance/audit_sample.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "ledger/assurance/in_full.h"
#include "ledger/audit/sample.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/pack.h"
#include "ledger/view/document.h"

namespace hefu {

namespace {

/// The first `size` numbers drawn that fall where chance decides. `draw` gives the first so many of
/// an endless row, as long as there are so many.
template <typename Draw, typename Passed>
Result<std::vector<std::uint64_t>> draw_passing(std::uint64_t size, std::uint64_t ask,
                                                std::uint64_t ask_max, const Draw& draw,
                                                const Passed& passed) {
  while (true) {
    const auto row = draw(std::min(ask, ask_max));
    if (!row) {
      return row.error();
    }
    std::vector<std::uint64_t> out;
    for (const std::uint64_t number : *row) {
      if (out.size() < size && !passed(number)) {
        out.push_back(number);
      }
    }
    if (out.size() == size || ask >= ask_max) {
      return out;
    }
    ask *= 2;
  }
}

class SampleMaker {
 public:
  SampleMaker(const Engagement& audit, const LedgerState& frozen, const Pack& pack,
              const Period& period)
      : audit_(audit), frozen_(frozen), pack_(pack), period_(period) {}

  Result<StratumSample> make(const AuditStratum& stratum) {
    StratumSample out;
    out.stratum = stratum;
    const auto view =
        make_view(frozen_, {pack_.id + "/" + pack_.version, audit_.period, stratum.indicator});
    if (!view) {
      return view.error().during("stratum " + stratum.name);
    }
    out.view = view->attestation.units;
    out.scale = view->attestation.scale;
    SampleSeed seed{audit_.seed->cut,       audit_.pack_digest,   out.view.root,
                    audit_.plan->id.digest, audit_.seed->secrets, audit_.seed->beacon};
    out.seed = seed.digest();
    out.drawn_with = stratum_seed(out.seed, stratum.name);
    auto drawn = stratum.direction == AuditDirection::kTracing ? trace(stratum, *view, &out)
                                                               : vouch(stratum, *view, &out);
    if (!drawn) {
      return drawn.error().during("stratum " + stratum.name);
    }
    return out;
  }

 private:
  Result<void> vouch(const AuditStratum& stratum, const View& view, StratumSample* out) {
    const auto reasons = reasons_in_full(*audit_.plan, stratum, view, frozen_, period_);
    if (!reasons) {
      return reasons.error();
    }
    out->population = view.units.size();
    out->total = view.attestation.units.sum;
    begins_.clear();
    for (std::int64_t sum = 0; const ViewLeaf& leaf : view.units) {
      begins_.push_back(sum);
      sum += leaf.value;
    }
    for (std::size_t leaf = 0; leaf < view.units.size(); ++leaf) {
      if (reasons->at(leaf).empty()) {
        ++out->random_items;
        out->random_total += view.units[leaf].value;
        continue;
      }
      auto item = leaf_item(view, leaf);
      if (!item) {
        return item.error();
      }
      item->in_full = reasons->at(leaf);
      out->items.push_back(std::move(*item));
    }
    const auto drawn = stratum.method == AuditMethod::kMonetaryUnit
                           ? draw_leaves_by_value(stratum, *reasons, *out)
                           : draw_leaves(stratum, *reasons, *out);
    if (!drawn) {
      return drawn.error();
    }
    std::map<std::uint64_t, std::size_t> known;  // place: number in items
    for (std::size_t number = 0; number < drawn->size(); ++number) {
      const std::uint64_t leaf = (*drawn)[number];
      const auto [at, fresh] = known.try_emplace(leaf, out->items.size());
      if (fresh) {
        auto item = leaf_item(view, static_cast<std::size_t>(leaf));
        if (!item) {
          return item.error();
        }
        out->items.push_back(std::move(*item));
      }
      out->items[at->second].draws.push_back(number);
    }
    return {};
  }

  Result<SampleItem> leaf_item(const View& view, std::size_t leaf) const {
    const auto records = read_view_payload(view.units[leaf].payload);
    if (!records) {
      return records.error();
    }
    SampleItem item;
    item.place = leaf;
    item.value = view.units[leaf].value;
    item.begin = begins_[leaf];
    for (const CountedRecord& counted : *records) {
      item.records.push_back(counted.record);
    }
    return item;
  }

  using Reasons = std::vector<std::set<FullReason>>;

  static Result<std::vector<std::uint64_t>> draw_leaves(const AuditStratum& stratum,
                                                        const Reasons& reasons,
                                                        const StratumSample& out) {
    const std::uint64_t size = std::min(stratum.stages.back().size, out.random_items);
    if (size == 0) {
      return std::vector<std::uint64_t>{};
    }
    const std::uint64_t passed_over = out.population - out.random_items;
    return draw_passing(
        size, size + passed_over, std::min(out.population, kSampleMax),
        [&](std::uint64_t ask) { return draw_items(out.drawn_with, out.population, ask); },
        [&](std::uint64_t leaf) { return !reasons[leaf].empty(); });
  }

  /// The leaf that owns each unit drawn: leaves own units in the order of keys, as many as their
  /// value.
  Result<std::vector<std::uint64_t>> draw_leaves_by_value(const AuditStratum& stratum,
                                                          const Reasons& reasons,
                                                          const StratumSample& out) const {
    if (out.random_total == 0) {
      return std::vector<std::uint64_t>{};
    }
    const auto owner = [&](std::uint64_t unit) {
      const auto after =
          std::upper_bound(begins_.begin(), begins_.end(), static_cast<std::int64_t>(unit));
      return static_cast<std::uint64_t>(after - begins_.begin()) - 1;
    };
    const std::uint64_t size = stratum.stages.back().size;
    auto units = draw_passing(
        size, size * 2, kSampleMax,
        [&](std::uint64_t ask) {
          return draw_units(out.drawn_with, static_cast<std::uint64_t>(out.total), ask);
        },
        [&](std::uint64_t unit) { return !reasons[owner(unit)].empty(); });
    if (!units) {
      return units.error();
    }
    if (units->size() < size) {
      return Error{Errc::kTooLarge, "nearly every unit belongs to an item that is examined in full",
                   "examine the others in full as well"};
    }
    std::transform(units->begin(), units->end(), units->begin(), owner);
    return units;
  }

  Result<void> trace(const AuditStratum& stratum, const View& view, StratumSample* out) {
    const std::set<std::string> types(stratum.types.begin(), stratum.types.end());
    std::vector<const LoggedEvent*> frame;
    for (const auto& [place, logged] : frozen_.events) {
      if (types.empty() || types.count(logged.event.type) == 1) {
        frame.push_back(&logged);
      }
    }
    std::sort(frame.begin(), frame.end(), [](const LoggedEvent* a, const LoggedEvent* b) {
      return std::tie(a->origin, a->index) < std::tie(b->origin, b->index);
    });
    out->population = out->random_items = frame.size();
    const std::uint64_t size = std::min<std::uint64_t>(stratum.stages.back().size, frame.size());
    if (size == 0) {
      return {};
    }
    const auto drawn = draw_items(out->drawn_with, frame.size(), size);
    if (!drawn) {
      return drawn.error();
    }
    const auto fates = fates_of(view);
    if (!fates) {
      return fates.error();
    }
    for (std::size_t number = 0; number < drawn->size(); ++number) {
      const LoggedEvent& logged = *frame[(*drawn)[number]];
      SampleItem item;
      item.place = (*drawn)[number];
      item.records = {logged.id};
      item.draws = {number};
      item.origin = logged.origin;
      item.index = logged.index;
      item.type = logged.event.type;
      std::tie(item.traced, item.why) = fate_of(logged, *fates);
      out->items.push_back(std::move(item));
    }
    return {};
  }

  using Fate = std::pair<Traced, std::string>;

  /// What the indicator made of each record it looked at.
  Result<std::map<EventId, Fate>> fates_of(const View& view) {
    std::map<EventId, Fate> out;
    const auto figures = evaluate(pack_, *frozen_.world, frozen_.facts, period_);
    if (!figures) {
      return figures.error();
    }
    for (const Figure& figure : *figures) {
      if (figure.indicator != view.attestation.indicator) {
        continue;
      }
      for (const LeftOutFact& fact : figure.left_out_facts) {
        if (const auto id = Digest::from_hex(fact.id)) {
          out[EventId{*id}] = {Traced::kLeftOut,
                               std::string(name(fact.reason)) + ", grade " + name(fact.grade)};
        }
      }
    }
    for (const ViewLeaf& leaf : view.units) {
      const auto records = read_view_payload(leaf.payload);
      if (!records) {
        return records.error();
      }
      for (const CountedRecord& counted : *records) {
        out[counted.record] = {Traced::kCounted, "version " + counted.version.hex()};
      }
    }
    return out;
  }

  [[nodiscard]] Fate fate_of(const LoggedEvent& logged,
                             const std::map<EventId, Fate>& fates) const {
    if (records_.empty()) {
      for (const auto& [id, record] : frozen_.records.records) {
        for (const EventId& version : record.versions) {
          records_.emplace(version, &record);
        }
      }
    }
    const auto found = records_.find(logged.event.record.value_or(logged.id));
    if (found == records_.end()) {
      return {Traced::kNoRecord, logged.event.type};
    }
    const Record& record = *found->second;
    if (const auto fate = fates.find(record.id); fate != fates.end()) {
      return fate->second;
    }
    return {Traced::kNotOfIt, record.type + ", " + hefu::name(record.standing)};
  }

  const Engagement& audit_;
  const LedgerState& frozen_;
  const Pack& pack_;
  const Period& period_;
  std::vector<std::int64_t> begins_;                  // first unit of each leaf of the view at hand
  mutable std::map<EventId, const Record*> records_;  // by version; filled when first asked
};

/// The pack the engagement names, as it stood at the cut.
Result<Pack> pack_of(const Engagement& audit, const LedgerState& frozen) {
  for (const Document& document : *frozen.documents) {
    if (document.kind == "pack" && document.id == audit.pack.substr(0, audit.pack.find('/'))) {
      auto pack = Pack::from_json(document.content);
      if (pack && pack->digest() == audit.pack_digest) {
        return pack;
      }
    }
  }
  return Error{Errc::kInvalid,
               "no pack " + audit.pack + " with digest " + audit.pack_digest.hex() +
                   " was published when the cut was fixed",
               ""};
}

}  // namespace

std::size_t StratumSample::stage_of(const SampleItem& item) const {
  if (!item.in_full.empty()) {
    return 0;
  }
  std::size_t stage = 1;
  for (const AuditStage& declared : stratum.stages) {
    if (item.draws.front() < declared.size) {
      return stage;
    }
    ++stage;
  }
  return stage;
}

Result<std::vector<StratumSample>> draw_sample(const Engagement& audit, const LedgerState& frozen) {
  if (!audit.seed || frozen.cut.id() != audit.seed->cut) {
    return Error{Errc::kConflict, "nothing is fixed yet that a sample could be drawn with",
                 "`hefu audit show` says what is missing or broken"};
  }
  const auto pack = pack_of(audit, frozen);
  const auto period =
      pack ? Period::parse(audit.period, pack->valid) : Result<Period>(pack.error());
  if (!period) {
    return period.error();
  }
  SampleMaker maker(audit, frozen, *pack, *period);
  std::vector<StratumSample> out;
  for (const AuditStratum& stratum : audit.plan->strata) {
    auto sample = maker.make(stratum);
    if (!sample) {
      return sample.error();
    }
    out.push_back(std::move(*sample));
  }
  return out;
}

const char* name(Traced traced) {
  switch (traced) {
    case Traced::kCounted:
      return "counted";
    case Traced::kLeftOut:
      return "left-out";
    case Traced::kNotOfIt:
      return "not-of-it";
    case Traced::kNoRecord:
      return "no-record";
  }
  return "no-record";
}

}  // namespace hefu
