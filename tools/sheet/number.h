#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hefu::sheet {

/// A number as a workbook writes it ("45237", "1.5E-2", "0.30000000000000004") as the decimal
/// digits a spreadsheet program shows: rounded, half away from zero, to the 15 digits such a
/// program keeps, no exponent, no zeros at the end. Nothing if it is not a number or beyond 10^18.
/// Done on the digits, never through floating point, so that 0.1 stays 0.1.
/// Source: ECMA-376-1 §18.18.11 (ST_CellType n), IEEE 754 limits as documented for Excel.
std::optional<std::string> plain_number(std::string_view text);

/// The day of a serial date number: "YYYY-MM-DD". A fraction (time of day) is dropped.
/// `since_1904`: the workbook counts from 1904-01-01. Nothing outside 1900-03-01 to 2199-12-31
/// (before, Excel counts a 29 February 1900 that never was). Source: ECMA-376-1 §18.17.4.1.
std::optional<std::string> serial_date(std::string_view number, bool since_1904);

}  // namespace hefu::sheet
