// The bytes of the assembly: which locked instructions it has.  A witness that needs no second
// core.
#include "run_program.hpp"

namespace interlock::harness::testing {
namespace {

// Where the code of each operation is, as distances from the table; dispatch_table.inc.
extern "C" {
extern const std::int32_t interlock_micro_operations[];
extern const std::int32_t interlock_operations_acquire_without_lock[];
extern const std::int32_t interlock_operations_acquire_as_store[];
extern const std::int32_t interlock_operations_release_as_store[];
extern const std::int32_t interlock_operations_no_atomic_instructions[];
extern const std::int32_t interlock_operations_change_bits_without_lock[];
extern const std::int32_t interlock_operations_try_lock_without_cmpxchg[];
void interlock_schedule_turn_without_lock(ThreadBlock* thread);
void interlock_schedule_turn_ignored(ThreadBlock* thread);
}

struct Instructions {
  int locked = 0;    // lock cmpxchg with memory
  int unlocked = 0;  // cmpxchg without the prefix
  int exchanged = 0; // xchg with memory, which needs none
  bool operator==(const Instructions&) const = default;
};

// cmpxchg is REX.W 0F B1 /r, xchg REX.W 87 /r; the lock prefix F0 comes first.  With memory, the
// upper two bits of the byte behind are not both set.
Instructions instructions_in(const std::uint8_t* begin, const std::uint8_t* end) {
  constexpr int rex_w = 0x48;
  const auto is_rex_w = [](std::uint8_t byte) { return (byte & 0xf8) == rex_w; };
  const auto is_memory = [](std::uint8_t byte) { return byte < 0xc0; };
  Instructions found;
  for (const std::uint8_t* at = begin; at + 3 < end; ++at) {
    if (!is_rex_w(*at))
      continue;
    if (at[1] == 0x0f && at[2] == 0xb1 && is_memory(at[3]))
      ++(at > begin && at[-1] == 0xf0 ? found.locked : found.unlocked);
    if (at[1] == 0x87 && is_memory(at[2]))
      ++found.exchanged;
  }
  return found;
}

Instructions of_operation(MicroCode code, const std::int32_t* table = interlock_micro_operations) {
  constexpr std::size_t operations = static_cast<std::size_t>(MicroCode::spin) + 1;
  const std::int32_t begin = table[static_cast<std::size_t>(code)];
  std::int32_t end = table[operations]; // where all the code ends
  for (std::size_t i = 0; i < operations; ++i)
    if (table[i] > begin)
      end = std::min(end, table[i]);
  const auto* base = reinterpret_cast<const std::uint8_t*>(table);
  return instructions_in(base + begin, base + end);
}

Instructions of_schedule(void (*run_thread)(ThreadBlock*)) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(run_thread);
  const auto* end = begin;
  while (end[0] != 0x5b || end[1] != 0xc3) // pop rbx; ret
    ++end;
  return instructions_in(begin, end);
}

constexpr Instructions one_lock_cmpxchg{1, 0, 0};
constexpr Instructions one_xchg{0, 0, 1};

TEST(Instructions, OfOperationsOnLockWordsAreLocked) {
  EXPECT_EQ(of_operation(MicroCode::acquire), one_lock_cmpxchg);
  EXPECT_EQ(of_operation(MicroCode::change_bits), one_lock_cmpxchg);
  EXPECT_EQ(of_operation(MicroCode::try_lock), one_lock_cmpxchg);
  EXPECT_EQ(of_operation(MicroCode::exchange), one_xchg);
}

TEST(Instructions, OfAPlainStoreAreNot) {
  EXPECT_EQ(of_operation(MicroCode::store), Instructions{});
}

// The turn is claimed in two places, before a step and before an attempt, handed on in one; and one
// xchg raises the stop word.
TEST(Instructions, OfTheTurnAreLocked) {
  EXPECT_EQ(of_schedule(interlock_run_thread), (Instructions{2, 0, 2}));
}

TEST(Instructions, OfEveryFaultAreSeenToDiffer) {
  EXPECT_EQ(of_operation(MicroCode::acquire, interlock_operations_acquire_without_lock),
            (Instructions{0, 1, 0}));
  EXPECT_EQ(of_operation(MicroCode::acquire, interlock_operations_acquire_as_store),
            Instructions{});
  EXPECT_EQ(of_operation(MicroCode::exchange, interlock_operations_release_as_store),
            Instructions{});
  EXPECT_EQ(of_operation(MicroCode::change_bits, interlock_operations_change_bits_without_lock),
            (Instructions{0, 1, 0}));
  EXPECT_EQ(of_operation(MicroCode::try_lock, interlock_operations_try_lock_without_cmpxchg),
            Instructions{});
  for (const MicroCode code :
       {MicroCode::acquire, MicroCode::change_bits, MicroCode::try_lock, MicroCode::exchange})
    EXPECT_EQ(of_operation(code, interlock_operations_no_atomic_instructions).locked +
                  of_operation(code, interlock_operations_no_atomic_instructions).exchanged,
              0);
  EXPECT_EQ(of_schedule(interlock_schedule_turn_without_lock), (Instructions{0, 2, 2}));
  EXPECT_EQ(of_schedule(interlock_schedule_turn_ignored), (Instructions{0, 0, 4}));
}

} // namespace
} // namespace interlock::harness::testing
