// The micro-operations and their table.  They are apart so that tests/harness/faults can assemble the
// same code with one operation replaced by a faulty one.
#include "micro_program.inc"
#include "dispatch_table.inc"
