#include "app/pipeline/known_clips.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/pipeline/review.h"
#include "registry/base/csv.h"
#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

std::string timecode(double seconds, int rate) {
  const auto frames = static_cast<long>(std::lround(seconds * rate));
  return fmt::format("{:02}:{:02}:{:02}:{:02}", frames / rate / 3600, frames / rate / 60 % 60,
                     frames / rate % 60, frames % rate);
}

std::string srt_time(double seconds) {
  const auto ms = static_cast<long>(std::lround(seconds * 1000));
  return fmt::format("{:02}:{:02}:{:02},{:03}", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

std::string as_edl(const Json& source) {
  const int rate = std::clamp(static_cast<int>(std::lround(real_at(source, "fps").value_or(0))), 1, 240);
  const std::string video = text_at(source, "video");
  std::string edl = fmt::format("TITLE: {}\nFCM: NON-DROP FRAME\n\n", one_line(video, 200));
  double at = 0.0;
  int event = 0;
  for (const Json& clip : child_at(source, "clips")) {
    if (text_at(clip, "decision") == "rejected") continue;
    const double start = real_at(clip, "start").value_or(0), end = real_at(clip, "end").value_or(0);
    edl += fmt::format("{:03}  AX       AA/V  C        {} {} {} {}\n* FROM CLIP NAME: {}\n", ++event,
                       timecode(start, rate), timecode(end, rate), timecode(at, rate),
                       timecode(at + end - start, rate), text_at(clip, "clip_id"));
    at += end - start;
  }
  return edl;
}

std::string as_srt(const Json& source, int& number) {
  std::string srt;
  for (const Json& clip : child_at(source, "clips"))
    if (text_at(clip, "decision") != "rejected")
      srt += fmt::format("{}\n{} --> {}\n{}: {}\n\n", ++number, srt_time(real_at(clip, "start").value_or(0)),
                         srt_time(real_at(clip, "end").value_or(0)), text_at(clip, "clip_id"),
                         one_line(text_at(clip, "title"), 200));
  return srt;
}

std::string as_csv(const Json& source) {
  std::string csv;
  for (const Json& clip : child_at(source, "clips"))
    if (text_at(clip, "decision") != "rejected")
      csv += csv_line({text_at(source, "video"), text_at(clip, "clip_id"),
                       fmt::format("{:.3f}", real_at(clip, "start").value_or(0)),
                       fmt::format("{:.3f}", real_at(clip, "end").value_or(0)),
                       fmt::format("{:.1f}", real_at(clip, "final_score").value_or(0)),
                       text_at(clip, "decision"), text_at(clip, "title")});
  return csv;
}

}  // namespace

std::vector<Json> known_sources(const Library& library) {
  std::vector<std::filesystem::path> folders;
  std::error_code ignored;
  for (std::filesystem::directory_iterator entry(library.home / "pipeline", ignored), end;
       !ignored && entry != end; entry.increment(ignored))
    folders.push_back(entry->path());
  std::ranges::sort(folders);
  std::vector<Json> sources;
  for (const auto& folder : folders) {
    const auto text = read_file(folder / "explained.json");
    Json source = text ? read_json(*text) : Json();
    if (source.is_object()) sources.push_back(std::move(source));
  }
  return sources;
}

Result<Json> known_clip(const Library& library, std::string_view id) {
  for (const Json& source : known_sources(library))
    for (const Json& clip : child_at(source, "clips")) {
      if (text_at(clip, "clip_id") != id) continue;
      Json found = clip;
      found["video"] = text_at(source, "video");
      return found;
    }
  return fail(Code::not_found,
              fmt::format("there is no clip {}; asfs-videos pipeline VIDEO --plan shows those of a video",
                          one_line(id, 80)));
}

std::string exported(const std::vector<Json>& sources, ExportFormat format) {
  std::string text = format == ExportFormat::csv
                         ? csv_line({"video", "clip", "start", "end", "score", "decision", "title"})
                         : "";
  int number = 0;
  for (const Json& source : sources) switch (format) {
      case ExportFormat::edl:
        text += as_edl(source);
        break;
      case ExportFormat::csv:
        text += as_csv(source);
        break;
      case ExportFormat::srt:
        text += as_srt(source, number);
        break;
    }
  return text;
}

}  // namespace asfs::pipeline
