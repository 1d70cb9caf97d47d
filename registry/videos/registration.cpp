#include "registry/videos/registration.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <unordered_set>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/parallel.h"
#include "registry/base/text.h"
#include "registry/files/checksum.h"
#include "registry/files/container.h"
#include "registry/files/media.h"
#include "registry/videos/identity.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;
using Report = RegistrationReport;

struct Job {
  fs::path path;
  std::uint64_t size = 0;
};

constexpr std::uintmax_t kMaxMetadata = 1 << 20;

/// Checksums of contents whose end is known to be there.
using Sound = std::unordered_set<std::string>;

/// What a worker found out about one file.
struct Prepared {
  std::optional<Error> unfinished;  ///< then nothing else is set
  std::uint64_t trailing = 0;       ///< bytes behind the end of its container
  std::string stored_path;
  MediaInfo media;
  FileChecksum content;
  DiskFile file;
  std::string metadata_json;  ///< what lies beside the file; "" for nothing
};

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with('.');
}

/// Files and the contents of folders, in the order given; what cannot be read goes to `report`.
std::vector<Job> collect(const std::vector<fs::path>& paths, Report& report) {
  std::vector<Job> jobs;
  const auto add = [&](const fs::path& file) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    jobs.push_back({file, error ? 0 : size});  // whatever is wrong with it, its worker says so
  };
  for (const fs::path& path : paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      add(path);
      continue;
    }
    bool all_read = true;
    const auto videos = videos_in(path, [&](const fs::path& folder, const Error& error) {
      report.failed.push_back({path_text(folder), error});
      all_read = false;
    });
    if (!videos)
      report.failed.push_back({path_text(path), videos.error()});
    else if (videos->empty() && all_read)
      report.failed.push_back(
          {path_text(path), {Code::failed, fmt::format("there is no video file in {}", path_text(path))}});
    else
      std::ranges::for_each(*videos, add);
  }
  return jobs;
}

/// Has another program opened this file for writing? A read lease is granted only when not. Network file
/// systems refuse leases for reasons of their own, and only the owner may ask: in doubt the answer is no.
bool is_open_for_writing(int fd) {
  struct statfs disk {};
  if (::fstatfs(fd, &disk) != 0) return false;
  constexpr long local[] = {EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC,
                            F2FS_SUPER_MAGIC, TMPFS_MAGIC,     OVERLAYFS_SUPER_MAGIC};
  if (std::ranges::find(local, static_cast<long>(disk.f_type)) == std::end(local)) return false;
  // Someone who opens the file for writing while the lease is held makes the kernel send a signal: by default
  // one that ends the program, so one that is ignored by default takes its place.
  ::fcntl(fd, F_SETSIG, SIGURG);
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) != 0) return errno == EAGAIN;
  ::fcntl(fd, F_SETLEASE, F_UNLCK);
  return false;
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/// Relative when the file is inside the library, so that the library can be moved; else absolute. Symlinked
/// folders are resolved, the file's own name is kept.
fs::path stored_path(const fs::path& file, const Library& library) {
  std::error_code error;
  const fs::path absolute = fs::absolute(file, error);
  fs::path folder = fs::canonical(absolute.parent_path(), error);
  if (error) folder = absolute.parent_path();
  const fs::path full = folder / absolute.filename();
  fs::path home = fs::canonical(library.files_home(), error);
  if (error) home = library.files_home();
  const fs::path inside = full.lexically_relative(home);
  return inside.empty() || *inside.begin() == ".." ? full : inside;
}

/// Everything about one file that needs no registry; on a worker's thread.
Result<Prepared> prepare(const fs::path& path, const Library& library, const Sound& sound,
                         const std::function<void(std::uint64_t)>& on_bytes, std::stop_token stop) {
  const std::string name = path_text(path);
  const auto cannot_read = [&] {
    return fail(errno == ENOENT ? Code::not_found : Code::failed,
                fmt::format("cannot read {}: {}", name, errno_text(errno)));
  };
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat before {};
  if (!fd || ::fstat(fd.get(), &before) != 0) return cannot_read();
  if (!S_ISREG(before.st_mode)) return fail(Code::failed, fmt::format("{} is not a regular file", name));
  if (before.st_size == 0) return fail(Code::failed, fmt::format("{} is empty", name));
  const std::string stored = stored_path(path, library).native();
  if (valid_utf8(stored) != stored)
    return fail(Code::failed,
                fmt::format("{}: its path is not valid UTF-8 and cannot be stored; rename it", name));
  const auto unfinished = [](Error error) { return Prepared{.unfinished = std::move(error)}; };
  if (is_open_for_writing(fd.get()))
    return unfinished(
        {Code::failed,
         fmt::format("{} is still being written by another program; register it when that is done", name)});
  const auto container = look_at_container(fd.get(), static_cast<std::uint64_t>(before.st_size));
  if (container.state == ContainerLook::State::cut) return unfinished(not_whole(path, container.detail));
  const auto media = probe_media(path, stop);
  if (!media) return std::unexpected(media.error());
  auto metadata = metadata_beside(path);
  if (!metadata) return std::unexpected(metadata.error());
  const auto content = checksum_file(path, on_bytes, stop);
  if (!content) return std::unexpected(content.error());
  const auto end = sound.contains(content->sha256) ? Result<void>() : decode_end(path, *media, stop);
  if (!end && end.error().code == Code::cancelled) return std::unexpected(end.error());
  if (!end) return unfinished(not_whole(path, end.error().message));
  struct stat after {};
  if (::stat(path.c_str(), &after) != 0) return cannot_read();
  if (!same_file(before, after))
    return unfinished(
        {Code::failed, fmt::format("{} is still being written: it changed while it was read; register it "
                                   "when it is finished",
                                   name)});
  return Prepared{{}, container.trailing, stored, *media, *content, disk_file(path), *std::move(metadata)};
}

/// Of the contents that the files may have, by their sizes.
Result<Sound> load_sound(Database& db, const std::vector<Job>& jobs) {
  std::unordered_set<std::int64_t> sizes;
  for (const Job& job : jobs) sizes.insert(static_cast<std::int64_t>(job.size));
  return guarded(db.path(), [&]() -> Result<Sound> {
    Sound sound;
    auto rows =
        db.prepare("SELECT size, checksum FROM asfs_files UNION ALL SELECT size, checksum FROM asfs_decoded");
    while (rows->step())
      if (sizes.contains(rows->integer(0))) sound.insert(rows->text(1));
    return sound;
  });
}

Result<void> remember_sound(Database& db, const FileChecksum& content) {
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare("INSERT OR IGNORE INTO asfs_decoded(checksum, size) VALUES (?1, ?2)")
        ->bind_all(content.sha256, static_cast<std::int64_t>(content.size))
        .run();
    return {};
  });
}

/// The ids to try, best first.
std::vector<std::string> id_candidates(const fs::path& file, const RegisterOptions& options,
                                       const std::string& sha256) {
  if (options.id) return {*options.id};
  const std::string stem = one_line(path_text(file.stem()));
  return {stem, stem + "-" + sha256.substr(0, 8), stem + "-" + sha256};
}

/// Nothing new; but where the registered file is gone, this one takes its place: it was moved or renamed.
Result<void> known_already(VideoRegistry& registry, const fs::path& file, const Prepared& prepared,
                           const Video& known, Report& report) {
  std::string reason = fmt::format("registered already as {}", known.id);
  std::error_code unknown;
  const auto there = fs::status(registry.library().resolve(known.file_path), unknown);
  if (there.type() == fs::file_type::not_found) {
    if (auto moved = registry.set_file_path(known.id, prepared.stored_path); !moved) return moved;
    reason += ", which is found here from now on";
  }
  report.skipped.push_back({path_text(file), std::move(reason), known.id, file});
  return {};
}

/// Writes one prepared file into the registry or says in the report why not. Fails only when the registry
/// does.
Result<void> enter(VideoRegistry& registry, const fs::path& file, const Prepared& prepared,
                   const RegisterOptions& options, Report& report, const std::stop_token& stop) {
  if (prepared.unfinished) {
    report.failed.push_back({path_text(file), *prepared.unfinished, true});
    return {};
  }
  const std::string& sha256 = prepared.content.sha256;
  if (auto noted = remember_sound(registry.database(), prepared.content); !noted) return noted;
  const auto say_failed = [&](const Error& error) {
    report.failed.push_back({path_text(file), error});
    return Result<void>();
  };
  Result<std::string> words = prepared.metadata_json;
  if (options.words) words = options.words(file, prepared.metadata_json);
  if (!words) return say_failed(words.error());
  NewVideo video{.file_path = prepared.stored_path,
                 .title = options.title.value_or(""),
                 .duration = prepared.media.duration,
                 .checksum = sha256,
                 .facts = FileFacts{prepared.content.size, prepared.media},
                 .duplicate_allowed = options.allow_duplicates};
  for (const std::string& id : id_candidates(file, options, sha256)) {
    // Asked anew each time: the id may have been taken a moment ago by another process, for this very
    // content.
    const auto known =
        find_video(registry, {prepared.stored_path, prepared.file, prepared.content, video.facts}, stop);
    if (!known) return std::unexpected(known.error());
    if (*known) return known_already(registry, file, prepared, **known, report);
    if (words->empty() && options.words_of_new) words = options.words_of_new(file, sha256);
    if (!words) return say_failed(words.error());
    video.metadata_json = *words;
    video.id = id;
    const auto written = registry.register_video(video);
    if (written) {
      report.registered.push_back({video.id, video.file_path, sha256, video.duration, file});
      if (prepared.trailing > 0)
        report.warnings.push_back(
            fmt::format("{} has {} behind the end of its video, which players leave alone", path_text(file),
                        bytes_text(prepared.trailing)));
      return {};
    }
    if (written.error().code != Code::blocked) return std::unexpected(written.error());
  }
  return say_failed(
      {Code::failed, fmt::format("the id {} is taken by another video; choose one with --id", video.id)});
}

std::optional<Error> wrong_request(const std::vector<fs::path>& paths, const std::vector<Job>& jobs,
                                   const RegisterOptions& options) {
  if (paths.empty()) return Error{Code::usage, "no file or folder was given"};
  if ((options.id || options.title) && jobs.size() > 1)
    return Error{Code::usage,
                 fmt::format("an id or a title can be given for one file only, not for {}", jobs.size())};
  if (options.id && (options.id->empty() || one_line(*options.id) != *options.id))
    return Error{Code::usage, "an id must be one line of valid text of at most 500 characters"};
  if (options.title && valid_utf8(*options.title) != *options.title)
    return Error{Code::usage, "the title is not UTF-8 text"};
  return std::nullopt;
}

}  // namespace

Result<std::vector<fs::path>> videos_in(
    const fs::path& folder, const std::function<void(const fs::path&, const Error&)>& unreadable) {
  const auto cannot_read = [](const fs::path& which, int error) {
    return Error{Code::failed, fmt::format("cannot read {}: {}", path_text(which), errno_text(error))};
  };
  std::vector<fs::path> found;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (is_hidden(at->path()))
      at.disable_recursion_pending();
    else if (has_video_ending(at->path()) && at->is_regular_file(ignored))
      found.push_back(at->path());
    else if (unreadable && at->is_directory(ignored) && !at->is_symlink(ignored) &&
             ::faccessat(AT_FDCWD, at->path().c_str(), R_OK | X_OK, AT_EACCESS) != 0)
      unreadable(at->path(), cannot_read(at->path(), errno));
  }
  if (error) return std::unexpected(cannot_read(folder, error.value()));
  std::ranges::sort(found);
  return found;
}

Result<std::string> metadata_beside(const fs::path& video) {
  fs::path beside = video;
  beside.replace_extension(".json");
  const auto text = read_file(beside, kMaxMetadata);
  if (!text && text.error().code == Code::not_found) return std::string();
  if (!text) return text;
  const auto document = read_json(*text, JsonComments::welcome);
  if (!document.is_object())
    return fail(Code::failed,
                fmt::format("{} is not one JSON object of what the posts say; correct it or move "
                            "it away",
                            path_text(beside)));
  return dumped(document);
}

Result<RegistrationReport> register_files(VideoRegistry& registry, const std::vector<fs::path>& paths,
                                          const RegisterOptions& options,
                                          const std::function<void(const RegistrationProgress&)>& on_progress,
                                          std::stop_token stop) {
  Report report;
  const std::vector<Job> jobs = collect(paths, report);
  if (auto wrong = wrong_request(paths, jobs, options)) return std::unexpected(*wrong);

  if (auto noted = note_disk_files(registry, stop); !noted) return std::unexpected(noted.error());
  const auto sound = load_sound(registry.database(), jobs);
  if (!sound) return std::unexpected(sound.error());

  RegistrationProgress progress{.files_total = jobs.size()};
  for (const Job& job : jobs) progress.bytes_total += job.size;
  std::atomic<std::uint64_t> bytes_done{0};
  std::optional<Error> broken;

  const auto work = [&](std::size_t i, std::stop_token worker_stop) {
    std::uint64_t told = 0;
    auto prepared = prepare(
        jobs[i].path, registry.library(), *sound,
        [&](std::uint64_t bytes) {
          bytes_done += bytes - told;
          told = bytes;
        },
        worker_stop);
    bytes_done += jobs[i].size - told;  // a refused file is done as well; wraps to the right sum when it grew
    return prepared;
  };
  const auto consume = [&](std::size_t i, const Result<Prepared>& prepared) {
    if (!prepared) {
      if (prepared.error().code == Code::cancelled) return false;
      report.failed.push_back({path_text(jobs[i].path), prepared.error()});
    } else if (auto entered = enter(registry, jobs[i].path, *prepared, options, report, stop); !entered) {
      broken = entered.error();
    }
    ++progress.files_done;
    return !broken;
  };
  const auto tick = [&] {
    progress.bytes_done = bytes_done;
    if (on_progress) on_progress(progress);
  };
  const bool finished = for_each_in_order(jobs.size(), work, consume, tick, stop);
  if (broken) return std::unexpected(*broken);
  if (!finished)
    return fail(Code::cancelled, fmt::format("stopped; {} of {} files were registered",
                                             report.registered.size(), jobs.size()));
  return report;
}

Result<VerifyReport> verify_files(VideoRegistry& registry, const std::vector<std::string>& ids,
                                  std::stop_token stop) {
  std::vector<Video> videos;
  if (ids.empty()) {
    auto all = registry.get_all_videos();
    if (!all) return std::unexpected(all.error());
    videos = std::move(*all);
  }
  for (const std::string& id : ids) {
    auto video = registry.get_video(id);
    if (!video) return std::unexpected(video.error());
    if (!*video) return std::unexpected(no_such_video(id));
    videos.push_back(std::move(**video));
  }

  VerifyReport report;
  const auto work = [&](std::size_t i, std::stop_token worker_stop) {
    return checksum_file(registry.library().resolve(videos[i].file_path), {}, worker_stop);
  };
  const auto consume = [&](std::size_t i, const Result<FileChecksum>& content) {
    if (!content && content.error().code == Code::cancelled) return false;
    if (!content)
      report.missing.push_back(videos[i].id);
    else if (videos[i].checksum && *videos[i].checksum != content->sha256)
      report.changed.push_back(videos[i].id);
    else
      ++report.ok;
    return true;
  };
  if (!for_each_in_order(
          videos.size(), work, consume, [] {}, stop))
    return fail(Code::cancelled, "stopped");
  return report;
}

}  // namespace asfs
