// Pages: zeroed memory straight from the kernel, in huge pages where it is large.
#pragma once

#include <cstddef>

namespace interlock::checker {

class Pages {
public:
  Pages() = default;
  // Memory is taken only where it is touched.  Throws std::bad_alloc.
  explicit Pages(std::size_t bytes);
  Pages(Pages&& other) noexcept;
  Pages& operator=(Pages&& other) noexcept;
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages();

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  // Gives the memory of [from, to) back; both are multiples of `step`.
  void release(std::size_t from, std::size_t to);

  static constexpr std::size_t step = std::size_t{2} << 20; // a huge page of x86-64

private:
  std::byte* mapping_ = nullptr;
  std::size_t mapped_ = 0;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace interlock::checker
