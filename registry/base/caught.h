// For whoever runs work of others on a thread of its own: nothing throws across folders on a normal day, and
// where it happens all the same (no memory left, a bug of ours), that is an error like any other.
#pragma once

#include <exception>
#include <string>
#include <type_traits>
#include <utility>

#include "registry/base/result.h"

namespace asfs {

/// `work` returns a Result; what it throws becomes one, with Code::failed.
template <class Work>
std::invoke_result_t<Work> caught(Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& fault) {
    return fail(Code::failed, std::string("a fault of the program: ") + fault.what());
  }
}

}  // namespace asfs
