#include "uploaders/stage/post_preview.h"

#include "registry/queue/upload_queue.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/web/routed_uploader.h"

namespace asfs {

Result<PostToBe> preview_post(const StageContext& context, VideoRegistry& registry, std::string_view video_id,
                              std::string_view platform, std::string_view given,
                              std::optional<TimePoint> at) {
  const Destination* known = context.config.destinations.find(platform);
  if (known == nullptr) return std::unexpected(no_such_destination(context.config.destinations, platform));
  const auto video = registry.get_video(video_id);
  if (!video) return std::unexpected(video.error());
  if (!*video) return std::unexpected(no_such_video(video_id));
  const auto item = UploadQueue(registry).find(video_id, known->name);
  if (!item) return std::unexpected(item.error());
  const auto own = registry.get_metadata(video_id);
  if (!own) return std::unexpected(own.error());
  const bool none_given = given.empty() || given == "{}";
  const auto words =
      words_of(none_given && *item ? std::string_view((*item)->metadata_json) : given, *own, known->name);
  if (!words) return std::unexpected(words.error());

  const FakeClock then(at.value_or(context.clock.now()));  // what is over by then is over
  const auto uploader =
      make_uploader({context.config, context.credentials, then, known->name, context.http, context.library});
  const std::string& title = (*video)->title;
  std::error_code unknown;
  const auto size = std::filesystem::file_size(context.library.resolve((*video)->file_path), unknown);
  const std::uint64_t bytes = unknown ? 0 : size;
  const auto fits = uploader->check(*words, title, bytes);
  std::string advice = uploader->advice(*words, title, bytes);
  if (const auto warning = account_warning(known->name, context.credentials.state(known->name), then.now());
      !warning.empty())
    advice += (advice.empty() ? "" : "; ") + warning;
  return PostToBe{uploader->preview(*words, title), fits ? std::nullopt : std::optional(fits.error()),
                  std::move(advice)};
}

}  // namespace asfs
