// Captions of a clip as an ASS document: measured lines, the spoken word highlighted without a change of
// size, clear of the platforms' own buttons. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/source.h"
#include "app/pipeline/transcript.h"

namespace asfs::pipeline {

struct Captions {
  std::vector<Word> words;  ///< of the clip, in the clip's own time; empty: no captions
  std::string hook;         ///< shown at the top for the first 3 s; empty: none
  bool none() const { return words.empty() && hook.empty(); }
};

/// The part of a transcript that a clip has, in the clip's own time; a word cut by an edge is left out.
std::vector<Word> words_in(const Transcript& transcript, Span span);

/// What a person wants to stand there in place of what is said, at the times of what is said: a word that is
/// said keeps its time, and others share the time of those in whose place they stand. Where nothing is said
/// at all they are spread over the clip's `length` in seconds. `spoken`: in the clip's own time.
std::vector<Word> laid_over(std::string_view text, const std::vector<Word>& spoken, double length);

/// A person's words for a clip of `from`, when its edges are moved to `to`: those still in it, and what is
/// said beyond.
std::string moved_words(std::string_view text, const Transcript& transcript, Span from, Span to);

/// A hook of more letters is too long to be read in its three seconds.
inline constexpr std::size_t kLongestHook = 100;

/// At most two lines, broken where the text's own width in the font Inter Semi Bold (embedded in the
/// executable, measured by FreeType) would reach over eight tenths of the picture; a block stays until the
/// next when the gap is under 0.6 s. A hook has up to four lines, in smaller letters where it needs them;
/// Chinese and Japanese are broken between letters. Braces, backslashes and line breaks in words are text,
/// not commands. All sizes go by the picture's shorter side.
std::string ass_document(const Captions& captions, PictureSize picture = {});

}  // namespace asfs::pipeline
