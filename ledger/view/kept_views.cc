#include "ledger/view/kept_views.h"

#include <algorithm>

namespace hefu {

void KeptViews::take(const LiveState::Step& step) {
  state_ = step.state;
  if (step.rebuilt || step.changes.directory) {
    packs_.clear();
    return;
  }
  for (auto& [digest, kept] : packs_) {
    for (const FactChange& change : step.changes.facts) {
      kept.pack->change(change.before, change.after);
    }
  }
}

Result<FigureReport> KeptViews::figures(const FigureRequest& request) {
  if (state_ == nullptr) {
    return Error{Errc::kUnavailable, "no state has been made yet", "try again in a moment"};
  }
  const auto document = find_pack(*state_, request.pack);
  if (!document) {
    return document.error();
  }
  const auto [at, fresh] = packs_.try_emplace((*document)->digest);
  at->second.asked = ++asked_;
  if (fresh) {
    auto pack = Pack::from_json((*document)->content);
    if (!pack) {
      packs_.erase(at);
      return pack.error();
    }
    at->second.pack = std::make_unique<KeptPack>(*std::move(pack), state_->world, state_->facts);
  }
  auto report = compute_figures(*state_, request, *at->second.pack);
  if (packs_.size() > kKeptPacksMax) {
    packs_.erase(std::min_element(packs_.begin(), packs_.end(), [](const auto& a, const auto& b) {
      return a.second.asked < b.second.asked;
    }));
  }
  return report;
}

}  // namespace hefu
