#include <exception>

#include "app/cli.h"
#include "app/console.h"

int main(int argc, char** argv) {
  try {
    return asfs::run_cli(argc, argv);
  } catch (const std::exception& error) {  // out of memory and the like
    return asfs::report({asfs::Code::failed, error.what()});
  }
}
