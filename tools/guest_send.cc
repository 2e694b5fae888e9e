#include "tools/guest_send.h"

#include <chrono>
#include <thread>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "ledger/log/tlog_proof.h"
#include "tools/guest/format.h"
#include "tools/json.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr const char* kEnvelopesType = "application/x-hefu-envelopes";

}  // namespace

Result<GuestReceiptFile> send_answer(HttpClient& node, const std::string& path,
                                     const GuestAnswerFile& answer) {
  Bytes body;
  for (const Bytes& envelope : answer.envelopes) {
    append_be(body, static_cast<std::uint16_t>(envelope.size()));
    append(body, envelope);
  }
  auto sent = node.post(path, kEnvelopesType, body);
  if (!sent) {
    return sent.error().code == Errc::kUnavailable && sent.error().message.starts_with("no answer")
               ? Error{Errc::kUnavailable, "no answer from the host's node",
                       "nothing is lost: try again, the same answer is sent"}
               : sent.error();
  }
  const auto document = parse_json(as_text(*sent), kGuestFileBytesMax);
  const json::object* object = document ? document->if_object() : nullptr;
  const json::array* receipts = object == nullptr ? nullptr : &array_at(*object, "receipts");
  if (receipts == nullptr || receipts->size() != answer.envelopes.size()) {
    return Error{Errc::kUnverified, "the host's answer is no promise", "keep what you signed"};
  }
  GuestReceiptFile receipt;
  receipt.charter = answer.charter;
  receipt.host = answer.host;
  receipt.record = answer.record;
  receipt.envelope = answer.envelopes.back();
  receipt.promise = text_at(receipts->back().as_object(), "promise");
  if (auto checked = check_receipt(receipt, std::nullopt); !checked) {
    return checked.error().during("the host's promise");
  }
  return receipt;
}

Result<bool> complete_receipt(HttpClient& node, const CheckedReceipt& checked,
                              GuestReceiptFile* receipt) {
  auto text = node.get("/v1/events/" + checked.promise.event.hex() + "/proof");
  if (!text) {
    return text.error().code == Errc::kNotFound || text.error().code == Errc::kUnavailable
               ? Result<bool>(false)
               : Result<bool>(text.error());
  }
  const auto proof = parse_tlog_proof(as_text(*text));
  const auto verified =
      proof ? verify_tlog_proof(*proof, checked.promise.leaf, checked.policy) : proof.error();
  if (!verified) {
    return verified.error().during("the proof the node gave");
  }
  receipt->proof = std::string(as_text(*text));
  return true;
}

Result<bool> await_proof(HttpClient& node, GuestReceiptFile* receipt, std::int64_t seconds) {
  constexpr std::chrono::milliseconds kPause{500};
  const auto checked = check_receipt(*receipt, std::nullopt);
  if (!checked) {
    return checked.error();
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  for (;;) {
    auto complete = complete_receipt(node, *checked, receipt);
    if (!complete || *complete || std::chrono::steady_clock::now() >= end) {
      return complete;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace hefu
