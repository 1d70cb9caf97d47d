// The command about what posts are to say: metadata.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>
#include <memory>

#include "app/cli/commands.h"
#include "app/cli/json_text.h"
#include "app/cli/registry_command.h"
#include "registry/base/files.h"
#include "uploaders/metadata/metadata_document.h"

namespace asfs {
namespace {

struct MetadataArgs {
  std::string subject, document;
};

Result<int> apply_table(const Invocation& call, VideoRegistry& registry, const std::string& csv) {
  const auto clips = register_clips(registry, {}, {.metadata = csv});
  if (!clips) return std::unexpected(clips.error());
  if (clips->mistake_count > 0) return report_mistakes(csv, *clips);
  if (!call.json) {
    print_out("{}\n", described_text(csv, *clips));
    return 0;
  }
  std::vector<VideoDocument> documents;
  for (const std::string& id : clips->described) {
    auto document = registry.get_metadata(id);
    if (!document) return std::unexpected(document.error());
    documents.push_back({id, *std::move(document)});
  }
  print_out("{}\n", json_of(documents));
  return 0;
}

Result<int> show(VideoRegistry& registry, const std::string& id) {
  const auto video = registry.get_video(id);
  if (!video) return std::unexpected(video.error());
  if (!*video) return std::unexpected(no_such_video(id));
  const auto document = registry.get_metadata(id);
  if (!document) return std::unexpected(document.error());
  print_out("{}\n", pretty_json(*document));
  return 0;
}

Result<int> set(VideoRegistry& registry, const std::string& id, const std::string& file) {
  const auto text = file == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : read_file(file);
  if (!text) return std::unexpected(text.error());
  const auto document = file == "-"
                            ? checked_document(*text, "standard input", ".")
                            : checked_document(*text, file, std::filesystem::path(file).parent_path());
  if (!document) return std::unexpected(document.error());
  const auto changed =
      registry.change_metadata({&id, 1}, [&](std::size_t, const std::string&) { return document; });
  if (!changed) return std::unexpected(changed.error());
  return show(registry, id);
}

}  // namespace

int report_mistakes(const std::filesystem::path& csv, const ClipsReport& clips) {
  for (const Error& mistake : clips.mistakes) report(mistake);
  return report(refused_table(csv, clips));
}

Command define_metadata(CLI::App& app) {
  auto args = std::make_shared<MetadataArgs>();
  app.add_option("ID|FILE.csv", args->subject,
                 "The video; or a CSV: a column id or file, and columns such as title, hashtags, "
                 "YouTube.privacy")
      ->required();
  app.add_option("FILE|-", args->document,
                 "A JSON document, also from standard input: what the video's posts are to say from now on");
  return [args](const Invocation& call) {
    return with_registry(call, [&](VideoRegistry& registry) -> Result<int> {
      if (!args->document.empty()) return set(registry, args->subject, args->document);
      if (is_csv(args->subject)) return apply_table(call, registry, args->subject);
      return show(registry, args->subject);
    });
  };
}

}  // namespace asfs
