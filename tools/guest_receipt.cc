// What a guest, or anybody it shows its receipt to, holds against a host.

#include <chrono>
#include <iostream>

#include <boost/json.hpp>

#include "ledger/log/drop_proof.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/tree.h"
#include "node/files.h"
#include "tools/guest.h"
#include "tools/guest/format.h"
#include "tools/guest/receipt.h"
#include "tools/guest_send.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

std::string text_of(std::uint64_t seconds) {
  return Moment{static_cast<std::int64_t>(seconds) * 1000}.text();
}

Result<std::optional<Charter>> trusted(const std::string& file) {
  if (file.empty()) {
    return std::optional<Charter>();
  }
  auto charter = read_charter(file);
  return charter ? Result<std::optional<Charter>>(*std::move(charter)) : charter.error();
}

int say(const Context& context, const std::string& verdict, const std::string& more, int code) {
  if (context.json) {
    print_json(json::object{{"verdict", verdict}, {"detail", more}}, false);
  } else {
    std::cout << verdict << ": " << more << "\n";
  }
  return code;
}

/// Whether a quorum has seen this checkpoint after the deadline; none if it holds at all not.
Result<bool> is_after_deadline(const CheckedReceipt& checked, std::string_view checkpoint) {
  const auto accepted = accept_checkpoint(checkpoint, checked.policy);
  if (!accepted) {
    return accepted.error().during("the node's checkpoint of the host's log");
  }
  std::vector<Cosignature> late = accepted->cosignatures;
  std::erase_if(late, [&](const Cosignature& one) { return one.time <= checked.promise.by; });
  return checked.policy.is_met(late);
}

/// The event is not in what this node knows of the host's log.
int judge_absence(const Context& context, HttpClient& node, const CheckedReceipt& checked,
                  const GuestReceiptFile& receipt, const std::string& out) {
  const std::string deadline = text_of(checked.promise.by);
  const auto note = node.get("/log/" + checked.host.log_name() + "/checkpoint");
  if (!note) {
    return report(context, note.error());
  }
  const auto late = is_after_deadline(checked, as_text(*note));
  if (!late) {
    return report(context, late.error());
  }
  if (!*late) {
    const bool passed = static_cast<std::uint64_t>(system_now().ms / 1000) > checked.promise.by;
    return say(context, passed ? "silent" : "promised",
               passed ? "the deadline " + deadline +
                            " has passed, but no quorum has seen the host's log since: ask again, "
                            "or another member"
                      : "the host has time until " + deadline,
               kExitIncomplete);
  }
  const auto checkpoint = parse_checkpoint(as_text(*note));
  if (!checkpoint) {
    return report(context, checkpoint.error());
  }
  TileNodes nodes(checkpoint->checkpoint.size, [&](const TileId& tile) {
    return node.get("/log/" + checked.host.log_name() + "/" + tile.path());
  });
  const auto proof = make_drop_proof(receipt.promise, std::string(as_text(*note)), checked.log_key,
                                     checked.policy, {}, nodes.reader());
  if (nodes.failure()) {
    return report(context, *nodes.failure());
  }
  if (!proof) {
    return report(context, proof.error());
  }
  if (auto ok = write_file_atomically(out, proof->text(), FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  return say(context, "dropped",
             checked.host.name_zh + " promised the event by " + deadline +
                 ", and it is not in its log. The proof anybody can check: " + out,
             kExitBad);
}

}  // namespace

int run(Context& context, const GuestReceiptVerify& options) {
  const auto text = read_file(options.file, kGuestFileBytesMax);
  auto receipt = text ? GuestReceiptFile::parse(*text) : Result<GuestReceiptFile>(text.error());
  auto charter = receipt ? trusted(options.charter) : receipt.error();
  if (!charter) {
    return report(context, charter.error());
  }
  const auto checked = check_receipt(*receipt, *std::move(charter));
  if (!checked) {
    return report(context, checked.error());
  }
  if (receipt->proof.empty() && !context.node.empty()) {
    auto node = open_node(context);
    const auto complete = node ? complete_receipt(*node, *checked, &*receipt) : node.error();
    if (!complete) {
      return report(context, complete.error());
    }
    if (!*complete) {
      return judge_absence(context, *node, *checked, *receipt,
                           options.out.empty() ? options.file + ".dropped" : options.out);
    }
    if (auto ok = write_file_atomically(options.file, receipt->text(), FileMode::kShared); !ok) {
      return report(context, ok.error());
    }
  }
  if (receipt->proof.empty()) {
    return say(context, "promised",
               checked->host.name_zh + " promised on " + text_of(checked->promise.made) +
                   " that the event will be in its log by " + text_of(checked->promise.by) +
                   "; ask any member with --node-url whether it is",
               kExitIncomplete);
  }
  const auto proof = parse_tlog_proof(receipt->proof);
  const auto verified =
      proof ? verify_tlog_proof(*proof, checked->promise.leaf, checked->policy) : proof.error();
  if (!verified) {
    return report(context, verified.error());
  }
  return say(context, "proved",
             "event " + checked->promise.event.hex() + " stands at index " +
                 std::to_string(proof->index) + " of the log of " + checked->host.name_zh +
                 ", seen there by " + std::to_string(verified->cosignatures.size()) +
                 " other members of " + checked->charter.name,
             kExitOk);
}

int run(Context& context, const GuestDropVerify& options) {
  const auto text = read_file(options.file, kDropProofBytesMax);
  const auto proof = text ? parse_drop_proof(*text) : Result<DropProof>(text.error());
  const auto charter = proof ? read_charter(options.charter) : Result<Charter>(proof.error());
  if (!charter) {
    return report(context, charter.error());
  }
  const auto promise = parse_promise(proof->promise);
  const Member* host = promise ? charter->by_origin(promise->origin) : nullptr;
  if (host == nullptr) {
    return report(context,
                  Error{Errc::kUnverified, "the promise is not that of a member's log", ""});
  }
  const auto log_key = VerifierKey::parse(host->log_vkey());
  const auto policy = member_policy(*charter, *host);
  const auto broken = log_key && policy
                          ? verify_drop_proof(*proof, *log_key, *policy)
                          : Result<Promise>(policy ? log_key.error() : policy.error());
  if (!broken) {
    return report(context, broken.error());
  }
  return say(context, "proved",
             host->name_zh + " promised event " + broken->event.hex() + " by " +
                 text_of(broken->by) +
                 ", and a quorum saw its log later without it. Only a .tlog-proof of that event, "
                 "cosigned before, would refute this",
             kExitOk);
}

}  // namespace hefu
