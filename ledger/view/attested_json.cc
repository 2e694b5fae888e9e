#include "ledger/view/attested_json.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/figure_json.h"
#include "ledger/view/document.h"

namespace hefu {

namespace {

namespace json = boost::json;

constexpr std::size_t kDisplayBytesMax = std::size_t{256} << 20;

json::value count_json(std::size_t count) {
  return json::value(static_cast<std::int64_t>(count));
}

json::object quorum_json(const AttestPolicy::Verdict& verdict) {
  json::array missing;
  for (const MissingAttesters& one : verdict.missing) {
    json::array from;
    for (const std::string& member : one.from) {
      from.emplace_back(member);
    }
    missing.push_back(json::object{{"party", one.party},
                                   {"has", count_json(one.has)},
                                   {"needed", count_json(one.needed)},
                                   {"from", std::move(from)}});
  }
  return {{"met", verdict.met}, {"missing", std::move(missing)}};
}

json::array members_json(const AttestedResult& result) {
  json::array out;
  for (const Attester& by : result.by) {
    out.push_back(json::object{{"member", by.member},
                               {"event", by.event.hex()},
                               {"engine", by.engine},
                               {"standing", name(by.standing)}});
  }
  return out;
}

json::array engines_json(const AttestedResult& result) {
  std::set<std::string> engines;
  for (const Attester& by : result.by) {
    if (by.standing == AttesterStanding::kCounts) {
      engines.insert(by.engine);
    }
  }
  json::array out;
  for (const std::string& engine : engines) {
    out.emplace_back(engine);
  }
  return out;
}

Result<Fraction> sum_of(const std::vector<Contribution>& units) {
  Result<Fraction> sum = Fraction();
  for (const Contribution& unit : units) {
    sum = sum->plus(unit.value);
    if (!sum) {
      break;
    }
  }
  return sum;
}

}  // namespace

Fraction attested_value(const ViewAttestation& attestation) {
  const auto value = Fraction(attestation.units.sum).divided_by(Fraction(attestation.scale));
  HEFU_ASSERT(value.ok());  // both are 64-bit numbers, the divisor is at least 1
  return *value;
}

const AttestedResult* most_telling(std::span<const AttestedResult> results, const Fraction& value,
                                   const Digest& cut) {
  const auto rank = [&](const AttestedResult& one) {
    return std::tuple(attested_value(one.result) == value, one.quorum.met, one.result.cut == cut,
                      one.counted, one.latest, one.result.cut);
  };
  const auto at = std::max_element(
      results.begin(), results.end(),
      [&](const AttestedResult& a, const AttestedResult& b) { return rank(a) < rank(b); });
  return at == results.end() ? nullptr : &*at;
}

json::value attested_json(std::span<const AttestedResult> results,
                          std::span<const MemberDissent> dissents, const Fraction& value,
                          const Digest& cut) {
  const AttestedResult* best = most_telling(results, value, cut);
  if (best == nullptr) {
    return nullptr;
  }
  const Fraction attested = attested_value(best->result);
  json::array others;
  std::set<EventId> meant;
  for (const AttestedResult& one : results) {
    if (one.result.cut != best->result.cut) {
      continue;
    }
    for (const Attester& by : one.by) {
      meant.insert(by.event);
    }
    if (&one != best) {
      others.push_back(json::object{{"value", fraction_json(attested_value(one.result))},
                                    {"members", members_json(one)}});
    }
  }
  json::array against;
  std::set<std::pair<std::string_view, EventId>> told;  // a member dissents once from each
  for (const MemberDissent& one : dissents) {
    if (one.entitled && meant.contains(one.dissent.attestation) &&
        told.emplace(one.member, one.dissent.attestation).second) {
      against.push_back(json::object{{"member", one.member},
                                     {"event", one.event.hex()},
                                     {"attestation", one.dissent.attestation.hex()}});
    }
  }
  return json::object{{"cut", best->result.cut.hex()},
                      {"agrees", attested == value},
                      {"value", fraction_json(attested)},
                      {"nodes", count_json(best->counted)},
                      {"independent", count_json(best->eligible)},
                      {"engines", engines_json(*best)},
                      {"quorum", quorum_json(best->quorum)},
                      {"members", members_json(*best)},
                      {"others", std::move(others)},
                      {"dissents", std::move(against)}};
}

Result<std::string> with_attestations(const LedgerState& state, const FigureRequest& request,
                                      const std::string& display, const ViewStatements& said) {
  if (said.attestations.empty()) {
    return display;
  }
  auto shown = parse_json(display, kDisplayBytesMax);
  const json::object* report = shown ? shown->if_object() : nullptr;
  const json::value* of = report == nullptr ? nullptr : report->if_contains("pack");
  const json::object* named = of == nullptr ? nullptr : of->if_object();
  if (named == nullptr) {
    return Error{Errc::kInvalid, "what is shown of the figures names no pack", ""};
  }
  const Document* document =
      find_document(*state.documents, "pack", std::string_view(named->at("id").as_string()),
                    std::string_view(named->at("version").as_string()));
  const auto pack = document == nullptr
                        ? Result<Pack>(Error{Errc::kNotFound, "the pack is not published", ""})
                        : Pack::from_json(document->content);
  const auto period =
      pack ? Period::parse(request.period, pack->valid) : Result<Period>(pack.error());
  if (!period) {
    return period.error();
  }
  const auto about = [&](const MemberAttestation& one) {
    return one.attestation.pack_digest == pack->digest() && one.attestation.period == period->text;
  };
  if (std::none_of(said.attestations.begin(), said.attestations.end(), about)) {
    return display;
  }
  const auto figures = evaluate(*pack, *state.world, state.facts, *period);
  if (!figures) {
    return figures.error();
  }
  const auto unit = request.unit.empty() ? std::nullopt : std::optional(request.unit);
  for (json::value& item : shown->at("indicators").as_array()) {
    const std::string indicator(item.at("indicator").as_string());
    const bool attested = std::any_of(said.attestations.begin(), said.attestations.end(),
                                      [&](const MemberAttestation& one) {
                                        return about(one) && one.attestation.indicator == indicator;
                                      });
    const auto units =
        attested ? contributions(*pack, *state.world, state.facts, *period, *figures, indicator)
                 : Result<std::vector<Contribution>>(Error{});
    const auto value = units ? sum_of(*units) : Result<Fraction>(Error{});
    if (!value) {
      continue;  // nobody attested it, or it is no sum of units (any more)
    }
    const AttestedFigure figure{*pack,
                                indicator,
                                *period,
                                *state.world,
                                state.governance->charter,
                                reported_in(*units, *state.world, *period, unit)};
    item.as_object()["attested_by"] = attested_json(judge_attestations(figure, said.attestations),
                                                    said.dissents, *value, state.cut.id());
  }
  return canonical_json(*shown);
}

}  // namespace hefu
