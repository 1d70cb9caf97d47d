// What an upload through a browser and its look-up have in common. Used in this room alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/web/post_list.h"
#include "uploaders/web/web_handle.h"
#include "uploaders/web/web_session.h"

namespace asfs::web {

UploadResult failed(ErrorClass error_class, const std::string& message,
                    std::optional<TimePoint> retry_at = {});
/// Of an ending that is a failure.
UploadResult result_of(const Ending& ending, const Clock& clock);
/// Of a browser or a recipe that does not start.
ErrorClass class_of(const Error& error);

/// The post of an upload among those that are listed: new since it began, with its words, and nobody else's.
struct OwnListed {
  std::string id;              ///< "" when none is, or it cannot be told which
  std::size_t candidates = 0;  ///< one that is not told could be another video's with the same words
};
OwnListed own_listed(const UploaderContext& context, const std::vector<ListedPost>& posts,
                     const WebHandle& handle, std::string_view words, const PostOwners& owners);
/// What a list shows of a post, so that it is found there.
std::string listed_words(const Values& words);

/// Writes down what the pages said of the sign-in; and who is signed in, in a profile in which nobody was
/// known.
void note_account(const UploaderContext& context, const WebSession& session, const Ending& ending);
/// Looks who is signed in, which is written down. Why nothing can be done as `wanted` ("": as whoever that
/// is, unless it is another destination's account); nullopt when it can.
std::optional<UploadResult> refusal_of_account(const UploaderContext& context, WebSession& session,
                                               RecipeHost& host, const std::string& wanted);

/// One upload, on the upload's thread.
UploadResult run_web_upload(const UploaderContext& context, const std::filesystem::path& path,
                            const Metadata& metadata, UploadAttempt& attempt);

}  // namespace asfs::web
