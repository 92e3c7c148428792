// What is known of the kernels' own texts: digests of the functions that a revision was held
// against, and the lines and source keys of its steps there.  Facts about the texts, none of their
// words.
#pragma once

#include <map>
#include <string>

namespace interlock::systems {

struct KnownFunction {
  std::string file; // "sys/kern/kern_event.c"
  int line = 0;     // of its name
  std::string digest;
};

struct KnownText {
  std::map<std::string, KnownFunction> functions; // by name
  std::map<std::string, int> lines;               // by label, "knote_fork.mtx_lock_kq_lock"
  std::map<std::string, std::string> keys;        // by label, "knote_fork:KQ_LOCK#1"
  // By file: the revision of its text that digests and keys are of, "1.140", where that of the
  // model was not at hand.  Lines are not those of the model then, and none is known.
  std::map<std::string, std::string> instead;
};

// Of a system's revision; empty where none is known.
const KnownText& known_text(const std::string& system, const std::string& revision);

// Whether the text is one, `FUNCTION:OPERATION#N`: kernel_text/source_key.hpp says of what.  Where
// several steps stand for a statement, each has its place among them behind that, as in
// "knote_drop:KQ_UNLOCK_FLUX#1.2", and the key without it means them all.
bool is_source_key(const std::string& text);
// The key without the place.
std::string statement_key(const std::string& key);

// Reads the lines of a file of known texts, by revision.  Throws std::invalid_argument with the
// number of a line that is none.
std::map<std::string, KnownText> read_known_texts(const std::string& text);

} // namespace interlock::systems
