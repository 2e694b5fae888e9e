#include "tools/log.h"

#include <iostream>

#include <boost/json.hpp>

#include "ledger/cut/cut.h"
#include "ledger/cut/epoch_start.h"
#include "ledger/event/envelope.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/tree.h"
#include "ledger/view/signers.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/whole_log.h"

namespace hefu {

namespace json = boost::json;

namespace {

Result<Charter> trusted_charter(const Context& context, HttpClient& node, const std::string& file) {
  if (!file.empty()) {
    return read_charter(file);
  }
  if (auto home = Home::open(context)) {
    return home->charter();
  }
  auto note = node.get("/v1/charter");
  return note ? parse_charter(as_text(*note)) : Result<Charter>(note.error());
}

/// Downloads a log and checks each event's signature, and that the first one of a new epoch says
/// what it continues.
Result<CompactRange> read_whole_log(HttpClient& node, const Charter& charter, const Member& member,
                                    std::uint64_t size) {
  CompactRange range;
  LogSigners signers(charter, member);
  EnvelopeVerifier signatures;
  // Keys certified in its earlier epochs sign in this one. Those certificates are signed events:
  // what proves them is the root key, wherever they come from.
  for (const EndedLog& ended : member.ended_logs) {
    const Member* past = charter.by_origin(ended.origin);
    auto learned = download_log(node, *past, ended.size, [&](std::uint64_t, BytesView entry) {
      const auto envelope = decode_envelope(entry);
      const auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
      if (event) {
        signers.learn(envelope->signer, *event);
      }
      return Result<void>();
    });
    if (!learned) {
      return learned.error().during("log " + ended.origin);
    }
  }
  const auto check = [&](std::uint64_t index, BytesView entry) -> Result<void> {
    auto envelope = decode_envelope(entry);
    auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
    if (!event) {
      return event.error();
    }
    signers.learn(envelope->signer, *event);
    if (index == 0 && !member.ended_logs.empty()) {
      if (auto start = open_epoch_start(member, *envelope, *event); !start) {
        return start.error();
      }
    }
    if (auto signer = signers.verify(*envelope, &signatures); !signer) {
      return signer.error();
    }
    range.append(leaf_hash(entry));
    return {};
  };
  auto read = download_log(node, member, size, check);
  return read ? Result<CompactRange>(std::move(range)) : Result<CompactRange>(read.error());
}

/// The newest checkpoint a node has of a member's log, its cosignatures verified.
struct Head {
  HttpClient node;
  Charter charter;
  Member member;
  std::string note;
  SignedCheckpoint opened;
};

Result<Head> fetch_head(const Context& context, const std::string& wanted,
                        const std::string& charter_file) {
  auto node = open_node(context);
  if (!node) {
    return node.error();
  }
  auto founding = trusted_charter(context, *node, charter_file);
  auto charter = founding ? verified_charter(*node, *founding) : Result<Charter>(founding.error());
  if (!charter) {
    return charter.error();
  }
  auto member = find_member(*charter, wanted);
  if (!member) {
    return member.error();
  }
  auto note = node->get("/log/" + member->log_name() + "/checkpoint");
  if (!note) {
    return note.error();
  }
  auto opened = open_cosigned(*charter, *member, as_text(*note));
  if (!opened) {
    return opened.error();
  }
  return Head{*std::move(node), *std::move(charter), *std::move(member),
              std::string(as_text(*note)), *std::move(opened)};
}

}  // namespace

int run(Context& context, const LogShow& options) {
  auto head = fetch_head(context, options.member, "");
  if (!head) {
    return report(context, head.error());
  }
  if (context.json) {
    print_json(json::object{{"origin", head->opened.checkpoint.origin},
                            {"size", head->opened.checkpoint.size},
                            {"root", head->opened.checkpoint.root.hex()},
                            {"signatures", head->opened.note.signatures.size()},
                            {"checkpoint", head->note}},
               false);
  } else {
    std::cout << head->note;
  }
  return kExitOk;
}

int run(Context& context, const LogVerify& options) {
  auto head = fetch_head(context, options.member, options.charter);
  if (!head) {
    return report(context, head.error());
  }
  const Checkpoint& checkpoint = head->opened.checkpoint;
  auto range = read_whole_log(head->node, head->charter, head->member, checkpoint.size);
  if (!range) {
    Error error = range.error().during("log " + checkpoint.origin);
    if (error.code == Errc::kInvalid) {
      error.code = Errc::kUnverified;
    }
    return report(context, error);
  }
  if (range->root() != checkpoint.root) {
    return report(context,
                  Error{Errc::kUnverified,
                        "log " + checkpoint.origin + ": its " + std::to_string(checkpoint.size) +
                            " entries do not lead to the root its checkpoint signs",
                        "do not rely on this copy; ask another member's node"});
  }
  if (context.json) {
    print_json(json::object{{"origin", checkpoint.origin},
                            {"size", checkpoint.size},
                            {"root", checkpoint.root.hex()},
                            {"witnesses", head->opened.note.signatures.size() - 1},
                            {"verdict", "good"}},
               false);
  } else {
    std::cout << "✓ " << checkpoint.origin << ": " << checkpoint.size
              << " entries, every signature holds, root " << checkpoint.root.hex()
              << "\n✓ checkpoint signed by the log and " << head->opened.note.signatures.size() - 1
              << " witnesses ("
              << (head->member.end ? "its end, as the members decided"
                                   : std::to_string(head->charter.quorum) + " needed")
              << ")\n";
    for (const EndedLog& ended : head->member.ended_logs) {
      std::cout << "✓ continues " << ended.origin << ", of which " << ended.size
                << " entries count: hefu log verify " << head->member.domain << "@"
                << epoch_of(ended.origin) << "\n";
    }
  }
  return kExitOk;
}

}  // namespace hefu
