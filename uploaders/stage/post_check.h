// The second look at posts: some minutes after a post was made, its platform is asked whether it kept it and
// who sees it. Blocks; opens its own connection; any thread.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "uploaders/stage/upload_stage.h"

namespace asfs {

struct CheckedPost {
  std::string video_id;
  std::string platform;
  std::string post_id;
  PostCheck::State state = PostCheck::State::unknown;
  std::string detail;  ///< for people; empty when all is as it should be
};

/// Asks about every post that is due (`all`: about those that are not due yet, too) and writes down what was
/// found; not about posts on other platforms than the configuration names (practice, the real ones). One that
/// cannot be told, or is still being processed, is asked about again later, upload.post_check_tries times in
/// all.
Result<std::vector<CheckedPost>> check_posts(const StageContext& context, std::stop_token stop,
                                             bool all = false);

}  // namespace asfs
