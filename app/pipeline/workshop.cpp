#include "app/pipeline/workshop.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "registry/files/checksum.h"
#include "version.h"

namespace asfs::pipeline {
namespace {

constexpr std::uintmax_t kLargest = 64 << 20;

}  // namespace

std::string key_of(const Json& document) {
  return sha256_of(dumped(document));
}

Workshop::Workshop(std::filesystem::path folder, FileDescriptor lock)
    : folder_(std::move(folder)), lock_(std::move(lock)) {}

Result<Workshop> Workshop::open(const Library& library, const SourceFacts& source) {
  auto folder = library.home / "pipeline" / fmt::format("{}-{}", source.slug, source.content.substr(0, 8));
  if (auto made = make_private_folder(folder); !made) return std::unexpected(made.error());
  FileDescriptor lock(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return fail(Code::library, fmt::format("{}: {}", path_text(folder / "lock"), errno_text(errno)));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Code::failed,
                fmt::format("another asfs-videos works on this video; wait for it, or stop it ({})",
                            path_text(folder)));
  return Workshop(std::move(folder), std::move(lock));
}

Result<std::filesystem::path> Workshop::scratch() const {
  const auto folder = folder_ / "work";
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  if (auto made = make_private_folder(folder); !made) return std::unexpected(made.error());
  return folder;
}

std::string Workshop::key(const Stage& stage, const std::vector<int>& inputs, const Json& settings) const {
  Json made_of = Json{
      {"stage", stage.number}, {"version", stage.version}, {"inputs", Json::array()}, {"settings", settings}};
  for (const int input : inputs) {
    const auto found = results_.find(input);
    made_of["inputs"].push_back(found == results_.end() ? "" : found->second);
  }
  return key_of(made_of);
}

std::filesystem::path Workshop::file(std::string_view name) const {
  return folder_ / fmt::format("{}.json", name);
}

std::optional<Json> Workshop::find(const Stage& stage, const std::string& key) {
  const auto text = read_file(file(stage.file), kLargest);
  if (!text) return std::nullopt;
  Json kept = read_json(*text);
  if (text_at(kept, "key") != key || !kept.contains("result")) return std::nullopt;
  results_[stage.number] = key_of(kept["result"]);
  return std::move(kept["result"]);
}

Result<void> Workshop::keep(const Stage& stage, const std::string& key, const Json& settings,
                            const Json& result, std::int64_t took_ms) {
  const Json whole{{"schema", fmt::format("asfs.pipeline.{}/{}", stage.event, stage.version)},
                   {"key", key},
                   {"made_by", fmt::format("asfs-videos {}", kVersion)},
                   {"made_at", local_timestamp(system_clock().now())},
                   {"settings", settings},
                   {"took_ms", took_ms},
                   {"result", result}};
  auto written = write_file_atomically(file(stage.file), dumped(whole) + "\n");
  if (written) results_[stage.number] = key_of(result);
  return written;
}

Result<Json> Workshop::document(std::string_view name) const {
  const auto text = read_file(file(name), kLargest);
  if (!text && text.error().code == Code::not_found) return Json::object();
  if (!text) return std::unexpected(text.error());
  auto document = parse_json(*text);
  if (document && document->is_object()) return *std::move(document);
  std::string why = document ? "it is no object" : document.error().what;
  if (!document && document.error().line > 0)
    why += fmt::format(" (line {}, column {})", document.error().line, document.error().column);
  return fail(Code::failed, fmt::format("{} cannot be read: {}; mend it, or move it away to begin anew",
                                        path_text(file(name)), why));
}

Result<void> Workshop::write(std::string_view name, const Json& document) const {
  return write_file_atomically(file(name), dumped(document, 2) + "\n");
}

}  // namespace asfs::pipeline
