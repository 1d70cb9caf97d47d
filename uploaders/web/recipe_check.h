// Whether a recipe still fits the pages: every locator that a flow up to the point of no return comes by, as
// found, missing or ambiguous; and the same on a page that was kept, offline.
//
// Blocks; opens a browser.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/base/result.h"
#include "uploaders/platform/uploader_context.h"
#include "uploaders/web/recipe.h"

namespace asfs::web {

struct CheckedLocator {
  std::string state, target, locator;
  std::size_t found = 0;  ///< so many fit
  bool used = false;      ///< it is the one that counts
};

struct RecipeReport {
  std::string recipe;                    ///< the file
  std::vector<CheckedLocator> locators;  ///< in the order they were come by
  std::string account;                   ///< that was signed in; "" offline
  std::string stopped;                   ///< why it did not come to the point of no return; "" when it did
  std::string left;                      ///< what is left on the platform: a draft
  bool good() const;                     ///< it came there, and each target was found
};

/// With a two-second clip of ours, up to the point of no return and never over it.
Result<RecipeReport> check_recipe(const UploaderContext& context, std::stop_token stop);

/// On the page.mhtml that a failure left in `folder` (evidence.h).
Result<RecipeReport> replay_recipe(const UploaderContext& context, const std::filesystem::path& folder,
                                   std::stop_token stop);

}  // namespace asfs::web
