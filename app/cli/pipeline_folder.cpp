#include "app/cli/pipeline_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/cli/console.h"
#include "app/pipeline/finished_clips.h"
#include "app/pipeline/known_clips.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/videos/registration.h"
#include "uploaders/stage/clips.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder(VideoRegistry& registry, const FolderArgs& args, std::vector<std::string>& ids)
      : registry_(registry), args_(args), ids_(ids) {}

  Result<void> take(const fs::path& folder) {
    std::vector<fs::path> plain{folder};
    if (args_.settings.hook_text || !args_.settings.hook.empty() || !args_.settings.cut.logo.empty()) {
      const auto clips = videos_in(folder);
      if (!clips) return std::unexpected(clips.error());
      plain.clear();
      for (const fs::path& clip : *clips)
        if (auto took = take_clip(clip, plain); !took) return took;
    }
    if (!plain.empty())
      if (auto done = enter(plain, std::nullopt); !done) return done;
    if (failed_ == 0) return {};
    return fail(Code::failed, fmt::format("{} of the files in {} are no clips", failed_, path_text(folder)));
  }

 private:
  /// What is to be registered as it is goes to `plain`.
  Result<void> take_clip(const fs::path& clip, std::vector<fs::path>& plain) {
    const std::string hook = hook_of(clip);
    const bool cut_here = pipeline::known_clip(registry_.library(), clip.stem().string()).has_value();
    if ((!args_.asked && cut_here) || (hook.empty() && args_.settings.cut.logo.empty())) {
      plain.push_back(clip);
      return {};
    }
    ProgressLine line;
    const auto show = [&](double share) {
      line.show(fmt::format("{}  putting on {}  {:.0f} %", path_text(clip.filename()),
                            hook.empty() ? "the logo" : "the hook", 100 * share));
    };
    const auto done = pipeline::put_on(registry_, clip,
                                       {.cut = args_.settings.cut,
                                        .hook = hook,
                                        .clips_folder = args_.clips_folder,
                                        .on_share = show,
                                        .stop = args_.stop});
    line.clear();
    if (!done && done.error().code != Code::failed) return std::unexpected(done.error());
    if (!done) return note_failed(done.error());
    for (const std::string& warning : done->warnings)
      print_err("asfs-videos: warning: {}: {}\n", path_text(done->file.filename()), warning);
    if (done->is_itself) {
      plain.push_back(clip);
      return {};
    }
    if (!args_.quiet) print_out("{}  {}\n", path_text(clip.filename()), path_text(done->file));
    return enter({done->file}, done->title);
  }

  /// The command's words, else, where the settings want it, the clip's own title.
  std::string hook_of(const fs::path& clip) const {
    if (!args_.settings.hook.empty() || !args_.settings.hook_text) return args_.settings.hook;
    const auto words = metadata_beside(clip);
    return words ? text_at(read_json(*words), "title") : "";
  }

  Result<void> enter(const std::vector<fs::path>& files, const std::optional<std::string>& title) {
    const auto done = register_clips(
        registry_, files,
        {.registering = {.title = title, .words_of_new = args_.words_of_new}, .stop = args_.stop});
    if (!done) return std::unexpected(done.error());
    for (const auto& one : done->files.registered) add(one.id);
    for (const auto& one : done->files.skipped) add(one.id);
    for (const auto& one : done->files.failed) note_failed(one.error);
    return {};
  }

  void add(const std::string& id) {
    if (std::ranges::find(ids_, id) == ids_.end()) ids_.push_back(id);
  }

  Result<void> note_failed(const Error& error) {
    report(error);
    ++failed_;
    return {};
  }

  VideoRegistry& registry_;
  const FolderArgs& args_;
  std::vector<std::string>& ids_;
  std::size_t failed_ = 0;
};

}  // namespace

Result<void> register_finished(VideoRegistry& registry, const fs::path& folder, const FolderArgs& args,
                               std::vector<std::string>& ids) {
  return Folder(registry, args, ids).take(folder);
}

}  // namespace asfs
