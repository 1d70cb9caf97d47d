#include "app/pipeline/finished_clips.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "app/pipeline/disk_room.h"
#include "app/pipeline/workshop.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/files/checksum.h"
#include "registry/videos/identity.h"
#include "registry/videos/registration.h"

namespace asfs::pipeline {
namespace {

namespace fs = std::filesystem;

/// One more when the same clip, hook and logo give another picture.
constexpr int kVersion = 1;
/// A file of that name may be another program's.
constexpr int kMostNames = 100;

/// One clip on its way.
class PuttingOn {
 public:
  PuttingOn(VideoRegistry& registry, const fs::path& clip, const FinishedOptions& options)
      : registry_(registry), clip_(clip), options_(options) {}

  Result<FinishedClip> run() {
    const auto content = checksum_file(clip_, {}, options_.stop);
    if (!content) return std::unexpected(content.error());
    content_ = content->sha256;
    auto done = find_out();
    if (!done || done->is_itself) return done;
    const auto there = look_for();
    if (!there) return std::unexpected(there.error());
    done->file = *there;
    if (!found_)
      if (auto made = make(*done); !made) return std::unexpected(made.error());
    if (auto written = write_words(done->file); !written) return std::unexpected(written.error());
    return done;
  }

 private:
  Result<FinishedClip> find_out() {
    const auto original = made_of(registry_, content_);
    if (!original) return std::unexpected(original.error());
    if (!original->empty())
      return FinishedClip{.file = clip_, .title = "", .is_itself = true, .warnings = {}};
    auto known = registry_.find_by_checksum(content_);
    if (!known) return std::unexpected(known.error());
    known_ = *std::move(known);
    Json made_of{{"version", kVersion}, {"clip", content_}, {"hook", options_.hook}};
    if (!options_.cut.logo.empty()) {
      const auto logo = checksum_file(options_.cut.logo, {}, options_.stop);
      if (!logo) return std::unexpected(logo.error());
      made_of["logo"] = logo->sha256;
    }
    name_ = fmt::format("{}-{}", slug_of(clip_), key_of(made_of).substr(0, 8));
    return FinishedClip{.file = {},
                        .title = known_ ? known_->title : path_text(clip_.stem()),
                        .is_itself = false,
                        .warnings = {}};
  }

  /// The file that was made earlier, else a name that is free.
  Result<fs::path> look_for() {
    for (int n = 1; n <= kMostNames; ++n) {
      fs::path file = options_.clips_folder / (n == 1 ? name_ + ".mp4" : fmt::format("{}-{}.mp4", name_, n));
      std::error_code unknown;
      if (!fs::exists(fs::symlink_status(file, unknown))) return file;
      const auto content = checksum_file(file, {}, options_.stop);
      if (!content && content.error().code == Code::cancelled) return std::unexpected(content.error());
      const auto original = content ? made_of(registry_, content->sha256) : Result<std::string>("");
      if (!original) return std::unexpected(original.error());
      found_ = *original == content_;
      if (found_) return file;
    }
    return fail(Code::failed, fmt::format("{} has too many files called {}; move them away",
                                          path_text(options_.clips_folder), name_));
  }

  Result<void> make(FinishedClip& done) {
    auto facts = look_at_source(clip_, {.min_seconds = 0.0}, options_.stop);
    if (!facts) return std::unexpected(facts.error());
    facts->content = content_;
    const double bytes = facts->duration * kClipBytesASecond;
    if (auto room = check_room({{options_.clips_folder, bytes, "the clips", "give another by --clips-dir"},
                                {registry_.library().home / "pipeline", bytes, "work files",
                                 "move the library to a larger disk"}});
        !room)
      return room;
    const auto workshop = Workshop::open(registry_.library(), *facts);
    if (!workshop) return std::unexpected(workshop.error());
    const auto there = look_for();  // the program that worked on it until now may have made it
    if (!there) return std::unexpected(there.error());
    done.file = *there;
    if (found_) return {};
    const auto work = workshop->scratch();
    if (!work) return std::unexpected(work.error());
    CutSettings how = options_.cut;
    how.framing = Framing::kept;
    how.audio_track = heard_track(*facts);
    const auto report = cut_clip(clip_, *facts, {0.0, facts->duration}, how,
                                 {.words = {}, .hook = options_.hook}, *work, done.file, options_.on_share,
                                 options_.stop, [this](const fs::path& part) { return tell_registry(part); });
    if (!report) return std::unexpected(report.error());
    done.warnings = report->warnings;
    return {};
  }

  Result<void> tell_registry(const fs::path& part) {
    const auto now = checksum_file(clip_, {}, options_.stop);
    if (!now) return std::unexpected(now.error());
    if (now->sha256 != content_)
      return fail(
          Code::failed,
          fmt::format("{} changed while it was worked on; try again when it is finished", path_text(clip_)));
    const auto made = checksum_file(part, {}, options_.stop);
    if (!made) return std::unexpected(made.error());
    return note_made_of(registry_, made->sha256, content_);
  }

  /// What the posts of the clip say, those of the file say, too.
  Result<void> write_words(fs::path beside) const {
    beside.replace_extension(".json");
    std::error_code unknown;
    if (fs::exists(beside, unknown)) return {};  // a person may have changed it
    const auto words = known_ ? registry_.get_metadata(known_->id) : metadata_beside(clip_);
    if (!words) return std::unexpected(words.error());
    if (words->empty() || *words == "{}") return {};
    return write_file_atomically(beside, *words + "\n");
  }

  VideoRegistry& registry_;
  const fs::path& clip_;
  const FinishedOptions& options_;
  std::string content_, name_;
  std::optional<Video> known_;  ///< the clip as it is registered
  bool found_ = false;
};

}  // namespace

Result<FinishedClip> put_on(VideoRegistry& registry, const fs::path& clip, const FinishedOptions& options) {
  return PuttingOn(registry, clip, options).run();
}

}  // namespace asfs::pipeline
