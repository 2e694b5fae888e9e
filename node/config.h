#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/note.h"
#include "crypto/result.h"

namespace hefu {

/// "host:port" taken apart; an IPv6 address stands in brackets.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const HostPort&) const = default;
  /// Errors: kInvalid.
  static Result<HostPort> parse(std::string_view text);
};

/// The configuration of a node. hefud.example.toml describes every key; the values here are the
/// defaults. Paths are absolute, or relative to the working directory of the process.
struct Config {
  struct Peer {
    std::string member;
    HostPort address;
  };

  std::filesystem::path charter = "charter.note";
  std::string member;  ///< no default
  std::filesystem::path data = "data";
  std::filesystem::path keys = "keys";
  std::filesystem::path passphrase_file;  ///< empty: environment HEFU_PASSPHRASE
  std::filesystem::path catalogue;        ///< empty: the protocol types alone

  HostPort http{"127.0.0.1", 7410};
  /// The same API over TLS, for browsers and programs elsewhere.
  struct Https {
    HostPort listen;
    std::filesystem::path certificate;  ///< PEM: the chain, the server's own first
    std::filesystem::path key;          ///< PEM
  };
  std::optional<Https> https;
  int http_threads = 2;
  std::int64_t requests_per_second = 50;  ///< of one address elsewhere; 0: no bound
  std::int64_t connections_per_address = 64;
  bool sign_in_required = false;  ///< else whoever reaches the port may do all but administer
  std::vector<std::string> http_proxies;  ///< numeric addresses; their X-Forwarded-For is believed
  std::chrono::minutes session_idle{30};
  std::chrono::hours session_longest{12};
  std::vector<std::string> webhook_hosts;  ///< "host:port" that webhooks may be posted to
  /// How this node's console is reached from outside, without a slash at its end: for what is
  /// below, and for the QR codes of forms.
  std::string public_url;
  struct Oidc {
    std::string issuer;
    std::string client_id;
    std::filesystem::path client_secret_file;  ///< empty: a public client
    std::string name_claim = "sub";
    std::string scope = "openid profile";
  };
  std::optional<Oidc> oidc;
  std::optional<std::string> cas_url;  ///< without a slash at its end
  HostPort peer{"127.0.0.1", 7411};

  std::chrono::milliseconds interval{500};
  std::chrono::milliseconds anchor_interval{1000};
  std::optional<std::size_t> copies;  ///< none: by the number of members
  std::chrono::milliseconds patience{10'000};
  std::int64_t guest_merge_delay_s = 86'400;  ///< of promises to guests, at most 31 days

  std::uint32_t reserve_mib = 256;
  std::uint32_t log_quota_mib = 0;  ///< of each other member's log; 0: no bound
  std::uint32_t held_quota_mib = 1024;

  std::filesystem::path backup_folder = "backup";
  std::uint32_t backups_kept = 7;

  std::string log_level = "info";
  bool log_json = false;

  std::vector<Peer> peers;
  /// Members whose logs are witnessed here without their contents.
  std::vector<std::string> witness_only;
  std::vector<VerifierKey> witnessed_logs;  ///< beside those of the members
};

inline constexpr std::size_t kConfigBytesMax = std::size_t{1} << 20;

/// Reads a configuration; relative paths in it are taken relative to `folder`. Whether the files it
/// names exist is not looked at.
/// Errors: kInvalid naming line or key: syntax, unknown key (the hint names the nearest known one),
/// wrong type, value out of range, missing member.
Result<Config> parse_config(std::string_view toml, const std::filesystem::path& folder);

}  // namespace hefu
