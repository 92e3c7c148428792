// Errors that are collected, so that all of them are said at once.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace interlock::text {

// `One` is an exception; `Several` is a One too, made of a list of them, which its errors() gives.
template <class One, class Several> class Collector {
public:
  // Calls `read`.  What it throws of these is kept, and the answer is false.
  template <class Read> bool attempt(Read read) {
    try {
      read();
      return true;
    } catch (const Several& several) {
      for (const One& error : several.errors())
        add(error);
    } catch (const One& error) {
      add(error);
    }
    return false;
  }
  void add(One error) { errors_.push_back(std::move(error)); }
  std::size_t count() const { return errors_.size(); }
  const std::vector<One>& all() const { return errors_; }
  // Throws Several when there are any.
  void throw_any() const {
    if (!errors_.empty())
      throw Several(errors_);
  }

private:
  std::vector<One> errors_;
};

} // namespace interlock::text
