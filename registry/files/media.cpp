#include "registry/files/media.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/process.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kProbeDeadline{30}, kDecodeDeadline{20};
constexpr std::size_t kMostLines = 1 << 20;  ///< more is not kept of what a process says

constexpr std::string_view kVideoEndings[] = {".3gp", ".avi", ".flv",  ".m2ts", ".m4v", ".mkv",
                                              ".mov", ".mp4", ".mpeg", ".mpg",  ".mts", ".mxf",
                                              ".ogv", ".ts",  ".webm", ".wmv"};

/// ffprobe's names of the containers that hold videos. Others it reads as well: pictures, text (as terminal
/// art), playlists that name further files.
constexpr std::string_view kContainers[] = {"mov", "matroska", "avi", "mpegts", "mpeg",
                                            "flv", "asf",      "ogg", "mxf"};

bool is_video_container(std::string_view name) {
  return std::ranges::find(kContainers, name) != std::end(kContainers);
}

/// ffprobe's first complaint without the address of its parser: `moov atom not found`.
std::string first_complaint(std::string_view err) {
  err = err.substr(0, err.find('\n'));
  if (err.starts_with('[')) err.remove_prefix(std::min(err.find("] ") + 2, err.size()));
  if (err.starts_with("file:")) err.remove_prefix(std::min(err.rfind(": ") + 2, err.size()));
  return err.empty() ? "no reason given" : one_line(err, 200);
}

/// `12.345000`; none for `N/A`, `nan` and whatever else is no number.
std::optional<double> seconds_in(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return error == std::errc() && std::isfinite(seconds) ? std::optional(seconds) : std::nullopt;
}

double duration_of(const Json& object) {
  return std::max(0.0, seconds_in(text_at(object, "duration")).value_or(0));
}

/// `30000/1001`; 0 for whatever else.
double ratio_of(const Json& object, const char* key) {
  const std::string text = text_at(object, key);
  double above = 0, below = 0;
  const char* const end = text.data() + text.size();
  const auto slash = std::from_chars(text.data(), end, above);
  if (slash.ec != std::errc() || slash.ptr == end || *slash.ptr != '/') return 0;
  if (std::from_chars(slash.ptr + 1, end, below).ec != std::errc() || below <= 0) return 0;
  return above / below;
}

/// A picture in a sound file (an album cover) is a video stream to ffprobe, but no video.
bool is_moving_picture(const Json& stream) {
  if (text_at(stream, "codec_type") != "video") return false;
  return number_at(child_at(stream, "disposition"), "attached_pic").value_or(0) == 0;
}

Result<MediaInfo> read_answer(const fs::path& path, const std::string& answer) {
  const Json document = read_json(answer);
  if (!document.is_object())
    return fail(Code::failed, fmt::format("cannot read {}: ffprobe gave no usable answer", path_text(path)));
  const Json format = child_at(document, "format");
  const Json streams = child_at(document, "streams");
  std::string container = text_at(format, "format_name");
  container = container.substr(0, container.find(','));
  if (!format.is_object() || !is_video_container(container))
    return fail(Code::failed, fmt::format("{} is not a video file", path_text(path)));
  const auto video = std::ranges::find_if(streams, is_moving_picture);
  if (video == streams.end())
    return fail(Code::failed, fmt::format("{} is not a video: it has no video stream", path_text(path)));
  MediaInfo info;
  info.duration = duration_of(format);
  if (info.duration == 0) info.duration = duration_of(*video);
  const auto side = [&](const char* key) { return static_cast<int>(number_at(*video, key).value_or(0)); };
  info.width = side("width");
  info.height = side("height");
  info.video_codec = text_at(*video, "codec_name");
  info.fps = ratio_of(*video, "avg_frame_rate");
  info.container = std::move(container);
  info.start = seconds_in(text_at(format, "start_time")).value_or(0);
  return info;
}

/// Times of what was read and decoded near the end, in seconds.
struct End {
  std::optional<double> content;  ///< of the last packet of any stream
  std::optional<double> packet;   ///< of the last picture as it is stored
  std::optional<double> frame;    ///< of the last picture that was decoded
  bool key = false;               ///< there was a picture that decoding can begin with
};

void later(std::optional<double>& last, std::optional<double> time) {
  if (time && (!last || *last < *time)) last = time;
}

/// Lines such as `packet|video|5.966667|5.900000|__` and `frame|video|5.966667`.
End read_end(std::string_view lines) {
  End end;
  while (!lines.empty()) {
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    std::array<std::string_view, 5> cells;
    for (std::string_view& cell : cells) {
      cell = line.substr(0, line.find('|'));
      line.remove_prefix(std::min(cell.size() + 1, line.size()));
    }
    const bool picture = cells[1] == "video";
    if (cells[0] == "frame" && picture) later(end.frame, seconds_in(cells[2]));
    if (cells[0] != "packet") continue;
    const auto shown = seconds_in(cells[2]);
    later(end.content, shown ? shown : seconds_in(cells[3]));
    // What an edit list cuts off is stored, but not shown.
    if (picture && cells[4].find('D') == cells[4].npos) later(end.packet, shown);
    end.key = end.key || (picture && cells[4].starts_with('K'));
  }
  return end;
}

/// Containers whose head alone says how long they are. (Others are looked at by container.h, or are as long
/// as what is there.)
bool promises_length(std::string_view container) {
  return container == "flv" || container == "avi" || container == "asf";
}

}  // namespace

Result<MediaInfo> probe_media(const fs::path& path, std::stop_token stop) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0)
    return fail(errno == ENOENT ? Code::not_found : Code::failed,
                fmt::format("cannot read {}: {}", path_text(path), errno_text(errno)));
  if (!S_ISREG(info.st_mode))
    return fail(Code::failed, fmt::format("{} is not a regular file", path_text(path)));
  // `file:` keeps a leading '-' or a name like `http:x` from meaning anything; the whitelist keeps a playlist
  // in disguise off the network.
  const auto probed = run_process(
      {"ffprobe", "-v", "error", "-protocol_whitelist", "file", "-print_format", "json", "-show_entries",
       "format=format_name,duration,start_time:stream=codec_type,codec_name,width,height,avg_frame_rate,"
       "duration:stream_"
       "disposition="
       "attached_pic",
       "file:" + path.native()},
      kProbeDeadline, std::move(stop));
  if (!probed) {
    if (probed.error().code == Code::cancelled) return std::unexpected(probed.error());
    if (probed.error().code == Code::not_found)
      return fail(Code::not_found, "the program ffprobe was not found; install ffmpeg, which brings it");
    return fail(Code::failed, fmt::format("cannot read {}: {}", path_text(path), probed.error().message));
  }
  if (probed->exit_code != 0)
    return fail(Code::failed, fmt::format("{} is not a video, or it is incomplete ({})", path_text(path),
                                          first_complaint(probed->err)));
  return read_answer(path, probed->out);
}

Result<void> decode_end(const fs::path& path, const MediaInfo& media, std::stop_token stop) {
  if (media.duration <= 0) return {};
  const double from = media.start + std::max(0.0, media.duration - 1);
  const auto decoded =
      run_process({"ffprobe", "-v", "error", "-protocol_whitelist", "file", "-read_intervals",
                   fmt::format("{:.3f}%", from), "-print_format", "compact=nokey=1", "-show_entries",
                   "packet=codec_type,pts_time,dts_time,flags:packet_side_data=:frame=media_type,"
                   "best_effort_timestamp_time:frame_side_data=",
                   "file:" + path.native()},
                  kDecodeDeadline, std::move(stop));
  if (!decoded && decoded.error().code == Code::cancelled) return std::unexpected(decoded.error());
  if (!decoded || decoded->out.size() >= kMostLines) return {};
  const End end = read_end(decoded->out);
  const double tolerance = 0.1 + (media.fps > 0 ? 2 / media.fps : 0.1);
  const auto ends_early = [&](double at, std::string_view what) {
    return fail(Code::failed, fmt::format("{} {:.1f} s of {:.1f} s", what, std::max(0.0, at - media.start),
                                          media.duration));
  };
  if (promises_length(media.container) && end.content &&
      *end.content < media.start + media.duration * 0.9 - 2)
    return ends_early(*end.content, "it ends after");
  const bool no_decoder = decoded->err.find("Unsupported codec") != std::string::npos;
  if (end.packet && end.key && !no_decoder && end.frame.value_or(from - 1) < *end.packet - tolerance)
    return ends_early(end.frame.value_or(from), "its picture cannot be decoded after");
  return {};
}

bool has_video_ending(const fs::path& path) {
  std::string ending = path.extension().native();
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return std::ranges::find(kVideoEndings, ending) != std::end(kVideoEndings);
}

}  // namespace asfs
