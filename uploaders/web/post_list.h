// The account's newest posts, as its own list of them shows them.
//
// One thread, that of the page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry/base/result.h"
#include "uploaders/web/recipe_run.h"

namespace asfs::web {

struct ListedPost {
  std::string id, caption;
  std::optional<std::int64_t> posted_at;  ///< unix seconds, where it is told
};

/// Opens the pages of the recipe's list. What the page itself was answered goes before its rows.
/// Code::needs_login and others: as the recipe's ends say; Code::failed: a list did not come.
Result<std::vector<ListedPost>> read_posts(const Recipe& recipe, RecipeRun& run, Page& page,
                                           const NetworkWitness& witness, const Values& values);

/// Whether a caption in a list is this one: blanks do not count, and a list may cut a long one.
bool same_caption(std::string_view listed, std::string_view own);

}  // namespace asfs::web
