// No leak: when all is quiet, every allocated object is still referred to.
#include "properties/property.hpp"

namespace interlock::properties {

void leak(const Subject& subject, const std::string& name) {
  const states::Kernel& k = subject.kernel;
  lang::SpecBuilder& spec = subject.kernel.spec();
  const auto objects = [&](lang::PoolId pool) {
    return static_cast<std::uint32_t>(spec.pools()[pool].objects.size());
  };
  const auto require = [&](const lang::Expr& object, const lang::Expr& referred, const char* what) {
    spec.property({name, lang::PropertyKind::at_rest, !spec.is_allocated(object) || referred,
                   lang::to_string(object) + " is allocated, but " + what});
  };
  for (std::uint32_t i = 0; i < k.plan().knotes; ++i) {
    const lang::Expr kn = spec.object(k.knote_pool, i);
    std::vector<lang::Expr> places;
    for (std::uint32_t bucket = 0; bucket < objects(k.bucket_pool); ++bucket)
      places.push_back(spec.list_has(k.knhash, spec.object(k.bucket_pool, bucket), kn));
    require(kn, lang::any_of(places), "it is on no hash");
  }
  for (std::uint32_t i = 0; i < objects(k.proc_pool); ++i) {
    const lang::Expr p = spec.object(k.proc_pool, i);
    std::vector<lang::Expr> places;
    for (std::uint32_t pid = 0; pid < objects(k.pid_pool); ++pid)
      places.push_back(spec.read(k.pid_proc, spec.object(k.pid_pool, pid)) == p);
    require(p, lang::any_of(places), "it has no pid");
  }
  for (std::uint32_t i = 0; i < objects(k.kqueue_pool); ++i)
    require(k.kqueue(i).ref(), k.kqueue_is_referred(i), "its descriptor is closed");
}

} // namespace interlock::properties
