#include "tests/simulation/films.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "registry/videos/video_registry.h"
#include "tests/simulation/platform.h"

namespace asfs::sim {
namespace {

/// An MP4 as far as its boxes tell.
std::string film_content(Dice& dice, std::size_t payload) {
  const auto box = [](std::string_view name, const std::string& inside) {
    std::string out;
    const auto size = static_cast<std::uint32_t>(inside.size() + 8);
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift);
    return out + std::string(name) + inside;
  };
  std::string bytes;
  while (bytes.size() < payload) bytes += static_cast<char>(dice.next());
  return box("ftyp", std::string("isom\0\0\2\0isom", 12)) + box("moov", box("mvhd", std::string(100, '\0'))) +
         box("mdat", bytes);
}

}  // namespace

std::vector<Film> make_films(World& world, bool long_captions) {
  std::vector<Film> films(2);
  const bool same = world.swarm.strikes(Trouble::same_caption).has_value();
  const bool same_length = world.dice.below(2);
  for (std::size_t i = 0; i < films.size(); ++i) {
    Film& film = films[i];
    film.id = i == 0 ? "film_a" : "film_b";
    film.title = same ? "A day at the sea" : i == 0 ? "First" : "Second";
    if (same && world.dice.below(2) && long_captions)
      film.title += fmt::format("{:.>160}", i == 0 ? "a" : "b");  // alike for 150 characters
    film.content = film_content(world.dice, 40 + i + 2 * world.dice.below(300));
    film.sha256 = sha256_of(film.content);
    film.seconds = i == 0 || same_length ? 12 : 31;
  }
  return films;
}

void register_films(const Library& library, const std::vector<Film>& films, const Clock& clock) {
  auto registry = VideoRegistry::open(library, clock);
  if (!registry) throw std::runtime_error(registry.error().message);
  for (const Film& film : films) {
    const std::string path = "clips/" + film.id + ".mp4";
    std::ofstream(library.home / path, std::ios::binary | std::ios::trunc) << film.content;
    const MediaInfo media{
        .duration = film.seconds, .width = 1080, .height = 1920, .video_codec = "h264", .fps = 30};
    if (auto made = registry->register_video({.id = film.id,
                                              .file_path = path,
                                              .title = film.title,
                                              .duration = film.seconds,
                                              .checksum = film.sha256,
                                              .facts = FileFacts{film.content.size(), media}});
        !made)
      throw std::runtime_error(made.error().message);
  }
}

}  // namespace asfs::sim
