#include "ledger/view/document.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "ledger/event/catalogue.h"
#include "ledger/record/key_authority.h"
#include "ledger/record/record_fold.h"

namespace hefu {

namespace {

struct Part {
  const LoggedEvent* event = nullptr;
  std::int64_t number = 0;
  std::int64_t count = 0;
  const Bytes* content = nullptr;
};

using Key = std::tuple<std::string, std::string, std::string, Digest>;  // kind, id, version, digest

std::optional<std::pair<Key, Part>> read_part(const LoggedEvent& logged) {
  const auto text = [&](const char* field) {
    const Value* value = logged.event.field(field);
    return value == nullptr ? nullptr : value->text();
  };
  const Value* digest = logged.event.field("digest");
  const Value* number = logged.event.field("part");
  const Value* count = logged.event.field("parts");
  const Value* content = logged.event.field("content");
  const auto* bytes = content == nullptr ? nullptr : std::get_if<Bytes>(&content->is);
  if (text("kind") == nullptr || text("document") == nullptr || text("version") == nullptr ||
      digest == nullptr || digest->digest() == nullptr || number == nullptr ||
      number->integer() == nullptr || count == nullptr || count->integer() == nullptr ||
      bytes == nullptr) {
    return std::nullopt;
  }
  const Part part{&logged, *number->integer(), *count->integer(), bytes};
  if (part.count < 1 || part.count > kDocumentPartsMax || part.number < 1 ||
      part.number > part.count) {
    return std::nullopt;
  }
  return std::make_pair(Key{*text("kind"), *text("document"), *text("version"), *digest->digest()},
                        part);
}

/// Within a log by place; other logs by date, what is not dated yet last.
template <typename T>
auto order_of(const T& item) {
  return std::make_tuple(!item.recorded_by.has_value(), item.recorded_by, line_of(item.origin),
                         epoch_of(item.origin), item.index);
}

bool earlier(const LoggedEvent& a, const LoggedEvent& b) {
  return a.origin == b.origin ? a.index < b.index : order_of(a) < order_of(b);
}

}  // namespace

std::vector<std::map<std::string, Value>> document_parts(const std::string& kind,
                                                         const std::string& id,
                                                         const std::string& version,
                                                         const std::string& content) {
  const Digest digest = sha256(as_bytes(content));
  const std::size_t count =
      std::max<std::size_t>(1, (content.size() + kDocumentPartBytes - 1) / kDocumentPartBytes);
  std::vector<std::map<std::string, Value>> parts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view piece =
        std::string_view(content).substr(i * kDocumentPartBytes, kDocumentPartBytes);
    parts.push_back({{"kind", Value{kind}},
                     {"document", Value{id}},
                     {"version", Value{version}},
                     {"digest", Value{digest}},
                     {"part", Value{static_cast<std::int64_t>(i + 1)}},
                     {"parts", Value{static_cast<std::int64_t>(count)}},
                     {"content", Value{to_bytes(piece)}}});
  }
  return parts;
}

bool is_earlier(const Document& a, const Document& b) {
  return order_of(a) < order_of(b);
}

std::vector<Document> read_documents(std::span<const LoggedEvent* const> events,
                                     const Charter& charter) {
  std::vector<const LoggedEvent*> of_the_authority;
  for (const LoggedEvent* const at : events) {
    const LoggedEvent& logged = *at;
    const bool by_the_authority =
        logged.member ==
        (logged.recorded_by ? charter.authority_at(*logged.recorded_by) : charter.authority);
    // Certifications of every member that ever was the authority, whenever they were made.
    if (by_the_authority || logged.event.type == "key-certification") {
      of_the_authority.push_back(&logged);
    }
  }
  const KeyAuthority keys(of_the_authority, charter);
  const Catalogue protocol_only;
  std::map<Key, std::map<std::int64_t, Part>> found;
  for (const LoggedEvent* const at : of_the_authority) {
    const LoggedEvent& logged = *at;
    if (logged.event.type != "document-part" || judge_event(logged, keys, protocol_only).fault) {
      continue;
    }
    if (auto part = read_part(logged)) {
      // Published twice: the later place counts, the content is the same by its digest.
      Part& known = found[part->first][part->second.number];
      if (known.event == nullptr || earlier(*known.event, logged)) {
        known = part->second;
      }
    }
  }
  std::vector<Document> documents;
  for (const auto& [key, parts] : found) {
    const std::int64_t count = parts.begin()->second.count;
    if (static_cast<std::int64_t>(parts.size()) != count) {
      continue;
    }
    Document document;
    const LoggedEvent* last = nullptr;
    std::tie(document.kind, document.id, document.version, document.digest) = key;
    for (const auto& [number, part] : parts) {
      document.content += as_text(*part.content);
      if (document.origin.empty() || earlier(*last, *part.event)) {
        last = part.event;
        document.index = last->index;
        document.recorded_by = last->recorded_by;
        document.origin = last->origin;
      }
    }
    if (sha256(as_bytes(document.content)) == document.digest) {
      documents.push_back(std::move(document));
    }
  }
  std::sort(documents.begin(), documents.end(), [](const Document& a, const Document& b) {
    return std::tie(a.kind, a.id) != std::tie(b.kind, b.id)
               ? std::tie(a.kind, a.id) < std::tie(b.kind, b.id)
               : is_earlier(a, b);
  });
  return documents;
}

const Document* find_document(const std::vector<Document>& documents, std::string_view kind,
                              std::string_view id, std::string_view version) {
  const Document* last = nullptr;
  for (const Document& document : documents) {
    if (document.kind == kind && document.id == id &&
        (version.empty() || document.version == version)) {
      last = &document;
    }
  }
  return last;
}

}  // namespace hefu
