#include "uploaders/row/dialect.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/text.h"

namespace asfs {

std::string OwnAccount::shown() const {
  const std::string name = username.empty() ? id : "@" + username;
  return page.empty() ? name : fmt::format("{} ({})", name, page);
}

const OwnAccount* find_account(const std::vector<OwnAccount>& accounts, std::string_view wanted) {
  if (wanted.starts_with('@')) wanted.remove_prefix(1);
  const std::string folded = fold_case(wanted);
  if (folded.empty()) return nullptr;
  const OwnAccount* found = nullptr;
  for (const OwnAccount& one : accounts) {
    if (folded != fold_case(one.username) && folded != fold_case(one.page) && wanted != one.id) continue;
    if (found != nullptr) return nullptr;
    found = &one;
  }
  return found;
}

std::string names_of(const std::vector<OwnAccount>& accounts) {
  std::string names;
  for (const OwnAccount& one : accounts) names += (names.empty() ? "" : ", ") + one.shown();
  return names;
}

}  // namespace asfs
