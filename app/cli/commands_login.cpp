// The command that signs in, in the browser or by a token.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/platform_access.h"
#include "registry/base/desktop.h"
#include "registry/base/text.h"
#include "uploaders/accounts/account_state.h"
#include "uploaders/accounts/more_accounts.h"
#include "uploaders/accounts/oauth.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/web/terms_notice.h"
#include "uploaders/web/web_sign_in.h"

namespace asfs {
namespace {

constexpr std::chrono::minutes kPatience{10};

struct LoginArgs {
  std::string platform, client_id, token;
  std::vector<std::string> pages;
  bool no_browser = false, by_browser = false;
};

/// A line from stdin when one is there; waits at most this long.
std::optional<std::string> typed_line(int millis) {
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  std::string line;
  if (::poll(&waiting, 1, millis) <= 0 || !std::getline(std::cin, line)) return std::nullopt;
  return line;
}

/// Which of the accounts that a login sees become destinations: what `--page` names, or a person types.
class Picking {
 public:
  Picking(const Invocation& call, const Config& config, const Destination& destination,
          const std::vector<std::string>& pages, std::stop_token stop)
      : call_(call),
        config_(config),
        destination_(destination),
        pages_(pages),
        stop_(std::move(stop)),
        several_(oauth::dialect_of(destination.name).posts_to_all) {}

  /// The one for the destination itself.
  Result<std::size_t> operator()(const std::vector<OwnAccount>& accounts) {
    const auto picked = pages_.empty() ? ask(accounts) : by_pages(accounts);
    if (!picked) return std::unexpected(picked.error());
    for (std::size_t i = 1; i < picked->size(); ++i) others_.push_back(accounts[(*picked)[i]]);
    return picked->front();
  }
  /// Those for destinations of their own.
  const std::vector<OwnAccount>& others() const { return others_; }

 private:
  using Places = std::vector<std::size_t>;

  Result<Places> by_pages(const std::vector<OwnAccount>& accounts) const {
    if (pages_.size() > 1 && !several_)
      return fail(Code::usage, fmt::format("one sign-in to {} posts to one account; give one --page",
                                           destination_.platform));
    Places places;
    for (const std::string& page : pages_) {
      const OwnAccount* named = find_account(accounts, page);
      if (named == nullptr)
        return fail(Code::not_found,
                    fmt::format("\"{}\" does not name one of the accounts that this login sees: {}",
                                one_line(page, 80), names_of(accounts)));
      const auto place = static_cast<std::size_t>(named - accounts.data());
      if (std::ranges::find(places, place) == places.end()) places.push_back(place);
    }
    return places;
  }

  Result<Places> ask(const std::vector<OwnAccount>& accounts) const {
    if (accounts.size() == 1) return Places{0};
    const auto offered = offered_to(call_.library, config_, destination_.name, accounts);
    if (!offered) return std::unexpected(offered.error());
    show(*offered);
    if (offered->free.empty()) return Places{0};  // refused, with the name of its owner
    const auto picked = offered->free.size() == 1 ? Places{0} : typed(offered->free);
    if (!picked) return picked;
    Places places;
    for (const std::size_t i : *picked)
      places.push_back(static_cast<std::size_t>(
          std::ranges::find(accounts, offered->free[i].id, &OwnAccount::id) - accounts.begin()));
    return places;
  }

  void show(const OfferedAccounts& offered) const {
    print_err("This login sees several {} accounts:\n", destination_.platform);
    for (std::size_t i = 0; i < offered.free.size(); ++i)
      print_err("{:>4}  {}\n", i + 1, offered.free[i].shown());
    for (const auto& [account, owner] : offered.owned)
      print_err("   -  {}, which is the account of {}\n", account.shown(), owner);
  }

  Result<Places> typed(const std::vector<OwnAccount>& free) const {
    if (several_)
      print_err(
          "Which shall posts go to? Numbers such as 1,3, or all; the first becomes {}, each other one an "
          "account of its own: ",
          destination_.name);
    else
      print_err("Which one shall posts go to? Its number: ");
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!stop_.stop_requested() && !std::cin.eof() && std::chrono::steady_clock::now() < until) {
      const auto line = typed_line(200);
      if (!line) continue;
      if (const auto places = picked_in(free, *line); !places.empty() && (several_ || places.size() == 1))
        return places;
      print_err("{} from 1 to {}: ", several_ ? "Numbers" : "Its number,", free.size());
    }
    print_err("\n");
    if (stop_.stop_requested()) return fail(Code::cancelled, "stopped; nobody was signed in");
    return fail(Code::usage, fmt::format("this login sees several {} accounts: {}; say which: asfs-videos "
                                         "login {} --page NAME{}",
                                         destination_.platform, names_of(free), destination_.name,
                                         several_ ? " (also several times)" : ""));
  }

  const Invocation& call_;
  const Config& config_;
  const Destination& destination_;
  const std::vector<std::string>& pages_;
  const std::stop_token stop_;
  const bool several_;
  std::vector<OwnAccount> others_;
};

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
                           const LoginArgs& args, const ChooseAccount& choose, std::stop_token stop) {
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
                         const Result<oauth::Client>& client, const ChooseAccount& choose,
                         std::stop_token stop) {
  auto token = pasted_token();
  if (!token) return std::unexpected(token.error());
  auto taken = take_token(config, destination.name, *std::move(token), client, system_clock(), choose, stop);
  if (!taken) return std::unexpected(taken.error());
  if (!taken->warning.empty()) print_err("asfs-videos: warning: {}\n", taken->warning);
  return std::move(taken->account);
}

/// What a person is to know of a sign-in that is kept.
void tell_sign_in(const Invocation& call, const PlatformAccess& access, const std::string& destination,
                  const Account& account) {
  const AccountState state = account_state(call.library, access.config, destination);
  const TimePoint now = system_clock().now();
  constexpr std::chrono::hours kFarAway{100 * 24};
  const bool ends = state.ends_at && *state.ends_at - now < kFarAway;
  print_out("signed in to {}{}{}\n", destination, account.name.empty() ? "" : " as " + account.name,
            ends ? ", until " + short_time(local_timestamp(*state.ends_at)) : "");
  if (const auto warning = account_warning(destination, state, now); !warning.empty())
    print_err("asfs-videos: warning: {}\n", warning);
}

/// Without an app: that a browser is there, too.
Error with_other_way(const Invocation& call, const Destination& destination, Error error) {
  if (error.code != Code::usage) return error;  // there is one, and something is wrong with it
  if (const std::string browser = web::ways_to(call.library, destination).browser; !browser.empty())
    error.message += fmt::format("; or post through {}, without an app: asfs-videos login {} --browser",
                                 browser, destination.name);
  return error;
}

Result<Account> signed_in_account(const Invocation& call, const PlatformAccess& access,
                                  const Destination& destination, const LoginArgs& args,
                                  const ChooseAccount& choose, std::stop_token stop) {
  auto client = load_client(call.library, destination.name);
  if (!args.token.empty()) return by_token(access.config, destination, client, choose, std::move(stop));
  if (!client && !args.client_id.empty() && client.error().code == Code::usage) client = oauth::Client{};
  if (!client) return std::unexpected(with_other_way(call, destination, client.error()));
  if (!args.client_id.empty()) client->id = args.client_id;
  return ask_person(access.config, destination, *std::move(client), args, choose, std::move(stop));
}

/// The person signs in in the browser that uploads will go through, and closes it.
Result<int> sign_in_by_browser(const Invocation& call, const PlatformAccess& access,
                               const Destination& destination, std::stop_token stop) {
  const UploaderContext context{access.config,    *access.credentials, system_clock(),
                                destination.name, make_http_client,    call.library};
  if (destination.route != Route::browser) print_err("{}\n\n", web::terms_notice(destination.platform));
  auto sign_in = web::WebSignIn::start(context, stop);
  if (!sign_in) return std::unexpected(sign_in.error());
  print_err("{} opens at {}\nSign in there to the account that posts go to; then close the browser.\n",
            (*sign_in)->browser(), (*sign_in)->address());
  while ((*sign_in)->is_open() && system_clock().wait(std::chrono::milliseconds(200), stop)) continue;
  if (stop.stop_requested()) return fail(Code::cancelled, "stopped; the browser is closed");
  const auto account = (*sign_in)->finish(stop);
  if (!account) return std::unexpected(account.error());
  print_out("signed in to {} as {}, in {}\n", destination.name, account->name, account->browser);
  if (destination.route != Route::browser)
    print_err(
        "uploads still go by {}'s API; to have them go through the browser: asfs-videos accounts route {} "
        "browser\n",
        destination.platform, destination.name);
  return 0;
}

Result<int> run_login(const Invocation& call, const LoginArgs& args, std::stop_token stop) {
  const auto destination = find_destination(call, args.platform);
  if (!destination) return std::unexpected(destination.error());
  const auto access = open_platform_access(call);
  if (!access) return std::unexpected(access.error());
  if (args.by_browser) return sign_in_by_browser(call, *access, *destination, std::move(stop));
  Picking picking(call, access->config, *destination, args.pages, stop);
  const auto account = signed_in_account(call, *access, *destination, args, std::ref(picking), stop);
  if (!account) return std::unexpected(account.error());
  const auto missing = keep_sign_in(call.library, access->config, destination->name, *account);
  if (!missing) return std::unexpected(missing.error());
  if (const std::string ends = args.token.empty() ? lasting_text(destination->name, *account) : "";
      !ends.empty())
    print_err("asfs-videos: warning: {}\n", ends);
  if (!missing->empty())
    print_err("asfs-videos: warning: not everything was allowed; missing: {}\n", fmt::join(*missing, ", "));
  tell_sign_in(call, *access, destination->name, *account);
  int code = 0;
  for (const OwnAccount& own : picking.others()) {
    const Account other = as_account(*account, own);
    const auto added = add_account(call.library, access->config, destination->platform, other);
    if (added)
      tell_sign_in(call, *access, *added, other);
    else
      code = report(added.error());
  }
  return code;
}

}  // namespace

Command define_login(CLI::App& app) {
  auto args = std::make_shared<LoginArgs>();
  app.add_option("PLATFORM", args->platform, "A platform, or an account on one: YouTube, YouTube/cooking")
      ->required();
  app.add_flag("--no-browser", args->no_browser, "Only print the address; the answer may be pasted");
  app.add_flag("--browser", args->by_browser,
               "Sign in for uploads that go through a browser, in one that nothing drives")
      ->excludes("--no-browser");
  app.add_option("--client-id", args->client_id,
                 "The app to sign in with (default: from config/accounts.json)");
  app.add_option("--page", args->pages,
                 "The account, or its Facebook page, when the login sees several. Instagram: may be given "
                 "several times; each but the first becomes an account of its own")
      ->allow_extra_args(false);
  app.add_option("--token", args->token, "- reads an access token from stdin, in place of signing in")
      ->check(CLI::IsMember({"-"}));
  return [args](const Invocation& call) {
    const Interrupt interrupt;
    const auto done = run_login(call, *args, interrupt.token());
    return done ? *done : report(done.error());
  };
}

}  // namespace asfs
