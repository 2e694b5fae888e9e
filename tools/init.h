#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu init`: a new institution's folder: keys, member card, node configuration.
struct Init {
  std::string id, name_zh, name_en, domain, kind;
  std::vector<std::string> attributes;  ///< "key=value"
  std::string http = "127.0.0.1:7410";
  std::string peer = "127.0.0.1:7411";
};
int run(Context& context, const Init& options);

/// `hefu key new`: one more key in a sealed file.
struct KeyNew {
  std::string role = "registrar";
  std::string out;
};
int run(Context& context, const KeyNew& options);

/// `hefu key show FILE`: what may be known of a key without its passphrase.
struct KeyShow {
  std::string file;
};
int run(Context& context, const KeyShow& options);

/// `hefu key passwd FILE`: seals a key anew under another passphrase.
struct KeyPasswd {
  std::string file;
  std::string new_passphrase_file;
};
int run(Context& context, const KeyPasswd& options);

/// `hefu charter found`: writes the unsigned charter of a federation from member cards.
struct CharterFound {
  std::string name, authority, out;
  std::uint32_t quorum = 0;  ///< 0: the smallest safe one
  std::vector<std::string> cards;
};
int run(Context& context, const CharterFound& options);

/// `hefu charter sign FILE`: adds the home's root signature to a charter.
struct CharterSign {
  std::string file;
};
int run(Context& context, const CharterSign& options);

/// `hefu charter show FILE`.
struct CharterShow {
  std::string file;
};
int run(Context& context, const CharterShow& options);

}  // namespace hefu
