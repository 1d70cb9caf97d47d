// The pipeline on one video: stages 0 to 6 when it is opened, what a person decides, then 7 to 9. Stage 10 is
// the queue's.
//
// Every stage is either complete in the source's folder or not there; a run that is killed goes on where it
// was. What happens is told to audit/events.db as the Python program did. One thread; blocks.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/pipeline/source_state.h"
#include "registry/videos/video_registry.h"

namespace asfs::pipeline {

class SourceWork {
 public:
  /// Stages 0 to 6. Code::not_found, Code::failed (the source is refused, or another program works on it),
  /// Code::library, Code::cancelled.
  static Result<std::unique_ptr<SourceWork>> open(const Library& library, const std::filesystem::path& video,
                                                  WorkOptions options);
  ~SourceWork();

  const Material& material() const;
  const Measure& measure() const;
  const Review& review() const;
  const std::filesystem::path& folder() const;
  std::string id_of(int n) const;
  /// How a stretch scores, with the external scorer's word where it has one.
  Scored scored(Span span) const;
  bool is_weak(Span span) const;

  /// The clip's score with every feature, and its texts; an empty object when there is no such clip.
  Json explained(int n) const;

  /// Writes review.json. Fails as decide() of review.h, and with more proposals chosen when they are asked
  /// for.
  Result<void> decide(const Wishes& wishes);
  /// Stages 7 and 8 for the accepted clips. A clip that cannot be cut is warned about, and the others go on;
  /// Code::failed when none can.
  Result<std::vector<CutClip>> cut();
  /// Stage 9; the ids under which the clips stand in the registry.
  Result<std::vector<std::string>> register_clips(VideoRegistry& registry, const std::vector<CutClip>& clips);

 private:
  Result<void> explain_all();  // for who asks later
  explicit SourceWork(std::unique_ptr<SourceState> state);
  std::unique_ptr<SourceState> state_;
};

/// Tells the trail how a run on a video ended: of its clips, and of all uploads of the run (stage 10).
/// Nothing stops by it.
struct RunEnd {
  std::size_t clips = 0, uploaded = 0, failed = 0;
  std::optional<Error> error = {};
};
Result<void> tell_end(const Library& library, const std::filesystem::path& video, const RunEnd& end);

}  // namespace asfs::pipeline
