// JUnit's XML, as Jenkins and GitLab read it.
#pragma once

#include "reports/report.hpp"

namespace interlock::checker::reports {

// A testsuite with a testcase for each case: `failure` where it failed, `error` where it is wrong,
// `skipped`.  What is no character of XML is spelt out, \u001b.
std::string junit(const Report& report);

} // namespace interlock::checker::reports
