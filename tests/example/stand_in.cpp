#include "tests/example/stand_in.h"

#include "registry/base/clock.h"
#include "uploaders/practice/core/content_range.h"
#include "uploaders/practice/core/part_file.h"
#include "uploaders/practice/core/receiver.h"

namespace asfs::practice {
namespace {

constexpr std::string_view kName = "Example", kUploads = "/example/uploads", kPosts = "/example/posts/";

Answer error(int status, std::string_view name) {
  return json_answer(status, {{"error", name}});
}

/// What a fault that strikes before anything is done answers.
Answer fault_answer(const Fault& fault) {
  if (fault.kind == "token_expired") return error(401, "token");
  if (fault.kind == "expired_session") return error(404, "unknown_upload");
  if (fault.kind == "malformed") return malformed();
  const auto status = static_cast<int>(fault.number("status", 503));
  if (fault.text("body") == "html")
    return {.status = status, .body = "<html>oh</html>", .content_type = "text/html"};
  if (fault.text("body") == "empty") return {.status = status};
  return error(status, fault.text("reason").empty() ? "internal" : fault.text("reason"));
}

Answer state(std::uint64_t stored, const std::string& post = {}, const std::string& failure = {}) {
  Json document{{"stored", stored}};
  if (!post.empty()) document["post"] = post;
  if (!failure.empty()) document["failure"] = failure;
  return json_answer(200, document);
}

}  // namespace

Answer Example::answer(Request& request) {
  request.note.platform = kName;
  const std::string token = request.header("Authorization").value_or("");
  if (!token.starts_with("Bearer ") || !parts_.store.token_is_good(kName, token.substr(7)))
    return error(401, "token");
  if (request.path == kUploads && request.method == "POST") return open(request);
  if (request.path.starts_with(std::string(kUploads) + "/"))
    return continue_upload(request, request.path.substr(kUploads.size() + 1));
  if (!request.path.starts_with(kPosts)) return error(404, "no_such_method");
  const auto post = parts_.store.post(request.path.substr(kPosts.size()));
  return post && post->failure.empty() ? json_answer(200, {{"id", post->post_id}})
                                       : error(404, "unknown_post");
}

Answer Example::open(Request& request) {
  if (const auto fault = strike(request, Moment::before, Step::initiate)) return fault_answer(*fault);
  const Json asked = read_json(request.read_text(64 << 10).value_or(""));
  const auto size = count_at(asked, "size");
  if (!size || *size == 0 || text_at(asked, "title").empty()) return error(400, "bad_upload");
  const StoredSession session{.id = random_id(20),
                              .platform = std::string(kName),
                              .title = text_at(asked, "title"),
                              .caption = {},
                              .request = dumped(asked),
                              .total = size,
                              .expired = false,
                              .post_id = {},
                              .created_at = {}};
  parts_.store.add_session(session);
  return json_answer(200, {{"id", session.id}});
}

Answer Example::continue_upload(Request& request, const std::string& id) {
  const bool asks = request.method == "GET";
  const Step step = asks ? Step::status_query : Step::send;
  const Turns::Turn turn(parts_.turns, id);
  const auto session = parts_.store.session(id);
  if (!session || session->expired) return error(404, "unknown_upload");
  if (const auto fault = strike(request, Moment::before, step)) {
    if (fault->kind == "expired_session") parts_.store.expire_session(id);
    return fault_answer(*fault);
  }
  if (!session->post_id.empty()) {
    const auto post = parts_.store.post(session->post_id);
    return state(*session->total, post && post->failure.empty() ? session->post_id : "",
                 post ? post->failure : "");
  }
  auto file = PartFile::open(parts_.store.part_file(id));
  if (!file) return error(503, "disk");
  if (asks) return state(file->size());
  const auto range = parse_content_range(request.header("Content-Range").value_or(""));
  if (!range || range->asks || range->total != session->total) return error(400, "bad_range");
  if (range->first != file->size()) return state(file->size());
  const bool ends = range->last + 1 == *session->total;
  Receiver receiver(parts_.faults, *file, turn.stop());
  if (!receiver.receive(request, kName, range->length(), ends))
    return receiver.outcome() == Receiver::Outcome::broken ? dropped() : state(file->size());
  return file->size() == *session->total ? finish(request, *session, file->size(), step)
                                         : state(file->size());
}

Answer Example::finish(Request& request, const StoredSession& session, std::uint64_t size, Step step) {
  StoredPost post{.post_id = "EX" + random_id(10),
                  .platform = std::string(kName),
                  .title = session.title,
                  .caption = {},
                  .request = session.request,
                  .size = size,
                  .received_at = utc_timestamp(system_clock().now()),
                  .failure = {}};
  if (strike(request, Moment::finished, step, "processing_failed")) post.failure = "conversion";
  if (!parts_.store.finish(session.id, post)) return error(404, "unknown_upload");
  if (strike(request, Moment::finished, step, "lost_answer")) return dropped();
  return state(size, post.failure.empty() ? post.post_id : "", post.failure);
}

std::optional<Fault> Example::strike(Request& request, Moment moment, Step step, std::string_view kind) {
  request.step = step;
  auto fault =
      parts_.faults.find(kName, moment, step, [&](const Fault& f) { return kind.empty() || f.kind == kind; });
  if (!fault || !parts_.faults.fire(*fault)) return std::nullopt;
  request.note.fault = fault->kind;
  return fault;
}

}  // namespace asfs::practice
