// Beginning a post and taking its chunks. The last byte publishes it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/practice/core/content_range.h"
#include "uploaders/practice/tiktok/routes.h"

namespace asfs::practice {
namespace {

using tiktok::envelope;

constexpr std::uint64_t kLeastChunk = 5'000'000;  // MB or MiB is not said: the laxer reading counts
constexpr std::uint64_t kMostChunk = 64ull << 20;
constexpr std::uint64_t kMostLastChunk = 128ull << 20;
constexpr std::uint64_t kMostChunks = 1000;
constexpr std::uint64_t kMostVideo = 4ull << 30;
constexpr std::int64_t kUrlSeconds = 3600;
constexpr std::size_t kMostCaption = 2200;  // UTF-16 units
constexpr std::array<std::string_view, 3> kPrivacies{"PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS",
                                                     "SELF_ONLY"};
constexpr std::array<std::string_view, 3> kTypes{"video/mp4", "video/quicktime", "video/webm"};

struct FieldType {
  std::string_view name;
  bool (*fits)(const Json& value);
};
constexpr auto kText = [](const Json& value) { return value.is_string(); };
constexpr auto kFlag = [](const Json& value) { return value.is_boolean(); };
constexpr auto kNumber = [](const Json& value) { return value.is_number_integer(); };
constexpr std::array<FieldType, 9> kPostFields{{{"privacy_level", kText},
                                                {"title", kText},
                                                {"disable_comment", kFlag},
                                                {"disable_duet", kFlag},
                                                {"disable_stitch", kFlag},
                                                {"video_cover_timestamp_ms", kNumber},
                                                {"brand_content_toggle", kFlag},
                                                {"brand_organic_toggle", kFlag},
                                                {"is_aigc", kFlag}}};

/// What is wrong with post_info, as the platform would say.
std::optional<Answer> refuse_post(const Json& post) {
  if (!post.is_object()) return envelope(400, "invalid_params", "post_info is needed");
  for (const auto& [name, value] : post.items()) {
    const auto field = std::ranges::find(kPostFields, name, &FieldType::name);
    if (field == kPostFields.end() || !field->fits(value))
      return envelope(400, "invalid_params", fmt::format("post_info.{} is not valid", name));
  }
  if (!post.contains("privacy_level")) return envelope(400, "invalid_params", "privacy_level is needed");
  const std::string privacy = post["privacy_level"];
  if (std::ranges::find(kPrivacies, privacy) == kPrivacies.end())
    return envelope(403, "privacy_level_option_mismatch", "The privacy level is not one the creator offers");
  if (utf16_units(post.value("title", "")) > kMostCaption)
    return envelope(400, "invalid_params", "The title is too long");
  if (post.value("brand_content_toggle", false) && privacy == "SELF_ONLY")
    return envelope(400, "invalid_params", "Branded content cannot be private");
  return std::nullopt;
}

struct Plan {
  std::uint64_t size = 0, chunk = 0, count = 0;
};

/// The chunks by the platform's rules; nothing when they break one.
std::optional<Plan> checked_plan(const Json& source) {
  Plan plan;
  const auto number = [&](const char* name, std::uint64_t& out) {
    if (!source.contains(name) || !source[name].is_number_unsigned()) return false;
    out = source[name].get<std::uint64_t>();
    return out > 0;
  };
  if (!number("video_size", plan.size) || !number("chunk_size", plan.chunk) ||
      !number("total_chunk_count", plan.count))
    return std::nullopt;
  if (plan.size > kMostVideo || plan.count > kMostChunks) return std::nullopt;
  if (plan.count == 1)
    return plan.chunk == plan.size && plan.size <= kMostChunk ? std::optional(plan) : std::nullopt;
  if (plan.chunk < kLeastChunk || plan.chunk > kMostChunk || plan.count != plan.size / plan.chunk)
    return std::nullopt;
  return plan.size - plan.chunk * (plan.count - 1) <= kMostLastChunk ? std::optional(plan) : std::nullopt;
}

std::int64_t unix_now() {
  return unix_millis(system_clock().now()) / 1000;
}

Answer bare(int status, std::uint64_t uploaded, std::uint64_t total) {
  Answer answer{.status = status};
  answer.headers.emplace_back("Content-Range", fmt::format("bytes 0-{}/{}", uploaded, total));
  return answer;
}

}  // namespace

namespace tiktok {

std::uint64_t whole_chunks(std::uint64_t stored, std::uint64_t chunk_size, std::uint64_t chunks,
                           std::uint64_t total) {
  if (stored >= total) return total;
  return std::min(stored / chunk_size, chunks - 1) * chunk_size;
}

}  // namespace tiktok

Answer TikTok::init(Request& request, bool draft) {
  if (const auto fault = strike(request, Moment::before, Step::initiate)) return tiktok::fault_answer(*fault);
  const auto type = request.header("Content-Type");
  if (!type || !type->starts_with("application/json"))
    return envelope(400, "invalid_params", "The body must be application/json");
  const auto text = request.read_text(tiktok::kMostBody);
  const Json body = read_json(text.value_or(""));
  if (!body.is_object()) return envelope(400, "invalid_params", "The body must be a JSON object");
  const Json post = body.value("post_info", Json());
  if (!draft)
    if (auto refused = refuse_post(post)) return *std::move(refused);
  const Json source = body.value("source_info", Json::object());
  if (!source.is_object() || source.value("source", "") != "FILE_UPLOAD")
    return envelope(400, "invalid_params", "The practice platform takes FILE_UPLOAD only");
  const auto plan = checked_plan(source);
  if (!plan) return envelope(400, "invalid_params", "The chunk size is invalid");

  const std::string id = random_digits(19);
  const std::string publish_id = (draft ? "v_inbox_file~v2." : "v_pub_file~v2-1.") + id;
  const std::string upload_token = random_id(24);
  const std::string caption = draft ? std::string() : post.value("title", "");
  store_.add_session({.id = id,
                      .platform = "TikTok",
                      .title = caption.substr(0, caption.find('\n')),
                      .caption = caption,
                      .request = dumped({{"publish_id", publish_id},
                                         {"draft", draft},
                                         {"post_info", post},
                                         {"chunk_size", plan->chunk},
                                         {"total_chunk_count", plan->count},
                                         {"upload_token", upload_token},
                                         {"issued_at", unix_now()}}),
                      .total = plan->size});
  if (strike(request, Moment::finished, Step::initiate, [](const Fault& f) { return f.kind == "lost_init"; }))
    return dropped();
  return envelope(200, "ok", "",
                  {{"publish_id", publish_id},
                   {"upload_url", fmt::format("{}/video/?upload_id={}&upload_token={}", request.origin(), id,
                                              upload_token)}});
}

Answer TikTok::put(Request& request) {
  if (request.method != "PUT") return {.status = 405};
  if (request.header("Authorization")) {
    request.note.fault = "the access token was sent to the upload host";
    return {.status = 400};
  }
  const std::string id = request.param("upload_id");
  const Turns::Turn turn(turns_, id);
  const auto session = store_.session(id);
  const Json known = session ? read_json(session->request) : Json();
  if (!session || session->platform != "TikTok" ||
      known.value("upload_token", "") != request.param("upload_token"))
    return {.status = 404};
  const bool dead = session->expired || unix_now() - known.value("issued_at", std::int64_t{0}) > kUrlSeconds;
  if (dead) return {.status = 403};
  const auto no_token = [](const Fault& fault) { return fault.kind != "token_expired"; };
  if (const auto fault = strike(request, Moment::before, Step::send, no_token)) {
    if (fault->kind != "expired_session") {
      Answer answer{.status = static_cast<int>(fault->number("status", 503))};
      spoil(answer, fault->text("body"));
      return answer;
    }
    store_.expire_session(id);
    return {.status = static_cast<int>(fault->number("status", 403))};
  }
  if (!session->post_id.empty()) return bare(416, *session->total, *session->total);
  return receive(request, *session, known, turn.stop());
}

Answer TikTok::receive(Request& request, const StoredSession& session, const Json& known,
                       std::stop_token stop) {
  auto file = PartFile::open(store_.part_file(session.id));
  if (!file) return {.status = 500};
  const std::uint64_t total = *session.total, chunk = known["chunk_size"], count = known["total_chunk_count"];
  const std::uint64_t due = tiktok::whole_chunks(file->size(), chunk, count, total);
  const auto header = request.header("Content-Range");
  request.note.range = header.value_or("");
  const auto range = header ? parse_content_range(*header) : std::nullopt;
  const auto type = request.header("Content-Type").value_or("");
  if (!range || range->asks || range->total != total || request.content_length != range->length() ||
      std::ranges::find(kTypes, type) == kTypes.end())
    return {.status = 400};
  const bool last = due / chunk == count - 1;
  const std::uint64_t end = last ? total : due + chunk;
  if (range->first != due) return bare(416, due, total);
  if (range->last + 1 != end) return {.status = 400};
  if (auto cut = file->cut_to(due); !cut) return {.status = 500};
  Receiver receiver(faults_, *file, std::move(stop));
  if (!receiver.receive(request, "TikTok", range->length(), last))
    return receiver.outcome() == Receiver::Outcome::disk_error ? Answer{.status = 500} : dropped();
  if (!last) return bare(206, file->size(), total);
  return finish(request, session, known, file->size());
}

Answer TikTok::finish(Request& request, const StoredSession& session, const Json& known, std::uint64_t size) {
  const auto kind = [](std::string_view name) {
    return [name](const Fault& fault) { return fault.kind == name; };
  };
  const bool draft = known.value("draft", false);
  StoredPost post{.post_id = draft ? known.value("publish_id", "") : "75" + random_digits(17),
                  .platform = "TikTok",
                  .title = session.title,
                  .caption = session.caption,
                  .request = session.request,
                  .size = size,
                  .received_at = utc_timestamp(system_clock().now())};
  if (const auto failed = strike(request, Moment::finished, Step::send, kind("processing_failed")))
    post.failure = failed->spec.value("reason", "internal");
  if (!store_.finish(session.id, post)) return {.status = 404};
  if (strike(request, Moment::finished, Step::send, kind("lost_answer"))) return dropped();
  return bare(201, size, size);
}

}  // namespace asfs::practice
