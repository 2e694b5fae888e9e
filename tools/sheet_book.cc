#include "tools/sheet_book.h"

#include "node/files.h"

namespace hefu {

namespace {

/// Two and a half million rows.
constexpr std::size_t kBookBytesMax = std::size_t{512} << 20U;

std::filesystem::path book_path(const Home& home, const std::string& type) {
  return home.path() / "sheets" / (type + ".rows");
}

}  // namespace

Result<sheet::RowBook> load_row_book(Context& context, const Home& home, const std::string& type) {
  const auto path = book_path(home, type);
  if (auto folder = create_private_dir(path.parent_path()); !folder) {
    return folder.error();
  }
  auto text = read_file(path, kBookBytesMax);
  if (!text && text.error().code != Errc::kNotFound) {
    return text.error();
  }
  auto book = sheet::RowBook::read(text ? *text : std::string(), context.entropy);
  return book ? book : Result<sheet::RowBook>(book.error().during(path.string()));
}

Result<void> save_row_book(const Home& home, const std::string& type, const sheet::RowBook& book) {
  return write_file_atomically(book_path(home, type), book.text(), FileMode::kPrivate);
}

Result<void> forget_row(Context& context, const Home& home, const std::string& type,
                        const EventId& event) {
  if (!std::filesystem::exists(book_path(home, type))) {
    return {};
  }
  auto book = load_row_book(context, home, type);
  if (!book) {
    return book.error();
  }
  return book->forget(event) ? save_row_book(home, type, *book) : Result<void>();
}

}  // namespace hefu
