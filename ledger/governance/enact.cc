#include "ledger/governance/enact.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "ledger/governance/join_request.h"
#include "ledger/governance/key_terms.h"
#include "ledger/log/checkpoint.h"

namespace hefu {

namespace {

Error refused(const std::string& reason, const std::string& hint = "") {
  return Error{Errc::kConflict, "the proposal does not fit the charter: " + reason, hint};
}

Member* find(Charter& charter, const std::string& id) {
  for (Member& member : charter.members) {
    if (member.id == id) {
      return &member;
    }
  }
  return nullptr;
}

/// The smallest number of votes that is more than half of n.
std::uint32_t majority_of(std::size_t members) {
  return static_cast<std::uint32_t>(members / 2 + 1);
}

class Enactment {
 public:
  Enactment(Charter charter, const CharterProposal& proposal, Moment at)
      : charter_(std::move(charter)), proposal_(proposal), at_(at) {}

  Result<Charter> run() {
    if (charter_.closed) {
      return refused("the federation is closed");
    }
    if (auto ok = change(); !ok) {
      return ok.error();
    }
    if (auto ok = settle_rules(); !ok) {
      return ok.error();
    }
    charter_.base = proposal_.id.digest;
    ++charter_.revision;
    charter_.index_keys();
    return std::move(charter_);
  }

 private:
  Result<void> change() {
    switch (proposal_.change) {
      case CharterChange::kAdmit:
        return admit();
      case CharterChange::kSuspend:
        return move({Participation::kActive}, Participation::kSuspended);
      case CharterChange::kReinstate:
        return move({Participation::kSuspended, Participation::kLeft, Participation::kExpelled},
                    Participation::kActive);
      case CharterChange::kExpel:
        return move({Participation::kActive, Participation::kSuspended}, Participation::kExpelled);
      case CharterChange::kLeave:
        if (proposal_.proposer != proposal_.member) {
          return refused("only a member itself proposes to leave", "propose to expel it");
        }
        return move({Participation::kActive, Participation::kSuspended}, Participation::kLeft);
      case CharterChange::kReplaceKeys:
        return replace_keys();
      case CharterChange::kNewEpoch:
        return new_epoch();
      case CharterChange::kSetRules:
        return set_rules();
      case CharterChange::kDescribe:
        return describe();
      case CharterChange::kMerge:
        return merge();
      case CharterChange::kClose:
        return close();
    }
    return refused("no such change");
  }

  Result<void> admit() {
    auto request = parse_join_request(proposal_.request);
    if (!request) {
      return request.error();
    }
    if (request->federation != charter_.federation) {
      return refused("the request is to join another federation");
    }
    Member member = std::move(request->member);
    if (member.id != proposal_.member) {
      return refused("the request is that of " + member.id);
    }
    if (charter_.members.size() >= kCharterMembersMax) {
      return refused("there are " + std::to_string(kCharterMembersMax) + " members already");
    }
    for (const Member& other : charter_.members) {
      if (other.id == member.id) {
        return refused(member.id + " is or was a member", "propose to reinstate it");
      }
      if (other.domain == member.domain) {
        return refused(member.domain + " is the domain of " + other.id);
      }
    }
    for (const auto& [role, key] : member.keys) {
      if (is_known_key(charter_, key)) {
        return refused(std::string("its ") + name(role) + " key is a key of a member already",
                       "give every role of every member a key of its own");
      }
    }
    begin_terms(member, at_);
    member.participations.push_back({at_, Participation::kActive});
    charter_.members.push_back(std::move(member));
    std::sort(charter_.members.begin(), charter_.members.end(),
              [](const Member& a, const Member& b) { return a.id < b.id; });
    members_changed_ = true;
    return {};
  }

  /// The member concerned, in one of these states.
  Result<Member*> subject(const std::set<Participation>& from) {
    Member* member = find(charter_, proposal_.member);
    if (member == nullptr) {
      return refused((proposal_.member.empty() ? "it names no member" : proposal_.member) +
                     (proposal_.member.empty() ? "" : " is no member"));
    }
    if (from.count(member->participation()) == 0) {
      return refused("member " + member->id + " is " + name(member->participation()));
    }
    return member;
  }

  Result<void> move(const std::set<Participation>& from, Participation to) {
    auto member = subject(from);
    if (!member) {
      return member.error();
    }
    if (to != Participation::kActive && (*member)->id == charter_.authority) {
      return refused("member " + (*member)->id + " is the authority",
                     "make another member the authority first (set-rules)");
    }
    (*member)->participations.push_back({at_, to});
    members_changed_ = true;
    return {};
  }

  Result<void> replace_keys() {
    auto member =
        subject({Participation::kActive, Participation::kSuspended, Participation::kLeft});
    if (!member) {
      return member.error();
    }
    if (proposal_.keys.empty() && proposal_.revoked.empty()) {
      return refused("it names no keys");
    }
    return give_keys(**member);
  }

  /// Puts new keys in the place of a member's, and ends those that are revoked.
  Result<void> give_keys(Member& owner) {
    begin_terms(owner, std::nullopt);
    std::set<PublicKey> replaced;
    std::set<std::pair<KeyRole, bool>> single;
    for (const auto& [role, key] : proposal_.keys) {
      if (is_known_key(charter_, key)) {
        return refused(std::string("the new ") + name(role) + " key is a key of a member already");
      }
      if (is_single(role)) {
        if (!single.emplace(role, true).second) {
          return refused(std::string("it names two ") + name(role) + " keys");
        }
        if (const auto before = owner.key(role)) {
          end_key(owner, *before, at_, proposal_.revoked_from);
          replaced.insert(*before);
        }
      }
      begin_key(owner, role, key, at_, 0);
    }
    for (const PublicKey& key : proposal_.revoked) {
      if (replaced.count(key) == 1) {
        continue;
      }
      for (const auto& [role, held] : owner.keys) {
        if (held == key && is_single(role)) {
          return refused(std::string("its ") + name(role) + " key can only be replaced",
                         "give a new one");
        }
      }
      if (!end_key(owner, key, at_, proposal_.revoked_from)) {
        return refused("a key to be revoked is none that member " + owner.id + " has");
      }
    }
    settle_keys(owner);
    return {};
  }

  /// The log of the present epoch ends where the proposal says, and the member goes on in another
  /// one, signed with another key. That the checkpoint is the old log's is proved beside
  /// (epoch_end.h).
  Result<void> new_epoch() {
    auto member = subject({Participation::kActive, Participation::kSuspended});
    if (!member) {
      return member.error();
    }
    Member& owner = **member;
    if (proposal_.origin != owner.next_origin()) {
      return refused("the next log of member " + owner.id + " is " + owner.next_origin());
    }
    const bool log_key = std::any_of(proposal_.keys.begin(), proposal_.keys.end(),
                                     [](const auto& item) { return item.first == KeyRole::kLog; });
    if (!log_key) {
      return refused("it names no log key",
                     "make one with `hefu key new --role log`: the old one signs nothing more");
    }
    EndedLog ended;
    ended.origin = owner.origin;
    ended.root = sha256({});  // of the empty tree
    ended.checkpoint = proposal_.checkpoint;
    ended.ended = at_;
    ended.decision = proposal_.id.digest;
    if (!proposal_.checkpoint.empty()) {
      const auto end = parse_checkpoint(proposal_.checkpoint);
      if (!end || end->checkpoint.origin != owner.origin || end->checkpoint.size == 0) {
        return refused("its checkpoint is none of log " + owner.origin);
      }
      ended.size = end->checkpoint.size;
      ended.root = end->checkpoint.root;
    }
    if (auto given = give_keys(owner); !given) {
      return given;
    }
    owner.ended_logs.push_back(std::move(ended));
    owner.origin = proposal_.origin;
    return {};
  }

  Result<void> set_rules() {
    if (!proposal_.authority && !proposal_.council && !proposal_.quorum) {
      return refused("it changes nothing");
    }
    if (proposal_.authority) {
      const Member* member = charter_.member(*proposal_.authority);
      if (member == nullptr || !member->is_active()) {
        return refused("the authority must be an active member");
      }
      if (charter_.authorities.empty()) {
        charter_.authorities.push_back(
            {Moment{std::numeric_limits<std::int64_t>::min()}, charter_.authority});
      }
      charter_.authority = *proposal_.authority;
      charter_.authorities.push_back({at_, charter_.authority});
    }
    return {};
  }

  Result<void> describe() {
    if (proposal_.member.empty()) {
      if (!proposal_.name_zh || !proposal_.attributes.empty() || proposal_.name_en) {
        return refused("without a member it renames the federation: that takes name_zh alone");
      }
      charter_.name = *proposal_.name_zh;
      return {};
    }
    auto found = subject({Participation::kActive, Participation::kSuspended});
    if (!found) {
      return found.error();
    }
    Member& member = **found;
    if (!proposal_.name_zh && !proposal_.name_en && proposal_.attributes.empty()) {
      return refused("it changes nothing");
    }
    member.name_zh = proposal_.name_zh.value_or(member.name_zh);
    member.name_en = proposal_.name_en.value_or(member.name_en);
    const Date from = proposal_.effective_on.value_or(at_.date());
    for (const auto& [key, value] : proposal_.attributes) {
      const bool first =
          std::none_of(member.described.begin(), member.described.end(),
                       [&, &key = key](const AttributeFrom& change) { return change.key == key; });
      if (const auto before = member.attributes.find(key);
          first && before != member.attributes.end()) {
        member.described.push_back(
            {Date{std::numeric_limits<std::int32_t>::min()}, key, before->second});
      }
      member.described.push_back({from, key, value});
      if (value.empty()) {
        member.attributes.erase(key);
      } else {
        member.attributes[key] = value;
      }
    }
    return {};
  }

  Result<void> merge() {
    const Member* successor = charter_.member(proposal_.successor);
    if (successor == nullptr || !successor->is_active() ||
        proposal_.successor == proposal_.member) {
      return refused("the successor must be another active member");
    }
    if (auto ok = move({Participation::kActive, Participation::kSuspended, Participation::kLeft},
                       Participation::kMerged);
        !ok) {
      return ok;
    }
    find(charter_, proposal_.member)->successor = proposal_.successor;
    return {};
  }

  Result<void> close() {
    if (proposal_.member.empty()) {
      charter_.closed = at_;
      return {};
    }
    return move({Participation::kActive, Participation::kSuspended, Participation::kLeft},
                Participation::kClosed);
  }

  /// The numbers that depend on how many members there are: those proposed must be sound; those
  /// that stood stay if they are, else become the smallest sound ones.
  Result<void> settle_rules() {
    const std::size_t active = charter_.active_count();
    if (active == 0) {
      return refused("no member would be left", "close the federation");
    }
    const auto count = static_cast<std::uint32_t>(active);
    const std::uint32_t least = quorum_for(count, 0);
    const auto sound = [&](std::uint32_t quorum) { return least <= quorum && quorum < count; };
    if (proposal_.quorum && !sound(*proposal_.quorum)) {
      return refused("a quorum of " + std::to_string(*proposal_.quorum) + " witnesses for " +
                         std::to_string(active) + " members",
                     "choose " + std::to_string(least) + " to " + std::to_string(count - 1));
    }
    if (proposal_.quorum || (members_changed_ && !sound(charter_.quorum))) {
      if (charter_.quorums.empty()) {
        charter_.quorums.push_back(
            {Moment{std::numeric_limits<std::int64_t>::min()}, charter_.quorum});
      }
      charter_.quorum = proposal_.quorum.value_or(least);
      charter_.quorums.push_back({at_, charter_.quorum});
    }
    const auto is_majority = [&](std::uint32_t votes) {
      return votes >= majority_of(active) && votes <= count;
    };
    if (proposal_.council && *proposal_.council > 0 && !is_majority(*proposal_.council)) {
      return refused(
          std::to_string(*proposal_.council) + " votes of " + std::to_string(active) + " members",
          "choose " + std::to_string(majority_of(active)) + " to " + std::to_string(count));
    }
    if (proposal_.council) {
      charter_.council = *proposal_.council;
    } else if (charter_.council > 0 && !is_majority(charter_.council)) {
      charter_.council = std::max(majority_of(active), std::min(charter_.council, count));
    }
    return {};
  }

  Charter charter_;
  const CharterProposal& proposal_;
  const Moment at_;
  bool members_changed_ = false;
};

}  // namespace

Result<Charter> enact(const Charter& charter, const CharterProposal& proposal, Moment at) {
  const Member* proposer = charter.member(proposal.proposer);
  const bool leaving = proposal.change == CharterChange::kLeave;
  if (proposer == nullptr || (!proposer->is_active() && !leaving)) {
    return refused("member " + proposal.proposer + " does not take part");
  }
  return Enactment(charter, proposal, at).run();
}

std::vector<std::string> active_members(const Charter& charter) {
  std::vector<std::string> active;
  for (const Member& member : charter.members) {
    if (member.is_active()) {
      active.push_back(member.id);
    }
  }
  std::sort(active.begin(), active.end());
  return active;
}

std::vector<Electorate> electorates_for(const Charter& charter, const CharterProposal& proposal) {
  // Whom a proposal is to keep from voting, or whose log it says nothing can be added to.
  const bool is_concerned = proposal.change == CharterChange::kSuspend ||
                            proposal.change == CharterChange::kExpel ||
                            proposal.change == CharterChange::kNewEpoch;
  const std::vector<std::string> active = active_members(charter);
  const std::uint32_t majority = majority_of(active.size());
  Electorate deciding;
  if (charter.council == 0 && !(is_concerned && proposal.member == charter.authority)) {
    deciding.members = {charter.authority};
    deciding.rule.needed = 1;
  } else {
    deciding.members = active;
    deciding.rule.needed = charter.council == 0 ? majority : charter.council;
    // Nobody sits in judgement on himself, as long as what is left is a majority of all: only then
    // does any other decision on the same base share a voter with this one. An authority whose log
    // is dead can decide nothing; there the others do, and it is their witnesses, more than half of
    // them too, that saw nothing beyond the end they name.
    const std::size_t others = active.size() - 1;
    if (is_concerned && deciding.contains(proposal.member) && others >= majority) {
      std::erase(deciding.members, proposal.member);
      deciding.rule.needed =
          std::min<std::int64_t>(deciding.rule.needed, static_cast<std::int64_t>(others));
    }
  }
  std::vector<Electorate> electorates = {deciding};
  if (proposal.change == CharterChange::kMerge && !deciding.requires_member(proposal.successor) &&
      deciding.members != std::vector{proposal.successor}) {
    Electorate successor;
    successor.members = {proposal.successor};
    successor.rule.needed = 1;
    electorates.push_back(successor);
  }
  return electorates;
}

}  // namespace hefu
