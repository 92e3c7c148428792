// The canonical form of a config, and its digest.
#pragma once

#include <string>

namespace interlock::checker {

struct Config;

// The config as compact JSON with a fixed order of keys; see Config::digest for what it covers.
std::string canonical_text(const Config& config);

// 32 hex digits: XXH3 (128 bits, seed 0, big-endian canonical form) of a text.
std::string hex_digest(const std::string& text);

// The digest of canonical_text.
std::string digest_of(const Config& config);

} // namespace interlock::checker
