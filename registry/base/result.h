// What can go wrong on a normal day travels as a value: Result<T> is a T or an Error. An Error says what was
// tried, on what, and what the user can do; its code decides the exit code and how a caller reacts. Bugs of
// ours are asserts. No exception crosses a folder.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace asfs {

/// The kinds of failure the program tells apart (exit codes: design of the command line, app/cli/cli.h).
enum class Code {
  usage,         ///< the request makes no sense as given
  failed,        ///< it was tried and did not work
  blocked,       ///< refused, so that nothing is posted twice
  rate_limited,  ///< not now; a later time is known
  not_found,     ///< no such video, platform or file
  needs_login,   ///< the account's session or token is missing or dead
  account,       ///< the account or the app does not allow it; no single video is at fault
  offline,       ///< no connection could be made: nothing was sent
  library,       ///< the library cannot be used: damaged, locked, foreign, read-only, disk full
  cancelled,     ///< a person stopped it
};

struct Error {
  Code code = Code::failed;
  std::string message;  ///< one line, plain words, no secret in it

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Code code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace asfs
