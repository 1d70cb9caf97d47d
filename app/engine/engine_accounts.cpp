// How the engine signs in and out, and what it shows of accounts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/engine/engine_impl.h"
#include "registry/base/desktop.h"
#include "uploaders/accounts/more_accounts.h"
#include "uploaders/accounts/oauth.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/queue/idle_destination.h"
#include "uploaders/row/platforms.h"
#include "uploaders/web/web_sign_in.h"

namespace asfs {
namespace {

constexpr std::chrono::minutes kPatience{10};
constexpr std::chrono::milliseconds kTick{200};

}  // namespace

void Engine::Impl::publish_accounts() {
  const auto all = destinations();
  auto found = std::make_shared<Accounts>(all->size());
  Config config = options.config;
  config.destinations = newest_destinations();
  for (std::size_t i = 0; i < all->size(); ++i) {
    (*found)[i].state = account_state(options.library, config, (*all)[i].name);
    auto ways = web::ways_to(options.library, (*all)[i]);
    (*found)[i].has_app = ways.app;
    (*found)[i].browser = std::move(ways.browser);
  }
  {
    std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < all->size(); ++i) {
      (*found)[i].signing_in = signing_in[i];
      (*found)[i].choices = account_choices[i];
      (*found)[i].several = oauth::dialect_of((*all)[i].name).posts_to_all;
    }
    accounts = std::move(found);
  }
  runner->wake();  // it looks whether what waits for a sign-in goes on
  options.wake();
}

Result<void> Engine::Impl::sign_in(std::string_view platform) {
  auto client = load_client(options.library, platform);
  if (!client) return std::unexpected(client.error());
  auto begun = SignIn::start(options.config, platform, *client);
  if (!begun) return std::unexpected(begun.error());
  if (!open_on_desktop((*begun)->address()))
    return fail(Code::failed,
                fmt::format("no browser could be opened; in a terminal: asfs-videos login {}", platform));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!(*begun)->wait(kTick)) {
    if (errands.stop_requested()) return fail(Code::cancelled, "stopped");
    if (std::chrono::steady_clock::now() > until)
      return fail(Code::needs_login, "no answer came within ten minutes");
  }
  std::vector<OwnAccount> chosen;
  const auto account = (*begun)->finish(
      system_clock(),
      [&](const std::vector<OwnAccount>& seen) -> Result<std::size_t> {
        if (seen.size() == 1) return 0;
        auto answer = which_accounts(std::string(platform), seen);
        if (!answer) return std::unexpected(answer.error());
        chosen = *std::move(answer);
        return static_cast<std::size_t>(std::ranges::find(seen, chosen.front().id, &OwnAccount::id) -
                                        seen.begin());
      },
      errands.get_token());
  if (!account) return std::unexpected(account.error());
  const auto kept = keep_sign_in(options.library, config_now(), platform, *account);
  if (!kept) return std::unexpected(kept.error());
  const std::vector<std::string>& missing = *kept;
  if (!missing.empty())
    tell(Notice::Kind::warning, fmt::format("Not everything was allowed on {}", platform),
         fmt::format("Missing: {}; sign in again and leave every box ticked", fmt::join(missing, ", ")));
  if (const std::string ends = lasting_text(platform, *account); !ends.empty())
    tell(Notice::Kind::warning, fmt::format("The sign-in to {} does not last", platform), ends);
  for (std::size_t i = 1; i < chosen.size(); ++i) keep_other(platform, as_account(*account, chosen[i]));
  return {};
}

// Until the person has closed it, however long that takes.
Result<void> Engine::Impl::sign_in_by_browser(const std::string& name) {
  const Config config = config_now();
  const UploaderContext context{config, *credentials,     system_clock(),
                                name,   make_http_client, options.library};
  auto begun = web::WebSignIn::start(context, errands.get_token());
  if (!begun) return std::unexpected(begun.error());
  tell(Notice::Kind::info, fmt::format("{} opens for {}", (*begun)->browser(), name),
       "Sign in there, or do what is asked; then close it");
  while ((*begun)->is_open() && system_clock().wait(kTick, errands.get_token())) continue;
  if (errands.stop_requested()) return fail(Code::cancelled, "stopped");
  const auto account = (*begun)->finish(errands.get_token());
  return account ? Result<void>() : std::unexpected(account.error());
}

// As an account of its own, whose column the next refresh shows.
void Engine::Impl::keep_other(std::string_view platform, const Account& account) {
  const auto added = add_account(options.library, config_now(), platform_of(platform), account);
  if (added)
    tell(Notice::Kind::success, "Signed in to " + *added);
  else
    tell(Notice::Kind::warning, fmt::format("{} was not added", account.name), added.error().message);
}

// On the sign-in's thread: until a person has answered under Accounts. Those that another destination has are
// not offered, unless there are no others: then it is refused with that one's name. Never empty.
Result<std::vector<OwnAccount>> Engine::Impl::which_accounts(const std::string& name,
                                                             const std::vector<OwnAccount>& seen) {
  const auto offered = offered_to(options.library, config_now(), name, seen);
  if (!offered) return std::unexpected(offered.error());
  if (offered->free.size() <= 1)
    return std::vector{offered->free.empty() ? seen.front() : offered->free.front()};
  const std::size_t place = *place_of(name);
  const auto show = [&](std::vector<std::string> shown) {
    {
      std::lock_guard lock(mutex);
      account_choices[place] = std::move(shown);
      account_chosen[place].reset();
    }
    publish_accounts();
  };
  std::vector<std::string> choices;
  for (const OwnAccount& one : offered->free) choices.push_back(one.shown());
  show(std::move(choices));
  tell(Notice::Kind::info, fmt::format("Which account on {}?", name),
       "The sign-in sees several: choose under Accounts");
  std::optional<std::vector<std::size_t>> answer;
  {
    std::unique_lock lock(mutex);
    account_answered.wait_for(lock, errands.get_token(), kPatience,
                              [&] { return account_chosen[place].has_value(); });
    answer = account_chosen[place];
  }
  show({});
  if (errands.stop_requested()) return fail(Code::cancelled, "stopped");
  std::vector<OwnAccount> chosen;
  for (const std::size_t i : answer.value_or(std::vector<std::size_t>()))
    if (i < offered->free.size()) chosen.push_back(offered->free[i]);
  if (chosen.empty()) return fail(Code::needs_login, "no account was chosen");
  return chosen;
}

void Engine::Impl::carry_out(const AnswerWhichAccount& action) {
  const auto index = place_of(action.platform);
  if (!index) return;
  {
    std::lock_guard lock(mutex);
    account_chosen[*index] = action.choices;
  }
  account_answered.notify_all();
}

void Engine::Impl::carry_out(const SetRoute& action) {
  write([this, action](VideoRegistry&) -> Result<void> {
    if (auto set = set_route(options.library, action.platform, action.route); !set)
      tell(Notice::Kind::error, fmt::format("{} posts as before", action.platform), set.error().message);
    publish_accounts();
    return {};
  });
}

void Engine::Impl::carry_out(const SignInTo& action) {
  const auto index = place_of(action.platform);
  if (!index) return;
  std::unique_lock lock(mutex);
  if (stopping || std::exchange(signing_in[*index], true)) return;
  tasks.launch(
      [this, platform = action.platform] {
        const Destinations newest = newest_destinations();  // a switch of a moment ago counts
        const Destination* destination = newest.find(platform);
        const bool by_browser = destination && destination->route == Route::browser;
        const auto done = by_browser ? sign_in_by_browser(platform) : sign_in(platform);
        if (done)
          tell(Notice::Kind::success, "Signed in to " + platform);
        else if (done.error().code != Code::cancelled)
          tell(Notice::Kind::warning, "Not signed in to " + platform, done.error().message);
      },
      [this, index = *index] {
        {
          std::lock_guard relock(mutex);
          signing_in[index] = false;
        }
        publish_accounts();
      });
  lock.unlock();
  request_refresh();
}

void Engine::Impl::carry_out(const SignOutOf& action) {
  const auto index = place_of(action.platform);
  if (!index) return;
  tasks.launch(
      [this, platform = action.platform] {
        const auto removed = sign_out(options.library, options.config, platform);
        if (removed)
          tell(Notice::Kind::info, "Signed out of " + platform);
        else
          tell(Notice::Kind::error, "Not signed out of " + platform, removed.error().message);
      },
      [this] { publish_accounts(); });
}

// The refresh that follows shows its column.
void Engine::Impl::carry_out(const AddAccount& action) {
  write([this, name = action.platform](VideoRegistry&) -> Result<void> {
    if (auto added = add_destination(options.library, {name, std::string(platform_of(name)), {}}); !added)
      tell(Notice::Kind::error, fmt::format("{} was not added", name), added.error().message);
    return {};
  });
}

void Engine::Impl::carry_out(const RemoveAccount& action) {
  write([this, name = action.platform](VideoRegistry& registry) -> Result<void> {
    if (auto removed = remove_idle_destination(registry, name); !removed) {
      tell(Notice::Kind::error, fmt::format("{} was not removed", name), removed.error().message);
      return {};
    }
    tell(Notice::Kind::info, fmt::format("{} is removed", name),
         "What was posted to it stays in the library.");
    carry_out(SignOutOf{name});
    return {};
  });
}

}  // namespace asfs
