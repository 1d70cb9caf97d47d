#include "app/pipeline/cut.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "app/pipeline/media_child.h"
#include "assets/assets.h"
#include "registry/base/files.h"

namespace asfs::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr double kMostGain = 12.0;
/// Of all the time it takes.
constexpr double kListened = 0.03, kEncoded = 0.97;

/// Whatever way cut_clip() is left, its work files go.
struct WorkFiles {
  fs::path folder;
  ~WorkFiles() {
    std::error_code ignored;
    for (const char* name : {kClipPart, kCaptionsFile, kFontFile, kLogoFile})
      fs::remove(folder / name, ignored);
  }
};

std::unexpected<Error> target_error(const fs::path& target, int error) {
  return fail(Code::failed, error == EEXIST
                                ? fmt::format("{} is there already, and is not replaced", path_text(target))
                                : fmt::format("cannot write {}: {}", path_text(target), errno_text(error)));
}

/// 0, or the errno of the failure.
int sync(const fs::path& path, int flags = 0) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  return fd && ::fsync(fd.get()) == 0 ? 0 : errno;
}

/// 0, or the errno: EEXIST when there is a file of that name.
int rename_without_replacing(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::link(from.c_str(), to.c_str()) != 0) return errno;  // a file system that does not know it
  ::unlink(from.c_str());
  return 0;
}

/// The clip gets its name when all of it is on the disk.
Result<void> give_name(const fs::path& part, const fs::path& target) {
  int error = sync(part);
  if (!error) error = rename_without_replacing(part, target);
  if (error == EXDEV) {
    fs::path beside = target;
    beside += ".part";
    std::error_code copied;
    fs::copy_file(part, beside, fs::copy_options::overwrite_existing, copied);
    error = copied ? copied.value() : sync(beside);
    if (!error) error = rename_without_replacing(beside, target);
    if (error) fs::remove(beside, copied);
  }
  if (error) return target_error(target, error);
  sync(target.has_parent_path() ? target.parent_path() : fs::path("."), O_DIRECTORY);
  return {};
}

/// Captions, their font and the logo, under names that mean nothing to a filter.
Result<void> write_parts(const CutSettings& settings, const Captions& captions, const fs::path& folder) {
  if (!captions.none()) {
    if (auto wrote = write_file_atomically(folder / kCaptionsFile, ass_document(captions)); !wrote)
      return wrote;
    if (auto wrote = write_file_atomically(folder / kFontFile, asset_text(kFontFile)); !wrote) return wrote;
  }
  std::error_code error;
  if (!settings.logo.empty() && !fs::copy_file(settings.logo, folder / kLogoFile, error))
    return fail(Code::failed, fmt::format("cannot read the logo {}: {}", path_text(settings.logo),
                                          errno_text(error.value())));
  return {};
}

/// Nothing is done to what is no more than noise.
Result<double> gain_for(const fs::path& file, Span span, const CutSettings& settings, std::stop_token stop) {
  if (settings.audio_track < 0) return 0.0;
  const auto loudness = measure_loudness(file, settings.audio_track, span, std::move(stop));
  if (!loudness) return std::unexpected(loudness.error());
  if (loudness->integrated <= -70.0) return 0.0;
  return std::min(
      {settings.loudness - loudness->integrated, settings.true_peak - loudness->true_peak, kMostGain});
}

}  // namespace

Result<ClipReport> cut_clip(const fs::path& file, const SourceFacts& source, Span span,
                            const CutSettings& settings, const Captions& captions, const fs::path& folder,
                            const fs::path& target, const std::function<void(double)>& on_share,
                            std::stop_token stop) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(target, ignored))) return target_error(target, EEXIST);
  const WorkFiles files{folder};
  double told = 0;
  const auto tell = [&](double from, double to) {
    return [&, from, to](double seconds) {
      const double share = from + (to - from) * std::clamp(seconds / span.length(), 0.0, 1.0);
      if (on_share && share > told) on_share(told = share);
    };
  };
  const auto gain = gain_for(file, span, settings, stop);
  if (!gain) return std::unexpected(gain.error());
  tell(0, kListened)(span.length());
  if (const auto wrote = write_parts(settings, captions, folder); !wrote)
    return std::unexpected(wrote.error());
  ToldSpans black = black_spans();
  const auto on_line = [&, progress = progress_to(tell(kListened, kEncoded))](std::string_view line) {
    progress(line);
    black.hear(line);
  };
  const auto cut = run_media({.argv = cut_command(file, source, span, settings, *gain, !captions.none()),
                              .folder = folder,
                              .on_line = on_line},
                             fmt::format("cannot cut {}", path_text(target.filename())), stop);
  if (!cut) return std::unexpected(cut.error());
  const double loudness = settings.audio_track < 0 ? -70.0 : settings.loudness;
  auto report = check_clip(folder / kClipPart, span.length(), loudness, black.all(span.length()),
                           tell(kEncoded, 1), stop);
  if (!report) return report;
  if (const auto named = give_name(folder / kClipPart, target); !named) return std::unexpected(named.error());
  tell(kEncoded, 1)(span.length());
  return report;
}

}  // namespace asfs::pipeline
