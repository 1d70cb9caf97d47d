#include "app/cli/platform_access.h"

#include "app/cli/console.h"
#include "uploaders/platforms.h"

namespace asfs {

Result<PlatformAccess> open_platform_access(const Session& session) {
  PlatformAccess outside;
  if (session.practice) {
    auto practice = PracticeMode::start(session.library, session.practice_url);
    if (!practice) return std::unexpected(practice.error());
    outside.practice.emplace(std::move(*practice));
  }
  auto config = upload_config(session.library, outside.practice_url());
  if (!config) return std::unexpected(config.error());
  outside.config = std::move(*config);
  for (const std::string& note : outside.config.notes) print_err("asfs-videos: note: {}\n", note);
  outside.credentials = session.practice ? practice_credentials(outside.practice_url())
                                         : stored_credentials(session.library, outside.config);
  return outside;
}

StageContext stage_context(const Session& session, const PlatformAccess& outside) {
  return {.library = session.library,
          .config = outside.config,
          .credentials = *outside.credentials,
          .read_config = [library = session.library, url = outside.practice_url()] {
            return upload_config(library, url);
          }};
}

WebhookSender start_webhooks(const Session& session) {
  return WebhookSender(session.library,
                       [](const std::string& line) { print_err("asfs-videos: warning: {}\n", line); });
}

}  // namespace asfs
