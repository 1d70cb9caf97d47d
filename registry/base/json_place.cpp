#include "registry/base/json_place.h"

#include <algorithm>
#include <charconv>

namespace asfs {
namespace {

class JsonScan {
 public:
  explicit JsonScan(std::string_view text) : text_(text) { skip_blanks(); }

  std::size_t at() const { return at_; }

  /// To the value of a member or element; false, at the whole value, where there is none.
  bool enter(std::string_view step) {
    const std::size_t whole = at_;
    const bool object = here() == '{';
    if (!object && here() != '[') return false;
    std::size_t number = 0, wanted = 0;
    std::from_chars(step.data(), step.data() + step.size(), wanted);
    take(1);
    for (; at_ < text_.size() && here() != '}' && here() != ']'; ++number) {
      bool found = !object && number == wanted;
      if (object) {
        const std::size_t key = at_ + 1;
        skip_value();
        found = text_.substr(key, at_ - key).starts_with(step) &&
                text_.substr(key + step.size()).starts_with('"');
        skip_blanks();
        take(1);  // the colon
      }
      if (found) return true;
      skip_value();
      skip_blanks();
      if (here() == ',') take(1);
    }
    at_ = whole;
    return false;
  }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void take(std::size_t count) {
    at_ += count;
    skip_blanks();
  }
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_.substr(at_).starts_with("//"))
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (text_.substr(at_).starts_with("/*"))
        at_ = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
      else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
        ++at_;
      else
        return;
    }
  }
  void skip_text() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    at_ = std::min(at_ + 1, text_.size());
  }
  void skip_value() {
    std::size_t depth = 0;
    do {
      skip_blanks();
      const char c = here();
      if (c == '"') {
        skip_text();
      } else {
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        ++at_;
      }
    } while (at_ < text_.size() && (depth > 0 || !ends_value()));
  }
  /// After a text, a bracket or a letter: no number or word goes on here.
  bool ends_value() const {
    const char before = text_[at_ - 1];
    return before == '"' || before == '}' || before == ']' ||
           std::string_view(" \t\r\n,:}]/").find(here()) != std::string_view::npos;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

TextPlace place_in_json(std::string_view text, std::string_view pointer) {
  JsonScan scan(text);
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    if (!scan.enter(pointer.substr(0, end))) break;
    pointer.remove_prefix(end);
  }
  const std::string_view before = text.substr(0, std::min(scan.at(), text.size()));
  return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          before.size() - (before.rfind('\n') + 1) + 1};
}

}  // namespace asfs
