#include "app/pipeline/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <ranges>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/files/checksum.h"

namespace asfs::pipeline {
namespace {

constexpr std::uintmax_t kLargestPool = 8 << 20;
constexpr std::size_t kMostTaken = 50'000;  ///< those that took theirs first are forgotten

/// The same number for the same name, on every machine.
std::uint64_t number_of_name(std::string_view name) {
  const std::string digits = sha256_of(name);
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + 16, number, 16);
  return number;
}

/// Waits for other programs that take; gone with the descriptor.
Result<FileDescriptor> pool_lock(const std::filesystem::path& folder) {
  if (auto there = make_private_folder(folder); !there) return std::unexpected(there.error());
  return lock_file(folder / "pool.lock");
}

}  // namespace

Pool::Pool(std::filesystem::path folder, PoolOrder order, PoolTable table)
    : folder_(std::move(folder)), order_(order), table_(std::move(table)) {}

Result<Pool> Pool::open(const Library& library, const PoolSettings& settings) {
  const auto text = read_file(settings.file, kLargestPool);
  if (!text) return std::unexpected(text.error());
  auto table = read_pool_table(*text, path_text(settings.file.filename()));
  if (!table) return std::unexpected(table.error());
  Pool pool(library.home / "pipeline", settings.order, *std::move(table));
  if (auto loaded = pool.load(); !loaded) return std::unexpected(loaded.error());
  return pool;
}

const PoolRow* Pool::row_of(std::string_view key) const {
  const auto found = std::ranges::find(table_.rows, key, &PoolRow::key);
  return found == table_.rows.end() ? nullptr : &*found;
}

const PoolRow* Pool::taken(std::string_view clip) const {
  for (const auto& [name, key] : std::views::reverse(taken_))
    if (name == clip)
      if (const PoolRow* row = row_of(key)) return row;  // else another pool's, or it was changed
  return nullptr;
}

Result<PoolRow> Pool::take(std::string_view clip) {
  const auto lock = pool_lock(folder_);
  if (!lock) return std::unexpected(lock.error());
  if (auto loaded = load(); !loaded) return std::unexpected(loaded.error());
  if (const PoolRow* row = taken(clip)) return *row;
  const PoolRow& row = table_.rows[next(clip)];
  taken_.emplace_back(clip, row.key);
  if (auto kept = keep(); !kept) return std::unexpected(kept.error());
  return row;
}

std::size_t Pool::next(std::string_view clip) const {
  const auto& rows = table_.rows;
  std::map<std::string_view, std::size_t> turns;  // by a row's key: when it was taken last; 0: never
  for (std::size_t i = 0; i < taken_.size(); ++i) turns[taken_[i].second] = i + 1;
  const auto turn = [&](std::size_t place) {
    const auto found = turns.find(rows[place].key);
    return found == turns.end() ? 0 : found->second;
  };
  std::vector<std::size_t> places(rows.size());
  std::iota(places.begin(), places.end(), 0);
  if (order_ == PoolOrder::in_order) {
    const std::size_t last = std::ranges::max(places, {}, turn);
    return turn(last) == 0 ? 0 : (last + 1) % rows.size();
  }
  std::ranges::stable_sort(places, {}, turn);
  const auto fresh = static_cast<std::size_t>(std::ranges::count(places, 0u, turn));
  return places[number_of_name(clip) % (fresh > 0 ? fresh : (rows.size() + 1) / 2)];
}

Result<void> Pool::load() {
  const auto file = folder_ / "pool.json";
  const auto text = read_file(file);
  taken_.clear();
  if (!text && text.error().code == Code::not_found) return {};
  if (!text) return std::unexpected(text.error());
  const Json document = read_json(*text);
  if (!child_at(document, "taken").is_array())
    return fail(Code::failed, fmt::format("{} cannot be read; move it away, and every clip takes a row anew",
                                          path_text(file)));
  for (const Json& one : child_at(document, "taken"))
    taken_.emplace_back(text_at(one, "clip"), text_at(one, "row"));
  return {};
}

Result<void> Pool::keep() const {
  Json taken = Json::array();
  for (std::size_t i = taken_.size() - std::min(taken_.size(), kMostTaken); i < taken_.size(); ++i)
    taken.push_back({{"clip", taken_[i].first}, {"row", taken_[i].second}});
  return write_file_atomically(folder_ / "pool.json", dumped(Json{{"taken", std::move(taken)}}, 1) + "\n");
}

}  // namespace asfs::pipeline
