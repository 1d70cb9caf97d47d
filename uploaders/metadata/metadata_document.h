// The metadata document as JSON: read, checked, laid over one another, written. Pure, but for the file that
// lies beside a video; any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"
#include "uploaders/metadata/metadata.h"

namespace asfs {

/// A document, read once for all platforms:
/// `{"caption": "…", "hashtags": ["#a"], …, "TikTok": {"caption": "…"}}`.
class MetadataDocument {
 public:
  /// `description` is another name for `caption`. Code::usage names an unknown key or the wrong type, also
  /// under the platforms' names. "" and "{}" are an empty document.
  static Result<MetadataDocument> read(std::string_view json);

  /// The fields under the name of `platform` replace those for all, null takes its default again.
  Metadata words_for(std::string_view platform) const;

 private:
  Metadata for_all_;
  std::shared_ptr<const Json> parts_;  ///< by names as written, found to be right; null where there are none
};

/// Both in one.
Result<Metadata> parse_metadata(std::string_view json, std::string_view platform = {});

/// What a post says: `given` for it (the command line, the queue), else the video's `own` document.
Result<Metadata> words_of(std::string_view given, std::string_view own, std::string_view platform);

/// As JSON, only with the fields that are set; parse_metadata() reads it back.
std::string metadata_json(const Metadata& metadata);

/// `document` with every field of `over` in its place, also those under a platform's name; the other fields
/// stay as they are. Fails with Code::usage when one of the two is no JSON object; says nothing of their
/// fields.
Result<std::string> lay_over(std::string_view document, std::string_view over);

/// The document with the paths in it, as of a thumbnail, counted from `folder`: that of the file it was read
/// from. Fails as parse_metadata() does when it is no JSON object.
Result<std::string> with_files_in(std::string_view document, const std::filesystem::path& folder);

/// Has it a field of ours or a platform's name, also a mistyped one? Other programs leave files of their own
/// beside a video.
bool is_metadata(std::string_view json);

/// One document as it is stored; Code::usage when it is none, or a field in it is wrong. `name` is for
/// people; paths in it count from `folder`.
Result<std::string> checked_document(std::string_view json, std::string_view name,
                                     const std::filesystem::path& folder);

/// What lies beside a video (metadata_beside()), as it is stored: "" when another program left it there, and
/// it has no field of ours. Fails as checked_document() does.
Result<std::string> words_beside(const std::filesystem::path& video, const std::string& document);

}  // namespace asfs
