#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/event/event.h"

namespace hefu {

/// Who must sign, as pinned in a version: `needed` of the members, among them all in `required`.
///
/// `faulty` is the number of members whose logs may show different observers different branches,
/// both dated, because witnesses lie too. 0 trusts the witnesses: a log can fork only where nobody
/// dated it, and nothing final rests on that. With f faulty members a version is dead only once
/// more than n - needed + f of them cannot sign, so that no branch of those f can turn it back; the
/// price is that a version may stay open where the votes are split.
struct SigningRule {
  std::int64_t needed = 0;
  std::int64_t faulty = 0;
  std::vector<std::string> required = {};  ///< institutions, sorted

  bool operator==(const SigningRule&) const = default;
};

/// What is wrong with a rule for n members, for people; none if it is sound. Sound is
/// - n/2 < needed <= n and needed > (n + faulty) / 2, so that any two quorums share a member that
///   speaks with one tongue;
/// - needed > 2 * faulty, so that the honest alone can let a version die;
/// - with faulty members, nobody is indispensable: one member alone could otherwise keep a version
///   alive here and dead there.
std::optional<std::string> unsound(const SigningRule& rule, std::size_t members);

/// A group whose consent a version needs.
struct Electorate {
  std::vector<std::string> members;  ///< institutions, sorted
  SigningRule rule;

  bool operator==(const Electorate&) const = default;
  [[nodiscard]] bool contains(const std::string& institution) const;
  [[nodiscard]] bool requires_member(const std::string& institution) const;
  /// Every member is needed and none may fork.
  [[nodiscard]] bool unanimous() const;
};

/// How many votes of an electorate say one thing, and since when.
class Tally {
 public:
  explicit Tally(const Electorate& electorate) : electorate_(electorate) {}

  /// One member's vote; members vote once. Others than members are ignored.
  void add(const std::string& institution, Moment since);

  /// When `votes` votes were there; none if they are not.
  [[nodiscard]] std::optional<Moment> reached(std::size_t votes) const;
  /// When enough had signed, all required ones among them.
  [[nodiscard]] std::optional<Moment> consent() const;
  /// Taken as votes of those that cannot sign: when consent had become impossible.
  [[nodiscard]] std::optional<Moment> refusal() const;

 private:
  const Electorate& electorate_;  // owned by the caller
  std::vector<Moment> votes_;
  std::vector<Moment> required_votes_;
};

}  // namespace hefu
