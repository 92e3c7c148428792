// See holders.hpp.
#include "actions/holders.hpp"

#include "actions/steps.hpp"

namespace interlock::actions {

namespace {

class Holders {
public:
  Holders(const states::Kernel& kernel, const Expr& object)
      : kernel_(kernel), spec_(kernel.spec()), object_(object), pool_(object.type().pool) {}

  std::vector<lang::Check> checks() && {
    for (VariableId id = 0; id < spec_.variables().size(); ++id) {
      const lang::Variable& variable = spec_.variables()[id];
      if (variable.capacity != 0)
        add_list(id, variable);
      else if (leads_there(variable) && is_table(variable))
        for (const Expr& row : objects(variable.pool))
          add_pointer(id, row);
    }
    if (pool_ == kernel_.proc_pool)
      for (const Expr& child : objects(kernel_.proc_pool))
        add_pointer(kernel_.p_pptr, child);
    if (pool_ == kernel_.kqueue_pool)
      add_knotes();
    return std::move(checks_);
  }

private:
  std::vector<Expr> objects(lang::PoolId pool) const {
    std::vector<Expr> all;
    for (std::uint32_t i = 0; i < spec_.pools()[pool].objects.size(); ++i)
      all.push_back(spec_.object(pool, i));
    return all;
  }

  bool leads_there(const lang::Variable& variable) const {
    return variable.type->kind == lang::Kind::reference && variable.type->pool == pool_;
  }

  // The pid table and its like: pointers of what is always there and is no thread, whose pointers
  // are its own business as its locals are.
  bool is_table(const lang::Variable& variable) const {
    return variable.scope == lang::Scope::field && variable.pool != lang::thread_pool &&
           !spec_.pools()[variable.pool].allocated &&
           variable.protection != lang::Protection::immutable && !variable.ghost;
  }

  void add_list(VariableId list, const lang::Variable& variable) {
    const bool of_objects = variable.scope == lang::Scope::field;
    if (of_objects && variable.pool == pool_)
      require(spec_.list_size(list, object_) == 0, "its " + variable.name + " is not empty");
    if (!leads_there(variable))
      return;
    for (const Expr& owner : of_objects ? objects(variable.pool) : std::vector<Expr>{{}})
      require(is_gone(owner) || !spec_.list_has(list, owner, object_),
              "it is on " + name(owner, variable));
  }

  void add_pointer(VariableId field, const Expr& owner, const Expr& unless = Expr(false)) {
    require(is_gone(owner) || unless || spec_.read(field, owner) != object_,
            name(owner, spec_.variables()[field]) + " points to it");
  }

  // A knote on a hash can be found, and leads to its kqueue.  One that is not is about to be freed
  // itself, which asks nothing of the kqueue.
  void add_knotes() {
    for (std::size_t i = 0; i < kernel_.plan().knotes; ++i) { // markers are on no hash
      const Expr kn = spec_.object(kernel_.knote_pool, static_cast<std::uint32_t>(i));
      std::vector<Expr> hashed;
      for (const Expr& bucket : objects(kernel_.bucket_pool))
        hashed.push_back(spec_.list_has(kernel_.knhash, bucket, kn));
      add_pointer(kernel_.kn_kq, kn, !lang::any_of(hashed));
    }
  }

  Expr is_gone(const Expr& owner) const {
    return !owner.empty() && spec_.pools()[owner.type().pool].allocated ? !spec_.is_allocated(owner)
                                                                        : Expr(false);
  }

  static std::string name(const Expr& owner, const lang::Variable& variable) {
    return (owner.empty() ? "" : lang::to_string(owner) + ".") + variable.name;
  }

  void require(const Expr& condition, const std::string& what) {
    checks_.push_back({property::freed_while_held, condition,
                       lang::to_string(object_) + " is freed while " + what});
  }

  const states::Kernel& kernel_;
  const lang::SpecBuilder& spec_;
  const Expr& object_;
  lang::PoolId pool_;
  std::vector<lang::Check> checks_;
};

} // namespace

std::vector<lang::Check> nothing_holds(const states::Kernel& kernel, const Expr& object) {
  return Holders(kernel, object).checks();
}

} // namespace interlock::actions
