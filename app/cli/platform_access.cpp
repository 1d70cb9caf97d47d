#include "app/cli/platform_access.h"

#include "app/cli/console.h"
#include "registry/base/clock.h"
#include "uploaders/row/platforms.h"

namespace asfs {

Result<Destination> find_destination(const Invocation& call, std::string_view typed) {
  const auto all = load_destinations(call.library);
  if (!all) return std::unexpected(all.error());
  const Destination* found = all->find(typed);
  return found ? Result<Destination>(*found) : std::unexpected(no_such_destination(*all, typed));
}

Result<PlatformAccess> open_platform_access(const Invocation& call) {
  PlatformAccess access;
  if (call.practice) {
    auto practice = PracticeMode::start(call.library, call.practice_url);
    if (!practice) return std::unexpected(practice.error());
    access.practice.emplace(std::move(*practice));
  }
  auto config = upload_config(call.library, access.practice_url());
  if (!config) return std::unexpected(config.error());
  access.config = std::move(*config);
  for (const std::string& note : access.config.notes) print_err("asfs-videos: note: {}\n", note);
  access.credentials = call.practice ? practice_credentials(access.practice_url())
                                     : stored_credentials(call.library, access.config);
  return access;
}

void warn_of_account(const PlatformAccess& access, std::string_view destination) {
  const auto warning =
      account_warning(destination, access.credentials->state(destination), system_clock().now());
  if (!warning.empty()) print_err("asfs-videos: warning: {}\n", warning);
}

StageContext stage_context(const Invocation& call, const PlatformAccess& access) {
  return {.library = call.library,
          .config = access.config,
          .credentials = *access.credentials,
          .read_config = [library = call.library, url = access.practice_url()] {
            return upload_config(library, url);
          }};
}

WebhookSender start_webhooks(const Invocation& call) {
  return WebhookSender(call.library,
                       [](const std::string& line) { print_err("asfs-videos: warning: {}\n", line); });
}

}  // namespace asfs
