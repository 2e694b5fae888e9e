// What the module gives to the page: a buffer for the question, the call, and where the answer is.
// The other side is api/console/src/hefu_module.ts.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>

#include <sodium.h>

#include "crypto/system_entropy.h"
#include "tools/wasm/call.h"

namespace {

std::string& question() {
  static std::string text;
  return text;
}

std::string& answer() {
  static std::string text;
  return text;
}

hefu::Calls& calls() {
  static hefu::SystemEntropy entropy;
  static hefu::Calls all(entropy);
  return all;
}

constexpr char kOutOfMemory[] =
    R"({"error":{"code":"too-large","message":"the module cannot hold this much","hint":)"
    R"("the command line reads larger files"}})";

void forget(std::string* text) {
  sodium_memzero(text->data(), text->size());
  std::string().swap(*text);
}

}  // namespace

extern "C" {

/// Room for a question of so many bytes; 0 if that is too many.
__attribute__((export_name("hefu_buffer"))) char* hefu_buffer(std::size_t bytes) {
  if (bytes > hefu::kCallRequestBytesMax) {
    return nullptr;
  }
  try {
    question().assign(bytes, '\0');
  } catch (const std::exception&) {
    return nullptr;
  }
  return question().data();
}

/// Answers the question that was put there, and forgets it. The answer is valid until the next
/// call.
__attribute__((export_name("hefu_call"))) const char* hefu_call() {
  try {
    answer() = calls().call(question());
  } catch (const std::exception&) {
    // Nothing of ours throws: it is the memory that gave out.
    answer() = kOutOfMemory;
  }
  forget(&question());
  return answer().data();
}

__attribute__((export_name("hefu_answer_bytes"))) std::size_t hefu_answer_bytes() {
  return answer().size();
}
}
