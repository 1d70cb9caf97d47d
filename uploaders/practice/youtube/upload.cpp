// videos.insert: beginning an upload session, sending its bytes, asking how far it has got.
#include <fmt/format.h>

#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "uploaders/practice/core/content_range.h"
#include "uploaders/practice/core/receiver.h"
#include "uploaders/practice/youtube/routes.h"
#include "uploaders/practice/youtube/shapes.h"

namespace asfs::practice {
namespace {

using youtube::error;

constexpr std::uint64_t kMostVideo = 274'877'906'944;
constexpr std::uint64_t kChunk = 262'144;

Answer bad_request(std::string_view message) {
  return error(400, "badRequest", message);
}

/// Not finished: how much is stored. Some clients cannot live with 308 and say so.
Answer progress(const Request& request, std::uint64_t stored) {
  Answer answer{.status = 308};
  if (stored > 0) answer.headers.emplace_back("Range", fmt::format("bytes=0-{}", stored - 1));
  if (request.header("X-GUploader-No-308") == "yes") {
    answer.status = 200;
    answer.headers.emplace_back("X-Http-Status-Code-Override", "308");
  }
  return answer;
}

/// What the initiation announces about the video: its size, if given.
std::expected<std::optional<std::uint64_t>, Answer> announced(const Request& request) {
  if (const auto type = request.header("X-Upload-Content-Type"); type && !youtube::is_video_type(*type))
    return std::unexpected(youtube::bad_media_type(*type));
  const auto length = request.header("X-Upload-Content-Length");
  if (!length) return std::nullopt;
  const auto number = parse_number(*length);
  if (!number) return std::unexpected(bad_request("X-Upload-Content-Length is not a number"));
  if (*number == 0) return std::unexpected(error(400, "mediaBodyRequired", "The video has no bytes"));
  if (*number > kMostVideo)
    return std::unexpected(error(413, "uploadTooLarge", "A video has 256 GB at most"));
  return number;
}

}  // namespace

Answer YouTube::insert(Request& request) {
  if (const std::string id = request.param("upload_id"); !id.empty()) return continue_session(request, id);
  if (request.method != "POST") return error(405, "httpMethodNotAllowed", "A video is inserted by POST");
  if (auto refused = check_token(request, true)) return *std::move(refused);
  if (const auto fault = fault_before(request, Step::initiate)) return youtube::fault_answer(*fault);
  const std::string type = request.param("uploadType");
  if (type == "resumable") return initiate(request);
  if (type == "multipart") return insert_multipart(request);
  return bad_request("uploadType must be resumable or multipart");
}

Answer YouTube::initiate(Request& request) {
  const auto type = request.header("Content-Type");
  if (request.has_body && (!type || !type->starts_with("application/json")))
    return error(400, "badContent", "The metadata must be sent as application/json");
  const auto total = announced(request);
  if (!total) return total.error();
  const auto text = request.read_text(youtube::kMostMetadata);
  if (!text) return error(413, "uploadTooLarge", "The metadata is too long");
  const auto insert = youtube::check_insert(request.list_param("part"), *text);
  if (!insert) return insert.error();

  StoredSession session = youtube::new_session(*insert, request.header("Slug").value_or(""));
  session.total = *total;
  store_.add_session(session);
  std::string parts;
  for (const Json& part : insert->parts) parts += (parts.empty() ? "" : "%2C") + part.get<std::string>();
  Answer answer;
  answer.headers.emplace_back(
      "Location", fmt::format("{}/upload/youtube/v3/videos?uploadType=resumable&part={}&upload_id={}",
                              request.origin(), parts, session.id));
  answer.headers.emplace_back("X-GUploader-UploadID", session.id);
  return answer;
}

std::expected<YouTube::Carried, Answer> YouTube::carried_by(Request& request, const StoredSession& session) {
  const auto header = request.header("Content-Range");
  request.note.range = header.value_or("");
  Carried carried{.total = session.total};
  if (!header) {
    if (!request.has_body) return std::unexpected(error(400, "mediaBodyRequired"));
    if (session.total && request.content_length && *session.total != *request.content_length)
      return std::unexpected(bad_request("Content-Length is not the announced X-Upload-Content-Length"));
    if (request.content_length) carried.total = request.content_length;
    carried.length = carried.total;
    carried.to_the_end = true;
    return carried;
  }
  const auto range = parse_content_range(*header);
  if (!range) return std::unexpected(bad_request("Content-Range cannot be understood"));
  if (range->total && session.total && *range->total != *session.total)
    return std::unexpected(bad_request("Content-Range has another total than was given before"));
  if (range->total) carried.total = range->total;
  carried.asks = range->asks;
  if (range->asks) {
    if (request.has_body) return std::unexpected(bad_request("a status query carries no bytes"));
    return carried;
  }
  carried.first = range->first;
  carried.length = range->length();
  if (!request.has_body || (request.content_length && *request.content_length != *carried.length))
    return std::unexpected(bad_request("Content-Length does not fit Content-Range"));
  if (carried.total && range->last >= *carried.total)
    return std::unexpected(bad_request("Content-Range goes beyond the total"));
  carried.to_the_end = carried.total && range->last + 1 == *carried.total;
  if (!carried.to_the_end && *carried.length % kChunk != 0)
    return std::unexpected(bad_request("every chunk but the last must be a multiple of 262144 bytes"));
  return carried;
}

Answer YouTube::continue_session(Request& request, const std::string& id) {
  if (request.method != "PUT" && request.method != "POST")
    return error(405, "httpMethodNotAllowed", "An upload session takes PUT and POST");
  if (auto refused = check_token(request, false)) return *std::move(refused);
  const Turns::Turn turn(turns_, id);
  const auto session = store_.session(id);
  if (!session || session->expired || session->platform != "YouTube") return error(404, "notFound");
  const auto carried = carried_by(request, *session);
  if (!carried) return carried.error();
  const Step step = carried->asks ? Step::status_query : Step::send;
  if (const auto fault = fault_before(request, step)) {
    if (fault->kind == "expired_session") store_.expire_session(id);
    return youtube::fault_answer(*fault);
  }
  if (!session->post_id.empty()) return final_answer(*session);
  if (carried->total && *carried->total > kMostVideo)
    return error(413, "uploadTooLarge", "A video has 256 GB at most");

  auto file = PartFile::open(store_.part_file(id));
  if (!file) return youtube::disk_error(file.error().message);
  if (carried->total && !session->total) store_.set_total(id, *carried->total);
  if (carried->asks)
    return file->size() > 0 && file->size() == carried->total ? finish(request, *session, file->size(), step)
                                                              : progress(request, file->size());
  if (carried->first != file->size()) return progress(request, file->size());
  return receive(request, *session, *carried, *file, turn.stop());
}

Answer YouTube::receive(Request& request, const StoredSession& session, const Carried& carried,
                        PartFile& file, std::stop_token stop) {
  Receiver receiver(faults_, file, std::move(stop));
  if (!receiver.receive(request, "YouTube", carried.length, carried.to_the_end))
    return after_receiving(receiver, request, file);
  const bool complete = carried.to_the_end && (!carried.total || file.size() == *carried.total);
  return complete ? finish(request, session, file.size(), Step::send) : progress(request, file.size());
}

Answer YouTube::after_receiving(const Receiver& receiver, const Request& request, const PartFile& file) {
  switch (receiver.outcome()) {
    case Receiver::Outcome::disk_error:
      return youtube::disk_error(receiver.error());
    case Receiver::Outcome::too_much:
      return bad_request("the body is longer than it said");
    case Receiver::Outcome::broken:
      return dropped();
    case Receiver::Outcome::all:
    case Receiver::Outcome::some:
      break;
  }
  return progress(request, file.size());
}

Answer YouTube::finish(Request& request, const StoredSession& session, std::uint64_t size, Step step) {
  const auto strikes = [&](std::string_view kind) {
    auto fault =
        faults_.find("YouTube", Moment::finished, step, [&](const Fault& f) { return f.kind == kind; });
    if (!fault || !faults_.fire(*fault)) return std::optional<Fault>();
    request.note.fault = fault->kind;
    return fault;
  };
  StoredPost post{.post_id = random_id(11),
                  .platform = "YouTube",
                  .title = session.title,
                  .caption = session.caption,
                  .request = session.request,
                  .size = size,
                  .received_at = utc_timestamp(system_clock().now())};
  if (const auto failed = strikes("processing_failed"))
    post.failure = failed->spec.value("reason", "conversion");
  if (!store_.finish(session.id, post)) return error(404, "notFound");
  if (strikes("lost_answer")) return dropped();
  StoredSession finished = session;
  finished.post_id = post.post_id;
  return final_answer(finished);
}

Answer YouTube::final_answer(const StoredSession& session) {
  auto post = store_.post(session.post_id);
  if (!post) return error(404, "notFound");
  const Json request = read_json(session.request);
  post->failure.clear();  // a failure shows later, in videos.list
  return json_answer(201, youtube::video_resource(*post, request.value("parts", Json::array()), true));
}

}  // namespace asfs::practice
