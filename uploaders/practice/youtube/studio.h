// YouTube's web sites, as far as uploading needs them: YouTube Studio with its upload dialog, the list of
// videos and the page of one; of www.youtube.com the redirect to the upload and oEmbed. The page is
// assets/practice/studio_youtube.js. A video that is attached is a draft with an id at once; posts that are
// made here are known to the Data API's stand-in, too. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "uploaders/practice/core/studio.h"

namespace asfs::practice {

class YouTubeStudio final : public Studio {
 public:
  explicit YouTubeStudio(const StandInParts& parts);

 private:
  Answer visit(Visit& visit) override;
  Answer challenge() override;
  Json context(const StudioAccount& account) const override;

  Answer www(Visit& visit);
  Answer channel_page(Visit& visit);
  Answer edit_page(Visit& visit);
  Answer call(Visit& visit, std::string_view method);
  Answer create_video(Visit& visit, const Json& said);
  Answer update(Visit& visit, const Json& said);
  Answer publish(Visit& visit, StoredSession session);
  Answer upload(Visit& visit);
  Answer list(Visit& visit, std::string_view only);
  bool finish(const StoredSession& session);
};

}  // namespace asfs::practice
