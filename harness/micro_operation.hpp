// Micro-operations, outcomes and counts: the C++ view of what harness/x86_64/interface.h lists.
#pragma once

#include "harness/x86_64/interface.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace interlock::harness {

enum class MicroCode : std::uint32_t {
#define INTERLOCK_ENUMERATOR(name) name,
  INTERLOCK_MICRO_OPERATIONS(INTERLOCK_ENUMERATOR)
#undef INTERLOCK_ENUMERATOR
};

enum class Outcome : std::uint64_t {
#define INTERLOCK_ENUMERATOR(name, number) name = (number),
  INTERLOCK_OUTCOMES(INTERLOCK_ENUMERATOR)
#undef INTERLOCK_ENUMERATOR
};

enum class Count : std::uint32_t {
#define INTERLOCK_ENUMERATOR(name, number) name = (number),
  INTERLOCK_COUNTS(INTERLOCK_ENUMERATOR)
#undef INTERLOCK_ENUMERATOR
};
inline constexpr std::array count_names{
#define INTERLOCK_NAME(name, number) std::string_view(#name),
    INTERLOCK_COUNTS(INTERLOCK_NAME)
#undef INTERLOCK_NAME
};
static_assert(count_names.size() == COUNTED);

// How often each was counted, by Count.
using Counts = std::array<std::uint64_t, COUNTED>;

struct MicroOperation {
  MicroCode code = MicroCode::leave;
  std::uint32_t target = 0;
  std::int64_t value = 0;
};
static_assert(sizeof(MicroOperation) == std::size_t{1} << OPERATION_SHIFT);
static_assert(offsetof(MicroOperation, code) == OPERATION_CODE);
static_assert(offsetof(MicroOperation, target) == OPERATION_TARGET);
static_assert(offsetof(MicroOperation, value) == OPERATION_VALUE);

} // namespace interlock::harness
