// The fields of a metadata document: the one table of what there is and what each takes, in JSON and as
// people type it into a cell. Pure; any thread. For metadata*.cpp alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "registry/base/json_fwd.h"
#include "uploaders/metadata/metadata.h"

namespace asfs {

struct MetadataField {
  using Member = std::variant<std::optional<std::string> Metadata::*, std::vector<std::string> Metadata::*,
                              std::optional<bool> Metadata::*, std::optional<std::int64_t> Metadata::*>;
  std::string_view key;
  Member member;
  bool names_file = false;
};

/// nullptr when there is none. `description` is another name for `caption` and finds that.
const MetadataField* find_metadata_field(std::string_view key);

/// Is it one of them, or one that somebody mistyped?
bool resembles_metadata_field(std::string_view key);

/// Every key, `description` too, for people: `title, caption, …`.
std::string metadata_keys();

/// Sets the field; null takes the default again. Code::usage says what it must be: `must be a text`.
Result<void> read_value(const MetadataField& field, const Json& value, Metadata& metadata);

/// The fields that are set.
Json fields_of(const Metadata& metadata);

/// What a person typed, as the document has it. Lists: hashtags parted by blanks or commas, others by commas,
/// semicolons or line breaks. Flags: true or false, yes or no, 1 or 0. Fails as read_value() does.
Result<Json> typed_value(const MetadataField& field, std::string_view typed);

}  // namespace asfs
