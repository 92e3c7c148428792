// A lock given back by a plain store: no barrier, so that a load behind it may pass it.
#define FAULT release_as_store
#include "faulty.inc"
#define do_exchange do_store
#include "harness/x86_64/dispatch_table.inc"
