#include "uploaders/web/terms_notice.h"

#include <fmt/format.h>

namespace asfs::web {

std::string terms_notice(std::string_view platform) {
  return fmt::format(
      "Uploads through a browser are made by a program. {0}'s terms may forbid that: it can cost reach, "
      "features or the account.\n"
      "{0}'s own way for programs is its API; where you can have it, take it.\n"
      "Through the browser one upload goes at a time, at a person's pace and within your limits, in your own "
      "signed-in session.\n"
      "No CAPTCHA is solved and nothing is disguised. More: docs/browser.md",
      platform);
}

}  // namespace asfs::web
