#pragma once

#include <string>

#include "tools/context.h"
#include "tools/home.h"
#include "tools/sheet/row_book.h"

namespace hefu {

/// The rows this home has recorded of an event type: <home>/sheets/<type>.rows, private. A new book
/// where there is none. Errors: kIo, kCorrupt, kUnauthorised (others may write into the folder).
Result<sheet::RowBook> load_row_book(Context& context, const Home& home, const std::string& type);
Result<void> save_row_book(const Home& home, const std::string& type, const sheet::RowBook& book);

/// Forgets the row an event was made from, because what it said is to be erased: without it nothing
/// here tells any more what the event's personal fields were.
Result<void> forget_row(Context& context, const Home& home, const std::string& type,
                        const EventId& event);

}  // namespace hefu
