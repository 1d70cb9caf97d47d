// The folder of one source, HOME/pipeline/<slug>-<first 8 of its content's key>: a JSON for each stage that
// is complete. A stage is there, whole, or it is not; its key says what it was made of, so that a changed
// setting repeats only what depends on it, and a moved file goes on.
//
// One program at a time works in it. Blocks; one thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/source.h"
#include "registry/base/files.h"
#include "registry/base/json_fwd.h"
#include "registry/store/library.h"

namespace asfs::pipeline {

/// With the numbers and names of the Python program.
struct Stage {
  int number;
  std::string_view event;  ///< in audit/events.db
  std::string_view file;   ///< `1-audio`
  std::string_view doing;  ///< for people: `listening`
  int version;             ///< one more when its code gives other results
};
inline constexpr Stage kStages[] = {
    {0, "initialization", "0-source", "looking at the video", 1},
    {1, "audio_extraction", "1-audio", "listening", 1},
    {2, "transcription", "2-transcript", "reading what is said", 1},
    {3, "quality_check", "3-quality", "judging the transcript", 1},
    {4, "segmentation", "4-candidates", "looking for scenes", 1},
    {5, "ai_scoring", "5-scores", "scoring", 1},
    {6, "validation", "6-choice", "choosing", 1},
    {7, "extraction", "7-clips", "cutting", 1},
    {8, "metadata", "8-metadata", "writing texts", 1},
    {9, "scheduling", "9-registered", "registering", 1},
    {10, "uploads", "", "uploading", 1},
};

class Workshop {
 public:
  /// Makes the folder. Code::failed: another program works in it. Code::library: it cannot be made.
  static Result<Workshop> open(const Library& library, const SourceFacts& source);

  const std::filesystem::path& folder() const { return folder_; }
  /// A folder in it for work files, empty now.
  Result<std::filesystem::path> scratch() const;

  /// Of a stage's result: over its version, the keys of `inputs` (each stage's that was kept or found) and
  /// settings.
  std::string key(const Stage& stage, const std::vector<int>& inputs, const Json& settings) const;
  /// What was kept under this key; nothing when there is none, another, or a damaged one.
  std::optional<Json> find(const Stage& stage, const std::string& key);
  Result<void> keep(const Stage& stage, const std::string& key, const Json& settings, const Json& result,
                    std::int64_t took_ms);
  /// A document without a key: what people decide, what was made. An empty object when there is none.
  Result<Json> document(std::string_view name) const;
  Result<void> write(std::string_view name, const Json& document) const;

 private:
  Workshop(std::filesystem::path folder, FileDescriptor lock);
  std::filesystem::path file(std::string_view name) const;

  std::filesystem::path folder_;
  FileDescriptor lock_;
  std::map<int, std::string> results_;  ///< by stage: the key of its result
};

/// SHA-256 of the document as text.
std::string key_of(const Json& document);

}  // namespace asfs::pipeline
