// How the engine signs in and out, and what it shows of accounts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/engine/engine_impl.h"
#include "registry/base/desktop.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/queue/idle_destination.h"
#include "uploaders/row/platforms.h"

namespace asfs {
namespace {

constexpr std::chrono::minutes kPatience{10};
constexpr std::chrono::milliseconds kTick{200};

}  // namespace

void Engine::Impl::publish_accounts() {
  const auto all = destinations();
  auto found = std::make_shared<Accounts>(all->size());
  for (std::size_t i = 0; i < all->size(); ++i)
    (*found)[i].state = account_state(options.library, options.config, (*all)[i].name);
  {
    std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < all->size(); ++i) {
      (*found)[i].signing_in = signing_in[i];
      (*found)[i].choices = account_choices[i];
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
  const auto account = (*begun)->finish(
      system_clock(),
      [&](const std::vector<OwnAccount>& offered) -> Result<std::size_t> {
        if (offered.size() == 1) return 0;
        std::vector<std::string> choices;
        for (const auto& one : offered) choices.push_back(one.shown());
        return which_account(std::string(platform), std::move(choices));
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
  return {};
}

// On the sign-in's thread: until a person has answered under Accounts.
Result<std::size_t> Engine::Impl::which_account(const std::string& name, std::vector<std::string> choices) {
  const auto count = choices.size();
  const std::size_t platform = *place_of(name);
  const auto show = [&](std::vector<std::string> shown) {
    {
      std::lock_guard lock(mutex);
      account_choices[platform] = std::move(shown);
      account_chosen[platform].reset();
    }
    publish_accounts();
  };
  show(std::move(choices));
  tell(Notice::Kind::info, fmt::format("Which account on {}?", name),
       "The sign-in sees several: choose one under Accounts");
  std::optional<std::size_t> chosen;
  {
    std::unique_lock lock(mutex);
    account_answered.wait_for(lock, errands.get_token(), kPatience,
                              [&] { return account_chosen[platform].has_value(); });
    chosen = account_chosen[platform];
  }
  show({});
  if (chosen && *chosen < count) return *chosen;
  if (errands.stop_requested()) return fail(Code::cancelled, "stopped");
  return fail(Code::needs_login, "no account was chosen");
}

void Engine::Impl::carry_out(const AnswerWhichAccount& action) {
  const auto index = place_of(action.platform);
  if (!index) return;
  {
    std::lock_guard lock(mutex);
    account_chosen[*index] = action.choice;
  }
  account_answered.notify_all();
}

void Engine::Impl::carry_out(const SignInTo& action) {
  const auto index = place_of(action.platform);
  if (!index) return;
  std::unique_lock lock(mutex);
  if (stopping || std::exchange(signing_in[*index], true)) return;
  tasks.launch(
      [this, platform = action.platform] {
        const auto done = sign_in(platform);
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
