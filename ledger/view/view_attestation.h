#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/event/event.h"

namespace hefu {

/// The name of the protocol event type below.
inline constexpr std::string_view kViewAttestationType = "view-attestation";

/// What computes figures here. Changes whenever a figure could: two engines that differ convict
/// nobody of the difference.
inline constexpr std::string_view kViewEngine = "hefu/1";

/// What one tree of a view commits to. Sums are in 1/scale of the indicator's unit.
struct AttestedTree {
  std::uint64_t leaves = 0;
  std::int64_t sum = 0;
  Digest root;
  bool operator==(const AttestedTree&) const = default;
};

/// Which tree of a view.
enum class ViewTree : std::uint8_t { kUnits = 0, kClaims = 1 };

/// How far a log reaches in a cut. With these anybody who holds the logs can make the cut again.
struct AttestedHead {
  std::string origin;
  std::uint64_t size = 0;
  bool operator==(const AttestedHead&) const = default;
};
/// Most logs that an attestation lists; of a larger cut it lists none.
inline constexpr std::size_t kAttestedHeadsMax = 400;

/// An institution's signed word that it computed an indicator's figure at a cut, and what from:
/// two aggregate trees, over the units behind the figure and over who claims them. Source: design
/// study "verifiable views" §4.5. There one count and sum serve both trees; where several
/// institutions may each claim one unit in full they differ, so here each tree has its own.
struct ViewAttestation {
  std::string pack;  ///< pack id
  Digest pack_digest;
  std::string indicator;
  std::string period;
  Digest cut;              ///< Cut::id
  std::string engine;      ///< kViewEngine of whoever computed it
  std::int64_t scale = 1;  ///< common denominator of all values; 1 to 10^9
  AttestedTree units;      ///< tree B: by unit
  AttestedTree claims;     ///< tree A: by organisation, then unit
  /// Of the pack's own tests (ledger/programme/pack_attest.h), which the engine passed before.
  std::optional<Digest> vectors = std::nullopt;
  std::vector<AttestedHead> heads = {};   ///< of the cut, by origin; empty if it is not told
  std::vector<std::string> missing = {};  ///< of the cut, as Cut::missing

  bool operator==(const ViewAttestation&) const = default;
  /// What the roots are bound to: SHA-256("hefu/view/v1\n" indicator "\n" period "\n"
  /// hex(pack digest) "\n").
  [[nodiscard]] Digest view_id() const;
  [[nodiscard]] const AttestedTree& tree(ViewTree which) const {
    return which == ViewTree::kUnits ? units : claims;
  }
  /// Whether another is about the same figure at the same cut.
  [[nodiscard]] bool same_question(const ViewAttestation& other) const {
    return cut == other.cut && view_id() == other.view_id();
  }
  /// Whether another says the same of it, whatever computed it.
  [[nodiscard]] bool same_result(const ViewAttestation& other) const {
    return scale == other.scale && units == other.units && claims == other.claims;
  }
};

inline constexpr std::int64_t kViewScaleMax = 1'000'000'000;

/// The event to be appended to the attesting institution's log.
Event make_view_attestation(const std::string& issuer, const ViewAttestation& attestation,
                            Moment now, const std::array<std::uint8_t, 16>& nonce);

/// Reads one. Errors: kInvalid naming the field.
Result<ViewAttestation> read_view_attestation(const Event& event);

/// The fields of an attestation, in whichever event says them. Errors: as above.
void put_attestation(const ViewAttestation& attestation, Event* event);
Result<ViewAttestation> read_attestation(const Event& event);

}  // namespace hefu
