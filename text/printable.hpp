// Text of any origin, made safe for a terminal and a log.
#pragma once

#include <cstddef>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace interlock::text {

// Length in bytes of the UTF-8 sequence at `at`, 0 where there is none (RFC 3629, section 4).
std::size_t sequence_length(std::string_view text, std::size_t at);

// What commands a terminal or changes the order in which text is read is spelt out as in JSON,
// \u001b, so that JSON stays JSON: control characters but newline and tab, DEL, U+0080 to U+009F,
// marks of direction, separators of lines.  A byte that is not UTF-8 becomes \xff.
std::string printable(std::string_view text);

// The same in one line: newlines are spelt out too.
std::string one_line(std::string_view text);

// For as long as it lives, all that is put into a stream comes out printable.
class PrintableStream {
public:
  explicit PrintableStream(std::ostream& stream);
  ~PrintableStream();
  PrintableStream(const PrintableStream&) = delete;
  PrintableStream& operator=(const PrintableStream&) = delete;

  // Puts a text into a stream as it is, colours and all, also where such an object lives: whoever
  // made it has made all that is in it printable.
  static void pass(std::ostream& stream, std::string_view text);

private:
  class Buffer : public std::streambuf {
  public:
    explicit Buffer(std::streambuf& target) : target_(target) {}
    bool pass_as_it_is(std::string_view text);

  protected:
    int_type overflow(int_type character) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

  private:
    bool pass_on(std::size_t size);

    std::streambuf& target_;
    std::string pending_; // a sequence whose end has not come yet
  };

  std::ostream& stream_;
  std::streambuf* before_;
  Buffer buffer_;
};

} // namespace interlock::text
