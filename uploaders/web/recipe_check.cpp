#include "uploaders/web/recipe_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "assets/assets.h"
#include "registry/base/text.h"
#include "uploaders/metadata/metadata.h"
#include "uploaders/row/platforms.h"
#include "uploaders/web/web_session.h"

namespace asfs::web {
namespace {

constexpr const char* kClip = "recipe_check.mp4";

void look_for(std::string_view state, std::string_view name, const Recipe& recipe, Targets& targets,
              Page& page, std::vector<CheckedLocator>& into) {
  const Target* target = recipe.target(name);
  if (target == nullptr) return;
  bool used = false;
  for (const Locator& locator : targets.locators(*target)) {
    const auto found = page.find(locator);
    CheckedLocator one{std::string(state), std::string(name), locator_text(locator),
                       found ? found->size() : 0};
    one.used = !used && (one.found == 1 || (one.found > 1 && target->last));
    used |= one.used;
    into.push_back(std::move(one));
  }
}

/// Gives the clip to the page, and stops before anything is published.
class CheckingHost final : public LookingHost {
 public:
  explicit CheckingHost(RecipeReport& report) : report_(report) {}
  WebSession* session = nullptr;

  Result<void> before_bytes() override { return {}; }
  bool stops_before_publish() const override { return true; }
  void comes_by(std::string_view state, std::string_view target, Targets& targets) override {
    look_for(state, target, session->recipe, targets, *session->page, report_.locators);
  }

 private:
  RecipeReport& report_;
};

Result<std::filesystem::path> write_clip(const Library& library) {
  const auto folder = library.home / "browser";
  if (auto made = make_private_folder(folder); !made) return std::unexpected(made.error());
  auto written = write_file_atomically(folder / kClip, asset_text(kClip));
  return written ? Result<std::filesystem::path>(folder / kClip) : std::unexpected(written.error());
}

}  // namespace

bool RecipeReport::good() const {
  if (!stopped.empty() || locators.empty()) return false;
  return std::ranges::all_of(locators, [&](const CheckedLocator& one) {
    return std::ranges::any_of(locators, [&](const CheckedLocator& other) {
      return other.used && other.state == one.state && other.target == one.target;
    });
  });
}

Result<RecipeReport> check_recipe(const UploaderContext& context, std::stop_token stop) {
  auto session = WebSession::open(context, stop, [] {});
  if (!session) return std::unexpected(session.error());
  RecipeReport report{.recipe = (*session)->recipe.file};
  CheckingHost host(report);
  host.session = session->get();
  const auto signed_in = (*session)->sign_in_check(host);
  if (!signed_in) return std::unexpected(signed_in.error());
  report.account = (*session)->values["account_name"];
  report.stopped = signed_in->end.kind == End::Kind::ready ? "" : signed_in->end.says;
  if (!report.stopped.empty()) return report;
  auto words =
      platform_at(context.destination).web_post(context.config, Metadata{.caption = "a check"}, "a check");
  if (!words) return std::unexpected(words.error());
  for (auto& [name, text] : *words) (*session)->values[name] = std::move(text);
  const auto clip = write_clip(context.library);
  if (!clip) return std::unexpected(clip.error());
  (*session)->values["file"] = clip->string();
  const auto ending = (*session)->run(host).play("upload");
  if (!ending) return std::unexpected(ending.error());
  if (ending->end.kind != End::Kind::ready) report.stopped = ending->end.says;
  if (const std::string draft = (*session)->values["draft"]; !draft.empty())
    report.left = "the draft " + draft;
  if ((*session)->recipe.has_flow("discard"))
    if (const auto gone = (*session)->run(host).play("discard"); gone && gone->end.kind == End::Kind::ready)
      report.left.clear();
  return report;
}

Result<RecipeReport> replay_recipe(const UploaderContext& context, const std::filesystem::path& folder,
                                   std::stop_token stop) {
  const auto page = std::filesystem::absolute(folder / "page.mhtml");
  std::error_code none;
  if (!std::filesystem::exists(page, none))
    return fail(Code::not_found, fmt::format("there is no {}", path_text(page)));
  auto session = WebSession::open(context, std::move(stop), [] {});
  if (!session) return std::unexpected(session.error());
  if (auto gone = (*session)->page->go_to("file://" + page.string()); !gone)
    return std::unexpected(gone.error());
  RecipeReport report{.recipe = (*session)->recipe.file};
  LookingHost looking;
  Targets& targets = (*session)->run(looking).targets();
  targets.learn_language();
  for (const auto& [name, target] : (*session)->recipe.targets)
    look_for("", name, (*session)->recipe, targets, *(*session)->page, report.locators);
  return report;
}

}  // namespace asfs::web
