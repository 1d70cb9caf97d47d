// Finds in a page what a recipe speaks of.
//
// One thread, that of the page.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/browser/page.h"
#include "uploaders/web/recipe.h"

namespace asfs::web {

/// The element that is meant, or why none is: "" while it is just not there.
struct Sought {
  std::optional<Element> element;
  std::string why_not;
};

class Targets {
 public:
  /// Names may be templates of the values.
  Targets(const Recipe& recipe, Page& page, const std::map<std::string, std::string>& values)
      : recipe_(recipe), page_(page), values_(values) {}

  /// The locators of a target, its words put in: those of the page's language first.
  std::vector<Locator> locators(const Target& target) const;
  /// Those that the first locator finds that finds any.
  std::vector<Element> all(std::string_view name);
  bool is_there(std::string_view name) { return !all(name).empty(); }
  /// The one that a target means. Several are none, as a click could hit the wrong one.
  Sought one(std::string_view name);
  /// What a person reads in it; "" when it is not there.
  std::string text(std::string_view name);
  /// A target for people: its first locator.
  std::string shown(std::string_view name) const;
  std::vector<std::string> words(std::string_view name) const;
  /// What fits `dialogs` and is no part of the flow: its words; "" for nothing.
  std::string unknown_dialog();
  /// Asks the page which language it is in.
  void learn_language();

 private:
  friend class Sight;
  const Target* target(std::string_view name) const { return recipe_.target(filled_in(name, values_)); }

  const Recipe& recipe_;
  Page& page_;
  const std::map<std::string, std::string>& values_;
  std::string language_;
};

/// Which of some targets are there: one look at the page for all of them, taken when the first is asked for.
class Sight {
 public:
  explicit Sight(Targets& targets) : targets_(targets) {}
  void add(const std::string& name) { names_.push_back(name); }
  /// Of one that was added. A look that failed proves neither.
  bool has(const std::string& name) { return is_there(name) == true; }
  bool lacks(const std::string& name) { return is_there(name) == false; }

 private:
  std::optional<bool> is_there(const std::string& name);

  Targets& targets_;
  std::vector<std::string> names_;
  std::optional<Result<std::vector<bool>>> found_;  ///< by css or text
};

}  // namespace asfs::web
