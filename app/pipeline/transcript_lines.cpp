// The texts that hold a transcript: SRT, WebVTT, ASS.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "app/pipeline/transcript_formats.h"
#include "app/pipeline/transcript_text.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

/// Line by line; they end with LF, CRLF or CR.
class TextLines {
 public:
  explicit TextLines(std::string_view text) : rest_(text) {}

  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const auto end = std::min(rest_.find_first_of("\r\n"), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (!rest_.empty()) rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : 1);
    ++number_;
    return line;
  }
  std::size_t number() const { return number_; }  ///< of the line that was given last, from 1

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// `1:02:03,456`, `02:03.4`, `2:03`: seconds.
std::optional<double> clock_time(std::string_view text) {
  text = trimmed(text);
  double seconds = 0;
  int parts = 0;
  for (auto colon = text.find(':'); colon != text.npos; colon = text.find(':'), ++parts) {
    const std::string_view part = text.substr(0, colon);
    int value = 0;
    if (parts == 2 || !is_digits(part) || part.size() > 4) return std::nullopt;
    std::from_chars(part.data(), part.data() + part.size(), value);
    seconds = (seconds + value) * 60;
    text.remove_prefix(colon + 1);
  }
  const auto point = text.find_first_of(",.");
  std::string last(text);
  if (point != text.npos) last[point] = '.';
  if (parts == 0 || last.size() > 12 || !is_digits(text.substr(0, point))) return std::nullopt;
  double value = 0;
  const auto read = std::from_chars(last.data(), last.data() + last.size(), value);
  if (read.ec != std::errc() || read.ptr != last.data() + last.size()) return std::nullopt;
  return seconds + value;
}

/// `00:00:01,000 --> 00:00:02,000 align:start`
std::optional<Line> timing_of(std::string_view line) {
  const auto arrow = line.find("-->");
  if (arrow == line.npos) return std::nullopt;
  const std::string_view after = trimmed(line.substr(arrow + 3));
  const auto start = clock_time(line.substr(0, arrow));
  const auto end = clock_time(after.substr(0, after.find_first_of(" \t")));
  if (!start || !end) return std::nullopt;
  return Line{*start, *end, {}, {}};
}

struct Named {
  std::string_view name, meaning;
};
constexpr Named kEntities[] = {{"&amp;", "&"},   {"&lt;", "<"},  {"&gt;", ">"},   {"&nbsp;", " "},
                               {"&quot;", "\""}, {"&#39;", "'"}, {"&apos;", "'"}, {"&lrm;", ""},
                               {"&rlm;", ""},    {"\\N", " "},   {"\\n", " "},    {"\\h", " "}};

/// What people read of a subtitle's text, and the times that stand in it (WebVTT: `<00:01.500>`).
class SubtitleText {
 public:
  SubtitleText(std::string_view raw, double start, double end) : raw_(raw), line_{start, end, {}, {}} {}

  Line read() {
    while (!raw_.empty()) {
      if (!take_tag() && !take_entity()) {
        line_.text += raw_.front();
        raw_.remove_prefix(1);
      }
    }
    if (timed_) stamp_until(line_.end);
    return std::move(line_);
  }

 private:
  static constexpr std::size_t kLongestTag = 400;

  bool take_tag() {
    const bool override_block = raw_.starts_with("{\\");
    if (raw_.front() != '<' && !override_block) return false;
    const auto end = raw_.substr(0, kLongestTag).find(override_block ? '}' : '>');
    const char next = raw_.size() > 1 ? raw_[1] : ' ';
    const bool letter = (next | 0x20) >= 'a' && (next | 0x20) <= 'z';
    const bool digit = next >= '0' && next <= '9';
    if (end == raw_.npos || !(override_block || letter || digit || next == '/')) return false;
    const auto time = digit ? clock_time(raw_.substr(1, end - 1)) : std::nullopt;
    if (digit && !time) return false;  // `<3 you`
    if (time && *time >= said_ && *time <= line_.end) stamp_until(*time);
    raw_.remove_prefix(end + 1);
    return true;
  }

  void stamp_until(double time) {
    const std::size_t from = std::min(line_.text.find_first_not_of(" \t", stamped_), line_.text.size());
    if (from < line_.text.size())
      line_.stamps.push_back({from, line_.text.size(), timed_ ? said_ : line_.start, time});
    stamped_ = line_.text.size();
    said_ = time;
    timed_ = true;
  }

  bool take_entity() {
    if (raw_.front() != '&' && raw_.front() != '\\') return false;
    for (const auto& [name, meaning] : kEntities) {
      if (!raw_.starts_with(name)) continue;
      line_.text += meaning;
      raw_.remove_prefix(name.size());
      return true;
    }
    return false;
  }

  std::string_view raw_;
  Line line_;
  std::size_t stamped_ = 0;
  double said_ = 0.0;
  bool timed_ = false;
};

/// A subtitle as it is shown: one text a row.
struct Cue {
  double start = 0.0, end = 0.0;
  std::vector<std::string_view> rows;
};

/// Rolling captions (YouTube's own) show the last row once more above the new one.
std::vector<Line> lines_of(const std::vector<Cue>& cues) {
  constexpr double kBlink = 0.05;  // seconds
  std::vector<Line> lines;
  std::string shown;
  double until = -1;
  for (const Cue& cue : cues) {
    Line line{cue.start, cue.end, {}, {}};
    std::vector<Line> rows;
    for (const std::string_view raw : cue.rows) {
      Line row = SubtitleText(raw, cue.start, cue.end).read();
      if (!trimmed(row.text).empty()) rows.push_back(std::move(row));
    }
    if (rows.empty()) continue;
    const bool rolls = rows.front().text == shown && std::abs(cue.start - until) < kBlink &&
                       (rows.size() > 1 || cue.end - cue.start < kBlink);
    shown = rows.back().text;
    until = cue.end;
    if (rolls) rows.erase(rows.begin());
    for (const Line& row : rows) {
      if (!line.text.empty()) line.text += ' ';
      for (Stamp stamp : row.stamps) {
        stamp.from += line.text.size();
        stamp.to += line.text.size();
        line.stamps.push_back(stamp);
      }
      line.text += row.text;
    }
    if (!rows.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

std::unexpected<Error> wrong_line(std::size_t number, std::string_view line, std::string_view wanted) {
  return fail(Code::failed, fmt::format("line {} says \"{}\" where {}", number, one_line(line, 60), wanted));
}

/// SRT and WebVTT: blocks with an empty line between, each with its times in its first or second line.
class Cues {
 public:
  Cues(std::string_view content, bool vtt) : lines_(content), vtt_(vtt) {}

  Result<Transcript> read() {
    while (const auto line = lines_.next()) {
      if (const auto taken = take(*line); !taken) return std::unexpected(taken.error());
    }
    if (row_ == 1) forget_number(lines_.number());  // of a subtitle that was cut off
    auto transcript = transcript_of_lines(lines_of(cues_));
    if (transcript) transcript->language = plain_language(language_);
    return transcript;
  }

 private:
  Result<void> take(std::string_view line) {
    if (line.empty()) {
      row_ = cue_row_ = 0;
      in_note_ = false;
      speaks_ = !vtt_ && !cues_.empty();  // a subtitle of SRT may hold an empty line
      return {};
    }
    ++row_;
    constexpr std::string_view kLanguage = "Language:";
    if (vtt_ && cues_.empty() && line.starts_with(kLanguage))
      language_ = trimmed(line.substr(kLanguage.size()));
    if (row_ == 1) in_note_ = vtt_ && (line.starts_with("NOTE") || line.starts_with("STYLE"));
    const bool begins = row_ == 1 || (row_ == 2 && cue_row_ == 0);
    const bool arrow = !in_note_ && line.find("-->") != line.npos;
    const auto timing = arrow ? timing_of(line) : std::nullopt;
    if (timing) {
      forget_number(lines_.number() - 1);
      cues_.push_back({timing->start, timing->end, {}});
      speaks_ = true;
      cue_row_ = row_;
    } else if (arrow && begins) {
      return wrong_line(lines_.number(), line, "times such as 00:01:02,500 --> 00:01:04,000 are expected");
    } else if (speaks_) {
      cues_.back().rows.push_back(line);
      last_row_ = lines_.number();
    }
    return {};
  }

  /// The number of a subtitle, above its times, is no text of the one before.
  void forget_number(std::size_t line) {
    if (cues_.empty() || cues_.back().rows.empty() || last_row_ != line) return;
    if (is_digits(trimmed(cues_.back().rows.back()))) cues_.back().rows.pop_back();
  }

  TextLines lines_;
  bool vtt_;
  std::string language_;
  std::vector<Cue> cues_;
  std::size_t row_ = 0;       ///< of the block, from 1
  std::size_t cue_row_ = 0;   ///< the one of the last times; 0: none in this block
  std::size_t last_row_ = 0;  ///< line number of the last text
  bool speaks_ = false;       ///< what comes is text of the last subtitle
  bool in_note_ = false;
};

/// The columns of ASS's `Dialogue:` lines that matter; the text is the last one.
struct AssColumns {
  std::size_t start = 1, end = 2, count = 10;
};

AssColumns ass_columns(std::string_view format) {
  AssColumns columns{0, 0, 0};
  while (columns.count < 100) {
    const auto comma = format.find(',');
    const std::string_view name = trimmed(format.substr(0, comma));
    if (name == "Start") columns.start = columns.count;
    if (name == "End") columns.end = columns.count;
    ++columns.count;
    if (comma == format.npos) break;
    format.remove_prefix(comma + 1);
  }
  return columns;
}

/// `{\p1}`: the text is a drawing.
bool is_drawing(std::string_view text) {
  const auto at = text.find("\\p");
  return at != text.npos && at + 2 < text.size() && text[at + 2] >= '1' && text[at + 2] <= '9';
}

std::optional<Cue> ass_dialogue(std::string_view line, const AssColumns& columns) {
  std::optional<double> start, end;
  for (std::size_t i = 0; i + 1 < columns.count; ++i) {
    const auto comma = line.find(',');
    if (comma == line.npos) return std::nullopt;
    if (i == columns.start) start = clock_time(line.substr(0, comma));
    if (i == columns.end) end = clock_time(line.substr(0, comma));
    line.remove_prefix(comma + 1);
  }
  if (!start || !end) return std::nullopt;
  Cue cue{*start, *end, {}};
  if (!is_drawing(line)) cue.rows.push_back(line);
  return cue;
}

Result<Transcript> read_ass(std::string_view content) {
  constexpr std::string_view kDialogue = "Dialogue:", kFormat = "Format:";
  TextLines lines(content);
  AssColumns columns;
  std::vector<Cue> cues;
  bool events = false;
  while (const auto line = lines.next()) {
    if (line->starts_with('[')) events = line->starts_with("[Events]");
    if (events && line->starts_with(kFormat)) columns = ass_columns(line->substr(kFormat.size()));
    if (!events || !line->starts_with(kDialogue)) continue;
    auto cue = ass_dialogue(line->substr(kDialogue.size()), columns);
    if (!cue)
      return wrong_line(lines.number(), *line,
                        "a line such as Dialogue: 0,0:00:01.00,0:00:02.50,... is expected");
    cues.push_back(*std::move(cue));
  }
  std::ranges::stable_sort(cues, {}, &Cue::start);
  return transcript_of_lines(lines_of(cues));
}

/// Times, or a number and times, are the first that is there.
bool begins_as_srt(std::string_view content) {
  TextLines lines(content);
  for (int seen = 0; seen < 2;) {
    const auto line = lines.next();
    if (!line) return false;
    if (trimmed(*line).empty()) continue;
    if (line->find("-->") != line->npos) return true;
    if (++seen == 1 && !is_digits(trimmed(*line))) return false;
  }
  return false;
}

}  // namespace

std::string plain_language(std::string_view name) {
  std::string plain = fold_case(name.substr(0, name.find_first_of("-_")));
  const bool letters = std::ranges::all_of(plain, [](char c) { return c >= 'a' && c <= 'z'; });
  return letters && plain.size() >= 2 && plain.size() <= 20 && plain != "auto" ? plain : std::string();
}

Result<Transcript> transcript_of_subtitles(std::string_view content) {
  if (content.starts_with("WEBVTT")) return Cues(content, true).read();
  const std::string_view head = trimmed(content.substr(0, 64));
  if (head.starts_with("[Script Info]") || content.find("\n[Events]") != content.npos)
    return read_ass(content);
  if (begins_as_srt(content)) return Cues(content, false).read();
  return fail(Code::not_found,
              "it is no transcript: neither SRT, WebVTT nor ASS, nor the JSON of ASFS or a whisper program");
}

}  // namespace asfs::pipeline
