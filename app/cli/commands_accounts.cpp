// The commands about accounts that are there: logout, accounts.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/platform_access.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/videos/video_registry.h"
#include "uploaders/accounts/account_state.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/accounts/web_account.h"
#include "uploaders/queue/idle_destination.h"
#include "uploaders/web/terms_notice.h"

namespace asfs {
namespace {

Result<int> run_logout(const Invocation& call, const std::string& name) {
  const auto destination = find_destination(call, name);
  if (!destination) return std::unexpected(destination.error());
  const auto access = open_platform_access(call);
  if (!access) return std::unexpected(access.error());
  const auto removed = sign_out(call.library, access->config, destination->name);
  if (!removed) return std::unexpected(removed.error());
  print_out("{} {}\n", *removed ? "signed out of" : "nobody was signed in to", destination->name);
  return 0;
}

Result<int> run_accounts(const Invocation& call) {
  const auto access = open_platform_access(call);
  if (!access) return std::unexpected(access.error());
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const Destination& one : access->config.destinations) {
    const AccountState state = account_state(call.library, access->config, one.name);
    const std::string warning = account_warning(one.name, state, system_clock().now());
    list.push_back({{"platform", one.name},
                    {"state", name_of(state.kind)},
                    {"account", state.name},
                    {"route", name_of(one.route)},
                    {"detail", state.detail},
                    {"ends_at", state.ends_at ? Json(local_timestamp(*state.ends_at)) : Json(nullptr)},
                    {"warning", warning.empty() ? Json(nullptr) : Json(warning)}});
    rows.push_back({one.name, std::string(name_of(state.kind)), state.name, state.detail});
  }
  if (call.json)
    print_out("{}\n", dumped(list, 2));
  else
    print_table({"PLATFORM", "STATE", "ACCOUNT", ""}, rows);
  return 0;
}

struct AccountsArgs {
  std::string action, destination, way, caption;
  bool yes = false;
};

bool agrees(const std::string& question) {
  print_err("{}", question);
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "yes" || answer == "Y");
}

/// Nobody's account goes another way without having been told what that may cost.
Result<int> change_route(const Invocation& call, const Destination& destination, const AccountsArgs& args) {
  if (args.way != "api" && args.way != "browser")
    return fail(Code::usage,
                fmt::format("accounts route {}: say which way: api or browser", destination.name));
  const Route route = args.way == "api" ? Route::api : Route::browser;
  if (route == Route::browser && destination.route != route && !call.practice) {
    print_err("{}\n", web::terms_notice(destination.platform));
    if (!args.yes &&
        !agrees(fmt::format("Post to {} through a browser all the same? [y/N] ", destination.name)))
      return fail(
          Code::cancelled,
          fmt::format("uploads to {} go the way they went; in a script say yes by --yes", destination.name));
  }
  if (auto set = set_route(call.library, destination.name, route); !set) return std::unexpected(set.error());
  print_out("uploads to {} go {}\n", destination.name,
            route == Route::api ? "by its API" : "through a browser");
  if (route == Route::browser && !call.practice && web_account_id(call.library, destination.name).empty())
    print_err("sign in there: asfs-videos login {} --browser\n", destination.name);
  return 0;
}

Result<int> change_accounts(const Invocation& call, const AccountsArgs& args) {
  if (args.destination.empty())
    return fail(Code::usage,
                fmt::format("accounts {}: give an account, such as YouTube/cooking", args.action));
  const std::string named = destination_named(args.destination);
  const std::string& name = named.empty() ? args.destination : named;
  if (args.action == "route") {
    const auto destination = find_destination(call, args.destination);
    return destination ? change_route(call, *destination, args) : std::unexpected(destination.error());
  }
  if (args.action == "add") {
    Destination destination{name, std::string(platform_of(name)), args.caption};
    if (auto added = add_destination(call.library, destination); !added)
      return std::unexpected(added.error());
    print_out("{} is there; sign in: asfs-videos login {}\n", name, name);
    return 0;
  }
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return std::unexpected(registry.error());
  const auto access = open_platform_access(call);
  if (!access) return std::unexpected(access.error());
  const auto removed = remove_idle_destination(*registry, name);
  if (!removed && removed.error().code == Code::blocked)
    return fail(Code::blocked, fmt::format("{}; see: asfs-videos queue, asfs-videos list --platform {}",
                                           removed.error().message, name));
  if (!removed) return std::unexpected(removed.error());
  if (auto out = sign_out(call.library, access->config, name); !out) return std::unexpected(out.error());
  print_out("{} is removed; what was posted to it stays in the registry\n", name);
  return 0;
}

int ended(const Result<int>& result) {
  return result ? *result : report(result.error());
}

}  // namespace

Command define_logout(CLI::App& app) {
  auto platform = std::make_shared<std::string>();
  app.add_option("PLATFORM", *platform, "A platform, or an account on one: YouTube, YouTube/cooking")
      ->required();
  return [platform](const Invocation& call) { return ended(run_logout(call, *platform)); };
}

Command define_accounts(CLI::App& app) {
  auto args = std::make_shared<AccountsArgs>();
  app.add_option("ACTION", args->action,
                 "add or remove another account on a platform; route: which way its uploads go; "
                 "without it: the list")
      ->check(CLI::IsMember({"add", "remove", "route"}));
  app.add_option("ACCOUNT", args->destination, "A platform, a slash and a name of your own: YouTube/cooking");
  app.add_option("WAY", args->way, "With route: api, or browser");
  app.add_flag("--yes", args->yes, "With route: do not ask");
  app.add_option("--caption", args->caption, "With add: what the window and lists call it");
  return [args](const Invocation& call) {
    return ended(args->action.empty() ? run_accounts(call) : change_accounts(call, *args));
  };
}

}  // namespace asfs
