// Anonymous mappings, aligned so that huge pages fit.
#include "engine/pages.hpp"

#include <cstdint>
#include <new>
#include <utility>

#include <sys/mman.h>

namespace interlock::checker {

Pages::Pages(std::size_t bytes) : size_(bytes) {
  const bool huge = bytes > step;
  mapped_ = huge ? bytes + step : bytes;
  void* mapping = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED)
    throw std::bad_alloc();
  mapping_ = static_cast<std::byte*>(mapping);
  data_ = mapping_;
  if (huge) {
    data_ += (step - reinterpret_cast<std::uintptr_t>(mapping_) % step) % step;
    // The first step stays in small pages: most specifications need little, and clearing a huge
    // page costs more than exploring a small one.  A kernel without huge pages may refuse; all
    // works then.
    ::madvise(data_ + step, size_ - step, MADV_HUGEPAGE);
  }
}

Pages::Pages(Pages&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)), mapped_(std::exchange(other.mapped_, 0)),
      data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Pages& Pages::operator=(Pages&& other) noexcept {
  std::swap(mapping_, other.mapping_);
  std::swap(mapped_, other.mapped_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Pages::~Pages() {
  if (mapping_ != nullptr)
    ::munmap(mapping_, mapped_);
}

void Pages::release(std::size_t from, std::size_t to) {
  ::madvise(data_ + from, to - from, MADV_DONTNEED);
}

} // namespace interlock::checker
