// TikTok's web site, as far as uploading needs it: TikTok Studio with its upload page and its list of posts.
// The page is assets/practice/studio_tiktok.js. Posts that are made here are known to the Content Posting
// API's stand-in, too. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "uploaders/practice/core/studio.h"

namespace asfs::practice {

class TikTokStudio final : public Studio {
 public:
  explicit TikTokStudio(const StandInParts& parts);

 private:
  Answer visit(Visit& visit) override;
  Answer challenge() override;
  Json context(const StudioAccount& account) const override;

  Answer begin(Visit& visit);
  Answer post(Visit& visit);
  Answer project_status(Visit& visit);
  Answer list(Visit& visit);
  std::string finish(const StoredSession& session);
  static bool is_shown(const StoredSession& session);
};

}  // namespace asfs::practice
