#include "tools/log.h"

#include <iostream>

#include <boost/json.hpp>
#include <unistd.h>

#include "ledger/cut/cut.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "ledger/log/tile.h"
#include "ledger/merkle/tree.h"
#include "ledger/view/signers.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/http_client.h"
#include "tools/input.h"

namespace hefu {

namespace json = boost::json;

namespace {

Result<Charter> trusted_charter(const Context& context, HttpClient& node, const std::string& file) {
  if (!file.empty()) {
    auto note = read_file(file, std::size_t{1} << 20);
    return note ? parse_charter(*note) : Result<Charter>(note.error());
  }
  if (auto home = Home::open(context)) {
    return home->charter();
  }
  auto note = node.get("/v1/charter");
  return note ? parse_charter(as_text(*note)) : Result<Charter>(note.error());
}

/// A member by credit code, domain, or the first label of its domain.
Result<const Member*> find_member(const Charter& charter, const std::string& wanted) {
  for (const Member& member : charter.members) {
    if (member.id == wanted || member.domain == wanted || member.origin == wanted ||
        member.domain.substr(0, member.domain.find('.')) == wanted) {
      return &member;
    }
  }
  std::string known;
  for (const Member& member : charter.members) {
    known += (known.empty() ? "" : ", ") + member.domain;
  }
  return Error{Errc::kNotFound, wanted + " is no member of this federation", "members: " + known};
}

/// Downloads the entries of a log bundle by bundle and checks each event's signature.
Result<CompactRange> read_whole_log(HttpClient& node, const Charter& charter, const Member& member,
                                    std::uint64_t size) {
  CompactRange range;
  LogSigners signers(charter, member);
  EnvelopeVerifier signatures;
  const bool progress = isatty(STDERR_FILENO) == 1;
  for (std::uint64_t start = 0; start < size; start += kFullTileWidth) {
    const auto width =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(kFullTileWidth, size - start));
    const TileId tile{kEntriesLevel, start / kFullTileWidth, width};
    auto bytes = node.get("/log/" + member.domain + "/" + tile.path());
    if (!bytes) {
      return bytes.error();
    }
    auto entries = decode_entry_bundle(*bytes, width);
    if (!entries) {
      return entries.error().during(tile.path());
    }
    for (std::uint32_t i = 0; i < width; ++i) {
      const std::string place = "entry " + std::to_string(start + i);
      auto envelope = decode_envelope((*entries)[i]);
      auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
      if (!event) {
        return event.error().during(place);
      }
      signers.learn(*envelope, *event);
      if (auto signer = signers.verify(*envelope, &signatures); !signer) {
        return signer.error().during(place);
      }
      range.append(leaf_hash((*entries)[i]));
    }
    if (progress) {
      std::cerr << "\r" << range.size() << " of " << size << " entries" << std::flush;
    }
  }
  if (progress) {
    std::cerr << "\r" << std::string(48, ' ') << "\r";
  }
  return range;
}

}  // namespace

int run(Context& context, const LogShow& options) {
  auto url = node_url(context);
  if (!url) {
    return report(context, url.error());
  }
  HttpClient node(*url);
  auto charter = trusted_charter(context, node, "");
  if (!charter) {
    return report(context, charter.error());
  }
  auto member = find_member(*charter, options.member);
  if (!member) {
    return report(context, member.error());
  }
  auto note = node.get("/log/" + (*member)->domain + "/checkpoint");
  if (!note) {
    return report(context, note.error());
  }
  auto opened = open_cosigned(*charter, **member, as_text(*note));
  if (!opened) {
    return report(context, opened.error());
  }
  if (context.json) {
    print_json(json::object{{"origin", opened->checkpoint.origin},
                            {"size", opened->checkpoint.size},
                            {"root", opened->checkpoint.root.hex()},
                            {"signatures", opened->note.signatures.size()},
                            {"checkpoint", as_text(*note)}},
               false);
  } else {
    std::cout << as_text(*note);
  }
  return kExitOk;
}

int run(Context& context, const LogVerify& options) {
  auto url = node_url(context);
  if (!url) {
    return report(context, url.error());
  }
  HttpClient node(*url);
  auto charter = trusted_charter(context, node, options.charter);
  if (!charter) {
    return report(context, charter.error());
  }
  auto member = find_member(*charter, options.member);
  if (!member) {
    return report(context, member.error());
  }
  auto note = node.get("/log/" + (*member)->domain + "/checkpoint");
  if (!note) {
    return report(context, note.error());
  }
  auto opened = open_cosigned(*charter, **member, as_text(*note));
  if (!opened) {
    return report(context, opened.error());
  }
  const Checkpoint& head = opened->checkpoint;
  auto range = read_whole_log(node, *charter, **member, head.size);
  if (!range) {
    Error error = range.error().during("log " + head.origin);
    if (error.code == Errc::kInvalid) {
      error.code = Errc::kUnverified;
    }
    return report(context, error);
  }
  if (range->root() != head.root) {
    return report(context, Error{Errc::kUnverified,
                                 "log " + head.origin + ": its " + std::to_string(head.size) +
                                     " entries do not lead to the root its checkpoint signs",
                                 "do not rely on this copy; ask another member's node"});
  }
  if (context.json) {
    print_json(json::object{{"origin", head.origin},
                            {"size", head.size},
                            {"root", head.root.hex()},
                            {"witnesses", opened->note.signatures.size() - 1},
                            {"verdict", "good"}},
               false);
  } else {
    std::cout << "✓ " << head.origin << ": " << head.size
              << " entries, every signature holds, root " << head.root.hex() << "\n✓ checkpoint "
              << "signed by the log and " << opened->note.signatures.size() - 1 << " witnesses ("
              << charter->quorum << " needed)\n";
  }
  return kExitOk;
}

}  // namespace hefu
