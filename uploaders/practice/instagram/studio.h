// Instagram's web site, as far as uploading needs it: the feed and a profile, from which a post is composed,
// and the page of a reel. The page is assets/practice/studio_instagram.js. Posts that are made here are known
// to the Graph API's stand-in, too. Thread-safe.
#pragma once

#include <string>

#include "uploaders/practice/core/studio.h"

namespace asfs::practice {

class InstagramStudio final : public Studio {
 public:
  explicit InstagramStudio(const StandInParts& parts);

 private:
  Answer visit(Visit& visit) override;
  Answer challenge() override;
  Json context(const StudioAccount& account) const override;

  Answer begin(Visit& visit);
  Answer configure(Visit& visit);
  Answer feed(Visit& visit);
  std::string finish(const StoredSession& session);
};

}  // namespace asfs::practice
