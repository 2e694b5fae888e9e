#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "crypto/secret_text.h"
#include "ledger/charter/charter.h"
#include "tools/context.h"
#include "tools/http_client.h"

namespace hefu {

/// An institution's folder:
///
///   keys/<role>.key   sealed key files, mode 0600
///   member.json       the member card: what the charter says of this institution; public
///   charter.note      the signed charter, once there is one
///   hefud.toml        the node's configuration
///   data/             the node's database, with the openings of personal fields
class Home {
 public:
  /// The folder --home or HEFU_HOME names. Errors: kNotFound with a hint to `hefu init`.
  static Result<Home> open(const Context& context);
  explicit Home(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path key_path(KeyRole role) const;

  /// The member card.
  [[nodiscard]] Result<Member> card() const;
  /// The charter, signatures verified.
  [[nodiscard]] Result<Charter> charter() const;
  /// Opens the key of a role; asks for the passphrase on the terminal if nothing else supplies it.
  [[nodiscard]] Result<SecretKey> key(const Context& context, KeyRole role) const;
  /// Base URL of the node this home's hefud.toml configures.
  [[nodiscard]] Result<std::string> node_url() const;
  /// By which the running node knows its operator. Errors: those of read_operator_token.
  [[nodiscard]] Result<std::string> operator_token() const;

 private:
  std::filesystem::path path_;
};

/// The passphrase from --passphrase-file, HEFU_PASSPHRASE, or the terminal (not echoed). `for_new`:
/// it is to seal a key, so it is asked for twice and must have at least 8 bytes. Errors:
/// kUnauthorised if none of them gives one, kInvalid (too short).
Result<SecretText> passphrase(const Context& context, bool for_new);

/// The node to call: --node-url, else HEFU_NODE, else that of the home. With the API token in
/// HEFU_TOKEN; without one, and at the home's own node, as its operator.
Result<HttpClient> open_node(const Context& context);

/// A member card from a file, with the file's name in the error.
Result<Member> read_card(const std::filesystem::path& path);
/// A charter from a file, signatures verified.
Result<Charter> read_charter(const std::string& path);
/// A member by credit code, domain, origin, or the first label of its domain. Errors: kNotFound.
Result<Member> find_member(const Charter& charter, const std::string& wanted);

}  // namespace hefu
