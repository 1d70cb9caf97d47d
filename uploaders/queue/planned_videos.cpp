#include "uploaders/queue/planned_videos.h"

#include <algorithm>
#include <future>
#include <string_view>
#include <unordered_set>

#include "registry/base/parallel.h"

namespace asfs {

PlannedVideos::PlannedVideos(std::span<const Candidate> candidates,
                             std::span<const std::optional<std::uint64_t>> sizes,
                             const std::function<bool(const Candidate&)>& chosen,
                             std::span<const QueuedUpload> queue, const std::stop_token& stop)
    : all_(candidates.size()) {
  std::unordered_set<std::string_view> queued;
  for (const QueuedUpload& item : queue) queued.insert(item.video_id);
  const auto gather = [&](std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end && !stop.stop_requested(); ++i) {
      const Candidate& video = candidates[i];
      PlannedVideo& known = all_[i];
      known = {&video, sizes[i], nullptr, chosen(video), queued.contains(video.id)};
      if (!video.metadata_json.empty() && (known.chosen || known.queued) &&
          std::ranges::any_of(video.on, &Candidate::On::pending))
        known.words = std::make_unique<Result<MetadataDocument>>(MetadataDocument::read(video.metadata_json));
    }
  };
  const std::size_t middle = candidates.size() / 2;
  auto half = std::async(launch_for(candidates.size()), gather, 0, middle);
  gather(middle, candidates.size());
  half.get();  // and what it threw
}

}  // namespace asfs
