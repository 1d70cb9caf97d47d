#include "uploaders/web/web_uploader.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/accounts/web_account.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/row/platforms.h"
#include "uploaders/web/evidence.h"
#include "uploaders/web/web_upload.h"

namespace asfs::web {
namespace {

using Kind = End::Kind;
using Stands = Reconciliation::State;

constexpr std::chrono::seconds kEarlier{5}, kPublishTakes{120};

}  // namespace

UploadResult failed(ErrorClass error_class, const std::string& message, std::optional<TimePoint> retry_at) {
  UploadResult result;
  result.error_class = error_class;
  result.error_message = one_line(message);
  result.retry_at = retry_at;
  return result;
}

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

std::string listed_words(const Values& words) {
  const auto title = words.find("title"), caption = words.find("caption");
  return title != words.end() ? title->second : caption != words.end() ? caption->second : "";
}

namespace {

/// Another video says the same, and its post is none of those that are listed under an id that is known.
bool has_rival(const UploaderContext& context, const std::vector<ListedPost>& posts, std::string_view words,
               const PostOwners& owners) {
  return std::ranges::any_of(owners.unknown_posts(), [&](const UnknownPost& other) {
    if (other.post_id && std::ranges::find(posts, *other.post_id, &ListedPost::id) != posts.end())
      return false;
    const auto metadata = parse_metadata(other.metadata_json);
    if (!metadata) return true;
    const auto said = platform_at(context.destination).web_post(context.config, *metadata, other.video_title);
    return !said || same_caption(listed_words(*said), words);
  });
}

}  // namespace

OwnListed own_listed(const UploaderContext& context, const std::vector<ListedPost>& posts,
                     const WebHandle& handle, std::string_view words, const PostOwners& owners) {
  OwnListed own;
  for (const ListedPost& post : posts) {
    if (std::ranges::find(handle.before, post.id) != handle.before.end() ||
        !same_caption(post.caption, words) ||
        (post.posted_at && *post.posted_at < handle.since - kEarlier.count()) || owners.is_anothers(post.id))
      continue;
    ++own.candidates;
    own.id = post.id;
  }
  if (own.candidates > 1 || (own.candidates == 1 && has_rival(context, posts, words, owners))) own.id = "";
  return own;
}

void note_account(const UploaderContext& context, const WebSession& session, const Ending& ending) {
  const auto known = load_web_account(context.library, context.destination);
  if (!known) return;
  WebAccount account = known->value_or(WebAccount{});
  const WebAccount before = account;
  account.needs_login = ending.end.error_class == ErrorClass::needs_login && ending.end.kind == Kind::failed;
  account.why = account.needs_login ? ending.end.says : "";
  account.page = account.needs_login ? without_queries(session.page->address()) : "";
  const auto value = [&](const char* name) {
    const auto place = session.values.find(name);
    return place == session.values.end() ? std::string() : place->second;
  };
  if (!account.needs_login && account.id.empty())
    account.id = value("account"), account.name = value("account_name"),
    account.browser = session.browser_name;
  if (account != before) static_cast<void>(save_web_account(context.library, context.destination, account));
}

namespace {

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

}  // namespace

std::optional<UploadResult> refusal_of_account(const UploaderContext& context, WebSession& session,
                                               RecipeHost& host, const std::string& wanted) {
  const auto signed_in = session.sign_in_check(host);
  if (!signed_in) return failed(class_of(signed_in.error()), signed_in.error().message);
  note_account(context, session, *signed_in);
  if (signed_in->end.kind != Kind::ready) return result_of(*signed_in, context.clock);
  const std::string wrong = wrong_account(context, session, wanted);
  return wrong.empty() ? std::nullopt : std::optional(failed(ErrorClass::account, wrong));
}

UploadResult result_of(const Ending& ending, const Clock& clock) {
  const std::optional<TimePoint> retry_at =
      ending.end.after ? std::optional(clock.now() + *ending.end.after) : std::nullopt;
  return failed(ending.end.error_class, ending.end.says, retry_at);
}

namespace {

Reconciliation stands(Stands state, UploadResult why = {}, std::optional<std::string> post_id = {}) {
  return {.state = state, .post_id = std::move(post_id), .bytes_received = 0, .error = std::move(why)};
}

}  // namespace

UploadResult WebUploader::upload(const std::filesystem::path& video_path, const Metadata& metadata,
                                 UploadAttempt& attempt) {
  return run_web_upload(context_, video_path, metadata, attempt);
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
  if (auto refused = refusal_of_account(context_, **session, looking, handle->account))
    return stands(Stands::failed, *std::move(refused));
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
  const OwnListed own =
      own_listed(context_, *posts, *handle, words ? listed_words(*words) : "", *attempt.owners);
  if (!own.id.empty()) return stands(Stands::done, {}, own.id);
  if (own.candidates > 0)
    return stands(
        Stands::unclear,
        failed(ErrorClass::doubt,
               own.candidates > 1
                   ? fmt::format("{} new posts have these words", own.candidates)
                   : "a new post has these words, and so has another video whose post is not known"));
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
