// What a terminal or a log gets to see of text that somebody else wrote.
#include "text/printable.hpp"

#include <cstdio>
#include <gtest/gtest.h>
#include <sstream>

namespace interlock::tests {
namespace {

using text::one_line;
using text::printable;

// UTF-8, as Unicode's chapter 3.9 has it.
std::string utf8(unsigned code) {
  if (code < 0x80)
    return {static_cast<char>(code)};
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80U | (code >> shift & 0x3FU));
  };
  if (code < 0x800)
    return {static_cast<char>(0xC0U | code >> 6U), tail(0)};
  return {static_cast<char>(0xE0U | code >> 12U), tail(6), tail(0)};
}

std::string escape(unsigned code) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", code);
  return text;
}

TEST(Printable, SpellsOutEveryControlCharacterButNewlineAndTab) {
  for (unsigned code = 0; code < 0xA0; ++code) {
    const bool control = code < 0x20 || code >= 0x7F; // C0, DEL, C1
    const bool layout = code == '\n' || code == '\t';
    EXPECT_EQ(printable("a" + utf8(code) + "b"),
              "a" + (control && !layout ? escape(code) : utf8(code)) + "b")
        << code;
  }
}

TEST(Printable, SpellsOutWhatChangesTheOrderOfReading) {
  for (const unsigned code : {0x061CU, 0x200EU, 0x200FU, 0x202AU, 0x202BU, 0x202CU, 0x202DU,
                              0x202EU, 0x2066U, 0x2067U, 0x2068U, 0x2069U})
    EXPECT_EQ(printable(utf8(code)), escape(code));
}

TEST(Printable, LeavesTextOfAnyLanguageAlone) {
  for (const char* text : {"interlock", "Fußgänger", "ядро", "核", "🔒", "\\u001b"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, SpellsOutBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("a\x80z"), "a\\x80z");               // a tail without a head
  EXPECT_EQ(printable("\xC3"), "\\xc3");                   // a head without a tail
  EXPECT_EQ(printable("\xC0\x9B"), "\\xc0\\x9b");          // ESC in two bytes
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80"); // a surrogate
  EXPECT_EQ(printable("\xF5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");
}

TEST(Printable, KeepsLinesApartUnlessOneLineIsWanted) {
  EXPECT_EQ(printable("a\nb\xE2\x80\xA8z"), "a\nb\\u2028z");
  EXPECT_EQ(one_line("a\nb\rc\td"), "a\\u000ab\\u000dc\td");
}

TEST(PrintableStream, CleansWhateverIsPutIntoTheStream) {
  std::ostringstream stream;
  {
    const text::PrintableStream clean(stream);
    stream << "\x1b[31m" << 12 << '\x07' << std::string("\0", 1) << "\n";
    stream.put('\x7f');
    EXPECT_EQ(stream.str(), "\\u001b[31m12\\u0007\\u0000\n\\u007f");
  }
  stream << '\x07'; // and leaves it as it was
  EXPECT_TRUE(stream.str().ends_with("\\u007f\x07"));
}

TEST(PrintableStream, WaitsForTheRestOfACharacter) {
  std::ostringstream stream;
  const text::PrintableStream clean(stream);
  for (const char c : std::string("é\xC2\x9B核🔒"))
    stream << c;
  EXPECT_EQ(stream.str(), "é\\u009b核🔒");
  stream << "\xF0\x9F" << std::flush; // nothing more will come
  EXPECT_EQ(stream.str(), "é\\u009b核🔒\\xf0\\x9f");
}

class FullBuffer : public std::streambuf {};

TEST(PrintableStream, SaysThatWritingFailed) {
  FullBuffer full;
  std::ostream stream(&full);
  const text::PrintableStream clean(stream);
  stream << "text" << std::flush;
  EXPECT_FALSE(stream);
}

TEST(PrintableStream, PassesWhatWasMadePrintableAsItIs) {
  std::ostringstream stream;
  {
    const text::PrintableStream printable(stream);
    stream << "\x1b"
           << "a";
    text::PrintableStream::pass(stream, "\x1b[1mb");
    stream << "\x1b";
  }
  text::PrintableStream::pass(stream, "\x1b");
  EXPECT_EQ(stream.str(), "\\u001ba\x1b[1mb\\u001b\x1b");
}

} // namespace
} // namespace interlock::tests
