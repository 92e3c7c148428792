// Digests by XXH3 (Y. Collet, xxHash), 64 bits.
#include "kernel_text/digest.hpp"

#include <cinttypes>
#include <cstdio>
#include <xxhash.h>

namespace interlock::kernel_text {

std::string digest_of(const File& file, const Function& function) {
  std::string tokens;
  bool begun = false; // what stands before the name, on its line or not, does not count
  for (const Token& token : file.tokens) {
    begun = begun || (token.line == function.line && token.is(function.name.c_str()));
    if (begun && token.line <= function.last_line)
      tokens += token.text + "\n";
  }
  const std::uint64_t hash = XXH3_64bits(tokens.data(), tokens.size());
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016" PRIx64, hash);
  return digits;
}

} // namespace interlock::kernel_text
