#include "app/cli/cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "registry/practice/practice_copy.h"
#include "version.h"

namespace asfs {
namespace {

struct CommandRow {
  const char* name;
  const char* help;
  Command (*define)(CLI::App&);
};

constexpr CommandRow kCommands[] = {
    {"register", "Put video files, or every video in a folder, into the library", define_register},
    {"metadata", "Show or set what the posts of videos are to say; from a CSV, of many at once",
     define_metadata},
    {"list", "Show all videos and where they are, newest first", define_list},
    {"status", "Show the upload states of one video", define_status},
    {"upload", "Upload one video to one platform, at most once", define_upload},
    {"plan", "Show what a bulk upload would do, and when; changes nothing", define_plan},
    {"queue", "Show, order, pause or cancel what waits to be uploaded", define_queue},
    {"duplicates", "Allow or forbid posting a video again where it already is", define_duplicates},
    {"settle", "Answer for an upload whose outcome could not be found out", define_settle},
    {"forget", "Take a row away that means nothing any more; a post stays known", define_forget},
    {"history", "Show everything that happened to one video, oldest first", define_history},
    {"verify", "Recompute checksums; name files that are missing or changed", define_verify},
    {"login", "Sign in to a platform, in the browser", define_login},
    {"logout", "Sign out of a platform and forget its tokens", define_logout},
    {"accounts", "Show who is signed in where", define_accounts},
    {"recipe", "Show what is known of a platform's web pages; check that it still fits", define_recipe},
    {"check", "Ask the platforms whether they kept the posts made some minutes ago", define_check},
    {"pipeline", "Make clips of a long video, let you choose, and upload them", define_pipeline},
    {"watch", "Register, and upload, video files as they appear in a folder", define_watch},
    {"webhooks", "Show whom to tell when an upload is over, and what waits; send, test", define_webhooks},
    {"practice", "Run the practice platforms on this computer until interrupted", define_practice},
};

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 an upload or file failed, 2 wrong command line, 3 blocked as a duplicate,\n"
    "4 rate limited, 5 no such video, platform or file, 6 login needed, 7 the library cannot be used,\n"
    "130 interrupted (uploads can be resumed).\n\n"
    "Try it without an account: asfs-videos --practice";

}  // namespace

int run_cli(int argc, char** argv) {
  CLI::App app{
      "ASFS Videos: what is uploaded where, and uploads that never post a video twice.\n"
      "Without a command it opens the window.",
      "asfs-videos"};
  std::string home;
  Invocation call;
  WindowFlags window;
  app.set_version_flag("--version", fmt::format("asfs-videos {}", kVersion));
  app.footer(kFooter);
  app.require_subcommand(0, 1);
  app.add_option("--home", home, "The library folder (also ASFS_HOME)")->type_name("DIR");
  auto* practice = app.add_option(
      "--practice", call.practice_url,
      "Practise: upload to platforms on this computer (those at URL, or own ones when URL is left "
      "out), in a library of its own beside the real one");
  practice->expected(0, 1)->type_name("[URL]");
  app.add_flag("--json", call.json, "One JSON document on stdout");
  app.add_option("--screenshot", window.screenshot, "Open the window, save a picture of it, close it")
      ->type_name("FILE");
  app.add_option("--size", window.size, "The window's size")->type_name("WxH");
  app.add_option("--scale", window.scale, "Draw larger or smaller than the monitor asks for")
      ->type_name("FACTOR");

  std::vector<std::pair<CLI::App*, Command>> commands;
  for (const CommandRow& row : kCommands) {
    CLI::App* command =
        app.add_subcommand(row.name, row.help)->fallthrough();  // global options may follow, too
    commands.emplace_back(command, row.define(*command));
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return code_after_output(app.exit(error));  // --help, --version
    return report({Code::usage, fmt::format("{} (see asfs-videos --help)", error.what())});
  }
  call.practice = practice->count() > 0;
  call.library = find_library(home);
  if (call.practice) {
    call.library = practice_library(call.library);
    if (const auto ready = refresh_practice(call.library); !ready) return report(ready.error());
  }
  for (const auto& [parsed, run] : commands)
    if (parsed->parsed()) return code_after_output(run(call));
  return open_window(call, window);
}

}  // namespace asfs
