// What is known about a source, as text and back.
#include <cstdint>
#include <type_traits>
#include <utility>

#include "app/pipeline/source.h"
#include "registry/base/json.h"

namespace asfs::pipeline {
namespace {

template <class T>
void read_number(const Json& json, const char* key, T& value) {
  if constexpr (std::is_integral_v<T>) {
    if (const auto found = number_at(json, key); found && std::in_range<T>(*found))
      value = static_cast<T>(*found);
  } else if (const auto found = real_at(json, key)) {
    value = *found;
  }
}

AudioTrack track_in(const Json& json) {
  AudioTrack track{.codec = text_at(json, "codec"),
                   .language = text_at(json, "language"),
                   .standard = flag_at(json, "standard")};
  read_number(json, "index", track.index);
  read_number(json, "channels", track.channels);
  return track;
}

template <class T>
void read_list(const Json& json, const char* key, std::vector<T>& list) {
  const Json& found = child_at(json, key);
  if (!found.is_array()) return;
  for (const Json& element : found) {
    if constexpr (std::is_same_v<T, AudioTrack>) {
      if (element.is_object()) list.push_back(track_in(element));
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (element.is_string()) list.push_back(element.get<std::string>());
    } else if (element.is_number_integer() && std::in_range<T>(element.get<std::int64_t>())) {
      list.push_back(element.get<T>());
    }
  }
}

}  // namespace

Json to_json(const SourceFacts& facts) {
  Json audio = Json::array();
  for (const AudioTrack& track : facts.audio)
    audio.push_back({{"index", track.index},
                     {"codec", track.codec},
                     {"channels", track.channels},
                     {"language", track.language},
                     {"standard", track.standard}});
  return {{"slug", facts.slug},
          {"content", facts.content},
          {"size", facts.size},
          {"duration", facts.duration},
          {"start", facts.start},
          {"width", facts.width},
          {"height", facts.height},
          {"rotation", facts.rotation},
          {"fps", facts.fps},
          {"variable_rate", facts.variable_rate},
          {"interlaced", facts.interlaced},
          {"hdr", facts.hdr},
          {"bits", facts.bits},
          {"matrix", facts.matrix},
          {"video_codec", facts.video_codec},
          {"audio", std::move(audio)},
          {"text_subtitles", facts.text_subtitles},
          {"warnings", facts.warnings}};
}

SourceFacts source_facts(const Json& json) {
  SourceFacts facts;
  facts.slug = text_at(json, "slug");
  facts.content = text_at(json, "content");
  facts.size = count_at(json, "size").value_or(0);
  read_number(json, "duration", facts.duration);
  read_number(json, "start", facts.start);
  read_number(json, "width", facts.width);
  read_number(json, "height", facts.height);
  read_number(json, "rotation", facts.rotation);
  read_number(json, "fps", facts.fps);
  read_number(json, "bits", facts.bits);
  facts.variable_rate = flag_at(json, "variable_rate");
  facts.interlaced = flag_at(json, "interlaced");
  facts.hdr = flag_at(json, "hdr");
  facts.matrix = text_at(json, "matrix");
  facts.video_codec = text_at(json, "video_codec");
  read_list(json, "audio", facts.audio);
  read_list(json, "text_subtitles", facts.text_subtitles);
  read_list(json, "warnings", facts.warnings);
  return facts;
}

}  // namespace asfs::pipeline
