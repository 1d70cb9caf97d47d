// What commands that reach a platform need, made from the global options.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/cli/commands.h"
#include "app/cli/practice_mode.h"
#include "registry/store/config.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/stage/upload_stage.h"
#include "uploaders/webhooks/webhook_sender.h"

namespace asfs {

/// Order matters: the practice server outlives the rest.
struct PlatformAccess {
  std::optional<PracticeMode> practice;
  Config config;
  std::unique_ptr<Credentials> credentials;

  std::string practice_url() const { return practice ? practice->url() : std::string(); }
};

/// What a person means by PLATFORM: `youtube`, `YouTube/cooking`. Code::not_found: with what there is.
Result<Destination> find_destination(const Invocation& call, std::string_view typed);

Result<PlatformAccess> open_platform_access(const Invocation& call);

/// On stderr, at the start of uploads: what a person should know of the account they go to, if anything.
void warn_of_account(const PlatformAccess& access, std::string_view destination);

/// For uploads; `access` outlives it. Its configuration may be read again.
StageContext stage_context(const Invocation& call, const PlatformAccess& access);

/// Delivers webhooks while it lives; its warnings go to stderr. Make it after the Interrupt.
WebhookSender start_webhooks(const Invocation& call);

}  // namespace asfs
