#include "ledger/cut/anchor.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "ledger/event/protocol_event.h"
#include "ledger/log/cosignature.h"

namespace hefu {

namespace {

constexpr const char* kPrevious = "previous";
constexpr const char* kIndexedSize = "indexed_size";
constexpr const char* kTypeIndexRoot = "type_index_root";
constexpr const char* kSupersessionIndexRoot = "supersession_index_root";

Error bad_field(const char* field, const std::string& reason) {
  return Error{
      Errc::kInvalid, std::string("anchor field ") + field + ": " + reason,
      "an anchor is written by the node itself; treat a damaged one as a fault of that log"};
}

}  // namespace

Event make_anchor(const std::string& issuer, const std::string& cosigned_checkpoint,
                  std::uint64_t indexed_size, const Digest& type_index_root,
                  const Digest& supersession_index_root, Moment now,
                  const std::array<std::uint8_t, 16>& nonce) {
  Event event = protocol_event(kAnchorType, issuer, now, nonce);
  event.fields[kPrevious] = Value{cosigned_checkpoint};
  event.fields[kIndexedSize] = Value{static_cast<std::int64_t>(indexed_size)};
  event.fields[kTypeIndexRoot] = Value{type_index_root};
  event.fields[kSupersessionIndexRoot] = Value{supersession_index_root};
  return event;
}

Result<Anchor> read_anchor(const Event& event, const VerifierKey& log_key,
                           std::span<const VerifierKey> witnesses, std::uint32_t quorum) {
  const Value* previous = event.field(kPrevious);
  const Value* indexed_size = event.field(kIndexedSize);
  const Value* type_root = event.field(kTypeIndexRoot);
  const Value* supersession_root = event.field(kSupersessionIndexRoot);
  if (previous == nullptr || previous->text() == nullptr) {
    return bad_field(kPrevious, "a cosigned checkpoint is missing");
  }
  if (indexed_size == nullptr || indexed_size->integer() == nullptr) {
    return bad_field(kIndexedSize, "a size is missing");
  }
  if (type_root == nullptr || type_root->digest() == nullptr) {
    return bad_field(kTypeIndexRoot, "a digest is missing");
  }
  if (supersession_root == nullptr || supersession_root->digest() == nullptr) {
    return bad_field(kSupersessionIndexRoot, "a digest is missing");
  }

  auto opened = open_checkpoint(*previous->text(), log_key);
  if (!opened) {
    return opened.error().during("the checkpoint inside an anchor");
  }
  if (*indexed_size->integer() < 0 ||
      static_cast<std::uint64_t>(*indexed_size->integer()) != opened->checkpoint.size) {
    return bad_field(kIndexedSize, "differs from the size of the checkpoint it indexes");
  }
  auto cosignatures = verify_cosignatures(opened->note, witnesses);
  if (!cosignatures) {
    return cosignatures.error().during("the cosignatures inside an anchor");
  }
  std::vector<std::uint64_t> seconds;
  for (const Cosignature& cosignature : *cosignatures) {
    seconds.push_back(cosignature.time);
  }

  Anchor anchor;
  anchor.previous = *previous->text();
  anchor.checkpoint = opened->checkpoint;
  anchor.indexed_size = opened->checkpoint.size;
  anchor.type_index_root = *type_root->digest();
  anchor.supersession_index_root = *supersession_root->digest();
  anchor.time = quorum_time(seconds, quorum);
  anchor.cosignatures = *std::move(cosignatures);
  return anchor;
}

std::optional<Moment> quorum_time(std::span<const std::uint64_t> cosignature_seconds,
                                  std::uint32_t quorum) {
  if (quorum == 0 || cosignature_seconds.size() < quorum) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> sorted(cosignature_seconds.begin(), cosignature_seconds.end());
  std::sort(sorted.begin(), sorted.end());
  const std::uint64_t seconds = sorted[quorum - 1];
  if (seconds > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 1000) {
    return std::nullopt;
  }
  return Moment{static_cast<std::int64_t>(seconds) * 1000};
}

}  // namespace hefu
