// One object of a JSON file that people write: its values are taken over when they fit, and the first thing
// that is wrong is remembered, with what is allowed there. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"

namespace asfs::pipeline {

class Section {
 public:
  /// `where`: for people, the file and the place in it. The object outlives the section. What is no object is
  /// an empty one.
  Section(const Json& object, std::string where, Code code);

  void number(const char* key, double least, double most, double& out);
  void flag(const char* key, bool& out);
  void text(const char* key, std::string& out);
  void texts(const char* key, std::vector<std::string>& out);
  template <class Whole>
  void whole(const char* key, int least, int most, Whole& out) {
    out = static_cast<Whole>(whole_number(key, least, most, static_cast<double>(out)));
  }
  /// One of `words`, by its place.
  template <class Enum>
  void one_of(const char* key, std::span<const std::string_view> words, Enum& out) {
    out = static_cast<Enum>(place_of(key, words, static_cast<std::size_t>(out)));
  }
  const Json& object(const char* key);
  /// The value, which is known from now on; null when there is none.
  const Json& value(const char* key);
  void refuse(std::string_view key, std::string_view allowed);

  /// What is wrong with a value, else a key that is not known.
  std::optional<Error> error() const;

 private:
  double whole_number(const char* key, int least, int most, double now);
  std::size_t place_of(const char* key, std::span<const std::string_view> words, std::size_t now);

  const Json& object_;
  const std::string where_;
  const Code code_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace asfs::pipeline
