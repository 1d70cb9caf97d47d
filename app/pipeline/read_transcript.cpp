// Which of the formats a transcript has.
#include <fmt/format.h>

#include <algorithm>

#include "app/pipeline/transcript.h"
#include "app/pipeline/transcript_formats.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

/// A file of Windows' Notepad, saved as "Unicode".
bool is_utf16(std::string_view content) {
  return content.starts_with("\xFF\xFE") || content.starts_with("\xFE\xFF");
}

bool has_lost_letters(const Transcript& transcript) {
  return std::ranges::any_of(transcript.words,
                             [](const Word& word) { return word.text.find("\uFFFD") != word.text.npos; });
}

/// Line numbers are those of the file: what is blank in front of it stays.
Result<Transcript> read_utf8(std::string_view content) {
  if (content.starts_with("\uFEFF")) content.remove_prefix(3);
  if (!trimmed(content.substr(0, 1000)).starts_with('{')) return transcript_of_subtitles(content);
  const auto document = parse_json(content);
  if (document) return transcript_of(*document);
  const JsonFault& fault = document.error();
  if (fault.line == 0) return fail(Code::failed, fault.what);
  return fail(Code::failed, fmt::format("line {}, column {}: {}", fault.line, fault.column, fault.what));
}

}  // namespace

Result<Transcript> read_transcript(std::string_view content) {
  if (content.size() > kLongestJson)
    return fail(Code::failed, fmt::format("it is larger than {}", bytes_text(kLongestJson)));
  if (is_utf16(content)) return fail(Code::failed, "it is UTF-16 text; save it as UTF-8");
  if (is_utf8(content)) return read_utf8(content);
  auto transcript = read_utf8(valid_utf8(content));
  // Tokens of whisper.cpp are parts of characters; that is made good, and nobody's fault.
  if (transcript && has_lost_letters(*transcript))
    transcript->warnings.push_back("It is not UTF-8 text throughout: some letters could not be read.");
  return transcript;
}

}  // namespace asfs::pipeline
