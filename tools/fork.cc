#include "tools/fork.h"

#include <iostream>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "ledger/verdict/fork_verdict.h"
#include "node/files.h"
#include "tools/exit_code.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/whole_log.h"

namespace hefu {

namespace json = boost::json;

namespace {

Result<ForkTrust> trust_for(const Context& context, const ForkVerify& options) {
  ForkTrust trusted;
  if (!options.trust.empty() || options.vkeys.empty()) {
    Result<Charter> charter = Error{};
    if (!options.trust.empty()) {
      charter = read_charter(options.trust);
    } else {
      auto home = Home::open(context);
      charter = home ? home->charter() : Result<Charter>(home.error());
    }
    if (!charter) {
      Error error = charter.error();
      if (options.trust.empty()) {
        error.hint = "name the charter you know with --trust, or the log's key with --vkey";
      }
      return error;
    }
    trusted = trust_charter(*std::move(charter));
  }
  for (const std::string& text : options.vkeys) {
    auto key = VerifierKey::parse(text);
    if (!key) {
      return key.error().during("--vkey");
    }
    trusted.keys.push_back(*std::move(key));
  }
  return trusted;
}

void print_judgement(const ForkVerdict& judgement) {
  if (!judgement.fork) {
    if (judgement.verdict == Judgement::kIncomplete) {
      std::cout << "? " << judgement.why_not
                << "\nNOT JUDGED: name the charter with --trust, or the log's key with --vkey.\n";
    } else {
      std::cout << "✗ " << judgement.why_not
                << "\nNOT PROVEN: this file convicts nobody. It does not acquit anybody either.\n";
    }
    return;
  }
  const Checkpoint& first = judgement.fork->first;
  const Checkpoint& second = judgement.fork->second;
  std::cout << "✓ log      " << judgement.origin;
  if (judgement.owner != nullptr) {
    std::cout << "  of " << judgement.owner->name_zh << " (" << judgement.owner->id << ")";
  }
  std::cout << "\n✓ key      " << judgement.key->text() << "\n✓ signed   " << first.size
            << " entries with root " << first.root.hex() << "\n✓ signed   " << second.size
            << " entries with root " << second.root.hex() << "\n";
  if (first.size == second.size) {
    std::cout << "✓ so       one size, two roots: the log showed two histories\n";
  } else {
    std::cout << "✓ so       the first " << first.size << " of these " << second.size
              << " have root " << judgement.second_root->hex()
              << ":\n           not the one signed for that size, the log showed two histories\n";
  }
  std::cout << "PROVEN: whoever holds this log's key signed both; nobody else need be trusted for "
               "it.\nNot proven: who held the key, and which history is true, if either is. No "
               "other log is touched.\n";
}

int show(const Context& context, const ForkVerdict& judgement) {
  if (context.json) {
    print_json(to_json(judgement), false);
  } else {
    print_judgement(judgement);
  }
  return exit_code(judgement.verdict);
}

/// A proof as a node gives it, and what to judge it with.
struct Fetched {
  std::string text;
  ForkTrust trusted;
};

Result<Fetched> fetch_proof(const Context& context, const std::string& wanted,
                            const std::string& trust) {
  auto node = open_node(context);
  if (!node) {
    return node.error();
  }
  Result<Charter> charter = Error{};
  if (!trust.empty()) {
    charter = read_charter(trust);
  } else if (auto home = Home::open(context)) {
    charter = home->charter();
  } else {
    auto note = node->get("/v1/charter");
    charter = note ? parse_charter(as_text(*note)) : Result<Charter>(note.error());
  }
  // Log keys may have been replaced since the founding: what is in force is read from the logs.
  auto in_force = charter ? verified_charter(*node, *charter) : Result<Charter>(charter.error());
  if (!in_force) {
    return in_force.error();
  }
  ForkTrust trusted = trust_charter(*std::move(in_force));
  auto member = find_member(*trusted.charter, wanted);
  if (!member) {
    return member.error();
  }
  auto text = node->get("/v1/forks/" + member->domain + "/proof");
  if (!text) {
    return text.error();
  }
  return Fetched{std::string(as_text(*text)), std::move(trusted)};
}

}  // namespace

int run(Context& context, const ForkVerify& options) {
  const auto trusted = trust_for(context, options);
  if (!trusted) {
    return report(context, trusted.error());
  }
  const auto text = read_file(options.file, kForkProofBytesMax);
  if (!text) {
    return report(context, text.error());
  }
  return show(context, judge_fork(*text, *trusted));
}

int run(Context& context, const ForkList& /*options*/) {
  auto node = open_node(context);
  auto document = node ? node->get_json("/v1/forks") : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  if (context.json || !document->is_object()) {
    print_json(*document, false);
    return kExitOk;
  }
  const json::array& forks = array_at(document->as_object(), "forks");
  for (const json::value& item : forks) {
    const json::object& fork = item.as_object();
    std::cout << text_at(fork, "origin") << "  " << text_at(fork, "member") << "  since "
              << text_at(fork, "since") << "\n  " << text_at(fork, "detail")
              << "\n  kept here: " << json::serialize(fork.at("kept_entries"))
              << " entries, cosigned by a quorum: " << json::serialize(fork.at("cosigned_entries"))
              << "\n";
  }
  if (forks.empty()) {
    std::cout << "this node holds no proof of a fork\n";
  }
  return kExitOk;
}

int run(Context& context, const ForkShow& options) {
  const auto fetched = fetch_proof(context, options.member, options.trust);
  return fetched ? show(context, judge_fork(fetched->text, fetched->trusted))
                 : report(context, fetched.error());
}

int run(Context& context, const ForkExport& options) {
  const auto fetched = fetch_proof(context, options.member, options.trust);
  if (!fetched) {
    return report(context, fetched.error());
  }
  const ForkVerdict judgement = judge_fork(fetched->text, fetched->trusted);
  if (judgement.fork) {
    if (auto written = write_file_atomically(options.out, fetched->text, FileMode::kShared);
        !written) {
      return report(context, written.error());
    }
  }
  const int code = show(context, judgement);
  if (judgement.fork && !context.json) {
    std::cout << "written to " << options.out << "; anybody verifies it with: hefu fork verify "
              << options.out << " --trust <charter>\n";
  }
  return code;
}

}  // namespace hefu
