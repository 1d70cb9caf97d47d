#include <fcntl.h>

#include <exception>

#include "app/cli/cli.h"
#include "app/cli/console.h"
#include "uploaders/all_platforms.h"

namespace {

/// With stdout closed the next file that is opened would get its number, and our words.
void occupy_closed_outputs() {
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) == -1)
      static_cast<void>(::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY));  // still not to be used
}

}  // namespace

int main(int argc, char** argv) {
  occupy_closed_outputs();
  asfs::use_platforms(asfs::all_platforms());
  try {
    return asfs::run_cli(argc, argv);
  } catch (const std::exception& error) {  // out of memory and the like
    return asfs::report({asfs::Code::failed, error.what()});
  }
}
