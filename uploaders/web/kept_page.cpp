#include "uploaders/web/kept_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "registry/base/text.h"

namespace asfs::web {
namespace {

constexpr std::string_view kFolder = "logs/browser/", kLooked = "; what the page looked like: ";
constexpr std::size_t kMostKept = 100;

void remove_oldest(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> kept;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    kept.push_back(at->path());
  if (kept.size() < kMostKept) return;
  std::ranges::sort(kept);  // their names are times
  kept.resize(kept.size() - kMostKept + 1);
  for (const auto& old : kept) std::filesystem::remove_all(old, error);
}

}  // namespace

std::string new_kept_page(const Library& library, std::string_view platform, TimePoint now) {
  remove_oldest(library.home / kFolder);
  std::string time = local_timestamp(now).substr(0, 19);
  std::ranges::replace(time, ':', '.');
  std::ranges::replace(time, ' ', 'T');
  const std::string name = fmt::format("{}{}_{}", kFolder, time, fold_case(platform));
  std::string free = name;
  std::error_code error;
  for (int i = 2; std::filesystem::exists(library.home / free, error); ++i)
    free = fmt::format("{}_{}", name, i);
  return free;
}

std::string with_kept_page(std::string_view message, std::string_view folder) {
  return fmt::format("{}{}{}", message, kLooked, folder);
}

std::string kept_page_in(std::string_view message) {
  const std::size_t looked = message.find(kLooked);
  if (looked == std::string_view::npos) return {};
  std::string_view folder = message.substr(looked + kLooked.size());
  if (!folder.starts_with(kFolder)) return {};
  const std::string_view name = folder.substr(kFolder.size());
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-'; };
  const auto end = std::ranges::find_if_not(name, plain);
  const std::string_view own(name.begin(), end);
  return own.empty() || own.starts_with('.') ? std::string() : fmt::format("{}{}/page.jpg", kFolder, own);
}

}  // namespace asfs::web
