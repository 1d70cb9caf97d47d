// Stage 2, transcription: what is said in a source, when. Nothing is transcribed by us: a file beside the
// video, a subtitle track in it, a command of the user's, whisper-cli or ffmpeg's filter says it; without any
// of them there is no transcript, and everything else goes on.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/pipeline/sound.h"
#include "registry/base/json_fwd.h"
#include "registry/base/result.h"

namespace asfs::pipeline {

struct Word {
  double start = 0.0, end = 0.0;  ///< seconds of the source
  std::string text;               ///< UTF-8, without blanks around it; punctuation stays on it
};

/// Words in a row; `first` and `count` in Transcript::words.
struct Sentence {
  std::size_t first = 0, count = 0;
  double start = 0.0, end = 0.0;
  std::string text;
};

struct Transcript {
  std::string origin;    ///< for people: `talk.srt`, `a subtitle track of the video`, `whisper-cli`; "" when
                         ///< there is none
  std::string language;  ///< `en`; "" when it is not known
  double language_probability = 0.0;  ///< 0: it is not known
  bool timed_words = false;           ///< false: the words' times are shared out over their line
  std::vector<Word> words;            ///< in order of time, none overlapping the one before
  std::vector<Sentence> sentences;    ///< until repair(): the lines as they were read
  std::vector<std::string> warnings;  ///< whole sentences: what was repaired or could not be read
};

/// Tells SRT, WebVTT, ASS and four shapes of JSON (ASFS's own transcript.json, whisper.cpp with -oj or -ojf,
/// openai-whisper, whisperx) apart by their content, not their name. Hostile input is safe. Code::failed
/// names the line that is wrong; Code::not_found: it is none of these.
Result<Transcript> read_transcript(std::string_view content);

/// Clamps words to 0..duration, puts times in order, shortens a word of more than 1.5 s or one that reaches
/// into a silence to the silence's edge, drops what lies wholly in a silence of 1 s and more, and the third
/// repetition of the same line in a row; says in `warnings` what it did. Then makes the sentences: their end
/// is one of . ! ? … with a gap of 0.15 s or a capital after it (not after `Dr.`), or 。！？; without
/// punctuation a gap of 0.6 s; never longer than 20 s. Words that only share their line's time are put where
/// something sounds.
void repair(Transcript& transcript, const Sound& sound, double duration);

struct TranscriberSettings {
  std::vector<std::string>
      command;  ///< of the user's; `{audio}` and `{output}` in it are replaced, and without `{output}` its
                ///< stdout (at most 1 MiB) is the transcript; empty: none
  std::filesystem::path whisper_model;  ///< for whisper-cli and ffmpeg's filter; empty: WHISPER_MODEL, and
                                        ///< without that neither is run
  std::string language = "auto";
};

/// Will something listen to the sound, so that stage 1 has to write a WAV?
bool needs_wav(const std::filesystem::path& video, const std::vector<int>& text_subtitles,
               const TranscriberSettings& settings);

/// The first there is: a file beside the video of its name (`talk.json`, `talk.transcript.json`,
/// `talk.en.vtt`, `talk.srt`, `talk.ass`; JSON first, as it may know each word's time), a subtitle track, the
/// command, whisper-cli, ffmpeg's filter `whisper`; one that cannot be read or has no words is a warning, and
/// the next one is asked. A
/// `.json` beside the video that is no transcript (it may say what a post is to say) is passed over in
/// silence. Not yet repaired. `wav` may not exist when needs_wav() said no; when a track says nothing after
/// all, it is written. Other files in `folder` are gone afterwards. `on_share` hears how far a transcriber
/// is, where it tells on stderr (`45%`).
/// Code::cancelled; else never fails: the transcript may be empty.
Result<Transcript> find_transcript(const std::filesystem::path& video, const std::vector<int>& text_subtitles,
                                   const std::filesystem::path& wav, const std::filesystem::path& folder,
                                   const TranscriberSettings& settings,
                                   const std::function<void(double)>& on_share, std::stop_token stop);

/// ASFS's own transcript.json: language, language_probability, duration, segments with words; one segment a
/// sentence. Besides, what only we read: origin, timed_words, warnings.
Json to_json(const Transcript& transcript, double duration);

/// One of the four shapes; what to_json() made comes back as it was. Errors as of read_transcript().
Result<Transcript> transcript_of(const Json& document);

}  // namespace asfs::pipeline
