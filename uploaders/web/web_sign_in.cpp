#include "uploaders/web/web_sign_in.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "registry/base/desktop.h"
#include "registry/base/process.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/accounts/token_store.h"

namespace asfs::web {
namespace {

constexpr std::chrono::seconds kCloses{10};

}  // namespace

Ways ways_to(const Library& library, const Destination& destination) {
  const auto browser = browser_of(library, destination);
  return {load_client(library, destination.name).has_value(), browser ? browser->name : ""};
}

Result<std::unique_ptr<WebSignIn>> WebSignIn::start(const UploaderContext& context, std::stop_token stop) {
  const Destination* destination = context.config.destinations.find(context.destination);
  if (destination == nullptr)
    return std::unexpected(no_such_destination(context.config.destinations, context.destination));
  if (!has_display())
    return fail(Code::failed, "a sign-in in a browser needs a display, and there is none here");
  const auto recipe = load_recipe(context.library, destination->platform);
  if (!recipe) return std::unexpected(recipe.error());
  const auto choice = browser_of(context.library, *destination);
  if (!choice) return std::unexpected(choice.error());
  std::unique_ptr<WebSignIn> sign_in(new WebSignIn(context));
  sign_in->browser_ = choice->name;
  const auto known = load_web_account(context.library, context.destination);
  const bool asked = known && *known && (*known)->needs_login && !(*known)->page.empty();
  sign_in->address_ = asked ? (*known)->page : filled_in(recipe->login, sites_of(*recipe, context.config));
  auto lock = lock_profile(choice->profile, context.clock, std::move(stop), [] {});
  if (!lock) return std::unexpected(lock.error());
  sign_in->lock_ = *std::move(lock);
  auto arguments = browser_arguments(
      {.program = choice->program, .profile = choice->profile, .more = choice->more}, false);
  arguments.push_back(sign_in->address_);
  const FileDescriptor low(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  const FileDescriptor nowhere(::fcntl(low.get(), F_DUPFD_CLOEXEC, 10));
  const std::array ends{ChildEnd{nowhere.get(), 1}, ChildEnd{nowhere.get(), 2}};
  if (const int error = spawn_process(arguments, ends, sign_in->pid_)) {
    sign_in->pid_ = -1;
    return fail(Code::failed, fmt::format("cannot start {}: {}", choice->program.front(), errno_text(error)));
  }
  return sign_in;
}

WebSignIn::~WebSignIn() {
  close();
}

bool WebSignIn::is_open() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
  return pid_ > 0;
}

void WebSignIn::close() {
  if (!is_open()) return;
  ::kill(pid_, SIGTERM);
  const auto until = std::chrono::steady_clock::now() + kCloses;
  while (is_open() && std::chrono::steady_clock::now() < until)
    static_cast<void>(system_clock().wait(std::chrono::milliseconds(50), {}));
  if (!is_open()) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

Result<WebAccount> WebSignIn::finish(std::stop_token stop) {
  if (is_open()) return fail(Code::usage, fmt::format("close {} first", browser_));
  lock_ = FileDescriptor();
  auto session = WebSession::open(context_, std::move(stop), [] {});
  if (!session) return std::unexpected(session.error());
  LookingHost looking;
  const auto ending = (*session)->sign_in_check(looking);
  if (!ending) return std::unexpected(ending.error());
  if (ending->end.kind != End::Kind::ready)
    return fail(Code::needs_login, fmt::format("nobody is signed in to {} in {}: {}", context_.destination,
                                               browser_, ending->end.says));
  WebAccount account{
      .id = (*session)->values["account"], .name = (*session)->values["account_name"], .browser = browser_};
  const auto owner = owner_of(context_.library, context_.config, context_.destination, account.id);
  if (!owner) return std::unexpected(owner.error());
  if (!owner->empty())
    return fail(Code::blocked,
                fmt::format("{} is the account of {}: no account gets posts under two names; sign in to "
                            "another one there",
                            account.name, *owner));
  if (auto saved = save_web_account(context_.library, context_.destination, account); !saved)
    return std::unexpected(saved.error());
  return account;
}

}  // namespace asfs::web
