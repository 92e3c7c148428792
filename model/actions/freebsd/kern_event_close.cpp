// FreeBSD kern_event.c: closing a kqueue, and the references to its file (kern_descrip.c).
#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

using lang::assign;

namespace {

// Takes away what a kqueue has in one bucket.  {kq_lock}, dropped meanwhile
void close_bucket(Path& s, const Kqueue& kq, const Expr& bucket) {
  s.path(
      s.kern_event("kqueue_close"), {{"kq", kq.ref()}, {"list", bucket}},
      [&] {
        const Kernel& k = s.kernel();
        const Knote kn(k, s.local_knote("kn"));
        s.loop("bucket", [&] {
          s.set("first", {{kn.ref(), k.spec().list_front(k.knhash, bucket)}});
          s.if_(kn.is_none(), [&] { s.return_(); });
          s.if_(kn.has("KN_INFLUX"), [&] {
            wait_for_flux(s, kq, Interlock::taken_again);
            s.continue_("bucket");
          });
          s.update("set_KN_INFLUX", {s.set_status(kn, "KN_INFLUX")});
          s.mtx_unlock(kq.kq_lock());
          detach_and_drop(s, kn);
          s.mtx_lock(kq.kq_lock());
        });
      },
      "kqueue_close_bucket");
}

// Which pid hashes to which bucket is chance, so both orders occur.
void close_buckets(Path& s, const Kqueue& kq) {
  const Kernel& k = s.kernel();
  const std::size_t buckets = k.plan().processes.size();
  const auto close = [&](const char* label, std::size_t copy, std::size_t pid) {
    s.label(copy_label(label, copy));
    close_bucket(s, kq, kq.bucket(k.pid(pid).ref()));
  };
  const auto upwards = [&] {
    for (std::size_t i = 0; i < buckets; ++i)
      close("kqueue_close_bucket", i, i);
  };
  const auto downwards = [&] {
    for (std::size_t i = 0; i < buckets; ++i)
      close("kqueue_close_bucket_downwards", i, buckets - 1 - i);
  };
  if (buckets == 1)
    upwards();
  else
    s.either({upwards, downwards});
}

} // namespace

void kqueue_close(Path& s, std::size_t kqueue) {
  const Kernel& k = s.kernel();
  const Kqueue kq = k.kqueue(kqueue);
  s.path(s.kern_event("kqueue_close"), {{"kq", kq.ref()}}, [&] {
    const Lock fd_sx = k.fd_sx(k.plan().kqueues[kqueue].process);
    s.mtx_lock(kq.kq_lock());
    close_buckets(s, kq);
    s.mtx_unlock(kq.kq_lock());
    s.sx_xlock(fd_sx); // fd_kqlist
    s.sx_xunlock(fd_sx);
    s.release(kq.ref(), "free_kq");
  });
}

void fget(Path& s, std::size_t kqueue, const Expr& result) {
  const states::freebsd::Descriptor fd = s.kernel().descriptor(kqueue);
  s.path(Path::other("sys/kern/kern_descrip.c", "fget"), {{"fd", fd.ref()}}, [&] {
    Step open;
    open.guard = fd.is_open();
    open.updates = {assign(fd.f_count(), fd.f_count() + 1), assign(result, error("0"))};
    Step closed;
    closed.guard = !fd.is_open();
    closed.updates = {assign(result, error("EBADF"))};
    s.either(
        {[&] { s.step("hold", std::move(open)); }, [&] { s.step("closed", std::move(closed)); }});
  });
}

void fdrop(Path& s, std::size_t kqueue) {
  const states::freebsd::Descriptor fd = s.kernel().descriptor(kqueue);
  s.path(Path::other("sys/kern/kern_descrip.c", "fdrop"), {{"fd", fd.ref()}}, [&] {
    const Expr last = s.local("last", lang::boolean_type());
    s.set("release", {{fd.f_count(), fd.f_count() - 1}, {last, fd.f_count() == 1}});
    s.if_(last, [&] { kqueue_close(s, kqueue); });
  });
}

void sys_close(Path& s, std::size_t kqueue, const Expr& result) {
  const Kernel& k = s.kernel();
  const states::freebsd::Descriptor fd = k.descriptor(kqueue);
  s.path(Path::other("sys/kern/kern_descrip.c", "kern_close"), {{"fd", fd.ref()}}, [&] {
    const Lock fd_sx = k.fd_sx(k.plan().kqueues[kqueue].process);
    s.sx_xlock(fd_sx);
    s.label("test_fd_ofiles").if_(!fd.is_open(), [&] {
      s.sx_xunlock(fd_sx);
      s.set("return_EBADF", {{result, error("EBADF")}});
      s.return_();
    });
    s.set("clear_fd_ofiles", {{fd.is_open(), Expr(false)}});
    s.sx_xunlock(fd_sx);
    fdrop(s, kqueue);
    s.set("return_0", {{result, error("0")}});
  });
}

} // namespace interlock::actions::freebsd
