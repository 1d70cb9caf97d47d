#include "uploaders/stage/upload_stage.h"

#include <fmt/format.h>

#include "registry/base/text.h"
#include "registry/files/container.h"
#include "registry/store/audit_log.h"
#include "registry/videos/identity.h"
#include "uploaders/metadata/media_check.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/stage_attempt.h"
#include "uploaders/stage/stage_verdict.h"
#include "uploaders/web/routed_uploader.h"

namespace asfs {
namespace {

constexpr std::chrono::hours kLongestWait{24};

class Stage {
 public:
  Stage(const StageContext& context, const StageOptions& options, const Destination& destination,
        VideoRegistry& registry, Video video, const Metadata& metadata)
      : context_(context),
        options_(options),
        destination_(destination.name),
        registry_(registry),
        ledger_(registry),
        audit_(context.library, context.clock),
        video_(std::move(video)),
        metadata_(metadata),
        metadata_json_(metadata_json(metadata)),
        making_{context.config,   context.credentials, context.clock,
                destination.name, context.http,        context.library},
        uploader_(make_uploader(making_)) {
    result_.video_id = video_.id;
    result_.platform = destination.name;
  }

  StageResult run() {
    if (options_.stop.stop_requested()) return refused(UploadStatus::pending, {Code::cancelled, "stopped"});
    if (auto known = know_content(registry_, video_.id, options_.stop); !known)
      return refused(UploadStatus::pending, known.error());
    const auto permission = registry_.can_upload(video_.id, destination_, options_.by_hand);
    if (!permission) return refused(UploadStatus::pending, permission.error());
    if (permission->allowed)
      if (auto fits = check_limits(); !fits) return limits_refused(fits.error());
    const auto claim = ledger_.claim({.video_id = video_.id,
                                      .platform = std::string(destination_),
                                      .metadata_json = metadata_json_,
                                      .by_hand = options_.by_hand,
                                      .account = account_in_use(making_),
                                      .limits = limits(),
                                      .skip_limits = options_.skip_limits,
                                      .chosen_times = options_.chosen_times});
    if (!claim && claim.error().code == Code::rate_limited) return too_soon(claim.error());
    // What was allowed a moment ago has been claimed by another process since.
    if (!claim && claim.error().code == Code::blocked && (permission->running || permission->allowed))
      return busy(claim.error());
    if (!claim) return claim_refused(claim.error(), permission->duplicate);
    if (options_.on_claimed) options_.on_claimed();
    metadata_json_ = claim->metadata_json;
    video_.checksum = claim->video.checksum;
    result_.retry_count = claim->earlier_failures;
    audit(UploadStatus::in_progress, skipped_text(destination_, claim->skipped, limits()));
    StageAttempt attempt(ledger_, *claim, context_.clock, options_.stop, options_.progress);
    return record(*claim, ending(try_once(*claim, attempt), attempt), attempt);
  }

 private:
  // What the platform would refuse is refused before anything is sent. A file that is missing or unreadable
  // is told about later.
  Result<void> check_limits() {
    const auto path = context_.library.resolve(video_.file_path);
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path, unknown);
    if (auto fits = uploader_->check(metadata_, video_.title, unknown ? 0 : size); !fits) return fits;
    warn(uploader_->advice(metadata_, video_.title, unknown ? 0 : size));
    const auto facts = registry_.get_file_facts(video_.id);
    const bool known = facts && *facts && !unknown && (*facts)->size == size;
    const auto media = known ? Result<MediaInfo>((*facts)->media) : probe_media(path, options_.stop);
    if (!media) return {};
    auto warning = check_media(context_.config.at(destination_).media, *media, platform_of(destination_));
    if (!warning) return std::unexpected(std::move(warning.error()));
    warn(*warning);
    return {};
  }

  // Nothing was tried, so no retry is used up and the shared row stays as it is; the audit trail has it.
  StageResult limits_refused(const Error& error) {
    read_row();
    result_.error = error;
    result_.status = UploadStatus::failed;
    audit(UploadStatus::failed);
    return std::move(result_);
  }

  StageResult claim_refused(Error error, bool duplicate) {
    if (error.code != Code::blocked && error.code != Code::failed)
      return refused(UploadStatus::pending, error);
    if (const auto row = read_row(); row && row->is(UploadStatus::success))
      result_.post_id = row->platform_post_id;
    if (duplicate)
      error.message += fmt::format("; to post it again: asfs-videos duplicates {} on", video_.id);
    result_.duplicate = duplicate;
    result_.status = error.code == Code::blocked ? UploadStatus::blocked : UploadStatus::failed_final;
    result_.error = std::move(error);
    audit(result_.status);
    return std::move(result_);
  }

  // Whoever runs uploads takes it up again at `retry_at`.
  StageResult too_soon(const Error& error) {
    if (const auto slot = ledger_.next_post_time(destination_, limits())) result_.retry_at = slot->at;
    if (auto noted = ledger_.note_rate_limited(video_.id, destination_, error.message); !noted)
      warn(noted.error().message);
    read_row();
    result_.error = error;
    result_.status = UploadStatus::rate_limited;
    result_.next = NextStep::wait_until;
    audit(UploadStatus::rate_limited);
    return std::move(result_);
  }

  const RateLimits& limits() const { return context_.config.limits(destination_); }

  // Worth another look when its lease could be over; the one who is at it writes the audit trail.
  StageResult busy(const Error& error) {
    read_row();
    result_.retry_at = context_.clock.now() + kLease;
    result_.next = NextStep::wait_until;
    return refused(UploadStatus::blocked, error);
  }

  StageResult refused(UploadStatus status, Error error) {
    result_.status = status;
    result_.error = std::move(error);
    return std::move(result_);
  }

  std::optional<Upload> read_row() {
    const auto row = registry_.get_upload_status(video_.id, destination_);
    if (!row || !*row) return std::nullopt;
    result_.retry_count = (*row)->retry_count;
    return *row;
  }

  Verdict failed(ErrorClass error_class, std::string message, bool may_be_live, bool keep_handle = false,
                 bool got_further = false) const {
    const int failures = (got_further ? 0 : result_.retry_count) + 1;
    const Decision decision = decide(error_class, failures, may_be_live, limits().max_retries);
    return {.outcome = {.state = decision.state,
                        .error = std::move(message),
                        .retry_at = again_at(decision.next, failures, limits(), context_.clock.now()),
                        .counts_as_failure = decision.counts_as_failure && !got_further,
                        .keep_handle = keep_handle,
                        .progressed = got_further,
                        .max_retries = limits().max_retries},
            .code = decision.code,
            .next = decision.next};
  }

  Verdict succeeded(std::optional<std::string> post_id, std::string_view handle) const {
    return {.outcome = {
                .state = AttemptState::succeeded,
                .post_id = std::move(post_id),
                .check_at = context_.clock.now() + std::chrono::seconds(context_.config.upload.post_check_s),
                .place = place_of_posts(making_, handle)}};
  }

  Verdict verdict_of(const UploadResult& result, const StageAttempt& attempt) {
    if (result.success) {
      warn(result.warning);
      result_.link = result.link;
      return succeeded(result.platform_post_id, attempt.handle());
    }
    Verdict verdict = failed(result.error_class, result.error_message.value_or("no reason given"),
                             attempt.maybe_published(), result.resumable, result.got_further);
    if (result.retry_at) verdict.outcome.retry_at = result.retry_at;
    return verdict;
  }

  Verdict try_once(const Claim& claim, StageAttempt& attempt) {
    const auto metadata = parse_metadata(claim.metadata_json);
    if (!metadata) return failed(ErrorClass::permanent, metadata.error().message, attempt.maybe_published());
    const auto path = context_.library.resolve(claim.video.file_path);
    auto file = VideoFile::open(path, claim.video.checksum);
    std::string handle;
    // First what became of an earlier try: it may be live even though the file is gone by now.
    if (claim.handle || claim.maybe_published)
      if (auto known = look_up(claim, *metadata, file ? file->size() : 0, attempt, handle))
        return *std::move(known);
    if (!file) {
      // What was sent to the end needs no file any more, only the platform's word.
      if (attempt.maybe_published()) return failed(ErrorClass::processing, file.error().message, true);
      Verdict verdict = failed(ErrorClass::permanent, file.error().message, false, !handle.empty());
      verdict.code = file.error().code;
      return verdict;
    }
    if (const auto container = look_at_container(path);
        container && container->state == ContainerLook::State::cut)
      return incomplete(not_whole(path, container->detail), attempt, !handle.empty());
    attempt.prepare(*file, std::move(handle));
    return verdict_of(uploader_->upload(path, *metadata, attempt), attempt);
  }

  // A copy that is still going on, perhaps: nothing was tried.
  Verdict incomplete(const Error& error, const StageAttempt& attempt, bool keep_handle) const {
    if (attempt.maybe_published()) return failed(ErrorClass::processing, error.message, true);
    Verdict verdict = failed(ErrorClass::permanent, error.message, false, keep_handle);
    verdict.outcome.state = AttemptState::interrupted;
    verdict.outcome.counts_as_failure = false;
    return verdict;
  }

  // How an earlier try stands at the platform. nullopt: go on, from `handle` when it is set.
  std::optional<Verdict> look_up(const Claim& claim, const Metadata& metadata, std::uint64_t size,
                                 StageAttempt& attempt, std::string& handle) {
    using Stands = Reconciliation::State;
    attempt.progress(UploadStep::looking_up, 0, size);
    if (claim.of_another_account)
      return failed(ErrorClass::processing, another_account_text(destination_, claim.account), true);
    if (!claim.handle)
      return failed(ErrorClass::doubt,
                    "an earlier try was cut off while it published, and left nothing to ask by", true);
    const Reconciliation found = uploader_->reconcile({.handle = *claim.handle,
                                                       .file_size = size,
                                                       .maybe_published = claim.maybe_published,
                                                       .metadata = metadata,
                                                       .video_title = claim.video.title,
                                                       .video_seconds = claim.video.duration,
                                                       .owners = &attempt.owners()},
                                                      attempt.stop());
    const std::string said = found.error.error_message.value_or("");
    switch (found.state) {
      case Stands::done:
        return succeeded(found.post_id, *claim.handle);
      case Stands::part:
        handle = *claim.handle;
        return std::nullopt;
      case Stands::unclear:
        return failed(ErrorClass::doubt, said, true);
      case Stands::not_made:
        // Only what an earlier try wrote down says whether it can have been completed before.
        if (begins_anew(attempt)) return std::nullopt;
        return failed(ErrorClass::doubt, "an earlier try had sent everything and is no longer known; " + said,
                      true);
      case Stands::failed:
        break;
    }
    return look_up_failed(found.error, said, attempt);
  }

  // Trouble with a question is no failure of the upload: it still waits for its answer. What cannot be asked
  // about for a day, and made no post, is begun anew.
  std::optional<Verdict> look_up_failed(const UploadResult& error, const std::string& said,
                                        StageAttempt& attempt) {
    attempt.wait_for_word();
    if (too_long(attempt) && begins_anew(attempt)) return std::nullopt;
    const bool passes =
        error.error_class == ErrorClass::transient || error.error_class == ErrorClass::permanent;
    Verdict verdict = failed(passes ? ErrorClass::transient : error.error_class,
                             "an earlier try could not be looked up, so nothing was sent: " + said,
                             attempt.maybe_published(), true);
    if (error.retry_at) verdict.outcome.retry_at = error.retry_at;
    if (passes) verdict.outcome.state = AttemptState::interrupted, verdict.outcome.counts_as_failure = false;
    return verdict;
  }

  /// False when a post may exist.
  static bool begins_anew(StageAttempt& attempt) {
    if (attempt.maybe_published()) return false;
    static_cast<void>(attempt.start_over(false));  // if not now, then with the next handle
    return true;
  }

  /// A platform that has not told for so long what became of everything it was sent hardly ever will.
  bool too_long(const StageAttempt& attempt) const {
    return attempt.waits_since().value_or(TimePoint::max()) <= context_.clock.now() - kLongestWait;
  }

  // An upload that would be asked about for ever becomes a question to a person.
  Verdict ending(Verdict verdict, const StageAttempt& attempt) const {
    const bool asks = verdict.outcome.state == AttemptState::interrupted && verdict.next == NextStep::look_up;
    if (!asks || !too_long(attempt)) return verdict;
    return failed(ErrorClass::doubt,
                  fmt::format("{} had everything and has not told for a day what became of it; last: {}",
                              destination_, verdict.outcome.error.value_or("nothing")),
                  true);
  }

  StageResult record(const Claim& claim, const Verdict& verdict, const StageAttempt& attempt) {
    Outcome outcome = verdict.outcome;
    bool made = outcome.state == AttemptState::succeeded;
    if (attempt.lost() && !made) return taken_over(attempt.lost_reason());
    result_.post_id = outcome.post_id;
    if (result_.link.empty() && made)
      result_.link = platform_at(destination_).post_url(context_.config, outcome.post_id.value_or(""));
    outcome.link = result_.link;
    auto row = ledger_.finish(claim.attempt_id, outcome);
    if (!row && row.error().code == Code::library && registry_.follow())  // it was moved, and is back
      row = ledger_.finish(claim.attempt_id, outcome);
    if (!row) {
      Error error = row.error();
      if (made)
        error.message = fmt::format(
            "{} has the video (post {}), but this could not be written down; the next try finds "
            "it again: {}",
            destination_, outcome.post_id.value_or("unknown"), error.message);
      return refused(made ? UploadStatus::in_progress : UploadStatus::failed, std::move(error));
    }
    if (auto told = tell_destination(registry_, destination_, verdict); !told) warn(told.error().message);
    result_.status = parse_status(row->upload_status).value_or(UploadStatus::pending);
    if (made && result_.status != UploadStatus::success)
      outcome.state = AttemptState::unconfirmed, made = false;
    if (made && row->error_message) warn(*row->error_message);
    result_.retry_count = row->retry_count;
    result_.retry_at = outcome.retry_at;
    result_.next = verdict.next;
    if (!made) {
      result_.post_id.reset();
      result_.error = Error{verdict.code, why_not_done(video_.id, verdict.code, outcome, *row)};
    }
    if (options_.progress) options_.progress->step.store(UploadStep::done, std::memory_order_relaxed);
    audit(result_.status);
    return std::move(result_);
  }

  // Another process has the attempt, and tells how it ends; or another program posted the video meanwhile.
  StageResult taken_over(const Error& reason) {
    result_.error = reason;
    if (const auto row = read_row(); row && row->is(UploadStatus::success)) {
      result_.post_id = row->platform_post_id;
      audit(UploadStatus::blocked);
    }
    return refused(UploadStatus::blocked, reason);
  }

  void warn(const std::string& text) {
    if (!text.empty()) result_.warning += (result_.warning.empty() ? "" : "; ") + text;
  }

  void audit(UploadStatus status, std::optional<std::string> remark = std::nullopt) {
    UploadEvent event{.video_id = video_.id,
                      .platform = std::string(destination_),
                      .status = status,
                      .upload_id = result_.post_id,
                      .retry_count = result_.retry_count,
                      .metadata_json = metadata_json_};
    event.error_message = std::move(remark);
    if (status == UploadStatus::success) event.checksum = video_.checksum;
    if (result_.error) event.error_message = result_.error->message;
    if (auto written = audit_.record(event); !written)
      warn("the audit trail could not be written: " + written.error().message);
  }

  const StageContext& context_;
  const StageOptions& options_;
  const std::string destination_;  ///< as it stands in the tables'  `platform`
  VideoRegistry& registry_;
  UploadLedger ledger_;
  AuditLog audit_;
  Video video_;
  const Metadata& metadata_;
  std::string metadata_json_;
  UploaderContext making_;
  std::unique_ptr<PlatformUploader> uploader_;
  StageResult result_;
};

StageResult not_begun(std::string_view video_id, std::string_view platform, Error error) {
  return {.video_id = std::string(video_id), .platform = std::string(platform), .error = std::move(error)};
}

}  // namespace

StageResult run_upload_stage(const StageContext& context, std::string_view video_id,
                             std::string_view platform, const Metadata& metadata,
                             const StageOptions& options) {
  const Destination* known = context.config.destinations.find(platform);
  if (!known)
    return not_begun(video_id, platform, no_such_destination(context.config.destinations, platform));
  auto registry = VideoRegistry::open(context.library, context.clock);
  if (!registry) return not_begun(video_id, known->name, registry.error());
  auto video = registry->get_video(video_id);
  if (!video) return not_begun(video_id, known->name, video.error());
  if (!*video) return not_begun(video_id, known->name, no_such_video(video_id));
  Metadata words = metadata;
  if (metadata_json(metadata) == "{}") {
    const auto document = registry->get_metadata(video_id);
    auto own = document ? words_of({}, *document, known->name) : std::unexpected(document.error());
    if (!own) return not_begun(video_id, known->name, own.error());
    words = *std::move(own);
  }
  return Stage(context, options, *known, *registry, std::move(**video), words).run();
}

}  // namespace asfs
