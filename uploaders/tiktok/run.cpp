#include "uploaders/tiktok/run.h"

#include <fmt/format.h>

#include <algorithm>

#include "uploaders/platform/upload_run.h"
#include "uploaders/tiktok/api.h"
#include "uploaders/tiktok/post.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::tiktok {
namespace {

// TikTok publishes by itself when the last byte arrives, so that what was sent to the end is only asked
// about.
class Run final : public UploadRun {
 public:
  Run(const TikTokConfig& config, Api& api, const std::filesystem::path& path, const Metadata& metadata,
      UploadAttempt& attempt)
      : UploadRun("TikTok", api, attempt, VideoSender::LastByte::publishes, config.polling),
        config_(config),
        path_(path),
        metadata_(metadata),
        api_(api) {}

 private:
  Ended take_up(const std::string& text) override {
    const auto handle = parse_handle(text);
    if (!handle) return ended(ErrorClass::permanent, "what was noted of the begun upload cannot be read");
    if (handle->plan.size == video_.size()) handle_ = *handle;
    return std::nullopt;
  }
  bool has_handle() const override { return !handle_.publish_id.empty(); }
  void drop_handle() override { handle_ = {}; }

  Ended begin() override {
    const bool draft = is_draft(config_, metadata_);
    const ChunkPlan plan = plan_chunks(config_, video_.size());
    std::string body = draft_json(plan);
    if (!draft) {
      const auto creator = api_.creator(showing(UploadStep::starting));
      if (!creator) return on_trouble(creator.error());
      const auto privacy = fit_to_creator(*creator, privacy_of(config_, metadata_), attempt_.video_seconds());
      if (!privacy) return ended(ErrorClass::permanent, privacy.error().message);
      privacy_ = *privacy;
      body = post_json(config_, metadata_, attempt_.video_title(), *creator, privacy_, plan);
    }
    const auto answer = api_.begin(body, draft, showing(UploadStep::starting));
    if (!answer && answer.error().reason == kUnaudited) return on_unaudited(answer.error());
    if (!answer) return on_trouble(answer.error());
    if (!draft) remember([&](AccountMemory& memory) { learn(memory, metadata_, privacy_); });
    if (!url_is_safe(answer->upload_url))
      return ended(ErrorClass::permanent, "TikTok's answer names an upload address that is not safe to use");
    handle_ = {answer->publish_id, answer->upload_url, unix_seconds(), plan};
    taken_ = 0;
    dead_url_ = false;
    return begun(handle_text(handle_));
  }

  Ended on_unaudited(const Trouble& trouble) {
    remember([&](AccountMemory& memory) { memory.unaudited_at = clock().now(); });
    return ended(trouble.error_class, fmt::format("{} ({})", unaudited(privacy_).message, trouble.message));
  }
  void remember(const std::function<void(AccountMemory&)>& change) {
    api_.context().credentials.remember(api_.context().destination, change);
  }

  Ended send() override {
    const std::uint64_t end = handle_.plan.end_of(offset_);
    if (auto moved = sender_.move_to(offset_); !moved) return local(moved.error());
    const auto answer =
        api_.put(current_upload_url(handle_.upload_url, config_.api_base), sender_.body(end - offset_),
                 content_type(path_), offset_, video_.size(), sender_.progress());
    if (sender_.error()) return local(*sender_.error());
    next_ = Next::look;  // whatever was answered to the last chunk, or not answered
    if (!answer) return on_trouble(answer.error());
    const ChunkAnswer meaning = read_chunk(*answer);
    if (meaning == ChunkAnswer::taken || meaning == ChunkAnswer::all_taken) return on_taken(end);
    const std::string said = fmt::format("HTTP {} was answered to the video's bytes", *answer);
    dead_url_ = meaning == ChunkAnswer::dead_url;
    if (meaning == ChunkAnswer::refused && !attempt_.maybe_published())
      return ended(ErrorClass::permanent, said);
    return dead_url_ ? std::nullopt : wait(passing(said));
  }

  Ended on_taken(std::uint64_t end) {
    taken_ = end;
    headway(end);
    if (end < video_.size()) offset_ = end, next_ = Next::send;
    return std::nullopt;
  }

  Ended look() override {
    const bool all = attempt_.maybe_published();
    const auto status =
        api_.status(handle_.publish_id, showing(all ? UploadStep::waiting : UploadStep::looking_up));
    if (status && status->state == PostStatus::State::complete) return on_complete(*status);
    if (complete_since_) return posted(handle_.publish_id);  // it was said once, whatever is said now
    if (!status) return on_unanswered(of_a_question(status.error()));
    switch (status->state) {
      case PostStatus::State::in_inbox:
        return posted(handle_.publish_id);
      case PostStatus::State::failed:
        return on_failed(*status);
      case PostStatus::State::uploading:
      case PostStatus::State::complete:
        break;
    }
    return all ? processing(status->uploaded_bytes == video_.size()) : on_uploading(*status);
  }

  Ended on_unanswered(const Trouble& trouble) {
    if (trouble.kind != Kind::unknown) return on_trouble(trouble);
    return attempt_.maybe_published() ? in_doubt(trouble.message) : begin_anew(trouble, false);
  }

  // Its final word. A failure that an earlier try left behind was told about then.
  Ended on_failed(const PostStatus& status) {
    const bool stale = resumed_;
    resumed_ = false;
    if (stale || status.restart) return begin_anew(status.trouble, true);
    if (auto free = attempt_.start_over(true); !free) return local(free.error());
    drop_handle();
    return ended(status.trouble);
  }

  // Not all was sent yet. What it does not say, only this run can know.
  Ended on_uploading(const PostStatus& status) {
    const bool known = status.uploaded_bytes || taken_ > 0 || !resumed_;
    const std::uint64_t there = std::min(std::max(status.uploaded_bytes.value_or(0), taken_), video_.size());
    if (there == video_.size()) return processing();
    const std::uint64_t border = handle_.plan.border(there);
    headway(border);
    const bool old = unix_seconds() - handle_.issued_at >= config_.upload_url_s;
    if (!known || dead_url_ || old)
      return begin_anew(passing("the upload address is not good any more"), false);
    offset_ = border;
    resumed_ = false;
    next_ = Next::send;
    return std::nullopt;
  }

  // A public post has its id some time after it is complete; other posts never tell one.
  Ended on_complete(const PostStatus& status) {
    if (!status.post_ids.empty()) return posted(status.post_ids.front());
    const std::string privacy = privacy_of(config_, metadata_);
    const bool may_come = privacy.empty() || privacy == "PUBLIC_TO_EVERYONE";
    if (!complete_since_) complete_since_ = clock().now();
    const bool waited =
        has_passed(clock().now(), *complete_since_, std::chrono::seconds(config_.post_id_wait_s));
    return may_come && !waited ? processing() : posted(handle_.publish_id);
  }

  Ended posted(const std::string& id) {
    const bool chosen = !privacy_of(config_, metadata_).empty();
    return done(id, {}, chosen || privacy_.empty() ? "" : narrower_text(privacy_));
  }

  const TikTokConfig& config_;
  const std::filesystem::path& path_;
  const Metadata& metadata_;
  Api& api_;
  Handle handle_;            ///< publish_id empty: none
  std::string privacy_;      ///< of the post
  std::uint64_t taken_ = 0;  ///< bytes that the upload host acknowledged in this run
  bool dead_url_ = false;    ///< the upload address takes no bytes any more
  std::optional<TimePoint> complete_since_;
};

}  // namespace

UploadResult run_upload(const UploaderContext& context, const TikTokConfig& config, Http& http,
                        const std::filesystem::path& video_path, const Metadata& metadata,
                        UploadAttempt& attempt) {
  Api api(context, http, attempt.stop());
  return Run(config, api, video_path, metadata, attempt).result();
}

}  // namespace asfs::tiktok
