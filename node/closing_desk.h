#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "api/port.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/closing/closings.h"
#include "ledger/view/attested.h"
#include "node/kept_answers.h"
#include "node/past_states.h"
#include "node/store.h"
#include "node/views.h"

namespace hefu {

/// What the node says about cuts, vintages, approvals and statements: the fold of closing over the
/// present state, and figures at earlier cuts. Thread-safe.
class ClosingDesk {
 public:
  /// Everything handed in must outlive it.
  ClosingDesk(const Store& store, Views& views, const Charter& founding, const Charter& charter)
      : views_(views), past_(store, founding, charter) {}

  Result<std::string> cuts();
  /// Errors: kNotFound.
  Result<std::string> proposed_cut(const Digest& proposal);
  /// Errors: kNotFound (proposal, pack), those of PastStates.
  Result<std::string> closings(const ClosingQuery& query);
  /// The figures of a period: frozen where it is closed, with the status of each and what the
  /// present cut gives beside it. Errors: those of `compute_figures`, kNotFound (no such vintage).
  Result<std::string> figures(const FigureQuery& query);
  Result<std::string> differences(const DifferenceQuery& query);

 private:
  using State = std::shared_ptr<const LedgerState>;
  /// The fold over the present state, with the trees that acts about one period need.
  Result<Closings> fold(const LedgerState& present, const std::string& pack,
                        const std::string& period);
  /// The figures at a proposed cut, with the pack it was proposed for: as shown.
  Result<std::shared_ptr<const std::string>> at_cut(const Closings& closings,
                                                    const EventId& proposal, FigureRequest request);
  /// The same with what members attested of it since; `closings` holds the proposal.
  Result<std::string> attested_at(const Closings& closings, const EventId& proposal,
                                  const FigureRequest& request, const std::string& display,
                                  const ViewStatements& said);
  struct Place;
  Result<Place> place(const State& present, const Closings& closings, const DifferenceQuery& query,
                      const std::string& text);

  Result<std::string> figures_now(const FigureQuery& query);

  Views& views_;
  PastStates past_;
  KeptAnswers shown_;

  std::mutex mutex_;
  /// Guarded by mutex_: reports at earlier cuts, which never change, by what was asked; the one
  /// asked for last in front.
  std::list<std::pair<std::string, std::shared_ptr<const std::string>>> reports_;
};

}  // namespace hefu
