// The JSON that holds a transcript: of ASFS, whisper.cpp, openai-whisper and whisperx.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "app/pipeline/transcript_formats.h"
#include "app/pipeline/transcript_text.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr double kLatest = 1e7;  ///< seconds; no video lasts so long
constexpr std::size_t kMostWarnings = 50;
constexpr std::string_view kReplaced = "\uFFFD";

std::optional<double> decimal_at(const Json& object, std::string_view key) {
  const auto number = real_at(object, key);
  return number && std::abs(*number) <= kLatest ? number : std::nullopt;
}

/// Adds a stamp over what is not blank in the last part of the line, from `from` on.
void stamp_rest(Line& line, std::size_t from, std::optional<double> start, std::optional<double> end) {
  const std::size_t first = line.text.find_first_not_of(" \t\r\n", from);
  if (start && end && first != line.text.npos)
    line.stamps.push_back({first, line.text.size(), *start, std::max(*start, *end)});
}

/// With blanks in front, as whisper writes them, a word without one goes on with the word before it.
void read_segment_words(const Json& words, Line& line) {
  const bool blanks_are_said =
      std::ranges::any_of(words, [](const Json& word) { return text_at(word, "word").starts_with(' '); });
  line.text.clear();
  for (const Json& word : words) {
    const std::size_t from = line.text.size();
    if (!blanks_are_said && from > 0) line.text += ' ';
    line.text += text_at(word, "word");
    stamp_rest(line, from, decimal_at(word, "start"), decimal_at(word, "end"));
  }
}

/// A segment of ASFS, openai-whisper, whisperx.
std::optional<Line> line_of_segment(const Json& segment) {
  Line line;
  line.text = trimmed(text_at(segment, "text"));
  const Json& words = child_at(segment, "words");
  if (words.is_array() && !words.empty()) read_segment_words(words, line);
  auto start = decimal_at(segment, "start"), end = decimal_at(segment, "end");
  if (!start && !line.stamps.empty()) start = line.stamps.front().start;
  if (!end && !line.stamps.empty()) end = line.stamps.back().end;
  if (!start || !end) return std::nullopt;
  line.start = *start;
  line.end = *end;
  return line;
}

/// Bytes as whisper.cpp wrote them: half a character in a token was no UTF-8, and is U+FFFD for each byte
/// now.
std::size_t bytes_written(std::string_view text) {
  std::size_t bytes = text.size();
  for (auto at = text.find(kReplaced); at != text.npos; at = text.find(kReplaced, at + kReplaced.size()))
    bytes -= kReplaced.size() - 1;
  return bytes;
}

std::optional<double> offset_at(const Json& piece, std::string_view key) {
  const auto milliseconds = decimal_at(child_at(piece, "offsets"), key);
  return milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt;
}

/// The tokens' times, when their texts make up the whole text; `[_BEG_]` and the like say nothing.
std::vector<Stamp> token_stamps(const Json& tokens, std::string_view text) {
  std::vector<Stamp> stamps;
  std::size_t at = 0;
  for (const Json& token : tokens) {
    const std::string said = text_at(token, "text");
    if (said.starts_with("[_")) continue;
    Stamp stamp{at, at + bytes_written(said), 0, 0};
    at = stamp.to;
    if (stamp.from < text.size() && text[stamp.from] == ' ') ++stamp.from;
    const auto start = offset_at(token, "from"), end = offset_at(token, "to");
    if (!start || !end || stamp.from >= stamp.to) continue;
    stamp.start = *start;
    stamp.end = std::max(*start, *end);
    stamps.push_back(stamp);
  }
  if (at != text.size() || text.find(kReplaced) != text.npos) stamps.clear();
  return stamps;
}

/// A segment of whisper.cpp.
std::optional<Line> line_of_piece(const Json& piece) {
  const auto start = offset_at(piece, "from"), end = offset_at(piece, "to");
  if (!start || !end) return std::nullopt;
  Line line{*start, *end, text_at(piece, "text"), {}};
  line.stamps = token_stamps(child_at(piece, "tokens"), line.text);
  return line;
}

template <class LineOf>
Result<Transcript> read_segments(const Json& segments, std::string_view where, const LineOf& line_of) {
  std::vector<Line> lines;
  for (const Json& segment : segments) {
    auto line = line_of(segment);
    if (!line)
      return fail(Code::failed,
                  fmt::format("entry {} of its \"{}\" has no usable times", lines.size() + 1, where));
    lines.push_back(*std::move(line));
  }
  return transcript_of_lines(std::move(lines));
}

/// What to_json() wrote, word for word.
Result<Transcript> read_our_own(const Json& document) {
  Transcript transcript;
  transcript.timed_words = flag_at(document, "timed_words");
  transcript.origin = one_line(text_at(document, "origin"), 200);
  for (const Json& warning : child_at(document, "warnings"))
    if (warning.is_string() && transcript.warnings.size() < kMostWarnings)
      transcript.warnings.push_back(one_line(warning.get<std::string>()));
  for (const Json& segment : child_at(document, "segments")) {
    const std::size_t first = transcript.words.size();
    for (const Json& said : child_at(segment, "words")) {
      Word word{decimal_at(said, "start").value_or(-1), decimal_at(said, "end").value_or(-1),
                one_line(text_at(said, "word"), 200)};
      const double earliest = transcript.words.empty() ? 0 : transcript.words.back().end;
      if (word.text.empty() || word.start < earliest || word.end < word.start)
        return fail(Code::failed,
                    fmt::format("word {} of its \"segments\" has no text, or times out of order",
                                transcript.words.size() + 1));
      transcript.words.push_back(std::move(word));
    }
    const auto words = std::span(transcript.words).subspan(first);
    if (!words.empty())
      transcript.sentences.push_back(
          {first, words.size(), words.front().start, words.back().end, joined(words)});
  }
  return transcript;
}

bool is_our_own(const Json& document) {
  return child_at(document, "timed_words").is_boolean() && child_at(document, "segments").is_array();
}

Result<Transcript> read_shape(const Json& document) {
  if (is_our_own(document)) return read_our_own(document);
  const Json& segments = child_at(document, "segments");
  if (segments.is_array()) return read_segments(segments, "segments", line_of_segment);
  const Json& pieces = child_at(document, "transcription");
  if (pieces.is_array()) return read_segments(pieces, "transcription", line_of_piece);
  return fail(Code::not_found,
              "it is no transcript: it has neither \"segments\" (ASFS, whisper, whisperx) nor "
              "\"transcription\" (whisper.cpp)");
}

}  // namespace

Result<Transcript> transcript_of(const Json& document) {
  auto transcript = read_shape(document);
  if (!transcript) return transcript;
  std::string language = text_at(document, "language");
  if (language.empty()) language = text_at(child_at(document, "result"), "language");
  transcript->language = plain_language(language);
  const auto probability = decimal_at(document, "language_probability");
  transcript->language_probability = std::clamp(probability.value_or(0), 0.0, 1.0);
  return transcript;
}

Json to_json(const Transcript& transcript, double duration) {
  Json segments = Json::array();
  for (const Sentence& sentence : transcript.sentences) {
    Json words = Json::array();
    for (std::size_t i = sentence.first; i < sentence.first + sentence.count; ++i) {
      const Word& word = transcript.words[i];
      words.push_back({{"word", word.text}, {"start", word.start}, {"end", word.end}});
    }
    segments.push_back({{"start", sentence.start},
                        {"end", sentence.end},
                        {"text", sentence.text},
                        {"words", std::move(words)}});
  }
  return {{"language", transcript.language},
          {"language_probability", transcript.language_probability},
          {"duration", duration},
          {"origin", transcript.origin},
          {"timed_words", transcript.timed_words},
          {"warnings", transcript.warnings},
          {"segments", std::move(segments)}};
}

}  // namespace asfs::pipeline
