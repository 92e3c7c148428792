// An element is put in front of another: at the end of the list.
#define FAULT wrong_list
#include "faulty.inc"
#define do_insert_before do_push_back
#include "harness/x86_64/dispatch_table.inc"
