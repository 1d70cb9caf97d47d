// The commands about accounts: login, logout, accounts.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/platform_access.h"
#include "registry/base/desktop.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/videos/video_registry.h"
#include "uploaders/accounts/account_state.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/queue/idle_destination.h"
#include "uploaders/row/platforms.h"

namespace asfs {
namespace {

constexpr std::chrono::minutes kPatience{10};

struct LoginArgs {
  std::string platform, client_id, token, page;
  bool no_browser = false;
};

/// A line from stdin when one is there; waits at most this long.
std::optional<std::string> typed_line(int millis) {
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  std::string line;
  if (::poll(&waiting, 1, millis) <= 0 || !std::getline(std::cin, line)) return std::nullopt;
  return line;
}

/// What `--page` names, or a person types.
Result<std::size_t> which_account(const std::vector<OwnAccount>& accounts, const std::string& page,
                                  std::stop_token stop) {
  const auto found = [&](const std::string& wanted) -> std::optional<std::size_t> {
    const auto* account = find_account(accounts, wanted);
    if (account == nullptr) return std::nullopt;
    return static_cast<std::size_t>(account - accounts.data());
  };
  if (!page.empty()) {
    if (const auto named = found(page)) return *named;
    return fail(Code::not_found,
                fmt::format("\"{}\" does not name one of the accounts that this login sees: {}",
                            one_line(page, 80), names_of(accounts)));
  }
  if (accounts.size() == 1) return 0;
  print_err("This login sees several Instagram accounts:\n");
  for (std::size_t i = 0; i < accounts.size(); ++i) print_err("{:>4}  {}\n", i + 1, accounts[i].shown());
  print_err("Which one shall posts go to? Its number: ");
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!stop.stop_requested() && !std::cin.eof() && std::chrono::steady_clock::now() < until) {
    const auto line = typed_line(200);
    if (!line) continue;
    std::size_t number = 0;
    const auto read = std::from_chars(line->data(), line->data() + line->size(), number);
    if (read.ec == std::errc() && number >= 1 && number <= accounts.size()) return number - 1;
    if (const auto named = found(std::string(trimmed(*line)))) return *named;
    print_err("Its number, from 1 to {}: ", accounts.size());
  }
  if (stop.stop_requested()) return fail(Code::cancelled, "stopped; nobody was signed in");
  return fail(Code::usage,
              fmt::format("this login sees several Instagram accounts: {}; say which: asfs-videos "
                          "login Instagram --page NAME",
                          names_of(accounts)));
}

/// Until the answer came by the browser, or was pasted.
Result<void> wait_for_answer(SignIn& sign_in, bool typing, std::stop_token stop) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!sign_in.arrived()) {
    if (stop.stop_requested()) return fail(Code::cancelled, "stopped; nobody was signed in");
    if (std::chrono::steady_clock::now() > until)
      return fail(Code::needs_login, "no answer came within ten minutes; nobody was signed in");
    if (!typing || std::cin.eof()) {
      sign_in.wait(std::chrono::milliseconds(200));
    } else if (const auto line = typed_line(200); line && !line->empty()) {
      if (auto taken = sign_in.paste(*line); !taken && !sign_in.arrived())
        print_err("asfs-videos: {}\n", taken.error().message);
    }
  }
  return {};
}

Result<Account> ask_person(const Config& config, const Destination& destination, oauth::Client client,
                           const LoginArgs& args, std::stop_token stop) {
  auto sign_in = SignIn::start(config, destination.name, std::move(client));
  if (!sign_in) return std::unexpected(sign_in.error());
  const bool opened = !args.no_browser && open_on_desktop((*sign_in)->address());
  print_err("{} this address in a browser and allow ASFS Videos to upload:\n\n{}\n\n",
            opened ? "Your browser should show it now. If not, open" : "Open", (*sign_in)->address());
  if (!opened)
    print_err(
        "If that browser runs on another machine, it will end at a page that cannot be reached:\n"
        "copy its address from the address bar and paste it here.\n");
  if (auto answered = wait_for_answer(**sign_in, true, stop); !answered)
    return std::unexpected(answered.error());
  const auto choose = [&](const auto& accounts) { return which_account(accounts, args.page, stop); };
  return (*sign_in)->finish(system_clock(), choose, stop);
}

Result<std::string> pasted_token() {
  std::string token;
  std::getline(std::cin, token);
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
  const bool plain =
      !token.empty() && std::ranges::all_of(token, [](unsigned char c) { return c > ' ' && c < 0x7f; });
  if (!plain) return fail(Code::usage, "an access token on one line of stdin is expected");
  return token;
}

Result<Account> by_token(const Config& config, const Destination& destination,
                         const Result<oauth::Client>& client, const LoginArgs& args, std::stop_token stop) {
  auto token = pasted_token();
  if (!token) return std::unexpected(token.error());
  const auto choose = [&](const auto& accounts) { return which_account(accounts, args.page, stop); };
  auto taken = take_token(config, destination.name, *std::move(token), client, system_clock(), choose, stop);
  if (!taken) return std::unexpected(taken.error());
  if (!taken->warning.empty()) print_err("asfs-videos: warning: {}\n", taken->warning);
  return std::move(taken->account);
}

Result<int> run_login(const Invocation& call, const LoginArgs& args, std::stop_token stop) {
  const auto destination = find_destination(call, args.platform);
  if (!destination) return std::unexpected(destination.error());
  const auto access = open_platform_access(call);
  if (!access) return std::unexpected(access.error());
  auto client = load_client(call.library, destination->name);
  Result<Account> account = fail(Code::usage, "");
  if (args.token.empty()) {
    if (!client && !args.client_id.empty() && client.error().code == Code::usage) client = oauth::Client{};
    if (!client) return std::unexpected(client.error());
    if (!args.client_id.empty()) client->id = args.client_id;
    account = ask_person(access->config, *destination, *std::move(client), args, stop);
  } else {
    account = by_token(access->config, *destination, client, args, stop);
  }
  if (!account) return std::unexpected(account.error());
  const auto kept = keep_sign_in(call.library, access->config, destination->name, *account);
  if (!kept) return std::unexpected(kept.error());
  const std::vector<std::string>& missing = *kept;
  if (const std::string ends = args.token.empty() ? lasting_text(destination->name, *account) : "";
      !ends.empty())
    print_err("asfs-videos: warning: {}\n", ends);
  if (!missing.empty())
    print_err("asfs-videos: warning: not everything was allowed; missing: {}\n", fmt::join(missing, ", "));
  print_out("signed in to {}{}{}\n", destination->name, account->name.empty() ? "" : " as " + account->name,
            !args.token.empty() && account->tokens.expires_at
                ? ", until " + short_time(local_timestamp(*account->tokens.expires_at))
                : "");
  return 0;
}

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
    list.push_back({{"platform", one.name},
                    {"state", name_of(state.kind)},
                    {"account", state.name},
                    {"detail", state.detail}});
    rows.push_back({one.name, std::string(name_of(state.kind)), state.name, state.detail});
  }
  if (call.json)
    print_out("{}\n", dumped(list, 2));
  else
    print_table({"PLATFORM", "STATE", "ACCOUNT", ""}, rows);
  return 0;
}

struct AccountsArgs {
  std::string action, destination, caption;
};

Result<int> change_accounts(const Invocation& call, const AccountsArgs& args) {
  if (args.destination.empty())
    return fail(Code::usage,
                fmt::format("accounts {}: give an account, such as YouTube/cooking", args.action));
  const std::string named = destination_named(args.destination);
  const std::string& name = named.empty() ? args.destination : named;
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

Command define_login(CLI::App& app) {
  auto args = std::make_shared<LoginArgs>();
  app.add_option("PLATFORM", args->platform, "A platform, or an account on one: YouTube, YouTube/cooking")
      ->required();
  app.add_flag("--no-browser", args->no_browser, "Only print the address; the answer may be pasted");
  app.add_option("--client-id", args->client_id,
                 "The app to sign in with (default: from config/accounts.json)");
  app.add_option("--page", args->page,
                 "Instagram: the account, or its Facebook page, when the login sees several");
  app.add_option("--token", args->token, "- reads an access token from stdin, in place of signing in")
      ->check(CLI::IsMember({"-"}));
  return [args](const Invocation& call) {
    const Interrupt interrupt;
    return ended(run_login(call, *args, interrupt.token()));
  };
}

Command define_logout(CLI::App& app) {
  auto platform = std::make_shared<std::string>();
  app.add_option("PLATFORM", *platform, "A platform, or an account on one: YouTube, YouTube/cooking")
      ->required();
  return [platform](const Invocation& call) { return ended(run_logout(call, *platform)); };
}

Command define_accounts(CLI::App& app) {
  auto args = std::make_shared<AccountsArgs>();
  app.add_option("ACTION", args->action, "add or remove another account on a platform; without it: the list")
      ->check(CLI::IsMember({"add", "remove"}));
  app.add_option("ACCOUNT", args->destination, "A platform, a slash and a name of your own: YouTube/cooking");
  app.add_option("--caption", args->caption, "With add: what the window and lists call it");
  return [args](const Invocation& call) {
    return ended(args->action.empty() ? run_accounts(call) : change_accounts(call, *args));
  };
}

}  // namespace asfs
