#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "node/store.h"

namespace hefu {

/// The checkpoints of one log that its own key signed and that this node refused to cosign: what
/// may one day prove a fork. One is kept per size and root, so that what comes later cannot push
/// out what came first. One that the log's entries stored here bear out proves nothing and is not
/// kept. One writer at a time.
class Evidence {
 public:
  /// Most checkpoints kept of one log. A log can fill this only by signing histories that nothing
  /// stored here explains, and then the first ones prove as much as the next would.
  static constexpr std::size_t kNotesMax = 64;

  /// The store must outlive it.
  explicit Evidence(Store& store) : store_(store) {}

  /// Keeps a checkpoint note whose signature by the log's key has been verified. Durable when it
  /// returns. Errors: kIo, kCorrupt of the store.
  Result<void> keep(const Checkpoint& checkpoint, std::string_view note);
  /// The notes kept of a log, first one first. Errors: kIo, kCorrupt.
  [[nodiscard]] Result<std::vector<std::string>> notes(std::string_view origin) const;

 private:
  [[nodiscard]] Result<bool> borne_out(const Checkpoint& checkpoint) const;

  Store& store_;
};

}  // namespace hefu
