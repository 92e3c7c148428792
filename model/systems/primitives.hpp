// A kernel's primitives, and the calls of its paths, as patches may insert them.
#pragma once

#include "actions/steps.hpp"
#include "lang/patch.hpp"

#include <algorithm>
#include <array>
#include <typeindex>
#include <utility>

namespace interlock::systems {

// A primitive works on some kinds of locks only: an rwlock that is taken as if it were a mutex has
// no meaning.
using LockKinds = std::vector<states::LockKind>;

// The lock that an operand of a patch names.  Throws lang::SpecError when it is of no such kind.
states::Lock lock_of(const states::Kernel& kernel, const lang::Expr& reference,
                     const LockKinds& kinds);

// What a path wants of a parameter that is a plain expression.
struct ExpressionOperand {
  std::string wanted; // "place of true or false"
  std::function<bool(const lang::Expr&)> fits;
};
ExpressionOperand value_operand(std::string wanted, const lang::TypeRef& type);
// Something that the path may assign to.
ExpressionOperand place_operand(std::string wanted, const lang::TypeRef& type);

// Throw lang::SpecError with what is wanted: an object of that pool, an expression that fits.
void require_object(const states::Kernel& kernel, const lang::Expr& operand, lang::PoolId pool);
void require_fitting(const lang::Expr& operand, const ExpressionOperand& wanted);

// Collects the primitives of the kernel whose steps a Path builds.
template <class Path> class PrimitiveTable {
public:
  using Build = std::function<void(Path&, const std::vector<lang::Expr>&)>;

  // `make` gives a path for a thread.
  explicit PrimitiveTable(std::function<Path(lang::ThreadId)> make) : make_(std::move(make)) {}

  void add(const char* name, std::size_t operands, const char* text, Build build) {
    primitives_[name] = {operands, text,
                         [make = make_, build = std::move(build)](
                             lang::Steps& steps, const std::vector<lang::Expr>& values) {
                           Path path = make(steps.thread());
                           path.build_within(steps);
                           build(path, values);
                           steps.append(path.take());
                         }};
  }
  // One that takes a lock of these kinds and nothing else.
  template <class Owner>
  void on_lock(const char* name, const char* text, const LockKinds& kinds,
               void (Owner::*primitive)(const states::Lock&)) {
    add(name, 1, text, [kinds, primitive](Path& path, const std::vector<lang::Expr>& values) {
      (path.*primitive)(lock_of(path.kernel(), values[0], kinds));
    });
  }

  // Says of which pool the objects of a class are.  The paths below know those that are there.
  template <class Object> void objects(lang::PoolId pool) {
    if (pool != lang::thread_pool) // what a scenario does without has no pool
      pools_[typeid(Object)] = pool;
  }
  // A call of a path.  Its parameters say what the operands must be: objects of the kernel
  // themselves, and plain expressions by `expressions`, in their order.  A path whose objects the
  // scenario does not have is left out.
  template <class... Parameters>
  void path(const char* name, const char* text, void (*function)(Path&, Parameters...),
            std::vector<ExpressionOperand> expressions = {}) {
    if ((... && has_pool<Parameters>()))
      add(name, sizeof...(Parameters), text,
          [function,
           pools = std::array<lang::PoolId, sizeof...(Parameters)>{pool_of<Parameters>()...},
           expressions = std::move(expressions)](Path& path,
                                                 const std::vector<lang::Expr>& values) {
            call(path, function, pools, expressions, values,
                 std::index_sequence_for<Parameters...>{});
          });
  }
  lang::Primitives take() { return std::move(primitives_); }

private:
  template <class Parameter>
  static constexpr bool is_expression = std::is_same_v<std::remove_cvref_t<Parameter>, lang::Expr>;

  template <class Parameter> bool has_pool() const {
    return is_expression<Parameter> || pools_.contains(typeid(std::remove_cvref_t<Parameter>));
  }
  template <class Parameter> lang::PoolId pool_of() const {
    return is_expression<Parameter> ? lang::PoolId{}
                                    : pools_.at(typeid(std::remove_cvref_t<Parameter>));
  }

  template <class... Parameters, std::size_t... index>
  static void call(Path& path, void (*function)(Path&, Parameters...),
                   [[maybe_unused]] const std::array<lang::PoolId, sizeof...(Parameters)>& pools,
                   const std::vector<ExpressionOperand>& expressions,
                   [[maybe_unused]] const std::vector<lang::Expr>& values,
                   std::index_sequence<index...>) {
    constexpr std::array<bool, sizeof...(Parameters) + 1> plain{is_expression<Parameters>...};
    [[maybe_unused]] const auto wanted = [&](std::size_t parameter) {
      return static_cast<std::size_t>(
          std::count(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(parameter), true));
    };
    (..., (is_expression<Parameters> ? require_fitting(values[index], expressions.at(wanted(index)))
                                     : require_object(path.kernel(), values[index], pools[index])));
    function(path, argument<Parameters>(path, values[index])...);
  }

  template <class Parameter>
  static std::remove_cvref_t<Parameter> argument(Path& path, const lang::Expr& value) {
    if constexpr (is_expression<Parameter>)
      return value;
    else
      return {path.kernel(), value};
  }

  std::function<Path(lang::ThreadId)> make_;
  std::map<std::type_index, lang::PoolId> pools_;
  lang::Primitives primitives_;
};

} // namespace interlock::systems
