// Which video a row of a table means (metadata_csv.h): one of those that are registered, or of the files that
// are about to be. Made of one look at the registry, on its thread; afterwards pure. For clips.cpp alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/videos/registration.h"
#include "registry/videos/video_registry.h"
#include "uploaders/metadata/metadata_csv.h"

namespace asfs {

struct MetadataTarget {
  std::string id;              ///< of a file: the one it will get, if nobody has it
  std::filesystem::path path;  ///< absolute
  std::string title;
  std::string document;         ///< what its posts are to say so far
  bool about_to_be = false;     ///< a file that is given, not registered yet as far as its path tells
  std::size_t same_as = kNone;  ///< of a file: the registered video at the same path

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

class MetadataTargets {
 public:
  /// `files` as they will be registered with `options`.
  static Result<MetadataTargets> load(VideoRegistry& registry,
                                      const std::vector<std::filesystem::path>& files,
                                      const RegisterOptions& options);

  /// The index of the one video that a row means. An id: of a registered video, else of a file. A file: its
  /// name, or the end of its path, or its whole path; among the files given, else among the registered ones.
  /// Code::not_found for none, Code::usage for several.
  Result<std::size_t> find(const MetadataTable& table, const MetadataTable::Row& row) const;

  const MetadataTarget& operator[](std::size_t index) const { return targets_[index]; }
  /// Of a file: its index in `files`.
  std::size_t file(std::size_t index) const { return index - registered_ids_.size(); }
  /// The same number for a file and for the registered video at its path.
  std::size_t identity(std::size_t index) const;

 private:
  std::vector<std::size_t> at_path(const std::filesystem::path& path, bool about_to_be) const;

  std::vector<MetadataTarget> targets_;  ///< the registered ones, then the files
  std::unordered_map<std::string, std::size_t> registered_ids_;
  std::unordered_multimap<std::string, std::size_t> coming_ids_;
  std::unordered_multimap<std::string, std::size_t> by_name_;  ///< the last part of the path
};

}  // namespace asfs
