#include "ledger/verdict/fork_verdict.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/json.hpp>

#include "ledger/cut/cut.h"

namespace hefu {

namespace json = boost::json;

namespace {

json::object to_json(const Checkpoint& checkpoint) {
  return {{"size", checkpoint.size}, {"root", checkpoint.root.hex()}};
}

}  // namespace

ForkTrust trust_charter(Charter charter) {
  ForkTrust trusted;
  for (const Member& member : charter.members) {
    for (VerifierKey& key : log_keys_of(member)) {
      trusted.keys.push_back(std::move(key));
    }
  }
  for (const Member& past : charter.ended) {
    for (VerifierKey& key : log_keys_of(past)) {
      trusted.keys.push_back(std::move(key));
    }
  }
  trusted.charter = std::move(charter);
  return trusted;
}

ForkVerdict judge_fork(std::string_view text, const ForkTrust& trusted) {
  ForkVerdict judgement;
  const auto proof = parse_fork_proof(text);
  const auto first = proof ? parse_checkpoint(proof->first) : Result<SignedCheckpoint>(Error{});
  if (!proof || !first) {
    judgement.why_not = proof ? first.error().during("fork proof, first checkpoint").message
                              : proof.error().message;
    return judgement;
  }
  judgement.origin = first->checkpoint.origin;
  std::vector<VerifierKey> keys;
  std::copy_if(trusted.keys.begin(), trusted.keys.end(), std::back_inserter(keys),
               [&](const VerifierKey& key) { return key.name == judgement.origin; });
  if (keys.empty()) {
    judgement.why_not =
        "it speaks of the log " + judgement.origin + ", whose key is not known here";
    judgement.verdict = Judgement::kIncomplete;
    return judgement;
  }
  judgement.key = keys.front();
  if (trusted.charter) {
    judgement.owner = trusted.charter->by_origin(judgement.origin);
  }
  const auto fork = verify_fork_proof(*proof, keys);
  if (!fork) {
    judgement.why_not = fork.error().message;
    return judgement;
  }
  judgement.fork = *fork;
  judgement.second_root = proof->prefix;
  judgement.verdict = Judgement::kGood;
  return judgement;
}

json::object to_json(const ForkVerdict& judgement) {
  const char* verdict = judgement.fork                                ? "proven"
                        : judgement.verdict == Judgement::kIncomplete ? "unknown-log"
                                                                      : "not-proven";
  json::object object{{"verdict", verdict}, {"origin", judgement.origin}};
  if (judgement.owner != nullptr) {
    object["member"] = judgement.owner->id;
  }
  if (judgement.fork) {
    object["first"] = to_json(judgement.fork->first);
    object["second"] = to_json(judgement.fork->second);
    object["second_root_at_first_size"] = judgement.second_root->hex();
  } else {
    object["reason"] = judgement.why_not;
  }
  return object;
}

}  // namespace hefu
