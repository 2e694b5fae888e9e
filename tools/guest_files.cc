#include "tools/guest_files.h"

#include <cstdlib>
#include <utility>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "crypto/key_file.h"
#include "ledger/cut/cut.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "ledger/merkle/tree.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr const char* kReceiptFormat = "hefu/guest-receipt/v1";
constexpr const char* kAnswerFormat = "hefu/guest-answer/v1";

Error not_a(const char* what) {
  return Error{Errc::kInvalid, std::string("this is not a ") + what, ""};
}

/// The file as an object of this format.
Result<json::object> read_format(std::string_view text, const char* format, const char* what) {
  auto value = parse_json(text, kGuestFileBytesMax);
  if (!value) {
    return value.error();
  }
  const json::object* object = value->if_object();
  if (object == nullptr || text_at(*object, "format") != format) {
    return not_a(what);
  }
  return *object;
}

}  // namespace

Result<GuestFolder> GuestFolder::open(const std::string& given) {
  std::filesystem::path path = given;
  if (path.empty()) {
    const char* own = std::getenv("HEFU_GUEST_HOME");  // NOLINT(concurrency-mt-unsafe)
    const char* user = std::getenv("HOME");            // NOLINT(concurrency-mt-unsafe)
    if (own == nullptr && user == nullptr) {
      return Error{Errc::kNotFound, "no folder for the guest's key and receipts",
                   "name one with --guest-home DIR"};
    }
    path =
        own != nullptr ? std::filesystem::path(own) : std::filesystem::path(user) / ".hefu-guest";
  }
  for (const auto& folder : {path, path / "receipts", path / "answers"}) {
    if (auto made = create_private_dir(folder); !made) {
      return made.error();
    }
  }
  return GuestFolder(path);
}

std::filesystem::path GuestFolder::receipt_path(const std::string& event) const {
  return path_ / "receipts" / (event.substr(0, 16) + ".hefu-receipt");
}

std::filesystem::path GuestFolder::answer_path(const std::string& admission) const {
  return path_ / "answers" / (admission.substr(0, 16) + ".hefu-answer");
}

Result<std::string> GuestFolder::guest() const {
  const auto text = read_file(key_path(), kKeyFileBytesMax);
  if (!text) {
    return Error{Errc::kNotFound, "there is no key in " + path_.string(),
                 "`hefu guest open LINK` makes one, or `hefu guest key --party CODE`"};
  }
  return key_file_label(*text);
}

Result<PublicKey> GuestFolder::public_key() const {
  const auto text = read_file(key_path(), kKeyFileBytesMax);
  return text ? key_file_public(*text) : Result<PublicKey>(text.error());
}

Result<SecretKey> GuestFolder::key(const Context& context) const {
  const auto text = read_file(key_path(), kKeyFileBytesMax);
  if (!text) {
    return text.error().during("the guest's key");
  }
  auto words = passphrase(context, false);
  return words ? open_key(*text, words->view()) : Result<SecretKey>(words.error());
}

Result<SecretKey> GuestFolder::key_for(Context& context, const std::string& guest) const {
  if (const auto held = this->guest()) {
    if (*held != guest) {
      return Error{Errc::kConflict, "the key in " + path_.string() + " is that of " + *held,
                   "use another folder for " + guest + ": --guest-home DIR"};
    }
    return key(context);
  }
  auto words = passphrase(context, true);
  if (!words) {
    return words.error();
  }
  SecretKey made = SecretKey::generate(context.entropy);
  const std::string sealed = seal_key(made, guest, words->view(), context.entropy);
  auto written = write_file_atomically(key_path(), sealed, FileMode::kPrivate);
  return written ? Result<SecretKey>(std::move(made)) : Result<SecretKey>(written.error());
}

Result<bool> GuestFolder::meet(const Charter& charter) const {
  const auto path = path_ / ("charter-" + charter.federation.hex().substr(0, 16) + ".note");
  if (std::filesystem::exists(path)) {
    return true;
  }
  auto written = write_file_atomically(path, charter.note, FileMode::kShared);
  return written ? Result<bool>(false) : Result<bool>(written.error());
}

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
  const auto object = read_format(text, kReceiptFormat, "guest's receipt");
  if (!object) {
    return object.error();
  }
  GuestReceiptFile receipt;
  receipt.charter = text_at(*object, "charter");
  receipt.host = text_at(*object, "host");
  receipt.record = text_at(*object, "record");
  receipt.promise = text_at(*object, "promise");
  receipt.proof = text_at(*object, "proof");
  const auto envelope = base64_decode(text_at(*object, "envelope"));
  if (!envelope || envelope->empty() || receipt.promise.empty()) {
    return not_a("complete receipt: envelope or promise is missing");
  }
  receipt.envelope = *envelope;
  return receipt;
}

std::string GuestAnswerFile::text() const {
  json::array list;
  for (const Bytes& envelope : envelopes) {
    list.emplace_back(base64_encode(envelope));
  }
  return json::serialize(json::object{{"format", kAnswerFormat},
                                      {"charter", charter},
                                      {"host", host},
                                      {"record", record},
                                      {"envelopes", std::move(list)}}) +
         "\n";
}

Result<GuestAnswerFile> GuestAnswerFile::parse(std::string_view text) {
  const auto object = read_format(text, kAnswerFormat, "guest's answer");
  if (!object) {
    return object.error();
  }
  GuestAnswerFile answer;
  answer.charter = text_at(*object, "charter");
  answer.host = text_at(*object, "host");
  answer.record = text_at(*object, "record");
  for (const json::value& item : array_at(*object, "envelopes")) {
    const auto bytes = item.is_string() ? base64_decode(item.get_string()) : std::nullopt;
    if (!bytes) {
      return not_a("guest's answer: an envelope is not base64");
    }
    answer.envelopes.push_back(*bytes);
  }
  return answer.envelopes.empty() ? Result<GuestAnswerFile>(not_a("guest's answer: it is empty"))
                                  : Result<GuestAnswerFile>(std::move(answer));
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
