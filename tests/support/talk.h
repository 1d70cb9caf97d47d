// What a talk is to the pipeline: sentences at known times, a sound that is loud where somebody speaks.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "app/pipeline/material.h"

namespace asfs::test {

/// Sentences one after the other: each word takes 0.3 s, and there are `pause` seconds before each.
class Talk {
 public:
  Talk() {
    material.sound.there = true;
    material.sound.loudness = -20.0;
    material.quality = {
        .score = 1.0, .continuity = 1, .density = 1, .fillers = 1, .coverage = 1, .passed = true};
    material.transcript.language = "en";
    material.transcript.timed_words = true;
    material.source.slug = "talk";
    material.source.content = std::string(64, 'a');
    material.source.fps = 30;
  }
  Talk& say(const std::string& sentence, double pause = 0.5) {
    silence(pause);
    pipeline::Sentence one{.first = material.transcript.words.size(), .start = now_, .text = sentence};
    std::istringstream in(sentence);
    for (std::string word; in >> word; ++one.count) {
      material.transcript.words.push_back({now_, now_ + kWord, word});
      sound(kWord, -18.0f);
      now_ += kWord;
    }
    one.end = now_;
    material.transcript.sentences.push_back(one);
    material.source.duration = now_;
    return *this;
  }
  Talk& silence(double seconds) {
    if (seconds >= 0.35) material.sound.silences.push_back({now_, now_ + seconds});
    sound(seconds, -60.0f);
    now_ += seconds;
    material.source.duration = now_;
    return *this;
  }
  Talk& music(double seconds) {
    sound(seconds, -15.0f);
    now_ += seconds;
    material.source.duration = now_;
    return *this;
  }
  double now() const { return now_; }
  const pipeline::Sentence& sentence(std::size_t place) const {
    return material.transcript.sentences.at(place);
  }

  pipeline::Material material;

 private:
  static constexpr double kWord = 0.3;
  void sound(double seconds, float loud) {
    while (static_cast<double>(material.sound.momentary.size()) * pipeline::Sound::kStep < now_ + seconds)
      material.sound.momentary.push_back(loud);
  }
  double now_ = 0.0;
};

/// A talk of so many minutes whose sentences all differ.
inline Talk long_talk(int minutes) {
  Talk talk;
  for (int i = 0; talk.now() < 60.0 * minutes; ++i) {
    std::string sentence = "Topic" + std::to_string(i);
    for (int word = 0; word < 6 + i % 7; ++word) sentence += " word" + std::to_string(i * 13 + word);
    talk.say(sentence + ".", 0.4 + 0.1 * (i % 4));
  }
  return talk;
}

}  // namespace asfs::test
