#include "uploaders/stage/post_check.h"

#include "registry/base/text.h"
#include "registry/ledger/post_checks.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/row/platforms.h"

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

/// A post on practice platforms is nothing to the real ones, and the other way round; and of an account that
/// is not signed in just now nothing can be asked.
bool is_there(const StageContext& context, const PostToCheck& post) {
  if (context.config.destinations.find(post.platform) == nullptr ||
      context.config.at(post.platform).api_base != post.place)
    return false;
  const std::string now = context.credentials.account_id(post.platform);
  return post.account.empty() || now.empty() || now == post.account;
}

CheckedPost look(const StageContext& context, const PostToCheck& post, const std::stop_token& stop,
                 PostCheck& check) {
  const auto metadata = parse_metadata(post.metadata_json);
  const UploaderContext making{context.config, context.credentials, context.clock, post.platform,
                               context.http};
  check = platform_at(post.platform)
              .make(making)
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
