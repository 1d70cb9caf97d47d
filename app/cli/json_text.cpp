#include "app/cli/json_text.h"

#include <algorithm>

#include "registry/base/json.h"

namespace asfs {
namespace {

std::string text_of(const Json& json) {
  return dumped(json, 2);
}

Json nullable(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json upload_json(const Upload& upload) {
  Json json{{"status", upload.upload_status},
            {"timestamp", upload.upload_timestamp},
            {"post_id", nullable(upload.platform_post_id)},
            {"error", nullable(upload.error_message)},
            {"retry_count", upload.retry_count}};
  if (upload.needs_you) json["needs_you"] = true;
  return json;
}

Json video_json(const Video& video) {
  Json uploads = Json::object();
  for (const auto& [platform, upload] : video.uploads) uploads[platform] = upload_json(upload);
  return {{"id", video.id},
          {"file_path", video.file_path},
          {"title", video.title},
          {"created_at", video.created_at},
          {"duration", video.duration},
          {"checksum", nullable(video.checksum)},
          {"duplicate_allowed", video.duplicate_allowed},
          {"uploads", std::move(uploads)}};
}

Json stage_json(const StageResult& result) {
  return {{"video_id", result.video_id},
          {"platform", result.platform},
          {"status", names_of(result.status).name},
          {"post_id", nullable(result.post_id)},
          {"error", result.error ? Json(result.error->message) : Json(nullptr)},
          {"retry_count", result.retry_count},
          {"retry_at", result.retry_at ? Json(local_timestamp(*result.retry_at)) : Json(nullptr)}};
}

Json registered_json(const RegistrationReport::Registered& r) {
  return {{"id", r.id}, {"file_path", r.file_path}, {"checksum", r.checksum}, {"duration", r.duration}};
}

template <class Items, class Convert>
Json array_of(const Items& items, Convert convert) {
  Json array = Json::array();
  for (const auto& item : items) array.push_back(convert(item));
  return array;
}

}  // namespace

std::string json_of(const Video& video) {
  return text_of(video_json(video));
}
std::string json_of(const std::vector<Video>& videos) {
  return text_of(array_of(videos, video_json));
}
std::string json_of(const std::optional<Upload>& upload) {
  return text_of(upload ? upload_json(*upload) : Json(nullptr));
}
std::string json_of(const StageResult& result) {
  return text_of(stage_json(result));
}
std::string json_of(const std::vector<StageResult>& results) {
  return text_of(array_of(results, stage_json));
}

std::string json_line(const StageResult& result) {
  return dumped(stage_json(result));
}

std::string json_of(const UploadPlan& plan) {
  return text_of(array_of(plan, [](const PlannedUpload& entry) {
    Json json{{"video_id", entry.video_id},
              {"platform", entry.platform},
              {"action", name_of(entry.action)},
              {"at", entry.at ? Json(local_timestamp(*entry.at)) : Json(nullptr)},
              {"reason", entry.reason},
              {"audience", entry.audience.empty() ? Json(nullptr) : Json(entry.audience)}};
    if (entry.schedule) json["scheduled_at"] = local_timestamp(entry.schedule->at);
    if (!entry.warning.empty()) json["warning"] = entry.warning;
    return json;
  }));
}

std::string json_of(const std::vector<QueueEntry>& entries) {
  const auto time = [](const std::optional<TimePoint>& at) {
    return at ? Json(local_timestamp(*at)) : Json(nullptr);
  };
  return text_of(array_of(entries, [&](const QueueEntry& entry) -> Json {
    const QueuedUpload& item = entry.item;
    Json json{{"video_id", item.video_id},
              {"platform", item.platform},
              {"scheduled_at", item.schedule ? time(item.schedule->at) : Json(nullptr)},
              {"not_before", time(item.not_before)},
              {"paused", item.held},
              {"at", entry.turn.at == TimePoint() ? Json(nullptr) : time(entry.turn.at)},
              {"reason", entry.reason}};
    if (!entry.warning.empty()) json["warning"] = entry.warning;
    return json;
  }));
}

std::string json_of(const std::vector<Webhook>& webhooks, const std::vector<WebhookDelivery>& deliveries) {
  const auto whom = [](const Webhook& webhook) -> Json {
    Json events = Json::array();
    for (const auto event : kWebhookEvents)
      if (webhook.wants(event)) events.push_back(event);
    return {{"url", webhook.shown_url()}, {"events", std::move(events)}};
  };
  const auto what = [&](const WebhookDelivery& delivery) -> Json {
    const auto webhook = std::ranges::find(webhooks, delivery.webhook, &Webhook::key);
    return {{"delivery", delivery.delivery},
            {"url", webhook == webhooks.end() ? Json(nullptr) : Json(webhook->shown_url())},
            {"event", delivery.event},
            {"video_id", delivery.video_id},
            {"platform", delivery.platform},
            {"tries", delivery.tries},
            {"next_at", delivery.given_up ? Json(nullptr) : Json(local_timestamp(delivery.next_at))},
            {"given_up", delivery.given_up},
            {"error", nullable(delivery.error)}};
  };
  return text_of({{"webhooks", array_of(webhooks, whom)}, {"deliveries", array_of(deliveries, what)}});
}

std::string json_of(const std::vector<WebhookTest>& tests) {
  return text_of(array_of(tests, [](const WebhookTest& test) -> Json {
    return {{"url", test.shown_url}, {"error", test.error.empty() ? Json(nullptr) : Json(test.error)}};
  }));
}

std::string json_of(const std::vector<StoredEvent>& events) {
  return text_of(array_of(events, [](const StoredEvent& e) -> Json {
    return {{"timestamp", e.timestamp},     {"platform", e.platform},
            {"status", e.status},           {"post_id", nullable(e.upload_id)},
            {"retry_count", e.retry_count}, {"error", nullable(e.error_message)}};
  }));
}

std::string json_of(const std::vector<CheckedPost>& posts) {
  return text_of(array_of(posts, [](const CheckedPost& post) -> Json {
    return {{"video_id", post.video_id},
            {"platform", post.platform},
            {"post_id", post.post_id},
            {"state", name_of(post.state)},
            {"detail", post.detail}};
  }));
}

std::string json_line(const RegistrationReport::Registered& video) {
  return dumped(registered_json(video));
}

std::string json_of(const RegistrationReport& report) {
  const auto skipped = [](const RegistrationReport::Skipped& s) -> Json {
    return {{"file_path", s.file_path}, {"reason", s.reason}};
  };
  const auto failed = [](const RegistrationReport::Failed& f) -> Json {
    return {{"file_path", f.file_path}, {"error", f.error.message}};
  };
  return text_of({{"registered", array_of(report.registered, registered_json)},
                  {"skipped", array_of(report.skipped, skipped)},
                  {"failed", array_of(report.failed, failed)}});
}

std::string json_of(const std::vector<VideoDocument>& documents) {
  return text_of(array_of(documents, [](const VideoDocument& one) -> Json {
    const Json document = read_json(one.json);
    return {{"id", one.video_id}, {"metadata", document.is_discarded() ? Json(one.json) : document}};
  }));
}

std::string pretty_json(std::string_view json) {
  const Json document = read_json(json);
  return document.is_discarded() ? std::string(json) : text_of(document);
}

std::string json_of(const VerifyReport& report) {
  return text_of({{"ok", report.ok}, {"missing", report.missing}, {"changed", report.changed}});
}

}  // namespace asfs
