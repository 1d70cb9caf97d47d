// What an upload would post, and whether its platform would take that: for people who are about to send it.
// By the same words and the same judgement as the upload itself, so that a question never says something
// else.
//
// Uses the registry's connection, so the registry's thread. Asks no platform anything.
#pragma once

#include <optional>
#include <string_view>

#include "uploaders/stage/upload_stage.h"

namespace asfs {

struct PostToBe {
  PostPreview shown;
  std::optional<Error> refusal;  ///< why the platform would not take it
  std::string advice;            ///< what a person should know of it all the same, if anything
};

/// Of the words `given` for it, else those it has in the queue, else the video's own document. `at`: when it
/// is sent, if not now. Code::not_found for an unknown video, Code::usage for words that cannot be read.
Result<PostToBe> preview_post(const StageContext& context, VideoRegistry& registry, std::string_view video_id,
                              std::string_view platform, std::string_view given = {},
                              std::optional<TimePoint> at = std::nullopt);

}  // namespace asfs
