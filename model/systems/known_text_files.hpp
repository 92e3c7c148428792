// The files of known texts, as they are compiled in: see CMakeLists.txt.
#pragma once

namespace interlock::systems {

struct KnownTextFile {
  const char* system;
  const char* text;
};

extern const KnownTextFile known_text_files[3];

} // namespace interlock::systems
