#pragma once

#include <cstddef>
#include <cstdint>

namespace hefu::sheet {

/// Largest file read, in bytes. A sheet of 10,000 rows and 20 columns has about one MiB.
inline constexpr std::size_t kFileBytesMax = std::size_t{32} << 20U;
/// Most bytes all parts of a workbook may unpack to, counted as they are read: a zip of 32 MiB may
/// hold a thousand times as much.
inline constexpr std::size_t kUnpackedBytesMax = std::size_t{256} << 20U;
/// Most files inside a workbook.
inline constexpr std::int64_t kPartsMax = 2'000;
/// Most sheets of a workbook.
inline constexpr std::size_t kSheetsMax = 256;
/// Longest single tag of XML with its attributes, in bytes: the parser reads a tag anew with every
/// piece that arrives, so a longer one would cost time with its square.
inline constexpr std::int64_t kTagBytesMax = std::int64_t{1} << 20U;
/// Deepest nesting of XML elements.
inline constexpr int kXmlDepthMax = 64;
/// Most rows with anything in them.
inline constexpr std::size_t kRowsMax = 100'000;
/// Most columns; a cell further to the right is refused.
inline constexpr std::uint32_t kColumnsMax = 512;
/// Most cells with anything in them.
inline constexpr std::size_t kCellsMax = 4'000'000;
/// Longest text of a cell, in bytes. Source: kTextBytesMax of ledger/event/limits.h.
inline constexpr std::size_t kCellBytesMax = std::size_t{16} * 1024;
/// Most bytes of all cells together, also where many cells show one shared text.
inline constexpr std::size_t kCellsBytesMax = std::size_t{128} << 20U;
/// Most texts a workbook shares between cells.
inline constexpr std::size_t kSharedTextsMax = 1'000'000;
/// Most cell formats of a workbook. Source: Excel's own limit of 65,490.
inline constexpr std::size_t kFormatsMax = 70'000;
/// Largest row number. Source: Excel's own limit.
inline constexpr std::uint32_t kRowNumberMax = 1'048'576;
/// Rows looked at for the one with the titles.
inline constexpr std::size_t kHeaderRowsMax = 20;
/// Findings kept; of more only the number is told.
inline constexpr std::size_t kFindingsMax = 10'000;

}  // namespace hefu::sheet
