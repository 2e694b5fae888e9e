#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace hefu {

/// What a request does, as far as the API tells requests apart. Who may sign which event is no
/// business of the API: the ledger judges that by the key that signed (registrar, reviewer, seal
/// …).
enum class Scope : std::uint8_t {
  kRead,        ///< see events, records, figures, bundles
  kRecord,      ///< hand in envelopes that a key has signed
  kDisclose,    ///< store and erase openings of personal fields
  kOperate,     ///< backups, rebuilding the views
  kAdminister,  ///< accounts, everybody's tokens, the record of administrative acts
};
inline constexpr std::size_t kScopeCount = 5;

/// "read", "record", "disclose", "operate", "administer".
const char* name(Scope scope);
std::optional<Scope> scope(std::string_view name);

/// A set of scopes.
class Scopes {
 public:
  constexpr Scopes() = default;
  static constexpr Scopes all() { return Scopes((1U << kScopeCount) - 1); }

  constexpr Scopes& add(Scope scope) {
    bits_ |= bit(scope);
    return *this;
  }
  constexpr Scopes& add(Scopes others) {
    bits_ |= others.bits_;
    return *this;
  }
  [[nodiscard]] constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  [[nodiscard]] constexpr bool within(Scopes others) const { return (bits_ & ~others.bits_) == 0; }
  [[nodiscard]] constexpr Scopes and_in(Scopes others) const {
    return Scopes(bits_ & others.bits_);
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  bool operator==(const Scopes&) const = default;

  /// In the order of the enumeration.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  constexpr explicit Scopes(unsigned bits) : bits_(bits) {}
  static constexpr unsigned bit(Scope scope) { return 1U << static_cast<unsigned>(scope); }
  unsigned bits_ = 0;
};

/// A role of people in an institution, and what it needs of the API.
struct Role {
  std::string_view name;
  std::string_view zh;
  std::string_view en;
  Scopes scopes;
  bool records = false;  ///< may hand in what registrar and seal keys sign (api/accounts/reach.h)
  bool reviews = false;  ///< may hand in what reviewer and auditor keys sign
};

/// Every role, the most common first. Source: the programme's list of people and roles; `operator`
/// and `administrator` are those of the node itself.
std::span<const Role> roles();
const Role* find_role(std::string_view name);

/// A role within a department; empty: the whole institution. A department is called by what stands
/// behind the "/" of its party reference: "jwc" for "125000000000000272/jwc".
struct Grant {
  std::string role;
  std::string department;
  auto operator<=>(const Grant&) const = default;
};

inline constexpr std::size_t kGrantsMax = 16;
inline constexpr std::size_t kDepartmentBytesMax = 32;

/// Whether one person may hold these. Errors: kInvalid (unknown role, none at all, more than
/// kGrantsMax, the same twice, a department that is not 1 to kDepartmentBytesMax letters, digits,
/// '-' or '_'), kConflict: reviewer, and a role that records and does not review, in the same
/// department: that takes two persons.
Result<void> check_grants(std::span<const Grant> grants);

/// What they allow together. Unknown roles allow nothing.
Scopes scopes_of(std::span<const Grant> grants);

}  // namespace hefu
