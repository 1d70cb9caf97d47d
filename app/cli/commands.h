// One function for each command: it declares its options on the CLI11 sub-command and returns what runs it.
#pragma once

#include <functional>
#include <string>

#include "registry/store/library.h"
#include "uploaders/metadata/metadata.h"

namespace CLI {
class App;
}

namespace asfs {

/// The global options, as every command sees them.
struct Invocation {
  Library library;  ///< with `practice`: the one it has for itself
  bool json = false;
  bool practice = false;
  std::string practice_url;  ///< empty with `practice`: one inside this process
};

/// Runs the parsed command; returns the exit code.
using Command = std::function<int(const Invocation&)>;

Command define_register(CLI::App& app);
Command define_metadata(CLI::App& app);
Command define_list(CLI::App& app);
Command define_status(CLI::App& app);
Command define_upload(CLI::App& app);
Command define_plan(CLI::App& app);
Command define_queue(CLI::App& app);
Command define_duplicates(CLI::App& app);
Command define_settle(CLI::App& app);
Command define_forget(CLI::App& app);
Command define_history(CLI::App& app);
Command define_verify(CLI::App& app);
Command define_login(CLI::App& app);
Command define_logout(CLI::App& app);
Command define_accounts(CLI::App& app);
Command define_recipe(CLI::App& app);
Command define_check(CLI::App& app);
Command define_practice(CLI::App& app);
Command define_watch(CLI::App& app);
Command define_pipeline(CLI::App& app);
Command define_webhooks(CLI::App& app);

/// Options of the window itself.
struct WindowFlags {
  std::string screenshot;
  std::string size = "1280x720";
  float scale = 0.0f;
};
int open_window(const Invocation& call, const WindowFlags& flags);

}  // namespace asfs
