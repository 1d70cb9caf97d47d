// Containers: made, filled through the upload host, asked about, published.
#include <fmt/format.h>

#include <algorithm>

#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/practice/core/content_range.h"
#include "uploaders/practice/core/part_file.h"
#include "uploaders/practice/core/receiver.h"
#include "uploaders/practice/instagram/routes.h"
#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::practice {
namespace {

using instagram::error;

constexpr std::size_t kMostCaption = 2200;
constexpr int kMostHashtags = 30;
constexpr int kMostMentions = 20;
constexpr std::uint64_t kMostVideo = 1'000'000'000;

/// How many words of the text begin with this sign.
int count_words(std::string_view text, char sign) {
  int count = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    count += text[i] == sign && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\n') && text[i + 1] != ' ';
  return count;
}

std::optional<Answer> refuse_caption(const std::string& caption) {
  if (utf16_units(caption) > kMostCaption) return error(400, 36004, 2207010, "The caption was too long");
  if (count_words(caption, '#') > kMostHashtags || count_words(caption, '@') > kMostMentions)
    return error(400, 100, 2207040, "Cannot use more than 20 tags per media");
  return std::nullopt;
}

/// The upload host's own shape of an error.
Answer upload_error(int status, std::string_view type, std::string_view message, bool retriable = false) {
  const Json info{{"retriable", retriable}, {"type", type}, {"message", message}};
  return json_answer(status, Json::object({{"debug_info", info}}));
}

Json remembered(const StoredSession& container) {
  Json request = read_json(container.request);
  return request.is_object() ? request : Json::object();
}

std::uint64_t stored_bytes(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

}  // namespace

Answer Instagram::create_container(Request& request, const Params& params) {
  const auto param = [&](const char* name) {
    const auto found = params.find(name);
    return found == params.end() ? std::string() : found->second;
  };
  if (param("media_type") != "REELS") return error(400, 100, 2207023, "The media type is unknown");
  const std::string caption = param("caption");
  if (auto refused = refuse_caption(caption)) return *std::move(refused);
  if (const auto offset = param("thumb_offset"); !offset.empty() && !parse_number(offset))
    return error(400, 1, 2207057, "The thumbnail offset is out of range");
  const bool resumable = param("upload_type") == "resumable";
  const std::string url = param("video_url");
  if (!resumable && !url_is_safe(url)) return error(400, 100, 0, "The parameter video_url is required");

  const std::string id = "178" + random_digits(14);
  store_.add_session(
      {.id = id,
       .platform = "Instagram",
       .title = caption.substr(0, caption.find('\n')),
       .caption = caption,
       .request = dumped({{"video_url", resumable ? "" : url}, {"thumb_offset", param("thumb_offset")}}),
       .total = resumable ? std::nullopt : std::optional<std::uint64_t>(0)});
  if (!resumable && !PartFile::open(store_.part_file(id))) return error(500, 2, 0, "no room");
  if (strike(request, Moment::finished, Step::initiate, "lost_init")) return dropped();
  Json answer{{"id", id}};
  if (resumable) {
    const std::string version = request.path.substr(1, request.path.find('/', 1) - 1);
    answer["uri"] = fmt::format("{}/ig-api-upload/{}/{}", request.origin(), version, id);
  }
  return json_answer(200, answer);
}

Answer Instagram::container_status(Request& request, const StoredSession& container) {
  const Json known = remembered(container);
  const std::uint64_t there = stored_bytes(store_.part_file(container.id));
  const bool published = !container.post_id.empty();
  const bool all = published || (container.total && there == *container.total);
  const std::string failure = known.value("failure", "");
  std::string code = "IN_PROGRESS", words = "In Progress: the media is being prepared", phase = "in_progress";
  if (published)
    code = "PUBLISHED", words = "Published: Media has been successfully published.", phase = "complete";
  else if (container.expired)
    code = "EXPIRED", words = "Expired: not published within 24 hours";
  else if (!failure.empty())
    code = "ERROR", words = fmt::format("Error: Media upload has failed with error code {}", failure),
    phase = "error";
  else if (all && !strike(request, Moment::listing, Step::status_query, "still_processing"))
    code = "FINISHED", words = "Finished: Media has been uploaded and it is ready to be published.",
    phase = "complete";
  const Json whole{{"id", container.id},
                   {"status_code", code},
                   {"status", words},
                   {"video_status",
                    {{"uploading_phase",
                      {{"status", all ? "complete" : "in_progress"},
                       {"bytes_transferred", published ? *container.total : there}}},
                     {"processing_phase", Json::object({{"status", all ? phase : "not_started"}})}}}};
  return json_answer(200, instagram::pick(whole, request.list_param("fields")));
}

Answer Instagram::receive(Request& request, const std::string& id) {
  if (request.method != "POST") return upload_error(405, "MethodNotAllowed", "The upload host takes POST");
  const std::string token = request.header("Authorization").value_or("");
  if (!token.starts_with("OAuth ") || !store_.token_is_good("Instagram", token.substr(6)))
    return upload_error(400, "ProcessingFailedError",
                        R"({"success":false,"error":{"message":"unauthorized user request"}})");
  const Turns::Turn turn(turns_, id);
  if (const auto fault = strike(request, Moment::before, Step::send)) {
    if (fault->kind == "expired_session") store_.expire_session(id);
    if (fault->kind == "token_expired")
      return upload_error(400, "ProcessingFailedError",
                          R"({"success":false,"error":{"message":"unauthorized user request"}})");
    if (fault->kind != "expired_session") return instagram::fault_answer(*fault);
  }
  const auto container = store_.session(id);
  if (!container || container->platform != "Instagram" || container->expired || !container->post_id.empty())
    return upload_error(400, "FILE_NOT_FOUND", "1363008: the upload session is not known");
  const auto offset = parse_number(request.header("offset").value_or(""));
  const auto total = parse_number(request.header("file_size").value_or(""));
  if (!offset || !total || *total == 0 || *total > kMostVideo ||
      (container->total && *container->total != *total))
    return upload_error(400, "ProcessingFailedError", "the headers offset and file_size are needed");
  auto file = PartFile::open(store_.part_file(id));
  if (!file) return upload_error(500, "InternalError", file.error().message, true);
  request.note.range = fmt::format("bytes {}-{}/{}", *offset, *total - 1, *total);
  if (*offset != file->size())
    return upload_error(400, "ProcessingFailedError", "offset is not where the upload is");
  if (!container->total) store_.set_total(id, *total);

  Receiver receiver(faults_, *file, turn.stop());
  if (!receiver.receive(request, "Instagram", *total - *offset, true)) {
    if (receiver.outcome() == Receiver::Outcome::disk_error)
      return upload_error(500, "InternalError", receiver.error(), true);
    return dropped();
  }
  if (file->size() != *total) return upload_error(400, "ProcessingFailedError", "the video is not complete");
  if (const auto failed = strike(request, Moment::finished, Step::send, "processing_failed")) {
    Json known = remembered(*container);
    const std::string reason = failed->text("reason");
    known["failure"] = reason.empty() ? "2207082" : reason;
    store_.set_request(id, dumped(known));
  }
  if (strike(request, Moment::finished, Step::send, "upload_error"))
    return upload_error(400, "ProcessingFailedError", "Request processing failed");
  return json_answer(200, {{"success", true}, {"message", "Upload successful."}});
}

Answer Instagram::publish(Request& request, const Params& params) {
  const auto named = params.find("creation_id");
  const std::string id = named == params.end() ? "" : named->second;
  const Turns::Turn turn(turns_, id);
  const auto container = store_.session(id);
  if (!container || container->platform != "Instagram" || !container->post_id.empty())
    return error(400, 24, 2207008, "The media builder does not exist or has expired");
  if (container->expired) return error(400, -2, 2207020, "The media you are trying to access has expired");
  const auto size = stored_bytes(store_.part_file(id));
  if (!container->total || size != *container->total || remembered(*container).contains("failure"))
    return error(400, 9007, 2207027, "The media is not ready for publishing, please wait for a moment");
  if (published_today() >= instagram::kDailyPosts)
    return error(403, 9, 2207042, "You reached the maximum number of posts that is allowed to be published");
  const StoredPost post{.post_id = "179" + random_digits(14),
                        .platform = "Instagram",
                        .title = container->title,
                        .caption = container->caption,
                        .request = container->request,
                        .size = size,
                        .received_at = utc_timestamp(system_clock().now())};
  if (!store_.finish(id, post))
    return error(400, 24, 2207008, "The media builder does not exist or has expired");
  if (strike(request, Moment::finished, Step::publish, "lost_answer")) return dropped();
  if (strike(request, Moment::finished, Step::publish, "published_unknown"))
    return error(400, 24, 2207008, "The media builder does not exist or has expired");
  return json_answer(200, {{"id", post.post_id}});
}

std::size_t Instagram::published_today() {
  const std::string since = utc_timestamp(system_clock().now() - std::chrono::hours(24));
  const auto posts = store_.posts();
  return static_cast<std::size_t>(std::ranges::count_if(posts, [&](const StoredPost& post) {
    return post.platform == "Instagram" && post.received_at >= since;
  }));
}

}  // namespace asfs::practice
