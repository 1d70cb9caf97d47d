// The one door to the JSON library's parser, and what is read out of a document that others wrote.
//
// Answers of platforms, files beside a video, requests to the practice platforms: any of them may be hostile.
// What is longer or nested deeper than the limits is no document, so that nothing recursive is ever called on
// one that could exhaust the stack. A member that is missing or of another type reads as "not said". Pure;
// any thread; nothing here throws.
#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/json_fwd.h"

extern template class nlohmann::basic_json<nlohmann::ordered_map>;  // compiled once, in vendor/json.cpp

namespace asfs {

inline constexpr std::size_t kLongestJson = 16 << 20;  ///< bytes
inline constexpr std::size_t kWidestJson = 1000;  ///< members of one object: they are looked for one by one
inline constexpr int kDeepestJson = 64;           ///< arrays and objects inside one another

/// Why a text is no document, for people: `this is not valid JSON`.
struct JsonFault {
  std::string what;
  std::size_t line = 0, column = 0;  ///< from 1; 0: the whole text
};

enum class JsonComments : bool { refused, welcome };

/// For texts whose writer is told what is wrong with them.
std::expected<Json, JsonFault> parse_json(std::string_view text,
                                          JsonComments comments = JsonComments::refused);

/// For all others: a discarded value (is_discarded(), and neither object nor array) when it is no document.
Json read_json(std::string_view text, JsonComments comments = JsonComments::refused);

/// As text; bytes that are no UTF-8 are replaced. indent: blanks a level; -1: all on one line.
std::string dumped(const Json& value, int indent = -1);

/// The member of that name; a null value when there is none, or `object` is none. Lives as long as `object`.
const Json& child_at(const Json& object, std::string_view key);

/// "" when it is no text.
std::string text_at(const Json& object, std::string_view key);

/// False when it is no flag.
bool flag_at(const Json& object, std::string_view key);

/// A whole number.
std::optional<std::int64_t> number_at(const Json& object, std::string_view key);

/// Any number.
std::optional<double> real_at(const Json& object, std::string_view key);

/// A whole number of 0 or more.
std::optional<std::uint64_t> count_at(const Json& object, std::string_view key);

/// 1 to 128 of A-Z a-z 0-9 - _ . ~ : as every platform's ids are. Others are never stored, printed or put
/// into an address.
bool is_plain_id(std::string_view text);

/// An id, which platforms write as text or as a number; "" when it is neither, or no plain one.
std::string id_at(const Json& object, std::string_view key);

}  // namespace asfs
