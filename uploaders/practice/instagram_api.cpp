#include "uploaders/practice/instagram.h"

namespace asfs::practice {

bool Instagram::serves(std::string_view) {
  return false;
}

Answer Instagram::answer(Request&) {
  static_cast<void>(store_);
  static_cast<void>(faults_);
  static_cast<void>(turns_);
  return dropped();
}

}  // namespace asfs::practice
