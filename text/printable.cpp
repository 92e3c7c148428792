// Which characters are spelt out; see printable.hpp.
#include "text/printable.hpp"

#include <algorithm>

namespace interlock::text {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The code point of a well-formed sequence.
unsigned decode(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1)
    return lead;
  unsigned code = lead & (0xFFU >> (sequence.size() + 1));
  for (const char c : sequence.substr(1))
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

bool is_control(unsigned code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

bool changes_order(unsigned code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || // marks of direction
         (code >= 0x202A && code <= 0x202E) ||                 // embeddings, overrides
         (code >= 0x2066 && code <= 0x2069);                   // isolates
}

bool separates_lines(unsigned code) { return code == 0x2028 || code == 0x2029; }

std::string hex(unsigned value, unsigned digits) {
  std::string text(digits, '0');
  for (unsigned i = digits; i-- != 0; value >>= 4U)
    text[i] = "0123456789abcdef"[value & 0xFU];
  return text;
}

enum class Newlines { kept, spelt_out };

std::string spelt_out(std::string_view text, Newlines newlines) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0) {
      result += "\\x" + hex(static_cast<unsigned char>(text[at]), 2);
      ++at;
      continue;
    }
    const std::string_view sequence = text.substr(at, length);
    const unsigned code = decode(sequence);
    const bool plain = code == '\t' || (code == '\n' && newlines == Newlines::kept) ||
                       !(is_control(code) || changes_order(code) || separates_lines(code));
    if (plain)
      result += sequence;
    else
      result += "\\u" + hex(code, 4);
    at += length;
  }
  return result;
}

// Where the text could go on with a sequence that is not complete yet: its start, or the end.
std::size_t end_of_sequences(std::string_view text) {
  std::size_t lead = text.size();
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back)
    if (!is_continuation(text[text.size() - back])) {
      lead = text.size() - back;
      break;
    }
  if (lead == text.size() || sequence_length(text, lead) != 0)
    return text.size();
  const auto first = static_cast<unsigned char>(text[lead]);
  const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  return text.size() - lead < wanted ? lead : text.size();
}

} // namespace

std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80)
    return 1;
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    low = first == 0xE0 ? 0xA0 : low;
    high = first == 0xED ? 0x9F : high; // no surrogates
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    low = first == 0xF0 ? 0x90 : low;
    high = first == 0xF4 ? 0x8F : high;
  } else {
    return 0;
  }
  if (byte(1) < low || byte(1) > high)
    return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (byte(i) < 0x80 || byte(i) > 0xBF)
      return 0;
  return length;
}

std::string printable(std::string_view text) { return spelt_out(text, Newlines::kept); }

std::string one_line(std::string_view text) { return spelt_out(text, Newlines::spelt_out); }

PrintableStream::PrintableStream(std::ostream& stream)
    : stream_(stream), before_(stream.rdbuf()), buffer_(*before_) {
  stream_.rdbuf(&buffer_);
}

PrintableStream::~PrintableStream() {
  const std::ios_base::iostate state = stream_.rdstate(); // rdbuf() clears it
  buffer_.pubsync();
  stream_.rdbuf(before_);
  stream_.clear(state);
}

void PrintableStream::pass(std::ostream& stream, std::string_view text) {
  auto* const buffer = dynamic_cast<Buffer*>(stream.rdbuf());
  if (buffer == nullptr)
    stream << text;
  else if (!buffer->pass_as_it_is(text))
    stream.setstate(std::ios_base::badbit);
}

PrintableStream::Buffer::int_type PrintableStream::Buffer::overflow(int_type character) {
  if (traits_type::eq_int_type(character, traits_type::eof()))
    return sync() == 0 ? traits_type::not_eof(character) : character;
  const char c = traits_type::to_char_type(character);
  return xsputn(&c, 1) == 1 ? character : traits_type::eof();
}

std::streamsize PrintableStream::Buffer::xsputn(const char* text, std::streamsize size) {
  pending_.append(text, static_cast<std::size_t>(size));
  return pass_on(end_of_sequences(pending_)) ? size : 0;
}

int PrintableStream::Buffer::sync() {
  const bool passed = pass_on(pending_.size());
  return passed && target_.pubsync() == 0 ? 0 : -1;
}

bool PrintableStream::Buffer::pass_on(std::size_t size) {
  const std::string safe = printable(std::string_view(pending_).substr(0, size));
  pending_.erase(0, size);
  return target_.sputn(safe.data(), static_cast<std::streamsize>(safe.size())) ==
         static_cast<std::streamsize>(safe.size());
}

bool PrintableStream::Buffer::pass_as_it_is(std::string_view text) {
  return pass_on(pending_.size()) &&
         target_.sputn(text.data(), static_cast<std::streamsize>(text.size())) ==
             static_cast<std::streamsize>(text.size());
}

} // namespace interlock::text
