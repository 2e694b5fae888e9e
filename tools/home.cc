#include "tools/home.h"

#include <cstdlib>
#include <iostream>

#include <boost/json.hpp>
#include <termios.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "crypto/key_file.h"
#include "ledger/charter/member_json.h"
#include "ledger/event/canonical_json.h"
#include "node/files.h"
#include "node/operator_token.h"

namespace hefu {

namespace {

constexpr std::size_t kSmallFileBytesMax = std::size_t{1} << 20;
constexpr std::size_t kPassphraseBytesMin = 8;

SecretText ask(const char* prompt) {
  std::cerr << prompt << std::flush;
  termios before{};
  const bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  }
  std::string line;
  std::getline(std::cin, line);
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    std::cerr << "\n";
  }
  return SecretText(std::move(line));
}

}  // namespace

Result<Home> Home::open(const Context& context) {
  std::string path = context.home;
  if (path.empty()) {
    const char* variable = std::getenv("HEFU_HOME");  // NOLINT(concurrency-mt-unsafe)
    path = variable == nullptr ? "" : variable;
  }
  if (path.empty()) {
    return Error{Errc::kNotFound, "no home folder given",
                 "use --home DIR or set HEFU_HOME; `hefu init` makes one"};
  }
  if (!std::filesystem::exists(std::filesystem::path(path) / "member.json")) {
    return Error{Errc::kNotFound, path + " is not a home folder: it has no member.json",
                 "`hefu init --home " + path + " …` makes one"};
  }
  return Home(path);
}

std::filesystem::path Home::key_path(KeyRole role) const {
  return path_ / "keys" / (std::string(name(role)) + ".key");
}

Result<Member> Home::card() const {
  return read_card(path_ / "member.json");
}

Result<Charter> Home::charter() const {
  auto note = read_file(path_ / "charter.note", kSmallFileBytesMax);
  if (!note) {
    return Error{Errc::kNotFound, "this home has no charter.note",
                 "found a federation with `hefu charter found`, or copy the charter you were given "
                 "to " +
                     (path_ / "charter.note").string()};
  }
  return parse_charter(*note);
}

Result<SecretKey> Home::key(const Context& context, KeyRole role) const {
  auto text = read_file(key_path(role), kSmallFileBytesMax);
  if (!text) {
    return text.error().during("the " + std::string(name(role)) + " key");
  }
  auto words = passphrase(context, false);
  if (!words) {
    return words.error();
  }
  auto key = open_key(*text, words->view());
  if (!key) {
    return key.error().during(key_path(role).string());
  }
  return key;
}

Result<std::string> Home::node_url() const {
  auto text = read_file(path_ / "hefud.toml", kSmallFileBytesMax);
  if (!text) {
    return text.error();
  }
  const toml::parse_result config = toml::parse(*text);
  if (!config) {
    return Error{Errc::kInvalid,
                 (path_ / "hefud.toml").string() + ": " + std::string(config.error().description()),
                 "`hefud --check-config --config …` shows what is wrong"};
  }
  if (const auto listen = config["http"]["listen"].value<std::string>()) {
    return "http://" + *listen;
  }
  return Error{Errc::kInvalid, (path_ / "hefud.toml").string() + " has no [http] listen",
               "add it, or name the node with --node-url URL"};
}

Result<std::string> Home::operator_token() const {
  const auto text = read_file(path_ / "hefud.toml", kSmallFileBytesMax);
  if (!text) {
    return text.error();
  }
  const toml::parse_result config = toml::parse(*text);
  return read_operator_token(path_ / (config ? config["data"].value_or<std::string>("data") : ""));
}

namespace {

Result<SecretText> given_passphrase(const Context& context, bool twice) {
  if (!context.passphrase_file.empty()) {
    auto text = read_file(context.passphrase_file, 4096);
    if (!text) {
      return text.error().during("the passphrase file");
    }
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) {
      text->pop_back();
    }
    return SecretText(*std::move(text));
  }
  if (const char* variable = std::getenv("HEFU_PASSPHRASE")) {  // NOLINT(concurrency-mt-unsafe)
    return SecretText(std::string(variable));
  }
  if (isatty(STDIN_FILENO) == 0) {
    return Error{Errc::kUnauthorised, "a passphrase is needed and there is no terminal to ask on",
                 "use --passphrase-file FILE or set HEFU_PASSPHRASE"};
  }
  SecretText first = ask("Passphrase: ");
  if (twice && ask("Again: ").view() != first.view()) {
    return Error{Errc::kUnauthorised, "the two passphrases differ", "try again"};
  }
  return first;
}

}  // namespace

Result<SecretText> passphrase(const Context& context, bool for_new) {
  auto words = given_passphrase(context, for_new);
  if (words && for_new && words->view().size() < kPassphraseBytesMin) {
    return Error{
        Errc::kInvalid,
        "the passphrase has fewer than " + std::to_string(kPassphraseBytesMin) + " characters",
        "choose a longer one"};
  }
  return words;
}

Result<HttpClient> open_node(const Context& context) {
  const char* const token = std::getenv("HEFU_TOKEN");  // NOLINT(concurrency-mt-unsafe)
  const std::string given = token == nullptr ? "" : token;
  if (!context.node.empty()) {
    return HttpClient(context.node, given);
  }
  if (const char* variable = std::getenv("HEFU_NODE")) {  // NOLINT(concurrency-mt-unsafe)
    return HttpClient(variable, given);
  }
  auto home = Home::open(context);
  if (!home) {
    return Error{
        Errc::kNotFound, "no node given",
        "use --node-url URL (or HEFU_NODE), or --home DIR of the institution whose node it is"};
  }
  auto url = home->node_url();
  if (!url) {
    return url.error();
  }
  // Whoever may read the node's data folder is its operator. A node that does not run has no token.
  const auto own = given.empty() ? home->operator_token() : Result<std::string>(given);
  return HttpClient(*url, own ? *own : "");
}

Result<Member> read_card(const std::filesystem::path& path) {
  auto text = read_file(path, kSmallFileBytesMax);
  if (!text) {
    return text.error();
  }
  auto json = parse_json(*text, kSmallFileBytesMax);
  auto member = json ? member_from_json(*json) : Result<Member>(json.error());
  return member ? member : Result<Member>(member.error().during(path.string()));
}

Result<Charter> read_charter(const std::string& path) {
  auto note = read_file(path, kSmallFileBytesMax);
  return note ? parse_charter(*note) : Result<Charter>(note.error());
}

Result<Member> find_member(const Charter& charter, const std::string& wanted) {
  for (const Member& member : charter.members) {
    if (member.id == wanted || member.domain == wanted || member.origin == wanted ||
        member.domain.substr(0, member.domain.find('.')) == wanted) {
      return member;
    }
  }
  // A log of an earlier epoch, by its origin or as "<member>@<epoch>".
  for (const Member& past : charter.ended) {
    const std::string epoch = "@" + std::to_string(epoch_of(past.origin));
    if (past.origin == wanted || past.log_name() == wanted || past.id + epoch == wanted ||
        past.domain.substr(0, past.domain.find('.')) + epoch == wanted) {
      return past;
    }
  }
  std::string known;
  for (const Member& member : charter.members) {
    known += (known.empty() ? "" : ", ") + member.domain;
  }
  return Error{Errc::kNotFound, wanted + " is no member of this federation", "members: " + known};
}

}  // namespace hefu
