#include "app/pipeline/source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "app/pipeline/media_child.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/files/checksum.h"
#include "registry/files/container.h"
#include "registry/files/media.h"

namespace asfs::pipeline {
namespace {

namespace fs = std::filesystem;

// ---- what the file is, without a look at its pictures -------------------------------------------

/// 0, or the errno of the failure. A file that became shorter ends early: its key is another one then.
int add_block(Sha256& sum, int fd, std::uint64_t from, std::uint64_t size) {
  std::vector<std::byte> buffer(1 << 20);
  for (std::uint64_t done = 0; done < size;) {
    const ssize_t n = ::pread(fd, buffer.data(), std::min<std::uint64_t>(buffer.size(), size - done),
                              static_cast<off_t>(from + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) return 0;
    sum.update({buffer.data(), static_cast<std::size_t>(n)});
    done += static_cast<std::uint64_t>(n);
  }
  return 0;
}

/// Of an hour of video all bytes would take longer to read than all else that is asked here.
Result<void> add_content_key(const fs::path& file, SourceFacts& facts) {
  constexpr std::uint64_t kEnd = 4 << 20, kBlock = 1 << 20, kBlocks = 8;
  const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  int error = !fd || ::fstat(fd.get(), &info) != 0 ? errno : 0;
  facts.size = static_cast<std::uint64_t>(info.st_size);
  Sha256 sum;
  const std::string size = fmt::format("{}\n", facts.size);
  sum.update(std::as_bytes(std::span(size)));
  if (!error) error = add_block(sum, fd.get(), 0, kEnd);
  for (std::uint64_t i = 1; i <= kBlocks && !error; ++i)
    error = add_block(sum, fd.get(), facts.size / (kBlocks + 1) * i, kBlock);
  if (!error) error = add_block(sum, fd.get(), facts.size - std::min(facts.size, kEnd), kEnd);
  if (error) return fail(Code::failed, fmt::format("cannot read {}: {}", path_text(file), errno_text(error)));
  facts.content = sum.finish();
  return {};
}

// ---- what ffprobe says --------------------------------------------------------------------------

/// `12.5`, `30000/1001`, `4:3`, `00:01:02.5`; 0 for whatever else.
double number_of(std::string_view text, char divider = '/') {
  double numbers[3] = {0, 0, 0};
  std::size_t count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool clock = std::ranges::count(text, ':') == 2;
  for (; count < 3; ++at) {
    const auto read = std::from_chars(at, end, numbers[count]);
    if (read.ec != std::errc() || !std::isfinite(numbers[count])) return 0;
    ++count;
    at = read.ptr;
    if (at == end || *at != (clock ? ':' : divider)) break;
  }
  if (clock) return count == 3 ? numbers[0] * 3600 + numbers[1] * 60 + numbers[2] : 0;
  return count == 2 ? (numbers[1] > 0 ? numbers[0] / numbers[1] : 0) : numbers[0];
}

bool is_set(const Json& stream, std::string_view disposition) {
  return number_at(child_at(stream, "disposition"), disposition).value_or(0) != 0;
}

/// Clockwise, as a player turns it.
int rotation_of(const Json& stream) {
  if (const Json& sides = child_at(stream, "side_data_list"); sides.is_array())
    for (const Json& side : sides)
      if (const auto turned = number_at(side, "rotation"))
        return static_cast<int>((360 + 45 - *turned % 360) / 90 * 90 % 360);
  return 0;
}

int bits_of(std::string_view pixels) {
  for (const int bits : {16, 14, 12, 10, 9})
    if (pixels.contains(fmt::format("p{}", bits)) || pixels.starts_with(fmt::format("p0{}", bits)))
      return bits;
  return 8;
}

/// Of a file that does not say it, BT.709 from HD on, and BT.601 below.
std::string matrix_of(const Json& stream) {
  const std::string said = text_at(stream, "color_space");
  for (const std::string_view known : {"bt709", "smpte240m", "fcc"})
    if (said == known) return said;
  const std::string pixels = text_at(stream, "pix_fmt");
  for (const std::string_view mixed : {"rgb", "bgr", "gbr", "pal8"})
    if (pixels.contains(mixed)) return "";
  if (said.starts_with("bt2020")) return "bt2020";
  if (said == "bt470bg" || said == "smpte170m") return "bt601";
  const auto [shorter, longer] =
      std::minmax({number_at(stream, "width").value_or(0), number_at(stream, "height").value_or(0)});
  return longer >= 1280 || shorter > 576 ? "bt709" : "bt601";
}

void read_picture(const Json& stream, const Json& format, SourceFacts& facts) {
  facts.video_codec = text_at(stream, "codec_name");
  facts.rotation = rotation_of(stream);
  const double shape = number_of(text_at(stream, "sample_aspect_ratio"), ':');
  facts.width = static_cast<int>(std::lround(static_cast<double>(number_at(stream, "width").value_or(0)) *
                                             (shape > 0.01 && shape < 100 ? shape : 1)));
  facts.height = static_cast<int>(number_at(stream, "height").value_or(0));
  if (facts.rotation % 180 != 0) std::swap(facts.width, facts.height);
  facts.fps = number_of(text_at(stream, "avg_frame_rate"));
  const double nominal = number_of(text_at(stream, "r_frame_rate"));
  const std::string fields = text_at(stream, "field_order");
  facts.interlaced = fields == "tt" || fields == "bb" || fields == "tb" || fields == "bt";
  const auto off = [&](double rate) { return std::abs(rate - facts.fps) > 0.01 * rate; };
  // Fields are counted as pictures by some containers.
  facts.variable_rate = off(nominal) && !(facts.interlaced && !off(nominal / 2));
  const std::string transfer = text_at(stream, "color_transfer");
  facts.hdr = transfer == "smpte2084" || transfer == "arib-std-b67";
  facts.bits = bits_of(text_at(stream, "pix_fmt"));
  facts.matrix = matrix_of(stream);
  facts.start =
      std::max(0.0, number_of(text_at(stream, "start_time")) - number_of(text_at(format, "start_time")));
  // The picture may end before the sound does. Matroska says it in a tag, and means the time of its end.
  const double whole = number_of(text_at(format, "duration"));
  const double shown = number_of(text_at(stream, "duration"));
  const double end =
      shown > 0 ? facts.start + shown : number_of(text_at(child_at(stream, "tags"), "DURATION"));
  facts.duration = end > 0 && whole > 0 ? std::min(whole, end) : std::max(whole, end);
}

bool is_text(std::string_view subtitles) {
  constexpr std::string_view kText[] = {"subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text"};
  return std::ranges::find(kText, subtitles) != std::end(kText);
}

AudioTrack track_of(const Json& stream, int index) {
  std::string language = text_at(child_at(stream, "tags"), "language");
  if (language == "und" || !is_plain_id(language)) language.clear();
  return {.index = index,
          .codec = text_at(stream, "codec_name"),
          .channels = static_cast<int>(number_at(stream, "channels").value_or(0)),
          .language = std::move(language),
          .standard = is_set(stream, "default")};
}

/// The container says so of a track, or of its first packet.
bool is_encrypted(const Json& answer) {
  for (const char* kind : {"streams", "packets"})
    for (const Json& part : child_at(answer, kind)) {
      const std::string tag = text_at(part, "codec_tag_string");
      if (tag == "encv" || tag == "enca" || tag == "drmi" || tag == "drms") return true;
      for (const Json& side : child_at(part, "side_data_list"))
        if (text_at(side, "side_data_type").starts_with("Encryption")) return true;
    }
  return false;
}

/// The file is a video to probe_media() already.
Result<void> read_streams(const Json& answer, SourceFacts& facts) {
  const Json& streams = child_at(answer, "streams");
  if (!streams.is_array()) return fail(Code::failed, "ffprobe gave no usable answer");
  if (is_encrypted(answer))
    return fail(Code::failed, "it is encrypted; only a copy without that protection can be cut");
  bool picture = false;
  int subtitles = 0;
  for (const Json& stream : streams) {
    const std::string kind = text_at(stream, "codec_type");
    if (kind == "video" && !picture && !is_set(stream, "attached_pic")) {
      read_picture(stream, child_at(answer, "format"), facts);
      picture = true;
    } else if (kind == "audio") {
      facts.audio.push_back(track_of(stream, static_cast<int>(facts.audio.size())));
    } else if (kind == "subtitle") {
      if (is_text(text_at(stream, "codec_name"))) facts.text_subtitles.push_back(subtitles);
      ++subtitles;
    }
  }
  if (!picture) return fail(Code::failed, "it has no video stream");
  return {};
}

Result<void> ask_ffprobe(const fs::path& file, SourceFacts& facts, std::stop_token stop) {
  constexpr const char* kAsked =
      "format=duration,start_time:stream=codec_type,codec_name,codec_tag_string,width,height,"
      "sample_aspect_ratio,avg_frame_rate,r_frame_rate,pix_fmt,color_space,color_transfer,field_order,"
      "channels,"
      "start_time,duration:stream_tags=language,DURATION:stream_disposition=default,attached_pic:"
      "stream_side_data=rotation:packet=stream_index:packet_side_data=side_data_type";
  const Words argv = joined({{"ffprobe", "-v", "error", "-print_format", "json", "-read_intervals", "%+#1",
                              "-show_entries", kAsked},
                             media_input(file)});
  const auto probed =
      run_media({.argv = argv}, fmt::format("cannot read {}", path_text(file)), std::move(stop));
  if (!probed) return std::unexpected(probed.error());
  auto read = read_streams(read_json(probed->out), facts);
  if (!read)
    read.error().message = fmt::format("{} cannot be used: {}", path_text(file), read.error().message);
  return read;
}

// ---- what the pictures are ----------------------------------------------------------------------

/// Of two seconds of pictures.
struct Glance {
  int pictures = 0, upper_first = 0, lower_first = 0;
};

Result<Glance> glance_at(const fs::path& file, double from, std::stop_token stop) {
  const Words argv = joined({ffmpeg(),
                             {"-ss", fmt::format("{:.3f}", from), "-t", "2"},
                             media_input(file),
                             {"-map", "0:V:0", "-vf", "idet,metadata=mode=print:file=-:direct=1", "-fps_mode",
                              "passthrough", "-f", "null", "-"}});
  Glance glance;
  const auto on_line = [&](std::string_view line) {
    glance.pictures += line.starts_with("frame:");
    glance.upper_first += line == "lavfi.idet.multiple.current_frame=tff";
    glance.lower_first += line == "lavfi.idet.multiple.current_frame=bff";
  };
  const auto ended = run_child({.argv = argv, .on_line = on_line}, std::move(stop));
  if (!ended) return std::unexpected(ended.error());
  return glance;
}

/// Whether the very last of them are there decode_end() says.
Result<void> look_at_pictures(const fs::path& file, SourceFacts& facts, const std::stop_token& stop) {
  const std::pair<const char*, double> places[] = {
      {"at its start", facts.start},
      {"in its middle", facts.duration / 2},
      {"near its end", std::max(facts.start, facts.duration - 2)}};
  Glance all;
  for (const auto& [place, from] : places) {
    const auto glance = glance_at(file, from, stop);
    if (!glance) return std::unexpected(glance.error());
    if (glance->pictures == 0)
      return fail(Code::failed, fmt::format("{} is damaged: its pictures cannot be decoded {}; copy it again",
                                            path_text(file), place));
    all.pictures += glance->pictures;
    all.upper_first += glance->upper_first;
    all.lower_first += glance->lower_first;
  }
  // Ordinary pictures with fine lines look interlaced, too, but now this way and now that.
  facts.interlaced = facts.interlaced || std::max(all.upper_first, all.lower_first) * 10 > all.pictures * 8;
  return {};
}

Result<void> can_convert_hdr(const fs::path& file, const std::stop_token& stop) {
  bool there = false;
  const auto asked =
      run_child({.argv = {"ffmpeg", "-hide_banner", "-filters"},
                 .on_line = [&](std::string_view line) { there |= line.contains(" zscale "); }},
                stop);
  if (!asked) return std::unexpected(asked.error());
  if (there) return {};
  return fail(Code::failed,
              fmt::format("{} is HDR, and this ffmpeg lacks the filter zscale that makes ordinary "
                          "video of it; install a complete ffmpeg",
                          path_text(file)));
}

std::vector<std::string> warnings_of(const SourceFacts& facts) {
  std::vector<std::string> warnings;
  if (facts.audio.empty())
    warnings.emplace_back("It has no sound: clips are chosen by the picture alone, and get a silent track.");
  if (facts.audio.size() > 1)
    warnings.push_back(
        fmt::format("It has {} sound tracks; --audio-track takes another one.", facts.audio.size()));
  if (facts.variable_rate) warnings.emplace_back("Its frame rate varies; clips get a constant one.");
  if (facts.hdr) warnings.emplace_back("It is HDR; clips become ordinary video.");
  if (facts.interlaced) warnings.emplace_back("Its pictures are interlaced; clips are not.");
  return warnings;
}

Result<void> is_whole(const fs::path& file) {
  const auto look = look_at_container(file);
  if (!look) return std::unexpected(look.error());
  if (look->state == ContainerLook::State::cut) return std::unexpected(not_whole(file, look->detail));
  return {};
}

Result<void> long_enough(const fs::path& file, const SourceFacts& facts, const SourceLimits& limits) {
  if (facts.duration <= 0)
    return fail(Code::failed, fmt::format("{} does not say how long it is; copy it into a whole file first: "
                                          "ffmpeg -i IN -c copy OUT.mp4",
                                          path_text(file)));
  if (facts.duration < limits.min_seconds)
    return fail(Code::failed, fmt::format("{} is too short: it has {:.1f} s, and a clip at least {:g} s",
                                          path_text(file), facts.duration, limits.min_seconds));
  return {};
}

}  // namespace

std::string clip_rate(double fps) {
  struct Rate {
    double fps;
    const char* text;
  };
  constexpr Rate kRates[] = {{24000 / 1001., "24000/1001"}, {24, "24"}, {25, "25"},
                             {30000 / 1001., "30000/1001"}, {30, "30"}, {50, "50"},
                             {60000 / 1001., "60000/1001"}, {60, "60"}};
  const auto distance = [&](const Rate& rate) { return std::abs(rate.fps - fps); };
  return fps > 0 ? std::ranges::min_element(kRates, {}, distance)->text : "30";
}

double rate_number(std::string_view rate) {
  return number_of(rate);
}

std::string slug_of(const fs::path& file) {
  const fs::path name = file.stem();
  std::string slug;
  for (const char c : name.native()) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9'))
      slug += low;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  slug.resize(std::min<std::size_t>(slug.size(), 40));
  while (slug.ends_with('-')) slug.pop_back();
  return slug.empty() ? "video" : slug;
}

int heard_track(const SourceFacts& source) {
  if (source.audio.empty()) return -1;
  const auto standard = std::ranges::find_if(source.audio, &AudioTrack::standard);
  return standard == source.audio.end() ? source.audio.front().index : standard->index;
}

Result<SourceFacts> look_at_source(const fs::path& file, const SourceLimits& limits, std::stop_token stop) {
  const auto media = probe_media(file, stop);
  if (!media) return std::unexpected(media.error());
  SourceFacts facts{.slug = slug_of(file)};
  auto fine = is_whole(file);
  if (fine) fine = ask_ffprobe(file, facts, stop);
  if (fine) fine = long_enough(file, facts, limits);
  if (fine && facts.hdr) fine = can_convert_hdr(file, stop);
  if (fine) fine = look_at_pictures(file, facts, stop);
  if (fine) fine = decode_end(file, *media, stop);
  if (fine) fine = add_content_key(file, facts);
  if (!fine) return std::unexpected(fine.error());
  facts.warnings = warnings_of(facts);
  return facts;
}

}  // namespace asfs::pipeline
