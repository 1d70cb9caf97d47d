// Typed values out of a recipe's JSON; the first thing that is wrong is remembered with its place. Pure.
// Internal to this room.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/json.h"
#include "registry/base/result.h"

namespace asfs::web {

class RecipeText {
 public:
  RecipeText(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  /// Only the first one counts.
  void refuse(const std::string& pointer, const std::string& why);
  const std::optional<Error>& error() const { return error_; }

 private:
  std::string_view text_;
  std::string file_;
  std::optional<Error> error_;
};

/// One value and what stands in it. A member that is missing reads as empty, unless it is `needed`.
class Fields {
 public:
  Fields(RecipeText& text, const Json& value, std::string pointer)
      : text_(text), value_(value), pointer_(std::move(pointer)) {}

  /// It is an object with no other keys.
  void allow(std::initializer_list<std::string_view> keys) const;
  bool has(std::string_view key) const { return !child_at(value_, key).is_null(); }

  std::string text(std::string_view key) const;
  std::string needed(std::string_view key) const;
  /// One text, or a list of them.
  std::vector<std::string> texts(std::string_view key) const;
  std::optional<std::string> maybe(std::string_view key) const;
  bool flag(std::string_view key, bool otherwise = false) const;
  std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t most) const;
  /// The place of a word in a list.
  std::size_t choice(std::string_view key, std::initializer_list<std::string_view> words,
                     std::size_t otherwise) const;

  Fields at(std::string_view key) const {
    return {text_, child_at(value_, key), pointer_ + "/" + std::string(key)};
  }
  /// The members of an object, or the elements of a list; a single object stands for a list of it.
  std::vector<std::pair<std::string, Fields>> members() const;
  std::vector<Fields> elements() const;
  std::string as_text() const;

  void refuse(const std::string& why) const { text_.refuse(pointer_, why); }
  void refuse(std::string_view key, const std::string& why) const {
    text_.refuse(pointer_ + "/" + std::string(key), why);
  }

 private:
  RecipeText& text_;
  const Json& value_;
  std::string pointer_;
};

}  // namespace asfs::web
