#include "tools/guest/receipt.h"

#include <span>
#include <utility>
#include <vector>

#include "crypto/encoding.h"
#include "ledger/cut/cut.h"
#include "ledger/event/envelope.h"
#include "ledger/merkle/tree.h"
#include "tools/guest/format.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr const char* kReceiptFormat = "hefu/guest-receipt/v1";

}  // namespace

std::string GuestReceiptFile::text() const {
  const auto decoded = decode_envelope(envelope);
  return json::serialize(json::object{
             {"format", kReceiptFormat},
             {"charter", charter},
             {"host", host},
             {"record", record},
             {"event", decoded ? decoded->id().hex() : ""},
             {"envelope", base64_encode(envelope)},
             {"promise", promise},
             {"proof", proof.empty() ? json::value(nullptr) : json::value(json::string(proof))}}) +
         "\n";
}

Result<GuestReceiptFile> GuestReceiptFile::parse(std::string_view text) {
  const auto object = read_guest_file(text, kReceiptFormat, "guest's receipt");
  if (!object) {
    return object.error();
  }
  GuestReceiptFile receipt;
  receipt.charter = text_of(*object, "charter");
  receipt.host = text_of(*object, "host");
  receipt.record = text_of(*object, "record");
  receipt.promise = text_of(*object, "promise");
  receipt.proof = text_of(*object, "proof");
  const auto envelope = base64_decode(text_of(*object, "envelope"));
  if (!envelope || envelope->empty() || receipt.promise.empty()) {
    return not_a("complete receipt: envelope or promise is missing");
  }
  receipt.envelope = *envelope;
  return receipt;
}

Result<Policy> member_policy(const Charter& charter, const Member& member) {
  const auto log_key = VerifierKey::parse(member.log_vkey());
  if (!log_key) {
    return log_key.error();
  }
  const std::vector<VerifierKey> witnesses = witnesses_for(charter, member);
  return Policy::parse(k_of_n_policy(std::span(&*log_key, 1), witnesses, charter.quorum));
}

Result<CheckedReceipt> check_receipt(const GuestReceiptFile& receipt,
                                     std::optional<Charter> trusted) {
  CheckedReceipt checked;
  if (trusted) {
    checked.charter = *std::move(trusted);
  } else {
    auto inside = parse_charter(receipt.charter);
    if (!inside) {
      return inside.error().during("the charter in the receipt");
    }
    checked.charter = *std::move(inside);
  }
  const Member* host = checked.charter.member(receipt.host);
  if (host == nullptr) {
    return Error{Errc::kUnverified,
                 "the host " + receipt.host + " is no member of " + checked.charter.name, ""};
  }
  checked.host = *host;
  const auto log_key = VerifierKey::parse(host->log_vkey());
  auto promise = log_key ? open_promise(receipt.promise, *log_key) : log_key.error();
  if (!promise) {
    return promise.error();
  }
  const auto envelope = decode_envelope(receipt.envelope);
  if (!envelope || promise->leaf != leaf_hash(receipt.envelope) ||
      promise->event != envelope->id().digest) {
    return Error{Errc::kUnverified, "the promise is about another event than the one signed", ""};
  }
  auto policy = member_policy(checked.charter, *host);
  if (!policy) {
    return policy.error();
  }
  checked.promise = *std::move(promise);
  checked.log_key = *log_key;
  checked.policy = *std::move(policy);
  return checked;
}

}  // namespace hefu
