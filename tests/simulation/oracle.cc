#include "tests/simulation/oracle.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include <boost/json.hpp>

#include "ledger/log/checkpoint.h"
#include "ledger/log/policy.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/proof.h"
#include "ledger/record/record_json.h"
#include "ledger/view/figures.h"
#include "ledger/view/state.h"
#include "node/peer_messages.h"
#include "tests/reference/merkle.h"

namespace hefu::simulation {

void Oracle::Held::append(const Digest& leaf) {
  leaves.push_back(leaf);
  tree.append(leaf);
  all.insert(leaf);
}

Oracle::Oracle(const TestFederation& federation, std::set<std::size_t> liars)
    : federation_(federation), liars_(std::move(liars)) {}

void Oracle::expect(bool kept, const std::string& what) {
  ++checks_;
  if (!kept) {
    throw Violation{what};
  }
}

std::uint64_t Oracle::entries() const {
  std::uint64_t entries = 0;
  for (const auto& [owner, log] : first_seen_) {
    entries += log.leaves.size();
  }
  return entries;
}

void Oracle::answered(std::size_t member, AckLevel level, std::uint64_t index, BytesView envelope) {
  const Digest leaf = reference::hash_leaf(envelope);
  const auto [at, fresh] = answered_[member].try_emplace(leaf, Answer{level, index});
  // Where an event stands that is only stored may change until it is signed for.
  expect(at->second.index == index || at->second.level == AckLevel::kStored,
         "an event of member " + std::to_string(member) + " was answered for at index " +
             std::to_string(at->second.index) + " and again at " + std::to_string(index));
  at->second.index = index;
  at->second.level = std::max(at->second.level, level);
  ++answers_.at(static_cast<std::size_t>(level));
}

void Oracle::receipt(MemberNode& node, std::uint64_t index, BytesView envelope) {
  const LogNumber log = *node.store().known_number(node.self().origin);
  const auto note = node.store().cosigned(log);
  const auto parsed = note ? parse_checkpoint(*note) : Result<SignedCheckpoint>(note.error());
  const std::string what = "event " + std::to_string(index) + " of member " +
                           std::to_string(node.index()) + ", answered for as witnessed, ";
  expect(parsed.ok() && index < parsed->checkpoint.size, what + "is under no cosigned checkpoint");
  TileNodes nodes(parsed->checkpoint.size, tile_source(node.store(), log));
  TlogProof proof;
  proof.index = index;
  proof.path = prove_inclusion(index, parsed->checkpoint.size, nodes.reader());
  proof.checkpoint = *note;
  expect(!nodes.failure(), what + "has no proof: a tile is missing");
  receipts_.push_back({node.index(), reference::hash_leaf(envelope), proof.text()});
  check_receipt(receipts_.back());
}

/// As anybody would who knows the charter alone.
void Oracle::check_receipt(const Receipt& receipt) {
  const std::string what = "a receipt of member " + std::to_string(receipt.owner) + ": ";
  std::vector<VerifierKey> witnesses;
  for (const Member& member : federation_.charter().members) {
    if (member.id != federation_.member(receipt.owner).id) {
      witnesses.push_back(*VerifierKey::parse(member.witness_vkey()));
    }
  }
  const std::vector<VerifierKey> log = {
      *VerifierKey::parse(federation_.member(receipt.owner).log_vkey())};
  const auto policy = Policy::parse(k_of_n_policy(log, witnesses, federation_.charter().quorum));
  const auto proof = parse_tlog_proof(receipt.text);
  expect(policy.ok() && proof.ok(), what + "it cannot be read");
  const auto verified = verify_tlog_proof(*proof, receipt.leaf, *policy);
  expect(verified.ok(), what + (verified ? "" : verified.error().message));
  released(proof->checkpoint);
}

void Oracle::released(const std::string& note) {
  if (note.empty() || !notes_.insert(note).second) {
    return;
  }
  const auto parsed = parse_checkpoint(note);
  if (!parsed) {
    return;
  }
  for (std::size_t i = 0; i < federation_.charter().members.size(); ++i) {
    if (federation_.member(i).origin != parsed->checkpoint.origin || !honest(i)) {
      continue;
    }
    if (!open_checkpoint(note, *VerifierKey::parse(federation_.member(i).log_vkey()))) {
      return;
    }
    const auto [at, fresh] =
        released_[i].try_emplace(parsed->checkpoint.size, parsed->checkpoint.root);
    expect(at->second == parsed->checkpoint.root, "the honest log of member " + std::to_string(i) +
                                                      " signed two checkpoints of size " +
                                                      std::to_string(parsed->checkpoint.size));
  }
}

void Oracle::overheard(BytesView bytes) {
  const auto answer = decode_answer(bytes);
  const auto* heads = answer ? std::get_if<HeadsAnswer>(&*answer) : nullptr;
  if (heads != nullptr) {
    for (const PeerHead& head : heads->heads) {
      released(head.checkpoint);
      released(head.cosigned);
      released(head.witnessed);
    }
  }
}

void Oracle::check_note(Held& held, const std::string& note, const std::string& where) {
  if (note.empty() || !held.notes.insert(note).second) {
    return;
  }
  const auto parsed = parse_checkpoint(note);
  expect(parsed.ok(), where + ": a checkpoint that cannot be read");
  const Checkpoint& checkpoint = parsed->checkpoint;
  expect(checkpoint.size <= held.leaves.size(),
         where + ": a checkpoint of size " + std::to_string(checkpoint.size) + " over " +
             std::to_string(held.leaves.size()) + " entries");
  expect(held.tree.root(checkpoint.size) == checkpoint.root, where + ": the checkpoint of size " +
                                                                 std::to_string(checkpoint.size) +
                                                                 " is not that of the entries");
}

void Oracle::look(MemberNode& node, bool whole) {
  Store& store = node.store();
  for (std::size_t owner = 0; owner < federation_.charter().members.size(); ++owner) {
    const std::string& origin = federation_.member(owner).origin;
    const std::string where =
        "member " + std::to_string(node.index()) + ", log of " + std::to_string(owner);
    const auto log = store.known_number(origin);
    expect(log.has_value(), where + ": not known");
    const auto head = store.head(*log);
    expect(head.ok(), where + ": " + (head ? "" : head.error().message));
    Held& held = held_[{node.index(), owner}];
    expect(head->size >= held.leaves.size(), where + ": had " + std::to_string(held.leaves.size()) +
                                                 " entries, has " + std::to_string(head->size));
    const std::uint64_t begin = whole ? 0 : held.leaves.size();
    const auto scanned =
        store.scan(*log, begin, head->size, [&](std::uint64_t index, BytesView bytes) {
          const Digest leaf = reference::hash_leaf(bytes);
          if (index < held.leaves.size()) {
            expect(held.leaves[index] == leaf,
                   where + ": entry " + std::to_string(index) + " has changed");
          } else {
            held.append(leaf);
          }
          if (honest(owner)) {
            Held& first = first_seen_[owner];
            expect(index <= first.leaves.size(),
                   where + ": a hole before " + std::to_string(index));
            if (index == first.leaves.size()) {
              first.append(leaf);
            }
            expect(first.leaves[index] == leaf, where + ": entry " + std::to_string(index) +
                                                    " of an honest log is another than elsewhere");
          }
          return true;
        });
    expect(scanned.ok(), where + ": " + (scanned ? "" : scanned.error().message));
    expect(held.leaves.size() == head->size, where + ": entries are missing");
    // One by one they are found by another way than from the first to the last.
    for (std::uint64_t index = 0; whole && index < head->size; index += 7) {
      const auto entry = store.entry(*log, index);
      expect(
          entry && reference::hash_leaf(*entry) == held.leaves[index],
          where + ": entry " + std::to_string(index) + " alone is another than among the others");
    }
    expect(held.tree.root() == head->root, where + ": the root is not that of the entries");
    check_note(held, head->checkpoint, where);
    const auto cosigned = store.cosigned(*log);
    expect(cosigned.ok(), where + ": the cosigned checkpoint cannot be read");
    check_note(held, *cosigned, where + " (cosigned)");
    const auto quarantine = store.quarantine(origin);
    expect(quarantine.ok(), where + ": the quarantine cannot be read");
    expect(!*quarantine || !honest(owner),
           where + ": an honest log is quarantined: " + (*quarantine ? (*quarantine)->detail : ""));
    if (honest(owner)) {
      check_released(owner);
    }
    if (owner == node.index() && node.writing()) {
      whole = recovering_.erase(owner) > 0 || whole;
    }
    if (owner == node.index() && !recovering_.contains(owner)) {
      // What was answered for as stored is durable before it is in the tree.
      std::vector<Digest> staged;
      const auto end = store.staged_end(*log);
      expect(end.ok(), where + ": what is staged cannot be read");
      const auto read = store.scan(*log, head->size, *end, [&](std::uint64_t, BytesView bytes) {
        staged.push_back(reference::hash_leaf(bytes));
        return true;
      });
      expect(read.ok(), where + ": what is staged cannot be read");
      for (const auto& [leaf, answer] : answered_[owner]) {
        if (!whole && answer.index < begin) {
          continue;
        }
        const std::uint64_t beyond = answer.index - held.leaves.size();
        bool there = answer.index < held.leaves.size()
                         ? held.leaves[answer.index] == leaf
                         : beyond < staged.size() && staged[beyond] == leaf;
        if (!there && answer.level == AckLevel::kStored) {
          there = held.all.contains(leaf) ||
                  std::find(staged.begin(), staged.end(), leaf) != staged.end();
        }
        expect(there, where + ": event " + std::to_string(answer.index) + ", answered for as " +
                          name(answer.level) + ", is not there");
      }
    }
  }
}

void Oracle::check_released(std::size_t owner) {
  const Held& first = first_seen_[owner];
  Roots& roots = released_[owner];
  std::uint64_t& checked = released_checked_[owner];
  for (auto at = roots.upper_bound(checked); at != roots.end() && at->first <= first.leaves.size();
       ++at) {
    expect(first.tree.root(at->first) == at->second,
           "the checkpoint of size " + std::to_string(at->first) + " that member " +
               std::to_string(owner) + " released is no prefix of its log");
    checked = at->first;
  }
}

void Oracle::disk_lost(std::size_t member, bool all) {
  for (std::size_t owner = 0; owner < federation_.charter().members.size(); ++owner) {
    held_.erase({member, owner});
  }
  recovering_.insert(member);
  auto& answers = answered_[member];
  const std::uint64_t signed_size =
      released_[member].empty() ? 0 : released_[member].rbegin()->first;
  must_tell_.erase(member);
  if (all && signed_size > 0) {
    must_tell_[member] = signed_size;
  }
  for (auto at = answers.begin(); at != answers.end();) {
    if (at->second.level == AckLevel::kStored && at->second.index >= signed_size) {
      at = answers.erase(at);
      ++forgiven_;
    } else {
      ++at;
    }
  }
}

Oracle::Sizes Oracle::whole_federation() const {
  Sizes sizes;
  for (const auto& [owner, log] : first_seen_) {
    sizes[owner] = log.leaves.size();
  }
  for (const auto& [owner, answers] : answered_) {
    for (const auto& [leaf, answer] : answers) {
      sizes[owner] = std::max(sizes[owner], answer.index + 1);
    }
  }
  return sizes;
}

bool Oracle::holds(const std::vector<MemberNode*>& nodes, const Sizes& sizes) const {
  return std::all_of(nodes.begin(), nodes.end(), [&](MemberNode* node) {
    return std::all_of(sizes.begin(), sizes.end(), [&](const auto& log) {
      const auto held = held_.find({node->index(), log.first});
      return held != held_.end() && held->second.leaves.size() >= log.second;
    });
  });
}

namespace {

/// Everything a reader could learn of the logs, as text.
std::string describe(const LedgerState& state, const Charter& charter) {
  std::string text;
  for (const auto& [id, record] : state.records.records) {
    text += boost::json::serialize(record_to_json(record, *state.catalogue));
    text += '\n';
  }
  text += boost::json::serialize(facts_file_to_json(*state.world, state.facts));
  for (const Document& document : *state.documents) {
    text += "\n" + document.kind + " " + document.digest.hex();
    if (document.kind == "pack") {
      for (const char* period : {"2025", "2026"}) {
        const auto report = compute_figures(charter, state, {document.id, period, "", ""});
        text += "\n" + (report ? report->report : report.error().message);
      }
    }
  }
  return text;
}

}  // namespace

void Oracle::compare_states(const std::vector<MemberNode*>& nodes) {
  Cut cut;
  for (std::size_t owner = 0; owner < federation_.charter().members.size(); ++owner) {
    const std::string& origin = federation_.member(owner).origin;
    std::optional<CutLog> least;
    bool everywhere = honest(owner);
    for (MemberNode* node : nodes) {
      const auto note = node->store().cosigned(*node->store().known_number(origin));
      const auto parsed = note ? parse_checkpoint(*note) : Result<SignedCheckpoint>(note.error());
      everywhere = everywhere && parsed;
      if (everywhere && (!least || parsed->checkpoint.size < least->checkpoint.size)) {
        least = CutLog{parsed->checkpoint, *note};
      }
    }
    if (everywhere && least) {
      cut.logs.push_back(*std::move(least));
    } else {
      cut.missing.push_back(origin);
    }
  }
  std::sort(cut.logs.begin(), cut.logs.end(), [](const CutLog& a, const CutLog& b) {
    return a.checkpoint.origin < b.checkpoint.origin;
  });
  std::sort(cut.missing.begin(), cut.missing.end());
  // Two of them, others every time: what the nodes hold is compared entry by entry elsewhere.
  ++comparisons_;
  std::optional<Digest> common;
  for (std::size_t i = 0; i < std::min<std::size_t>(nodes.size(), 2); ++i) {
    MemberNode* node = nodes[(comparisons_ + i) % nodes.size()];
    const Digest state = state_of(*node, cut);
    expect(!common || *common == state, "member " + std::to_string(node->index()) +
                                            " computes another state of a cut than others");
    states_compared_ += common ? 1 : 0;
    common = state;
  }
}

Digest Oracle::state_of(MemberNode& node, const Cut& cut) {
  Store& store = node.store();
  std::vector<std::vector<Bytes>> envelopes;
  std::vector<LogContents> logs;
  for (const CutLog& log : cut.logs) {
    std::vector<Bytes>& entries = envelopes.emplace_back();
    const auto scanned = store.scan(*store.known_number(log.checkpoint.origin), 0,
                                    log.checkpoint.size, [&](std::uint64_t, BytesView bytes) {
                                      entries.push_back(to_bytes(bytes));
                                      return true;
                                    });
    expect(scanned.ok(), "entries of " + log.checkpoint.origin + " cannot be read");
    LogContents& contents = logs.emplace_back();
    contents.origin = log.checkpoint.origin;
    contents.size = log.checkpoint.size;
    for (std::uint64_t i = 0; i < entries.size(); ++i) {
      contents.entries.push_back({i, entries[i]});
    }
  }
  const auto state = build_state(federation_.charter(), cut, logs, nullptr);
  expect(state.ok(), "no state at a cut of member " + std::to_string(node.index()) + ": " +
                         (state ? "" : state.error().message));
  return sha256(as_bytes(describe(*state, federation_.charter())));
}

std::string Oracle::not_converged(const std::vector<MemberNode*>& nodes) {
  for (std::size_t owner = 0; owner < federation_.charter().members.size(); ++owner) {
    const std::string& origin = federation_.member(owner).origin;
    // Only what a whole checkpoint covers can prove anything: half of a branch that its owner
    // withholds the rest of cannot be shown to belong to what it signed.
    std::vector<std::span<const Digest>> sides;
    std::size_t blind = 0;  // nodes that hold a side of the log and know of no other
    bool fork = false;
    std::string stands;
    for (MemberNode* node : nodes) {
      const std::string where =
          "member " + std::to_string(node->index()) + ", log of " + std::to_string(owner);
      const LogNumber log = *node->store().known_number(origin);
      const Held& held = held_[{node->index(), owner}];
      if (honest(owner)) {
        const std::uint64_t whole = first_seen_[owner].leaves.size();
        if (held.leaves.size() != whole) {
          return where + ": " + std::to_string(held.leaves.size()) + " entries of " +
                 std::to_string(whole);
        }
        const auto note = parse_checkpoint(*node->store().cosigned(log));
        if (whole > 0 && (!note || note->checkpoint.size != whole)) {
          return where + ": cosigned up to " + std::to_string(note ? note->checkpoint.size : 0) +
                 " of " + std::to_string(whole);
        }
        continue;
      }
      const bool knows = node->store().quarantine(origin)->has_value();
      blind += knows ? 0 : 1;
      const LogHead head = *node->store().head(log);
      const auto target = parse_checkpoint(head.target);
      stands += "; " + where + ": " + std::to_string(head.size) + " entries of " +
                std::to_string(target ? target->checkpoint.size : 0) +
                (head.checkpoint == head.target ? "" : ", unfinished") + (knows ? ", knows" : "");
      const auto whole = parse_checkpoint(head.checkpoint);
      const std::span<const Digest> side =
          std::span(held.leaves).first(whole ? whole->checkpoint.size : 0);
      for (const std::span<const Digest> other : sides) {
        const std::size_t common = std::min(side.size(), other.size());
        fork = fork || !std::equal(side.begin(), side.begin() + static_cast<std::ptrdiff_t>(common),
                                   other.begin());
      }
      sides.push_back(side);
    }
    if (fork && blind > 0) {
      return "the fork of member " + std::to_string(owner) + " is held on both sides, and " +
             std::to_string(blind) + " members do not know" + stands;
    }
  }
  return {};
}

void Oracle::final_check(const std::vector<MemberNode*>& nodes) {
  for (MemberNode* node : nodes) {
    look(*node, true);
  }
  for (const auto& [owner, from] : must_tell_) {
    bool told = false;
    for (MemberNode* node : nodes) {
      const LogNumber log = *node->store().known_number(federation_.member(owner).origin);
      // A disk whose bits have rotted says so and tells nothing; any other member's will do.
      (void)node->store().scan_index(Store::Index::kType, "log-recovery", {log, from},
                                     [&, begin = from](EventPlace place) {
                                       told = told || (place.log == log && place.index >= begin);
                                       return false;
                                     });
    }
    expect(told, "the log of member " + std::to_string(owner) +
                     " does not say that it was taken back after entry " + std::to_string(from));
  }
  for (const Receipt& receipt : receipts_) {
    check_receipt(receipt);
    const auto proof = parse_tlog_proof(receipt.text);
    const std::vector<Digest>& leaves = first_seen_[receipt.owner].leaves;
    expect(proof->index < leaves.size() && leaves[proof->index] == receipt.leaf,
           "a receipt of member " + std::to_string(receipt.owner) + " is for entry " +
               std::to_string(proof->index) + ", and the log has another there");
  }
  for (const auto& [owner, log] : first_seen_) {
    const std::span<const Digest> leaves(log.leaves);
    for (const auto& [size, root] : released_[owner]) {
      expect(size <= leaves.size(), "the checkpoint of size " + std::to_string(size) +
                                        " that member " + std::to_string(owner) +
                                        " released covers more than there is");
    }
    // The reference is slow: the last ones and a few others stand for all, which were compared
    // with the tree when they came.
    std::size_t left = 12;
    for (auto at = released_[owner].rbegin(); at != released_[owner].rend() && left > 0;
         ++at, --left) {
      expect(reference::mth(leaves.first(at->first)) == at->second,
             "a released checkpoint is no prefix of the final log");
    }
    for (const auto& [leaf, answer] : answered_[owner]) {
      const bool there = answer.level == AckLevel::kStored
                             ? log.all.contains(leaf)
                             : answer.index < leaves.size() && leaves[answer.index] == leaf;
      expect(there, "event " + std::to_string(answer.index) + " of member " +
                        std::to_string(owner) + ", answered for as " + name(answer.level) +
                        ", is not in the final log");
    }
  }
}

}  // namespace hefu::simulation
