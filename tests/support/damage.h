// Texts that are damaged at random, in the same way each time.
#pragma once

#include <cstddef>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

namespace asfs::test {

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }

  void strike(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0:
        text.insert(at, kPieces[below(std::size(kPieces))]);
        break;
      case 1:
        text.erase(at, below(8));
        break;
      case 2:
        text.insert(at, text.substr(below(text.size() + 1), below(200)));
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 4:
        if (at < text.size() && text[at] >= '0' && text[at] <= '9')
          text[at] = static_cast<char>('0' + below(10));
        break;
      default:
        if (below(10) == 0) text.resize(at);
        break;
    }
  }

 private:
  static constexpr std::string_view kPieces[] = {"-->",    "\n",     "\n\n",         "<",    ">",    "{\\p1}",
                                                 "[",      "]",      "\"",           ",",    ":",    "-",
                                                 "0",      "99999",  "1e9",          "\xE6", "\xFF", "\u3002",
                                                 "\u00A0", "&nbsp;", "00:00:02,000", "null", "{}",   "\\N"};
  std::mt19937 random_;
};

}  // namespace asfs::test
