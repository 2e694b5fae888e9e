#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu charter join`: an institution's signed request to join a federation.
struct CharterJoin {
  std::string charter;  ///< of the federation; empty: the home's
  std::string peer;     ///< "host:port" where its node answers; empty: as hefud.toml says
  std::string out;
};
int run(Context& context, const CharterJoin& options);

/// `hefu charter propose CHANGE`: proposes one change, and votes for it where one may.
struct CharterPropose {
  std::string change;
  std::string member, successor, authority;
  std::string checkpoint;         ///< file; empty: the latest a quorum witnessed, from the node
  std::string request;            ///< file made by `hefu charter join`
  std::vector<std::string> keys;  ///< "role=FILE": a key file, or its public part in base64
  std::vector<std::string> revoked;
  std::string revoked_from, effective_on, decide_by;
  std::string name_zh, name_en;
  std::vector<std::string> attributes;  ///< "key=value"
  std::int64_t council = -1, quorum = -1;
  std::string reason;
  bool no_vote = false;
};
int run(Context& context, const CharterPropose& options);

/// `hefu charter vote PROPOSAL yes|no`.
struct CharterVote {
  std::string proposal, choice, reason;
};
int run(Context& context, const CharterVote& options);

/// `hefu charter status`: members, rules, and what is open to vote on.
struct CharterStatus {};
int run(Context& context, const CharterStatus& options);

/// `hefu charter history`: every decision and change of keys.
struct CharterHistory {};
int run(Context& context, const CharterHistory& options);

}  // namespace hefu
