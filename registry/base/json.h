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

namespace asfs {

inline constexpr std::size_t kLongestJson = 16 << 20;  ///< bytes
inline constexpr int kDeepestJson = 64;                ///< arrays and objects inside one another

/// Why a text is no document, for people: `this is not valid JSON`.
struct JsonFault {
  std::string what;
  std::size_t line = 0, column = 0;  ///< from 1; 0: the whole text
};

enum class JsonComments : bool { refused, welcome };

/// For texts whose writer is told what is wrong with them. Document: nlohmann::json or ordered_json.
template <class Document = nlohmann::json>
std::expected<Document, JsonFault> parse_json(std::string_view text,
                                              JsonComments comments = JsonComments::refused);

/// For all others: a discarded value (is_discarded(), and neither object nor array) when it is no document.
template <class Document = nlohmann::json>
Document read_json(std::string_view text, JsonComments comments = JsonComments::refused);

extern template std::expected<nlohmann::json, JsonFault> parse_json(std::string_view, JsonComments);
extern template std::expected<nlohmann::ordered_json, JsonFault> parse_json(std::string_view, JsonComments);
extern template nlohmann::json read_json(std::string_view, JsonComments);
extern template nlohmann::ordered_json read_json(std::string_view, JsonComments);

/// The member of that name; a null value when there is none, or `object` is none. Lives as long as `object`.
template <class Document>
const Document& child_at(const Document& object, std::string_view key) {
  static const Document kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

/// "" when it is no text.
template <class Document>
std::string text_at(const Document& object, std::string_view key) {
  const Document& value = child_at(object, key);
  return value.is_string() ? value.template get<std::string>() : std::string();
}

/// False when it is no flag.
template <class Document>
bool flag_at(const Document& object, std::string_view key) {
  const Document& value = child_at(object, key);
  return value.is_boolean() && value.template get<bool>();
}

/// A whole number.
template <class Document>
std::optional<std::int64_t> number_at(const Document& object, std::string_view key) {
  const Document& value = child_at(object, key);
  const bool fits = value.is_number_integer() &&
                    (!value.is_number_unsigned() || value.template get<std::uint64_t>() <= INT64_MAX);
  return fits ? std::optional(value.template get<std::int64_t>()) : std::nullopt;
}

/// A whole number of 0 or more.
template <class Document>
std::optional<std::uint64_t> count_at(const Document& object, std::string_view key) {
  const Document& value = child_at(object, key);
  return value.is_number_unsigned() ? std::optional(value.template get<std::uint64_t>()) : std::nullopt;
}

/// 1 to 128 of A-Z a-z 0-9 - _ . ~ : as every platform's ids are. Others are never stored, printed or put
/// into an address.
bool is_plain_id(std::string_view text);

/// An id, which platforms write as text or as a number; "" when it is neither, or no plain one.
template <class Document>
std::string id_at(const Document& object, std::string_view key) {
  const Document& value = child_at(object, key);
  std::string id = value.is_number_unsigned() ? value.dump() : text_at(object, key);
  return is_plain_id(id) ? id : std::string();
}

}  // namespace asfs
