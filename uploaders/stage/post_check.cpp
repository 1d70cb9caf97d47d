#include "uploaders/stage/post_check.h"

#include "registry/base/text.h"
#include "registry/ledger/post_checks.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/web/routed_uploader.h"

namespace asfs {
namespace {

using State = PostCheck::State;

PostFinding finding_of(const PostCheck& check, const PostToCheck& post, const StageContext& context) {
  PostFinding finding{.post_id = check.post_id};
  const bool unsettled = check.state == State::processing || check.state == State::unknown;
  if (unsettled && post.tries + 1 < context.config.upload.post_check_tries)
    finding.again_at = context.clock.now() + std::chrono::seconds(context.config.upload.post_check_s);
  if (check.state == State::gone || check.state == State::restricted)
    finding.note = one_line(check.detail, 300);
  return finding;
}

/// By the way that the post was made.
UploaderContext making_for(const StageContext& context, const PostToCheck& post) {
  return {context.config,  context.credentials,       context.clock, post.platform, context.http,
          context.library, route_of_place(post.place)};
}

/// A post on practice platforms is nothing to the real ones, and the other way round; and of an account that
/// is not signed in just now nothing can be asked.
bool is_there(const StageContext& context, const PostToCheck& post) {
  if (context.config.destinations.find(post.platform) == nullptr ||
      place_of_posts(making_for(context, post), "") != post.place)
    return false;
  const std::string now = account_in_use(making_for(context, post));
  return post.account.empty() || now.empty() || now == post.account;
}

CheckedPost look(const StageContext& context, const PostToCheck& post, const std::stop_token& stop,
                 PostCheck& check) {
  const auto metadata = parse_metadata(post.metadata_json);
  check = make_uploader(making_for(context, post))
              ->look_at_post(post.post_id, metadata.value_or(Metadata{}), stop);
  return {post.video_id, post.platform, check.post_id.value_or(post.post_id), check.state, check.detail};
}

}  // namespace

Result<std::vector<CheckedPost>> check_posts(const StageContext& context, std::stop_token stop, bool all) {
  auto registry = VideoRegistry::open(context.library, context.clock);
  if (!registry) return std::unexpected(registry.error());
  const auto due = posts_to_check(*registry, all);
  if (!due) return std::unexpected(due.error());
  std::vector<CheckedPost> checked;
  for (const PostToCheck& post : *due) {
    if (stop.stop_requested()) break;
    if (!is_there(context, post)) continue;
    PostCheck check;
    checked.push_back(look(context, post, stop, check));
    if (stop.stop_requested()) break;
    auto recorded = record_post_check(*registry, post, finding_of(check, post, context));
    if (!recorded) return std::unexpected(recorded.error());
  }
  return checked;
}

}  // namespace asfs
