#include "uploaders/web/web_session.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cstdlib>

#include "registry/base/desktop.h"
#include "registry/base/text.h"
#include "uploaders/accounts/web_account.h"

namespace asfs::web {
namespace {

constexpr std::chrono::milliseconds kAsksAgain{500};

}  // namespace

Result<BrowserChoice> browser_of(const Library& library, const Destination& destination) {
  Machine machine = Machine::this_one();
  const bool own = library.practice() || !destination.account().empty();
  if (own)  // the profile that the environment names is that of the person's first account
    machine.variable = [](const char* name) {
      return std::string_view(name) == "BRAVE_PATH" ? std::getenv(name) : nullptr;
    };
  const auto account = load_web_account(library, destination.name);
  if (!account) return std::unexpected(account.error());
  return choose_browser(machine, web_profile(library, destination.name), *account ? (*account)->browser : "");
}

Values sites_of(const Recipe& recipe, const Config& config) {
  Values values;
  for (const auto& [name, address] : recipe.sites)
    values[name] = config.practice_url.empty() ? address
                                               : fmt::format("{}/studios/{}/{}", config.practice_url,
                                                             fold_case(recipe.platform), name);
  return values;
}

Result<FileDescriptor> lock_profile(const std::filesystem::path& profile, const Clock& clock,
                                    std::stop_token stop, const std::function<void()>& alive) {
  if (auto made = make_private_folder(profile); !made) return std::unexpected(made.error());
  const auto path = profile / "asfs.lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return fail(Code::failed, fmt::format("cannot open {}: {}", path_text(path), errno_text(errno)));
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return fail(Code::failed, fmt::format("cannot lock {}: {}", path_text(path), errno_text(errno)));
    alive();
    if (!clock.wait(kAsksAgain, stop)) return fail(Code::cancelled, "stopped");
  }
  return file;
}

Result<std::unique_ptr<WebSession>> WebSession::open(const UploaderContext& context, std::stop_token stop,
                                                     const std::function<void()>& alive) {
  const Destination* destination = context.config.destinations.find(context.destination);
  if (destination == nullptr)
    return std::unexpected(no_such_destination(context.config.destinations, context.destination));
  std::unique_ptr<WebSession> session(new WebSession);
  auto recipe = load_recipe(context.library, destination->platform);
  if (!recipe) return std::unexpected(recipe.error());
  session->recipe = *std::move(recipe);
  if (!context.config.practice_url.empty()) session->recipe.make_hasty();
  session->values = sites_of(session->recipe, context.config);
  const auto choice = browser_of(context.library, *destination);
  if (!choice) return std::unexpected(choice.error());
  session->browser_name = choice->name;
  auto lock = lock_profile(choice->profile, context.clock, stop, alive);
  if (!lock) return std::unexpected(lock.error());
  session->lock_ = *std::move(lock);
  const bool visible = destination->visible.value_or(session->recipe.visible) && has_display();
  auto tools = DevTools::start(
      {.program = choice->program, .profile = choice->profile, .headless = !visible, .more = choice->more},
      stop);
  if (!tools) return std::unexpected(tools.error());
  session->tools = *std::move(tools);
  auto page = Page::open(*session->tools);
  if (!page) return std::unexpected(page.error());
  session->page = *std::move(page);
  session->witness = std::make_unique<NetworkWitness>(*session->tools, session->recipe.witnesses);
  return session;
}

WebSession::~WebSession() {
  if (tools) tools->close();
}

RecipeRun& WebSession::run(RecipeHost& host) {
  run_ = std::make_unique<RecipeRun>(recipe, *page, *witness, values, host);
  return *run_;
}

Result<Ending> WebSession::sign_in_check(RecipeHost& host) {
  return run(host).play("session");
}

Result<void> LookingHost::before_bytes() {
  return fail(Code::failed, "the recipe sends a video where it is only to look");
}
Result<void> LookingHost::before_publish() {
  return fail(Code::failed, "the recipe publishes where it is only to look");
}

}  // namespace asfs::web
