#include "uploaders/practice/tiktok.h"

namespace asfs::practice {

bool TikTok::serves(std::string_view) {
  return false;
}

Answer TikTok::answer(Request&) {
  static_cast<void>(store_);
  static_cast<void>(faults_);
  static_cast<void>(turns_);
  return dropped();
}

}  // namespace asfs::practice
