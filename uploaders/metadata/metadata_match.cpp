#include "uploaders/metadata/metadata_match.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/files.h"
#include "registry/base/text.h"
#include "registry/queue/candidates.h"
#include "uploaders/metadata/metadata.h"
#include "uploaders/metadata/metadata_document.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;

fs::path whole_path(const fs::path& path) {
  std::error_code unknown;
  return fs::absolute(path, unknown).lexically_normal();
}

/// With the links in its folder resolved, as registered paths are.
fs::path resolved(const fs::path& path) {
  std::error_code unknown;
  const fs::path folder = fs::canonical(path.parent_path(), unknown);
  return unknown ? path : folder / path.filename();
}

/// Whole paths are the same file; anything else is the end of the path.
bool leads_to(const fs::path& wanted, const fs::path& path) {
  if (wanted.is_absolute()) return wanted == path || resolved(wanted) == resolved(path);
  return path.native().ends_with("/" + wanted.native());
}

}  // namespace

Result<MetadataTargets> MetadataTargets::load(VideoRegistry& registry, const std::vector<fs::path>& files,
                                              const RegisterOptions& options) {
  MetadataTargets all;
  const auto registered = load_candidates(registry, {}, {});
  if (!registered) return std::unexpected(registered.error());
  for (const Candidate& video : registered->videos) {
    all.registered_ids_.emplace(video.id, all.targets_.size());
    all.targets_.push_back({.id = std::string(video.id),
                            .path = registry.library().resolve(video.file_path).lexically_normal(),
                            .title = std::string(video.title),
                            .document = std::string(video.metadata_json)});
  }
  for (const fs::path& file : files) {
    const std::string stem = one_line(path_text(file.stem()));
    all.coming_ids_.emplace(options.id.value_or(stem), all.targets_.size());
    all.targets_.push_back(
        {.id = options.id.value_or(stem),
         .path = whole_path(file),
         .title = options.title.value_or(stem),
         .document =
             words_beside(file, metadata_beside(file).value_or("")).value_or(""),  // errors are told later
         .about_to_be = true});
  }
  for (std::size_t i = 0; i < all.targets_.size(); ++i)
    all.by_name_.emplace(all.targets_[i].path.filename().native(), i);
  for (MetadataTarget& target : all.targets_)
    if (target.about_to_be)
      if (const auto known = all.at_path(target.path, false); !known.empty()) target.same_as = known.back();
  return all;
}

std::vector<std::size_t> MetadataTargets::at_path(const fs::path& path, bool about_to_be) const {
  std::vector<std::size_t> found;
  const auto [from, to] = by_name_.equal_range(path.filename().native());
  for (auto at = from; at != to; ++at)
    if (const MetadataTarget& target = targets_[at->second];
        target.about_to_be == about_to_be && leads_to(path, target.path))
      found.push_back(at->second);
  return found;
}

Result<std::size_t> MetadataTargets::find(const MetadataTable& table, const MetadataTable::Row& row) const {
  std::vector<std::size_t> found;
  if (row.by_id) {
    if (const auto known = registered_ids_.find(row.key); known != registered_ids_.end())
      return known->second;
    const auto [from, to] = coming_ids_.equal_range(row.key);
    for (auto at = from; at != to; ++at) found.push_back(at->second);
  } else {
    fs::path path = fs::path(row.key).lexically_normal();
    if (!path.empty() && *path.begin() == "..") path = whole_path(table.path).parent_path() / path;
    path = path.lexically_normal();
    found = at_path(path, true);
    if (found.empty()) found = at_path(path, false);
  }
  std::ranges::sort(found);
  const std::string key = one_line(row.key, 80);
  if (found.empty())
    return fail(Code::not_found, fmt::format("there is no {} {}", row.by_id ? "video" : "video file", key));
  if (found.size() > 1)
    return fail(Code::usage,
                fmt::format("{} is the {} of {} videos, {} and {} among them; write {}", key,
                            row.by_id ? "id" : "name", found.size(), path_text(targets_[found[0]].path),
                            path_text(targets_[found[1]].path),
                            row.by_id ? "the file instead" : "the id, or more of the path"));
  return found.front();
}

std::size_t MetadataTargets::identity(std::size_t index) const {
  const std::size_t known = targets_[index].same_as;
  return known == MetadataTarget::kNone ? index : known;
}

}  // namespace asfs
