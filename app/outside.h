// What commands that reach a platform need, made from the global options.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/commands.h"
#include "app/practice_mode.h"
#include "registry/config.h"
#include "uploaders/credentials.h"
#include "uploaders/upload_stage.h"
#include "uploaders/webhook_sender.h"

namespace asfs {

/// Order matters: the practice server outlives the rest.
struct Outside {
  std::optional<PracticeMode> practice;
  Config config;
  std::unique_ptr<Credentials> credentials;

  std::string practice_url() const { return practice ? practice->url() : std::string(); }
};

Result<Outside> open_outside(const Session& session);

/// For uploads; `outside` outlives it. Its configuration may be read again.
StageContext stage_context(const Session& session, const Outside& outside);

/// Delivers webhooks while it lives; its warnings go to stderr. Make it after the Interrupt.
WebhookSender start_webhooks(const Session& session);

}  // namespace asfs
