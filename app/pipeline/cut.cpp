#include "app/pipeline/cut.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "app/pipeline/media_child.h"
#include "app/pipeline/transcript_text.h"
#include "assets/assets.h"
#include "registry/base/files.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr double kMostGain = 12.0, kNoSound = -70.0;
/// Of all the time it takes.
constexpr double kListened = 0.03, kLooked = 0.2, kEncoded = 0.97;

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
Result<void> write_parts(const CutSettings& settings, const Captions& captions, PictureSize size,
                         const fs::path& folder) {
  if (!captions.none()) {
    if (auto wrote = write_file_atomically(folder / kCaptionsFile, ass_document(captions, size)); !wrote)
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
  if (settings.audio_track < 0 || settings.framing == Framing::kept) return 0.0;
  const auto loudness = measure_loudness(file, settings.audio_track, span, std::move(stop));
  if (!loudness) return std::unexpected(loudness.error());
  if (loudness->integrated <= kNoSound) return 0.0;
  return std::min(
      {settings.loudness - loudness->integrated, settings.true_peak - loudness->true_peak, kMostGain});
}

/// What libass says when no font of the machine has a letter, which it then draws as a box.
std::set<char32_t> letters_without_font(std::string_view said) {
  constexpr std::string_view kSaid = "find any fallback with glyph 0x";
  std::set<char32_t> letters;
  for (std::size_t at; (at = said.find(kSaid)) != said.npos;) {
    said.remove_prefix(at + kSaid.size());
    std::uint32_t letter = 0;
    std::from_chars(said.data(), said.data() + std::min<std::size_t>(said.size(), 8), letter, 16);
    letters.insert(letter);
  }
  return letters;
}

/// A hook with boxes in it would be posted for good; captions are many words, and most of them are right.
Result<void> check_letters(const Captions& captions, std::string_view said, ClipReport& report) {
  const auto missing = letters_without_font(said);
  const auto has = [&](const std::string& text) {
    for (std::string_view rest = text; !rest.empty();)
      if (missing.contains(take_letter(rest))) return true;
    return false;
  };
  if (missing.empty()) return {};
  if (const std::string hook = valid_utf8(captions.hook); has(hook))
    return fail(Code::failed,
                fmt::format("no font on this machine has all letters of \"{}\"; install one that has them, "
                            "such as Noto",
                            one_line(hook, 100)));
  report.warnings.emplace_back(
      "No font on this machine has all letters of its captions; install one that has them, such as Noto.");
  return {};
}

/// The whole way, each part with its share of the time.
class Cutting {
 public:
  Cutting(const fs::path& file, const SourceFacts& source, Span span, const CutSettings& settings,
          const Captions& captions, const fs::path& folder, const std::function<void(double)>& on_share,
          std::stop_token stop)
      : file_(file),
        source_(source),
        span_(span),
        settings_(settings),
        captions_(captions),
        folder_(folder),
        on_share_(on_share),
        stop_(std::move(stop)) {}

  Result<ClipReport> make(std::string_view doing) {
    auto plan = find_out();
    if (!plan) return std::unexpected(plan.error());
    const PictureSize size = clip_size(source_, settings_.framing);
    if (const auto wrote = write_parts(settings_, captions_, size, folder_); !wrote)
      return std::unexpected(wrote.error());
    ToldSpans black = black_spans();
    const auto on_line = [&, progress = progress_to(tell(looked_, kEncoded))](std::string_view line) {
      progress(line);
      black.hear(line);
    };
    const auto cut = run_media(
        {.argv = cut_command(file_, source_, span_, settings_, *plan), .folder = folder_, .on_line = on_line},
        doing, stop_);
    if (!cut) return std::unexpected(cut.error());
    ClipPromise promise{.seconds = span_.length(), .size = size, .whole = settings_.check_whole};
    if (settings_.framing != Framing::kept)
      promise.loudness = settings_.audio_track < 0 ? kNoSound : settings_.loudness;
    auto report =
        check_clip(folder_ / kClipPart, promise, black.all(span_.length()), tell(kEncoded, 1), stop_);
    if (!report) return report;
    if (const auto read = check_letters(captions_, cut->err, *report); !read)
      return std::unexpected(read.error());
    report->shots = std::move(plan->shots);
    return report;
  }

  /// Of a part's seconds.
  std::function<void(double)> tell(double from, double to) {
    return [this, from, to](double seconds) {
      const double share = from + (to - from) * std::clamp(seconds / span_.length(), 0.0, 1.0);
      if (on_share_ && share > told_) on_share_(told_ = share);
    };
  }

 private:
  Result<CutPlan> find_out() {
    const auto gain = gain_for(file_, span_, settings_, stop_);
    if (!gain) return std::unexpected(gain.error());
    tell(0, kListened)(span_.length());
    CutPlan plan{.gain_db = *gain, .captions = !captions_.none(), .shots = {}};
    if (!crops_by_shot(source_, settings_)) return plan;
    looked_ = kLooked;
    auto shots = find_shots(file_, source_, span_, tell(kListened, looked_), stop_);
    if (!shots) return std::unexpected(shots.error());
    plan.shots = *std::move(shots);
    return plan;
  }

  const fs::path& file_;
  const SourceFacts& source_;
  const Span span_;
  const CutSettings& settings_;
  const Captions& captions_;
  const fs::path& folder_;
  const std::function<void(double)>& on_share_;
  const std::stop_token stop_;
  double told_ = 0.0, looked_ = kListened;
};

}  // namespace

Result<void> check_logo(const fs::path& logo, std::stop_token stop) {
  if (logo.empty()) return {};
  std::error_code unknown;
  if (!fs::is_regular_file(logo, unknown))
    return fail(Code::not_found, fmt::format("there is no logo {}", path_text(logo)));
  const Words argv = joined({ffmpeg(), media_input(logo), {"-frames:v", "1", "-f", "null", "-"}});
  const auto read = run_child({.argv = argv}, std::move(stop));
  if (!read) return std::unexpected(read.error());
  if (read->exit_code == 0) return {};
  return fail(Code::failed,
              fmt::format("the logo {} is no picture that ffmpeg can read: give a PNG", path_text(logo)));
}

Result<ClipReport> cut_clip(const fs::path& file, const SourceFacts& source, Span span,
                            const CutSettings& settings, const Captions& captions, const fs::path& folder,
                            const fs::path& target, const std::function<void(double)>& on_share,
                            std::stop_token stop,
                            const std::function<Result<void>(const fs::path&)>& before_name) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(target, ignored))) return target_error(target, EEXIST);
  const WorkFiles files{folder};
  Cutting cutting(file, source, span, settings, captions, folder, on_share, std::move(stop));
  auto report = cutting.make(fmt::format("cannot cut {}", path_text(target.filename())));
  if (!report) return report;
  if (before_name)
    if (const auto noted = before_name(folder / kClipPart); !noted) return std::unexpected(noted.error());
  if (const auto named = give_name(folder / kClipPart, target); !named) return std::unexpected(named.error());
  cutting.tell(kEncoded, 1)(span.length());
  return report;
}

}  // namespace asfs::pipeline
