// The command about recipes: what is known of the platforms' web pages, and whether it still fits.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/platform_access.h"
#include "registry/base/json.h"
#include "uploaders/web/recipe_check.h"

namespace asfs {
namespace {

struct RecipeArgs {
  std::string action, platform, folder;
  bool all = false;
};

std::string found_text(const web::CheckedLocator& one) {
  if (one.used) return "found";
  return one.found == 0 ? "missing" : one.found == 1 ? "found" : fmt::format("ambiguous: {}", one.found);
}

int tell(const Invocation& call, const web::RecipeReport& report, bool offline) {
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : report.locators) {
    list.push_back({{"state", one.state},
                    {"target", one.target},
                    {"locator", one.locator},
                    {"found", one.found},
                    {"used", one.used}});
    if (!offline || one.found > 0)
      rows.push_back({one.state, one.target, one.used ? "*" : "", found_text(one), one.locator});
  }
  if (call.json) {
    print_out("{}\n", dumped(Json{{"recipe", report.recipe},
                                  {"account", report.account},
                                  {"good", report.good()},
                                  {"stopped", report.stopped},
                                  {"left", report.left},
                                  {"locators", list}},
                             2));
  } else {
    print_table({"STATE", "TARGET", "", "", "LOCATOR"}, rows);
    if (!report.left.empty()) print_out("left on the platform: {}\n", report.left);
  }
  if (offline) return 0;
  if (!report.stopped.empty()) print_err("asfs-videos: {}\n", report.stopped);
  if (report.good()) print_err("the recipe fits, up to the point of no return\n");
  return report.good() ? 0 : 1;
}

Result<int> show(const Invocation& call, const Destination& destination) {
  const auto recipe = web::load_recipe(call.library, destination.platform);
  if (!recipe) return std::unexpected(recipe.error());
  const auto text = web::recipe_text(call.library, destination.platform);
  if (!text) return std::unexpected(text.error());
  print_err(
      "{}, version {}, {}\n", recipe->file, recipe->version,
      recipe->checked_on.empty() ? "never checked on the real site" : "checked on " + recipe->checked_on);
  print_out("{}", text->text);
  return 0;
}

Result<int> run_recipe(const Invocation& call, const RecipeArgs& args, std::stop_token stop) {
  const auto destination = find_destination(call, args.platform);
  if (!destination) return std::unexpected(destination.error());
  if (args.action == "show") return show(call, *destination);
  const bool offline = args.action == "replay";
  if (offline && args.folder.empty())
    return fail(Code::usage, "recipe replay: give the folder of a kept page, as an error names it");
  const auto access = open_platform_access(call);
  if (!access) return std::unexpected(access.error());
  const UploaderContext context{access->config,    *access->credentials, system_clock(),
                                destination->name, make_http_client,     call.library};
  const auto report = offline ? web::replay_recipe(context, args.folder, std::move(stop))
                              : web::check_recipe(context, std::move(stop));
  if (!report) return std::unexpected(report.error());
  return tell(call, *report, offline);
}

}  // namespace

Command define_recipe(CLI::App& app) {
  auto args = std::make_shared<RecipeArgs>();
  app.add_option(
         "ACTION", args->action,
         "show: print it; check: go through the pages with a clip of ours, up to the point of no return and "
         "never over it; replay: on a page that a failure left")
      ->required()
      ->check(CLI::IsMember({"show", "check", "replay"}));
  app.add_option("PLATFORM", args->platform, "A platform, or an account on one: YouTube, YouTube/cooking")
      ->required();
  app.add_option("FOLDER", args->folder, "With replay: the folder with the page");
  return [args](const Invocation& call) {
    const Interrupt interrupt;
    const auto done = run_recipe(call, *args, interrupt.token());
    return done ? *done : report(done.error());
  };
}

}  // namespace asfs
