#include "uploaders/stage/clips.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "registry/base/files.h"
#include "registry/base/text.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/metadata/metadata_match.h"
#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"
#include "uploaders/row/platforms.h"
#include "uploaders/web/routed_uploader.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;
using Row = MetadataTable::Row;

constexpr std::uintmax_t kMaxDocument = 1 << 20;

/// What the platforms would refuse, as far as they need not be asked.
class Refusals {
 public:
  static Result<std::unique_ptr<Refusals>> make(const Library& library, const Clock& clock) {
    auto config = upload_config(library, "");
    if (!config) return std::unexpected(config.error());
    return std::unique_ptr<Refusals>(new Refusals(library, *std::move(config), clock));
  }

  const Destinations& destinations() const { return config_.destinations; }

  /// Why this destination would not take such a post; "" when it would.
  std::string of(std::size_t platform, const std::string& document, std::string_view title) const {
    const auto metadata = parse_metadata(document, config_.destinations[platform].name);
    if (!metadata) return metadata.error().message;
    // No size: a file that is too large is no fault of the words.
    const auto fits = uploaders_[platform]->check(*metadata, title, 0);
    return fits ? "" : fits.error().message;
  }

 private:
  Refusals(const Library& library, Config config, const Clock& clock)
      : config_(std::move(config)), credentials_(stored_credentials(library, config_, clock)) {
    for (const Destination& one : config_.destinations)
      uploaders_.push_back(
          make_uploader({config_, *credentials_, clock, one.name, make_http_client, library}));
  }

  const Config config_;
  const std::unique_ptr<Credentials> credentials_;
  std::vector<std::unique_ptr<PlatformUploader>> uploaders_;  ///< as the destinations
};

/// The files that register_files() will find under these paths, each once.
std::vector<fs::path> files_under(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  std::set<fs::path> seen;
  const auto add = [&](const fs::path& file) {
    if (seen.insert(file).second) files.push_back(file);
  };
  for (const fs::path& path : paths) {
    std::error_code unknown;
    if (!fs::is_directory(path, unknown))
      add(path);
    else if (const auto videos = videos_in(path))  // register_files() tells of errors
      std::ranges::for_each(*videos, add);
  }
  return files;
}

/// What is to be laid over the documents of new and of registered videos.
struct Words {
  struct Change {
    std::string id, over;
  };
  std::map<fs::path, std::string> of_files;
  std::vector<Change> of_videos;
};

/// What each row of a table means for which video; the table collects what is wrong.
class Reading {
 public:
  Reading(MetadataTable& table, const MetadataTargets& targets, const Refusals& refusals,
          const std::vector<fs::path>& files)
      : table_(table), targets_(targets), refusals_(refusals), files_(files) {}

  Words read() {
    for (const Row& row : table_.rows) read_row(row);
    return std::move(words_);
  }

 private:
  void read_row(const Row& row) {
    const auto found = targets_.find(table_, row);
    if (!found) return table_.add_mistake(row.line, row.column, found.error().message, found.error().code);
    const auto [first, is_new] = line_of_.emplace(targets_.identity(*found), row.line);
    if (!is_new)
      return table_.add_mistake(row.line, row.column,
                                fmt::format("is the same video as line {}", first->second));
    const MetadataTarget& target = targets_[*found];
    std::string over = document_of(table_, row);
    check(row, target, over);
    if (target.about_to_be)
      words_.of_files[files_[targets_.file(*found)]] = std::move(over);
    else
      words_.of_videos.push_back({target.id, std::move(over)});
  }

  /// What was refused before already is not held against the row.
  void check(const Row& row, const MetadataTarget& target, const std::string& over) {
    const auto laid = lay_over(target.document, over);
    if (!laid)
      return table_.add_mistake(
          row.line, row.column,
          fmt::format("what its posts say so far cannot be read, set it anew: {}", laid.error().message));
    for (std::size_t p = 0; p < refusals_.destinations().size(); ++p) {
      const std::string refusal = refusals_.of(p, *laid, target.title);
      if (refusal.empty() || refusal == refusals_.of(p, target.document, target.title)) continue;
      const auto guilty = std::ranges::find_if(row.cells, [&](const MetadataTable::Cell& cell) {
        const auto without = lay_over(target.document, document_of(table_, row, &cell));
        return !without || refusals_.of(p, *without, target.title) != refusal;
      });
      const bool known = guilty != row.cells.end();
      table_.add_mistake(known ? guilty->line : row.line, known ? guilty->column : MetadataTable::kWholeLine,
                         fmt::format("{} would refuse it: {}", refusals_.destinations()[p].name, refusal));
    }
  }

  MetadataTable& table_;
  const MetadataTargets& targets_;
  const Refusals& refusals_;
  const std::vector<fs::path>& files_;
  std::map<std::size_t, std::size_t> line_of_;  ///< of the row about a target
  Words words_;
};

Result<Words> words_of_table(VideoRegistry& registry, const std::vector<fs::path>& files,
                             const ClipsOptions& options, ClipsReport& report) {
  auto table = read_metadata_csv(options.metadata);
  if (!table) return std::unexpected(table.error());
  const auto targets = MetadataTargets::load(registry, files, options.registering);
  if (!targets) return std::unexpected(targets.error());
  const auto refusals = Refusals::make(registry.library(), registry.clock());
  if (!refusals) return std::unexpected(refusals.error());
  Words words = Reading(*table, *targets, **refusals, files).read();
  report.mistakes = table->mistakes.list();
  report.mistake_count = table->mistakes.size();
  return words;
}

Result<Words> words_for_all(const std::vector<fs::path>& files, const fs::path& document) {
  const auto text = read_file(document, kMaxDocument);
  if (!text) return std::unexpected(text.error());
  const auto checked = checked_document(*text, path_text(document), document.parent_path());
  if (!checked) return std::unexpected(checked.error());
  Words words;
  for (const fs::path& file : files) words.of_files[file] = *checked;
  return words;
}

Result<void> register_with(VideoRegistry& registry, const std::vector<fs::path>& paths, Words& words,
                           const ClipsOptions& options, ClipsReport& report) {
  RegisterOptions registering = options.registering;
  std::vector<std::string> left_alone;
  registering.words = [&](const fs::path& file, const std::string& found) -> Result<std::string> {
    auto beside = words_beside(file, found);
    if (!beside) return beside;
    if (beside->empty() && !found.empty())
      left_alone.push_back(fmt::format("{} says nothing about posts; it is left alone",
                                       path_text(fs::path(file).replace_extension(".json"))));
    const auto own = words.of_files.find(file);
    return own == words.of_files.end() ? beside : lay_over(*beside, own->second);
  };
  auto files = register_files(registry, paths, registering, options.on_progress, options.stop);
  if (!files) return std::unexpected(files.error());
  report.files = *std::move(files);
  std::ranges::move(left_alone, std::back_inserter(report.files.warnings));
  for (const auto& one : report.files.registered)
    if (words.of_files.contains(one.source)) report.described.push_back(one.id);
  for (const auto& one : report.files.skipped)  // registered already, under whatever name
    if (const auto own = words.of_files.find(one.source); own != words.of_files.end())
      words.of_videos.push_back({one.id, own->second});
  return {};
}

Result<void> change_registered(VideoRegistry& registry, const Words& words, ClipsReport& report) {
  std::vector<std::string> ids;
  for (const auto& change : words.of_videos) ids.push_back(change.id);
  auto changed = registry.change_metadata(ids, [&](std::size_t i, const std::string& so_far) {
    return lay_over(so_far, words.of_videos[i].over);
  });
  if (changed) report.described.insert(report.described.end(), ids.begin(), ids.end());
  return changed;
}

}  // namespace

Result<ClipsReport> register_clips(VideoRegistry& registry, const std::vector<fs::path>& paths,
                                   const ClipsOptions& options) {
  ClipsReport report;
  Words words;
  if (!options.metadata.empty()) {
    const auto files = files_under(paths);
    auto read = is_csv(options.metadata) ? words_of_table(registry, files, options, report)
                                         : words_for_all(files, options.metadata);
    if (!read) return std::unexpected(read.error());
    if (report.mistake_count > 0) return report;
    words = *std::move(read);
  }
  if (!paths.empty() || !is_csv(options.metadata))
    if (auto done = register_with(registry, paths, words, options, report); !done)
      return std::unexpected(done.error());
  if (!words.of_videos.empty())
    if (auto done = change_registered(registry, words, report); !done) return std::unexpected(done.error());
  return report;
}

bool is_csv(const fs::path& path) {
  return fold_case(path.extension().native()) == ".csv";
}

std::string described_text(const fs::path& metadata, const ClipsReport& report) {
  return fmt::format("{} says what the posts of {} video{} are to say", path_text(metadata),
                     report.described.size(), report.described.size() == 1 ? "" : "s");
}

Error refused_table(const fs::path& csv, const ClipsReport& report) {
  const bool missing =
      std::ranges::all_of(report.mistakes, [](const Error& each) { return each.code == Code::not_found; });
  return {missing ? Code::not_found : Code::usage,
          fmt::format("{} has {} mistake{}; nothing was changed", path_text(csv), report.mistake_count,
                      report.mistake_count == 1 ? "" : "s")};
}

}  // namespace asfs
