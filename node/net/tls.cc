#include "node/net/tls.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <string_view>
#include <utility>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "node/net/socket_bio.h"

namespace hefu {
namespace {

/// Bytes of a certificate message. Ours are about 250; a peer has no reason to send more.
constexpr long kCertificateBytesMax = 4096;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

std::string openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(code);
}

Error tls_error(const std::string& doing) {
  return Error{Errc::kIo, "TLS: " + doing + ": " + openssl_error(), ""};
}

// A certificate is only the envelope of the key: no name anybody reads, no clock, no expiry
// (RFC 5280 §4.1.2.5: 99991231235959Z means "never").
Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509* x509 = certificate.get();
  if (x509 == nullptr || X509_set_version(x509, X509_VERSION_3) != 1 ||
      ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) != 1 ||
      ASN1_TIME_set_string(X509_getm_notBefore(x509), "20000101000000Z") != 1 ||
      ASN1_TIME_set_string(X509_getm_notAfter(x509), "99991231235959Z") != 1 ||
      X509_set_pubkey(x509, key) != 1) {
    return nullptr;
  }
  static constexpr unsigned char kName[] = "hefu node";
  X509_NAME* subject = X509_get_subject_name(x509);
  if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, kName, -1, -1, 0) != 1 ||
      X509_set_issuer_name(x509, subject) != 1 || X509_sign(x509, key, nullptr) == 0) {
    return nullptr;
  }
  return certificate;
}

std::optional<PublicKey> ed25519_key(X509* certificate) {
  EVP_PKEY* key = certificate == nullptr ? nullptr : X509_get0_pubkey(certificate);
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) {
    return std::nullopt;
  }
  PublicKey found;
  std::size_t size = found.bytes.size();
  if (EVP_PKEY_get_raw_public_key(key, found.bytes.data(), &size) != 1 ||
      size != found.bytes.size()) {
    return std::nullopt;
  }
  return found;
}

constexpr std::size_t kAlpnSize = sizeof(kPeerProtocol) - 1;

int select_peer_protocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size,
                         const unsigned char* offered, unsigned int offered_size, void* /*self*/) {
  for (unsigned int at = 0; at < offered_size; at += 1U + offered[at]) {
    if (offered[at] == kAlpnSize && at + kAlpnSize < offered_size &&
        std::memcmp(offered + at + 1, kPeerProtocol, kAlpnSize) == 0) {
      *out = offered + at + 1;
      *out_size = static_cast<unsigned char>(kAlpnSize);
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

Refusal refusal_of(int reason) {
  switch (reason) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return Refusal::kNoCertificate;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return Refusal::kOldTls;
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
      return Refusal::kNotTls;
    default:
      return Refusal::kBroken;
  }
}

}  // namespace

TlsContext::TlsContext(Side side)
    : side_(side),
      context_(SSL_CTX_new(side == Side::kServer ? TLS_server_method() : TLS_client_method())) {
  HEFU_ASSERT(context_ != nullptr);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context_, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_num_tickets(context_, 0);
  SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context_, 1);  // one recv for a record instead of two
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

Result<void> TlsContext::install_identity(const SecretKey& identity) {
  const auto seed = identity.seed();
  const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  if (key == nullptr) {
    return tls_error("reading the node key");
  }
  const Certificate certificate = self_signed(key.get());
  if (certificate == nullptr || SSL_CTX_use_certificate(context_, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context_, key.get()) != 1) {
    return tls_error("wrapping the node key in a certificate");
  }
  return {};
}

int TlsContext::verify_pin(void* store_context, void* self) {
  auto* store = static_cast<X509_STORE_CTX*>(store_context);
  const auto* context = static_cast<const TlsContext*>(self);
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* session = static_cast<TlsSession*>(SSL_get_app_data(ssl));
  const auto key = ed25519_key(X509_STORE_CTX_get0_cert(store));
  const bool proper = key && is_acceptable(*key);
  if (proper && context->accept_(*key)) {
    session->peer_key_ = key;
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
  }
  session->pin_refused_ = true;
  session->refusal_ = proper ? Refusal::kUnknownKey : Refusal::kBadCertificate;
  X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
  return 0;
}

Result<std::shared_ptr<const TlsContext>> TlsContext::peer(Side side, const SecretKey& identity,
                                                           AcceptKey accept) {
  HEFU_ASSERT(accept != nullptr);
  const std::shared_ptr<TlsContext> made(new TlsContext(side));
  made->accept_ = std::move(accept);
  SSL_CTX* context = made->context_;
  if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set1_groups_list(context, "X25519") != 1 ||
      SSL_CTX_set1_sigalgs_list(context, "ed25519") != 1) {
    return tls_error("configuring the peer transport");
  }
  SSL_CTX_set_max_cert_list(context, kCertificateBytesMax);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(
      context, [](X509_STORE_CTX* store, void* self) { return verify_pin(store, self); },
      made.get());
  if (side == Side::kServer) {
    SSL_CTX_set_alpn_select_cb(context, select_peer_protocol, nullptr);
  } else {
    Bytes offered{static_cast<std::uint8_t>(kAlpnSize)};
    append(offered, std::string_view(kPeerProtocol));
    if (SSL_CTX_set_alpn_protos(context, offered.data(),
                                static_cast<unsigned int>(offered.size())) != 0) {
      return tls_error("naming the peer protocol");
    }
  }
  if (auto installed = made->install_identity(identity); !installed) {
    return installed.error();
  }
  return std::shared_ptr<const TlsContext>(made);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::https(const std::string& chain_file,
                                                            const std::string& key_file) {
  const std::shared_ptr<TlsContext> made(new TlsContext(Side::kServer));
  ERR_clear_error();
  if (SSL_CTX_set_min_proto_version(made->context_, TLS1_2_VERSION) != 1 ||
      SSL_CTX_use_certificate_chain_file(made->context_, chain_file.c_str()) != 1) {
    return tls_error("certificate chain " + chain_file);
  }
  if (SSL_CTX_use_PrivateKey_file(made->context_, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(made->context_) != 1) {
    return tls_error("private key " + key_file);
  }
  return std::shared_ptr<const TlsContext>(made);
}

TlsSession::TlsSession(std::shared_ptr<const TlsContext> context, int socket)
    : context_(std::move(context)), ssl_(SSL_new(context_->context_)) {
  HEFU_ASSERT(ssl_ != nullptr);
  SSL_set_app_data(ssl_, this);
  BIO* bio = new_socket_bio(socket);
  SSL_set_bio(ssl_, bio, bio);
  if (context_->side_ == TlsContext::Side::kServer) {
    SSL_set_accept_state(ssl_);
  } else {
    SSL_set_connect_state(ssl_);
  }
}

TlsSession::~TlsSession() {
  SSL_free(ssl_);
}

TlsSession::Step TlsSession::handshake() {
  ERR_clear_error();
  const Step step = after(SSL_do_handshake(ssl_));
  if (step != Step::kDone || !context_->accept_) {
    return step;
  }
  const unsigned char* protocol = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_, &protocol, &size);
  if (size != kAlpnSize || std::memcmp(protocol, kPeerProtocol, kAlpnSize) != 0) {
    failure_ = std::string("the other side does not speak ") + kPeerProtocol;
    refusal_ = Refusal::kOldTls;
    broken_ = true;
    return Step::kFailed;
  }
  return Step::kDone;
}

TlsSession::Step TlsSession::read(std::span<std::uint8_t> into, std::size_t& count) {
  count = 0;
  if (broken_) {
    return Step::kClosed;
  }
  ERR_clear_error();
  return after(SSL_read_ex(ssl_, into.data(), into.size(), &count));
}

TlsSession::Step TlsSession::write(BytesView from, std::size_t& count) {
  count = 0;
  if (broken_) {
    return Step::kClosed;
  }
  ERR_clear_error();
  return after(SSL_write_ex(ssl_, from.data(), from.size(), &count));
}

void TlsSession::shutdown() {
  if (!broken_ && SSL_is_init_finished(ssl_) == 1) {
    ERR_clear_error();
    SSL_shutdown(ssl_);
  }
}

TlsSession::Step TlsSession::after(int result) {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_NONE:
      return Step::kDone;
    case SSL_ERROR_WANT_READ:
      return Step::kWantRead;
    case SSL_ERROR_WANT_WRITE:
      return Step::kWantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return Step::kClosed;
    case SSL_ERROR_SYSCALL:
      broken_ = true;
      failure_ = "connection lost";
      return Step::kClosed;
    default:
      break;
  }
  broken_ = true;
  const int reason = ERR_GET_REASON(ERR_peek_error());
  failure_ = openssl_error();
  refused_by_peer_ = reason > SSL_AD_REASON_OFFSET;
  if (!pin_refused_) {
    refusal_ = refusal_of(reason);
  }
  return reason == SSL_R_UNEXPECTED_EOF_WHILE_READING ? Step::kClosed : Step::kFailed;
}

}  // namespace hefu
