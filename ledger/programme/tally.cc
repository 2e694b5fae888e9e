#include "ledger/programme/tally.h"

#include <algorithm>

namespace hefu {

namespace {

void add_to_ladder(Ladder& ladder, const CandidateFact& one) {
  const auto grade = static_cast<std::size_t>(one.grade);
  switch (one.fact->standing) {
    case Standing::kDisputed:
      ++ladder.disputed;
      return;
    case Standing::kRejected:
      ++ladder.rejected;
      return;
    case Standing::kEnded:
      ++ladder.ended;
      return;
    case Standing::kClaimed:
      ++ladder.claimed;
      break;
    case Standing::kConfirmed:
      ++ladder.confirmed;
      break;
  }
  ++ladder.grades[grade];
  ladder.counted[grade] += one.left_out ? 0 : 1;
}

}  // namespace

void tally(Figure& figure, const CandidateFact& candidate) {
  const auto& reason = candidate.left_out;
  // A corrected fact is no evidence any more, and one outside the set was never in scope.
  const bool silent = reason == LeftOut::kSuperseded || reason == LeftOut::kOutsideSet;
  if (!silent) {
    add_to_ladder(figure.ladder, candidate);
  }
  if (!reason) {
    figure.counted_ids.push_back(candidate.fact->id);
    return;
  }
  figure.left_out_facts.push_back({candidate.fact->id, *reason, candidate.grade});
  if (!silent) {
    ++figure.excluded[*reason];
  }
}

void add_evidence(Figure& figure, const Figure& part) {
  figure.ladder.add(part.ladder);
  figure.units += part.units;
  for (const auto& [reason, count] : part.excluded) {
    figure.excluded[reason] += count;
  }
  figure.counted_ids.insert(figure.counted_ids.end(), part.counted_ids.begin(),
                            part.counted_ids.end());
  figure.left_out_facts.insert(figure.left_out_facts.end(), part.left_out_facts.begin(),
                               part.left_out_facts.end());
}

void close_tally(Figure& figure) {
  auto& counted = figure.counted_ids;
  std::sort(counted.begin(), counted.end());
  counted.erase(std::unique(counted.begin(), counted.end()), counted.end());
  auto& left_out = figure.left_out_facts;
  std::sort(left_out.begin(), left_out.end(), [](const LeftOutFact& a, const LeftOutFact& b) {
    return a.id != b.id ? a.id < b.id : a.reason < b.reason;
  });
  left_out.erase(std::unique(left_out.begin(), left_out.end()), left_out.end());
}

}  // namespace hefu
