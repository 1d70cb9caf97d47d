#include "uploaders/web/web_uploader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <functional>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/accounts/web_account.h"
#include "uploaders/row/platforms.h"
#include "uploaders/web/evidence.h"
#include "uploaders/web/post_list.h"
#include "uploaders/web/web_handle.h"
#include "uploaders/web/web_session.h"

namespace asfs::web {
namespace {

using Kind = End::Kind;
using Stands = Reconciliation::State;

constexpr std::chrono::seconds kLaterLook{60}, kEarlier{5}, kPublishTakes{120};

UploadResult failed(ErrorClass error_class, const std::string& message,
                    std::optional<TimePoint> retry_at = {}) {
  UploadResult result;
  result.error_class = error_class;
  result.error_message = one_line(message);
  result.retry_at = retry_at;
  return result;
}

/// Of a browser or a recipe that does not start.
ErrorClass class_of(const Error& error) {
  switch (error.code) {
    case Code::cancelled:
      return ErrorClass::cancelled;
    case Code::offline:
      return ErrorClass::offline;
    case Code::needs_login:
      return ErrorClass::needs_login;
    case Code::not_found:
    case Code::usage:
    case Code::library:
      return ErrorClass::account;  // nothing goes this way before a person has changed something
    case Code::failed:
    case Code::blocked:
    case Code::rate_limited:
    case Code::account:
      break;
  }
  return ErrorClass::transient;
}

/// Which state a file is in, so that a change is seen without reading it.
using FileMark = std::array<std::int64_t, 4>;
FileMark mark_of(const std::filesystem::path& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return {};
  return {static_cast<std::int64_t>(file.st_ino), file.st_size,
          file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec,
          file.st_ctim.tv_sec * 1'000'000'000 + file.st_ctim.tv_nsec};
}

/// The posts that could be this upload's: new since it began, with its words, and nobody else's.
std::vector<ListedPost> own_posts(std::vector<ListedPost> posts, const WebHandle& handle,
                                  std::string_view caption, const PostOwners& owners) {
  std::erase_if(posts, [&](const ListedPost& post) {
    return std::ranges::find(handle.before, post.id) != handle.before.end() ||
           !same_caption(post.caption, caption) ||
           (post.posted_at && *post.posted_at < handle.since - kEarlier.count()) ||
           owners.is_anothers(post.id);
  });
  return posts;
}

/// What a list shows of a post, so that it is found there.
std::string listed_words(const Values& words) {
  const auto title = words.find("title"), caption = words.find("caption");
  return title != words.end() ? title->second : caption != words.end() ? caption->second : "";
}

/// Notes what the pages said of the sign-in; who is signed in, in a profile in which nobody was known.
void note_account(const UploaderContext& context, const WebSession& session, const Ending& ending) {
  const auto known = load_web_account(context.library, context.destination);
  if (!known) return;
  WebAccount account = known->value_or(WebAccount{});
  const WebAccount before = account;
  account.needs_login = ending.end.error_class == ErrorClass::needs_login && ending.end.kind == Kind::failed;
  account.why = account.needs_login ? ending.end.says : "";
  const auto value = [&](const char* name) {
    const auto place = session.values.find(name);
    return place == session.values.end() ? std::string() : place->second;
  };
  if (!account.needs_login && account.id.empty())
    account.id = value("account"), account.name = value("account_name"),
    account.browser = session.browser_name;
  const bool same =
      before.id == account.id && before.needs_login == account.needs_login && before.why == account.why;
  if (!same) static_cast<void>(save_web_account(context.library, context.destination, account));
}

/// Why the account that is signed in is not the right one; "" when it is.
std::string wrong_account(const UploaderContext& context, const WebSession& session,
                          const std::string& wanted) {
  const std::string& id = session.values.at("account");
  if (!wanted.empty() && id != wanted) {
    const auto known = load_web_account(context.library, context.destination);
    const std::string name = known && *known && (*known)->id == wanted ? (*known)->name : wanted;
    return fmt::format(
        "the browser of {} is signed in as {}, and not as {}; sign in again: asfs-videos login {} --browser",
        context.destination, session.values.at("account_name"), name, context.destination);
  }
  const auto owner = owner_of(context.library, context.config, context.destination, id);
  if (!owner) return owner.error().message;
  if (owner->empty()) return {};
  return fmt::format(
      "the browser of {} is signed in to the account of {}; one account never gets a post under two names",
      context.destination, *owner);
}

UploadResult result_of(const Ending& ending, const Clock& clock) {
  const std::optional<TimePoint> retry_at =
      ending.end.after ? std::optional(clock.now() + *ending.end.after) : std::nullopt;
  return failed(ending.end.error_class, ending.end.says, retry_at);
}

// ---- one upload ----------------------------------------------------------------------------------

class WebUpload final : public RecipeHost {
 public:
  WebUpload(const UploaderContext& context, const std::filesystem::path& path, const Metadata& metadata,
            UploadAttempt& attempt)
      : context_(context), path_(path), metadata_(metadata), attempt_(attempt), video_(attempt.video()) {}

  UploadResult result() {
    auto words =
        platform_at(context_.destination).web_post(context_.config, metadata_, attempt_.video_title());
    if (!words) return failed(ErrorClass::permanent, words.error().message);
    if (auto read = read_file(); !read) return local(read.error());
    auto session = WebSession::open(context_, attempt_.stop(), [this] { progress(UploadStep::starting, 0); });
    if (!session) return failed(class_of(session.error()), session.error().message);
    session_ = *std::move(session);
    for (auto& [name, text] : *words) session_->values[name] = std::move(text);
    session_->values["file"] = std::filesystem::absolute(path_).string();
    auto known = take_up();
    if (known) return *std::move(known);
    return play(handle_.draft.empty() ? "upload" : "resume");
  }

  Result<void> before_bytes() override { return attempt_.before_bytes(); }

  Result<void> before_publish() override {
    if (mark_of(path_) != mark_)
      if (auto read = read_file(); !read) return read;
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
    const auto signed_in = session_->sign_in_check(*this);
    if (!signed_in) return ended_early(signed_in.error());
    note_account(context_, *session_, *signed_in);
    if (signed_in->end.kind != Kind::ready)
      return with_evidence(*signed_in, result_of(*signed_in, context_.clock));
    const auto begun = parse_web_handle(attempt_.handle());
    const std::string wanted =
        begun ? begun->account : web_account_id(context_.library, context_.destination);
    if (const auto wrong = wrong_account(context_, *session_, wanted); !wrong.empty())
      return failed(ErrorClass::account, wrong);
    if (begun && !begun->draft.empty()) return go_on(*begun);
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
  std::optional<UploadResult> go_on(const WebHandle& begun) {
    if (!session_->recipe.has_flow("resume"))
      return failed(ErrorClass::doubt, "this cannot be taken up again");
    handle_ = begun;
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
      case Kind::posted:
        return posted(run);
      case Kind::failed:
        return did_not_post(*ending);
      case Kind::look:
        return ending->published ? looked_for(run) : did_not_post(*ending);
      case Kind::ready:
      case Kind::draft:
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
    attempt_.note_acknowledged();
    attempt_.wait_for_word();
    if (!handle_.draft.empty() && session_->recipe.has_flow("look")) {
      LookingHost looking;
      const auto ending = session_->run(looking).play("look");
      return ending && ending->end.kind == Kind::posted ? success(handle_.draft)
                                                        : unknown("it does not stand among the posts yet");
    }
    const auto posts =
        read_posts(session_->recipe, run, *session_->page, *session_->witness, session_->values);
    if (!posts) return unknown(posts.error().message);
    const auto own = own_posts(*posts, handle_, listed_words(session_->values), attempt_.owners());
    return own.size() == 1 ? success(own.front().id) : unknown("it does not stand among the posts yet");
  }

  UploadResult unknown(const std::string& why) {
    return resumable(failed(ErrorClass::processing,
                            fmt::format("{} was told to publish, and does not say yet what became of it: {}",
                                        session_->recipe.platform, why),
                            context_.clock.now() + kLaterLook));
  }

  UploadResult did_not_post(const Ending& ending) {
    UploadResult result = result_of(ending, context_.clock);
    if (attempt_.maybe_published() && ending.end.no_post)
      if (auto free = attempt_.start_over(true); free && !handle_.draft.empty()) static_cast<void>(save());
    if (attempt_.maybe_published()) result = unknown(ending.end.says);
    return with_evidence(ending, resumable(std::move(result)));
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

  UploadResult with_evidence(const Ending& ending, UploadResult result) {
    if (ending.end.kind == Kind::ready) return result;
    std::string time = local_timestamp(context_.clock.now()).substr(0, 19);
    std::ranges::replace(time, ':', '.');
    const auto folder = context_.library.home / "logs" / "browser" /
                        fmt::format("{} {}", time, fold_case(session_->recipe.platform));
    if (keep_evidence(*session_->page, folder))
      result.error_message =
          fmt::format("{}; what the page looked like: {}", result.error_message.value_or(""),
                      path_text(folder.lexically_relative(context_.library.home)));
    return result;
  }

  // All of it, so that its content is known to be the registered one.
  Result<void> read_file() {
    mark_ = mark_of(path_);
    if (auto begun = video_.seek(0); !begun) return changed_ = video_.changed(), begun;
    std::vector<std::byte> block(1 << 20);
    while (true) {
      const auto got = video_.read(block);
      if (!got) return changed_ = video_.changed(), std::unexpected(got.error());
      if (*got == 0) return {};
      if (attempt_.stop().stop_requested()) return fail(Code::cancelled, "stopped");
      attempt_.progress(UploadStep::checking, video_.position(), video_.size());
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

Reconciliation stands(Stands state, UploadResult why = {}, std::optional<std::string> post_id = {}) {
  return {.state = state, .post_id = std::move(post_id), .bytes_received = 0, .error = std::move(why)};
}

}  // namespace

UploadResult WebUploader::upload(const std::filesystem::path& video_path, const Metadata& metadata,
                                 UploadAttempt& attempt) {
  return WebUpload(context_, video_path, metadata, attempt).result();
}

Result<void> WebUploader::check(const Metadata& metadata, std::string_view video_title) const {
  const auto words = platform_at(context_.destination).web_post(context_.config, metadata, video_title);
  return words ? Result<void>() : std::unexpected(words.error());
}

Reconciliation WebUploader::reconcile(const Unfinished& attempt, std::stop_token stop) {
  const auto handle = parse_web_handle(attempt.handle);
  if (!handle)
    return stands(Stands::failed, failed(ErrorClass::permanent, "this was not begun in a browser"));
  if (!attempt.maybe_published && handle->draft.empty()) return stands(Stands::not_made);
  const auto words =
      platform_at(context_.destination).web_post(context_.config, attempt.metadata, attempt.video_title);
  auto session = WebSession::open(context_, stop, [] {});
  if (!session) return stands(Stands::failed, failed(class_of(session.error()), session.error().message));
  LookingHost looking;
  const auto signed_in = (*session)->sign_in_check(looking);
  if (!signed_in)
    return stands(Stands::failed, failed(class_of(signed_in.error()), signed_in.error().message));
  note_account(context_, **session, *signed_in);
  if (signed_in->end.kind != Kind::ready)
    return stands(Stands::failed, result_of(*signed_in, context_.clock));
  if (const auto wrong = wrong_account(context_, **session, handle->account); !wrong.empty())
    return stands(Stands::failed, failed(ErrorClass::account, wrong));
  const Recipe& recipe = (*session)->recipe;
  RecipeRun& run = (*session)->run(looking);
  if (!handle->draft.empty() && recipe.has_flow("look")) {
    (*session)->values["draft"] = handle->draft;
    const auto ending = run.play("look");
    if (!ending) return stands(Stands::failed, failed(class_of(ending.error()), ending.error().message));
    if (ending->end.kind == Kind::posted) return stands(Stands::done, {}, handle->draft);
    if (ending->end.kind == Kind::draft) return stands(Stands::part);
    const bool gone = ending->end.error_class == ErrorClass::doubt;
    if (gone && !attempt.maybe_published) return stands(Stands::not_made, result_of(*ending, context_.clock));
    return stands(gone ? Stands::unclear : Stands::failed, result_of(*ending, context_.clock));
  }
  const auto posts = read_posts(recipe, run, *(*session)->page, *(*session)->witness, (*session)->values);
  if (!posts) return stands(Stands::failed, failed(class_of(posts.error()), posts.error().message));
  const auto own = own_posts(*posts, *handle, words ? listed_words(*words) : "", *attempt.owners);
  if (own.size() == 1) return stands(Stands::done, {}, own.front().id);
  if (own.size() > 1)
    return stands(Stands::unclear,
                  failed(ErrorClass::doubt, fmt::format("{} new posts have these words", own.size())));
  return stands(Stands::failed, failed(ErrorClass::processing, "it does not stand among the posts yet",
                                       context_.clock.now() + kPublishTakes));
}

PostCheck WebUploader::look_at_post(std::string_view post_id, const Metadata& metadata,
                                    std::stop_token stop) {
  const auto unknown = [](std::string why) {
    return PostCheck{PostCheck::State::unknown, std::move(why), {}};
  };
  if (!is_plain_id(post_id)) return unknown("this is not the id of a post");
  auto session = WebSession::open(context_, stop, [] {});
  if (!session) return unknown(session.error().message);
  if (!(*session)->recipe.has_flow("check")) return unknown("the recipe tells no way to look at a post");
  LookingHost looking;
  const auto signed_in = (*session)->sign_in_check(looking);
  if (!signed_in || signed_in->end.kind != Kind::ready)
    return unknown(signed_in ? signed_in->end.says : signed_in.error().message);
  if (const auto words = platform_at(context_.destination).web_post(context_.config, metadata, "-"))
    for (const auto& [name, text] : *words) (*session)->values[name] = text;
  (*session)->values["post"] = post_id;
  const auto ending = (*session)->run(looking).play("check");
  if (!ending) return unknown(ending.error().message);
  return {ending->end.check, ending->end.says, {}};
}

}  // namespace asfs::web
