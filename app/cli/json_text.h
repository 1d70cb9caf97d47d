// The documents of `--json`: their shapes are a contract with users' scripts. Odd bytes become U+FFFD.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/queue/upload_queue.h"
#include "registry/store/audit_log.h"
#include "registry/videos/registration.h"
#include "registry/videos/video_registry.h"
#include "uploaders/queue/queue_turns.h"
#include "uploaders/queue/upload_plan.h"
#include "uploaders/stage/post_check.h"
#include "uploaders/stage/upload_stage.h"
#include "uploaders/webhooks/webhooks.h"

namespace asfs {

/// What the posts of a video are to say, as stored.
struct VideoDocument {
  std::string video_id, json;
};

/// What waits, and when it goes.
struct QueueEntry {
  QueuedUpload item;
  QueueTurn turn;
  std::string reason;
  std::string warning;  ///< of its account; "" for none
};

std::string json_of(const Video& video);
std::string json_of(const std::vector<Video>& videos);
std::string json_of(const std::optional<Upload>& upload);  ///< `null` when never tried
std::string json_of(const RegistrationReport& report);
std::string json_of(const VerifyReport& report);
std::string json_of(const std::vector<StoredEvent>& events);
std::string json_of(const std::vector<CheckedPost>& posts);
std::string json_of(const StageResult& result);
std::string json_of(const std::vector<StageResult>& results);
std::string json_line(const StageResult& result);  ///< without line breaks
std::string json_line(const RegistrationReport::Registered& video);
/// `scheduled_at`, where a time was asked for: what the queue goes by; `at`: when the limits let it go then.
std::string json_of(const UploadPlan& plan);
std::string json_of(const std::vector<VideoDocument>& documents);
std::string pretty_json(std::string_view json);  ///< the same document on lines; what is none stays as it is
std::string json_of(const std::vector<Webhook>& webhooks, const std::vector<WebhookDelivery>& deliveries);
std::string json_of(const std::vector<WebhookTest>& tests);
std::string json_of(const std::vector<QueueEntry>& entries);

}  // namespace asfs
