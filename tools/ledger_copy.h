#pragma once

#include <deque>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/merkle/memory_tree.h"
#include "ledger/view/state.h"
#include "ledger/view/statement.h"
#include "ledger/view/view_attestation.h"
#include "tools/http_client.h"

namespace hefu {

/// The logs of a federation as a node shows them: whole, each leading to a checkpoint that a quorum
/// cosigned. The node is believed nothing but which logs it holds.
class LedgerCopy {
 public:
  /// Errors: those of the client, of verified_charter and of open_cosigned; kUnverified where the
  /// entries do not lead to the checkpoint.
  static Result<LedgerCopy> download(HttpClient& node, const Charter& founding);

  /// At the checkpoints that came with the logs, every signature checked. Errors: as build_state.
  [[nodiscard]] Result<LedgerState> state() const;
  /// At the cut of an attestation, made again from the sizes it tells. Errors: kNotFound where it
  /// tells none or a log is not here that far; kUnverified where the logs do not lead to that cut.
  [[nodiscard]] Result<LedgerState> state_at(const ViewAttestation& attestation) const;
  /// A statement by its id, with a proof of it; none if no log holds it.
  [[nodiscard]] Result<LoggedStatement> statement(const EventId& id) const;

 private:
  struct Log {
    std::string origin;
    std::string note;
    std::uint64_t size = 0;  ///< of the checkpoint
    std::vector<Bytes> entries;
    MemoryTree tree;
  };
  [[nodiscard]] Result<LedgerState> build(const Cut& cut) const;
  [[nodiscard]] const Log* log(const std::string& origin) const;

  Charter founding_;
  std::deque<Log> logs_;
  std::vector<std::string> missing_;
};

}  // namespace hefu
