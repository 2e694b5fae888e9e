#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/console_assets.h"
#include "api/http.h"

namespace hefu {

/// What the console's page may do: run and style itself with the files of this node, ask this node,
/// nothing else. Of all that evaluates code only WebAssembly is admitted ('wasm-unsafe-eval'; not
/// 'unsafe-eval', so no text ever becomes a script), because Hefu's own code runs in the browser;
/// it runs in a worker, whose script is a file of this node (worker-src), and whose address is the
/// only one that the page's one policy of Trusted Types gives out.
/// Source: W3C Content Security Policy Level 3, Trusted Types.
inline constexpr std::string_view kConsolePolicy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types hefu-worker";

/// The file `path` of the console ("" is its page), compressed if the client takes gzip (RFC 9110
/// §12.5.3), or 404 as a problem document. Files below assets/ carry a hash in their names and may
/// be kept for ever; the page is asked for anew each time and answered with 304 while it is the
/// same. The verifier for use without a server (verify.html) is sent as a file to save: its page
/// holds its scripts inline and carries a policy of its own, which names them by their hashes.
HttpResponse console_answer(std::span<const ConsoleAsset> assets, const HttpRequest& request,
                            std::string_view path);

/// True if the value of an Accept-Encoding header admits gzip.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace hefu
