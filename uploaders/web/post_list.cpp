#include "uploaders/web/post_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/metadata/metadata.h"

namespace asfs::web {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::seconds kListComes{20};
constexpr std::chrono::milliseconds kListStays{500};

std::string squeezed(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (std::string_view(" \t\r\n").find(c) == std::string_view::npos) plain += c;
  return plain;
}

std::optional<std::int64_t> seconds_of(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number > 0) return number;
  if (const auto time = publish_time(text)) return unix_millis(*time) / 1000;
  return std::nullopt;
}

std::vector<ListedPost> heard_posts(const PostList::Heard& heard, const NetworkWitness& witness) {
  std::vector<ListedPost> posts;
  for (const auto& one : witness.seen(heard.witness)) {
    if (!one->said) continue;
    for (std::size_t i = 0;; ++i) {
      const std::string item = fmt::format("{}/{}", heard.items, i);
      const std::string id = text_at_pointer(*one->said, item + heard.id);
      if (id.empty()) break;
      posts.push_back({id, text_at_pointer(*one->said, item + heard.caption),
                       seconds_of(text_at_pointer(*one->said, item + heard.posted_at))});
    }
  }
  return posts;
}

std::string cell_of(Page& page, const Element& row, const PostList::Cell& cell) {
  if (cell.css.empty() && cell.attribute.empty()) return "";
  const auto value = page.ask(row, "function (css, attribute) { return asfs.cell(this, css, attribute); }",
                              {cell.css, cell.attribute});
  const std::string text = value && value->is_string() ? value->get<std::string>() : "";
  return cell.after.empty() ? text : part_after(text, cell.after);
}

void add(std::vector<ListedPost>& posts, ListedPost post) {
  if (is_plain_id(post.id) && std::ranges::find(posts, post.id, &ListedPost::id) == posts.end())
    posts.push_back(std::move(post));
}

/// Lists mount late: until as many rows are there as half a second ago.
Result<void> wait_for_rows(const Recipe& recipe, RecipeRun& run, Page& page) {
  std::size_t rows = 0;
  auto since = SteadyClock::now();
  const Branch* other = nullptr;
  const bool came = page.wait(
      [&] {
        for (const Branch& branch : recipe.always)
          if (run.holds(branch.when)) return other = &branch, true;
        const std::size_t now = run.targets().all(recipe.list.rows).size();
        if (now != rows || !run.holds(recipe.list.ready)) rows = now, since = SteadyClock::now();
        return SteadyClock::now() >= since + kListStays;
      },
      kListComes);
  if (other != nullptr) {
    const End* end = recipe.end(other->then);
    return fail(end && end->error_class == ErrorClass::needs_login ? Code::needs_login : Code::failed,
                end ? end->says : "the list of posts did not come");
  }
  return came ? Result<void>() : fail(Code::failed, "the list of posts did not come");
}

}  // namespace

bool same_caption(std::string_view listed, std::string_view own) {
  std::string one = squeezed(listed);
  const std::string other = squeezed(own);
  constexpr std::size_t kCut = 40;
  for (const std::string_view dots : {"...", "…"})
    if (one.size() > kCut && one.ends_with(dots))
      return other.starts_with(one.substr(0, one.size() - dots.size()));
  return one == other;
}

Result<std::vector<ListedPost>> read_posts(const Recipe& recipe, RecipeRun& run, Page& page,
                                           const NetworkWitness& witness, const Values& values) {
  std::vector<ListedPost> posts;
  for (const Template& address : recipe.list.pages) {
    if (auto gone = page.go_to(filled_in(address, values)); !gone) return std::unexpected(gone.error());
    if (auto came = wait_for_rows(recipe, run, page); !came) return std::unexpected(came.error());
    if (recipe.list.heard)
      for (ListedPost& post : heard_posts(*recipe.list.heard, witness)) add(posts, std::move(post));
    for (const Element& row : run.targets().all(recipe.list.rows))
      add(posts, {cell_of(page, row, recipe.list.id), cell_of(page, row, recipe.list.caption),
                  seconds_of(cell_of(page, row, recipe.list.posted_at))});
  }
  return posts;
}

}  // namespace asfs::web
