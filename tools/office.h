#pragma once

#include <string>
#include <string_view>

#include "crypto/result.h"

namespace hefu {

/// A document as LibreOffice prints it. LibreOffice is started without a window, with a profile of
/// its own that goes with it, and without the network having any part in it; the same document
/// gives the same bytes with the same LibreOffice and fonts. Errors: kUnavailable (LibreOffice
/// Writer is not installed, or did not answer within two minutes), kIo.
Result<std::string> pdf_of_docx(std::string_view docx);

}  // namespace hefu
