// One upload through a browser.
#include "uploaders/web/web_upload.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/accounts/web_account.h"
#include "uploaders/row/platforms.h"
#include "uploaders/web/evidence.h"
#include "uploaders/web/kept_page.h"

namespace asfs::web {
namespace {

constexpr std::chrono::seconds kLaterLook{60};

/// Which state a file is in, so that a change is seen without reading it.
using FileMark = std::array<std::int64_t, 4>;
FileMark mark_of(const std::filesystem::path& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return {};
  return {static_cast<std::int64_t>(file.st_ino), file.st_size,
          file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec,
          file.st_ctim.tv_sec * 1'000'000'000 + file.st_ctim.tv_nsec};
}

class WebUpload final : public RecipeHost {
 public:
  WebUpload(const UploaderContext& context, const std::filesystem::path& path, const Metadata& metadata,
            UploadAttempt& attempt)
      : context_(context), path_(path), metadata_(metadata), attempt_(attempt), video_(attempt.video()) {}

  UploadResult result() {
    auto words =
        platform_at(context_.destination).web_post(context_.config, metadata_, attempt_.video_title());
    if (!words) return failed(ErrorClass::permanent, words.error().message);
    if (const auto begun = parse_web_handle(attempt_.handle())) handle_ = *begun;
    if (auto read = read_file(); !read) return ended_early(read.error());
    auto session = WebSession::open(context_, attempt_.stop(), [this] { progress(UploadStep::starting, 0); });
    if (!session) return ended_early(session.error());
    session_ = *std::move(session);
    for (auto& [name, text] : *words) session_->values[name] = std::move(text);
    session_->values["file"] = std::filesystem::absolute(path_).string();
    auto known = take_up();
    if (known) return *std::move(known);
    return play(handle_.draft.empty() ? "upload" : "resume");
  }

  Result<void> before_bytes() override { return attempt_.before_bytes(); }

  Result<void> may_go_on() override { return mark_of(path_) == mark_ ? Result<void>() : read_file(); }

  Result<void> before_publish() override {
    if (auto same = may_go_on(); !same) return same;
    return attempt_.before_publish();
  }

  Result<void> noted(std::string_view name, const std::string& value) override {
    if (name != "draft" || value == handle_.draft) return {};
    if (!is_plain_id(value)) return fail(Code::failed, "the page tells an id that is none");
    handle_.draft = value;
    return attempt_.maybe_published() ? Result<void>() : attempt_.save_handle(handle_text(handle_));
  }

  void progress(UploadStep step, double part) override {
    attempt_.progress(step, static_cast<std::uint64_t>(part * static_cast<double>(video_.size())),
                      video_.size());
  }

 private:
  // Who is signed in; then what is there before, written down before anything is begun.
  std::optional<UploadResult> take_up() {
    const std::string wanted =
        handle_.account.empty() ? web_account_id(context_.library, context_.destination) : handle_.account;
    if (auto refused = refusal_of_account(context_, *session_, *this, wanted))
      return with_evidence(resumable(*std::move(refused)));
    if (!handle_.draft.empty()) return go_on();
    const auto posts = read_posts(session_->recipe, session_->run(*this), *session_->page, *session_->witness,
                                  session_->values);
    if (!posts) return ended_early(posts.error());
    handle_ = {.platform = session_->recipe.platform,
               .account = session_->values["account"],
               .draft = {},
               .since = unix_millis(context_.clock.now()) / 1000,
               .before = {}};
    for (const ListedPost& post : *posts) handle_.before.push_back(post.id);
    return save();
  }

  // The platform's own pages said that what was begun is a draft, and no post.
  std::optional<UploadResult> go_on() {
    if (!session_->recipe.has_flow("resume"))
      return failed(ErrorClass::doubt, "this cannot be taken up again");
    session_->values["draft"] = handle_.draft;
    if (attempt_.maybe_published())
      if (auto free = attempt_.start_over(true); !free) return local(free.error());
    return save();
  }

  std::optional<UploadResult> save() {
    const auto saved = attempt_.save_handle(handle_text(handle_));
    return saved ? std::nullopt : std::optional(local(saved.error()));
  }

  UploadResult play(std::string_view flow) {
    RecipeRun& run = session_->run(*this);
    const auto ending = run.play(flow);
    if (!ending) return run.published() ? unknown(ending.error().message) : ended_early(ending.error());
    switch (ending->end.kind) {
      case End::Kind::posted:
        return posted(run);
      case End::Kind::failed:
        return did_not_post(*ending);
      case End::Kind::look:
        return ending->published ? looked_for(run) : did_not_post(*ending);
      case End::Kind::ready:
      case End::Kind::draft:
        break;
    }
    return did_not_post(*ending);
  }

  UploadResult posted(RecipeRun& run) {
    const std::string& post = session_->values["post"];
    return post.empty() && handle_.draft.empty() ? looked_for(run)
                                                 : success(post.empty() ? handle_.draft : post);
  }

  UploadResult success(const std::string& post_id) {
    attempt_.progress(UploadStep::done, video_.size(), video_.size());
    UploadResult result;
    result.success = true;
    result.platform_post_id = post_id;
    result.link = session_->values["link"];
    return result;
  }

  // Past the click, without its answer: the platform's own list tells, now or later.
  UploadResult looked_for(RecipeRun& run) {
    attempt_.wait_for_word();
    if (!handle_.draft.empty() && session_->recipe.has_flow("look")) {
      LookingHost looking;
      const auto ending = session_->run(looking).play("look");
      return ending && ending->end.kind == End::Kind::posted
                 ? success(handle_.draft)
                 : unknown("it does not stand among the posts yet");
    }
    const auto posts =
        read_posts(session_->recipe, run, *session_->page, *session_->witness, session_->values);
    if (!posts) return unknown(posts.error().message);
    const OwnListed own =
        own_listed(context_, *posts, handle_, listed_words(session_->values), attempt_.owners());
    return own.id.empty() ? unknown("it does not stand among the posts yet") : success(own.id);
  }

  UploadResult unknown(const std::string& why) {
    return resumable(failed(ErrorClass::processing,
                            fmt::format("{} was told to publish, and does not say yet what became of it: {}",
                                        session_->recipe.platform, why),
                            context_.clock.now() + kLaterLook));
  }

  UploadResult did_not_post(const Ending& ending) {
    if (!attempt_
             .maybe_published())  // what a page says that cannot read its file any more is beside the point
      if (const auto same = may_go_on(); !same) return with_evidence(ended_early(same.error()));
    UploadResult result = result_of(ending, context_.clock);
    if (attempt_.maybe_published() && ending.end.no_post)
      if (auto free = attempt_.start_over(true); free && !handle_.draft.empty()) static_cast<void>(save());
    if (ending.end.error_class == ErrorClass::needs_login) note_account(context_, *session_, ending);
    if (attempt_.maybe_published())
      result = unknown(ending.end.says);
    else if (ending.end.anew)
      handle_.draft.clear();
    return with_evidence(resumable(std::move(result)));
  }

  UploadResult ended_early(const Error& error) {
    if (attempt_.stop().stop_requested()) return resumable(failed(ErrorClass::cancelled, "stopped"));
    return resumable(local(error));
  }

  UploadResult local(const Error& error) const {
    if (attempt_.stop().stop_requested()) return failed(ErrorClass::cancelled, "stopped");
    return failed(changed_ ? ErrorClass::changed_file : class_of(error), error.message);
  }

  UploadResult resumable(UploadResult result) const {
    result.resumable = !handle_.draft.empty() && result.error_class != ErrorClass::changed_file &&
                       result.error_class != ErrorClass::permanent;
    result.resumable |= attempt_.maybe_published();
    return result;
  }

  UploadResult with_evidence(UploadResult result) {
    if (result.error_class == ErrorClass::cancelled) return result;
    if (const auto& kept_back = session_->witness->kept_back(); !kept_back.empty())
      result.error_message =
          fmt::format("{}; {} kept back {}: if that is its ad blocker, switch it off for this site",
                      result.error_message.value_or(""), session_->browser_name, fmt::join(kept_back, ", "));
    const std::string folder =
        new_kept_page(context_.library, session_->recipe.platform, context_.clock.now());
    if (keep_evidence(*session_->page, context_.library.home / folder))
      result.error_message = with_kept_page(result.error_message.value_or(""), folder);
    return result;
  }

  // All that is there by its path, which is what the browser reads: it has to be the registered content.
  Result<void> read_file() {
    mark_ = mark_of(path_);
    auto file = video_.again();
    if (!file) return std::unexpected(file.error());
    std::vector<std::byte> block(1 << 20);
    while (true) {
      const auto got = file->read(block);
      if (!got) return changed_ = file->changed(), std::unexpected(got.error());
      if (*got == 0) return {};
      if (attempt_.stop().stop_requested()) return fail(Code::cancelled, "stopped");
      attempt_.progress(UploadStep::checking, file->position(), file->size());
    }
  }

  const UploaderContext& context_;
  const std::filesystem::path& path_;
  const Metadata& metadata_;
  UploadAttempt& attempt_;
  VideoFile& video_;
  std::unique_ptr<WebSession> session_;
  WebHandle handle_;
  FileMark mark_{};
  bool changed_ = false;
};

}  // namespace

UploadResult run_web_upload(const UploaderContext& context, const std::filesystem::path& path,
                            const Metadata& metadata, UploadAttempt& attempt) {
  return WebUpload(context, path, metadata, attempt).result();
}

}  // namespace asfs::web
