// What tests look at in a transcript.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "app/pipeline/transcript.h"

namespace asfs::test {

/// The words with a bar between.
inline std::string said(const pipeline::Transcript& transcript) {
  std::string text;
  for (const auto& word : transcript.words) text += (text.empty() ? "" : "|") + word.text;
  return text;
}

/// The sentences (before repair(): the lines) with a bar between.
inline std::string sentences_said(const pipeline::Transcript& transcript) {
  std::string text;
  for (const auto& sentence : transcript.sentences) text += (text.empty() ? "" : "|") + sentence.text;
  return text;
}

inline pipeline::Transcript transcript_in(std::string_view content) {
  auto transcript = pipeline::read_transcript(content);
  REQUIRE_MESSAGE(transcript, (transcript ? std::string() : transcript.error().message));
  return *std::move(transcript);
}

/// A word from `start` to `end`, to a hundredth of a second.
inline bool is_said_at(const pipeline::Word& word, std::string_view text, double start, double end) {
  const auto near = [](double a, double b) { return a - b < 0.01 && b - a < 0.01; };
  return word.text == text && near(word.start, start) && near(word.end, end);
}

}  // namespace asfs::test
