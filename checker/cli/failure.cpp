// From exceptions to exit codes and messages.
#include "cli/failure.hpp"

#include "cli/interruption.hpp"
#include "config/building.hpp"
#include "text/wrap.hpp"

#include <iostream>
#include <new>
#include <system_error>

namespace interlock::checker::cli {

Failure current_failure(const std::string& file) {
  const std::string where = file.empty() ? "" : file + ": ";
  try {
    throw;
  } catch (const json::DocumentError& error) {
    return {ExitCode::usage, error.what(), error.line()};
  } catch (const WrongSpecification& error) {
    return {ExitCode::specification, error.what()};
  } catch (const lang::SpecError& error) {
    return {ExitCode::specification, where + "wrong specification: " + error.what()};
  } catch (const BuildStopped& stopped) {
    return {stopped.cause() == BuildStopped::Cause::interruption ? ExitCode::interrupted
                                                                 : ExitCode::incomplete,
            where + stopped.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::too_large, where + "out of memory"};
  } catch (const std::system_error& error) { // filesystem_error is one
    if (error.code() == std::errc::interrupted && interrupted())
      return {ExitCode::interrupted, where + "interrupted: " + error.what()};
    return {ExitCode::system, where + error.what()};
  } catch (const std::exception& error) {
    return {ExitCode::internal, where + "internal error: " + error.what()};
  }
}

ExitCode say(const Failure& failure) {
  std::cout.flush();
  for (const std::string& line : text::lines_of(failure.message))
    std::cerr << "interlock: " << line << "\n";
  return failure.code;
}

} // namespace interlock::checker::cli
