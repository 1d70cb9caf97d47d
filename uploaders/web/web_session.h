// A browser on the profile of a destination, with its recipe: what an upload, a look-up or a check works in.
// One at a time for each profile, over all processes.
//
// One thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "registry/base/files.h"
#include "registry/store/library.h"
#include "uploaders/browser/browser_finder.h"
#include "uploaders/browser/devtools.h"
#include "uploaders/browser/network_witness.h"
#include "uploaders/browser/page.h"
#include "uploaders/platform/uploader_context.h"
#include "uploaders/web/recipe_run.h"

namespace asfs::web {

/// Which browser, on which profile, a destination is driven on; its own for practice. Errors as of
/// choose_browser().
Result<BrowserChoice> browser_of(const Library& library, const Destination& destination);

/// The addresses of a recipe's sites by their names: the real ones, or those of the practice studios.
Values sites_of(const Recipe& recipe, const Config& config);

/// Held while a profile is in use. Waits for whoever has it, asking `alive` meanwhile. Code::cancelled:
/// stopped.
Result<FileDescriptor> lock_profile(const std::filesystem::path& profile, const Clock& clock,
                                    std::stop_token stop, const std::function<void()>& alive);

class WebSession {
 public:
  /// Code::cancelled, Code::not_found (no browser), Code::library (the recipe), Code::failed (the browser):
  /// what is wrong and what to do.
  static Result<std::unique_ptr<WebSession>> open(const UploaderContext& context, std::stop_token stop,
                                                  const std::function<void()>& alive);
  /// Ends the browser so that it keeps its session.
  ~WebSession();

  /// Whether somebody is signed in, and who: the values `account` and `account_name`. The ending says why
  /// not.
  Result<Ending> sign_in_check(RecipeHost& host);
  RecipeRun& run(RecipeHost& host);

  Recipe recipe;
  Values values;
  std::string browser_name;
  std::unique_ptr<DevTools> tools;
  std::unique_ptr<Page> page;
  std::unique_ptr<NetworkWitness> witness;

 private:
  WebSession() = default;
  FileDescriptor lock_;
  std::unique_ptr<RecipeRun> run_;
};

/// For flows that send nothing: a click that would publish is a mistake of the recipe's, and refused.
class LookingHost : public RecipeHost {
 public:
  Result<void> before_bytes() override;
  Result<void> before_publish() override;
  Result<void> noted(std::string_view, const std::string&) override { return {}; }
  void progress(UploadStep, double) override {}
};

}  // namespace asfs::web
