// The practice platforms as a server, and what is taken over from practice into the library.
#include <CLI/CLI.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/practice_mode.h"
#include "app/cli/registry_command.h"
#include "registry/practice/practice_copy.h"

namespace asfs {
namespace {

struct PracticeArgs {
  int port = 0;
  std::string folder;
  std::vector<std::string> ids;
};

int serve(const Invocation& call, const PracticeArgs& args) {
  const Interrupt interrupt;
  const std::filesystem::path folder =
      args.folder.empty() ? call.library.practice_folder() : std::filesystem::path(args.folder);
  const auto practice = PracticeMode::serve(std::filesystem::absolute(folder), args.port);
  if (!practice) return report({Code::failed, practice.error().message});
  print_out("practice platforms at {}\n", practice->url());
  flush_out();
  print_err("Open that address in a browser to see the posts and to switch faults on. Ctrl-C ends it.\n");
  std::mutex mutex;
  std::condition_variable_any wakes;
  std::unique_lock lock(mutex);
  wakes.wait(lock, interrupt.token(), [] { return false; });
  return 0;
}

int take_over(const Invocation& call, const PracticeArgs& args) {
  const Interrupt interrupt;
  const auto taken = take_over_newcomers(practice_library(call.library), args.ids, interrupt.token());
  return taken ? print_report(call, *taken) : report(taken.error());
}

}  // namespace

Command define_practice(CLI::App& app) {
  auto args = std::make_shared<PracticeArgs>();
  app.add_option("--port", args->port, "The port; 0 picks a free one")->check(CLI::Range(0, 65535));
  app.add_option("--dir", args->folder,
                 "Where posts and sessions are kept (default: practice/ in the library)");
  CLI::App* take = app.add_subcommand(
      "take-over", "Put the videos that were added in practice into the library, with their words");
  take->fallthrough();
  take->add_option("ID", args->ids, "Only these videos");
  return [args, take](const Invocation& call) {
    return take->parsed() ? take_over(call, *args) : serve(call, *args);
  };
}

}  // namespace asfs
