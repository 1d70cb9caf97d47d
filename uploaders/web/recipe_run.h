// Plays a flow of a recipe in a page: state by state, until an end.
//
// It fails closed. Before every click it looks for what came up meanwhile: what the recipe knows is pressed
// away, and a dialog that it does not know ends the flow, with nothing clicked. The point of no return is one
// action; around it the host is told, and what was filled in is read once more. Nothing sleeps: a wait ends
// as soon as a branch of its state holds.
//
// One thread, that of the page.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"
#include "uploaders/browser/network_witness.h"
#include "uploaders/browser/page.h"
#include "uploaders/web/recipe.h"
#include "uploaders/web/targets.h"

namespace asfs::web {

/// By name, what templates hold and readings give: "title", "file", "account", "draft".
using Values = std::map<std::string, std::string>;

/// What a flow is played for. An Error of its ends the flow.
class RecipeHost {
 public:
  virtual ~RecipeHost() = default;
  /// The video is about to be given to the page.
  virtual Result<void> before_bytes() = 0;
  /// The click after which a post may exist comes next.
  virtual Result<void> before_publish() = 0;
  /// A value was read out of the page.
  virtual Result<void> noted(std::string_view name, const std::string& value) = 0;
  /// `part` of 1 that was transferred; 0 when the page does not say. Often.
  virtual void progress(UploadStep step, double part) = 0;
  /// Asked each second of a wait before the point of no return; an error ends the run.
  virtual Result<void> may_go_on() { return {}; }
  /// Up to the point of no return, and not over it.
  virtual bool stops_before_publish() const { return false; }
  /// An action is about to use a target, which is there or was waited for.
  virtual void comes_by(std::string_view /*state*/, std::string_view /*target*/, Targets&) {}
};

struct Ending {
  End end;            ///< what it means; `says` for people
  std::string name;   ///< in the recipe; "" when the recipe does not know what it saw
  std::string state;  ///< in which it ended
  /// The click of no return was made. A failure without it made no post, in this run.
  bool published = false;
};

class RecipeRun {
 public:
  /// The references outlive it.
  RecipeRun(const Recipe& recipe, Page& page, const NetworkWitness& witness, Values& values, RecipeHost& host)
      : recipe_(recipe),
        page_(page),
        witness_(witness),
        values_(values),
        host_(host),
        targets_(recipe, page, values) {}

  /// Code::cancelled: stopped; Code::failed: the browser or its page is gone; else an error of the host's.
  Result<Ending> play(std::string_view flow);
  /// Whether a click of no return was made: from then on no failure is proof of anything.
  bool published() const { return published_; }
  bool holds(const Condition& condition);
  Targets& targets() { return targets_; }

 private:
  /// Nothing: go on.
  using Ended = Result<std::optional<Ending>>;

  Ended act(const Action& action);
  Ended click(const Action& action);
  Ended publish(const Action& action);
  Ended fill(const Action& action);
  Ended attach(const Action& action);
  void wait_until_steady(std::string_view target);
  Ended sweep();
  bool is_up(const Interrupt& interrupt);
  Ended press_away(const Interrupt& interrupt);
  struct Next {
    std::string name;
    bool as_expected = false;  ///< by a branch of the state's own
  };
  Result<Next> next_of(const State& state);
  Ended read_value(const State& state);
  std::string value_of(const Reading& reading);
  const Branch* first_that_holds(const std::vector<const Branch*>& branches);
  bool holds(const Condition& condition, Sight& sight);
  bool holds(const Condition::Attribute& attribute);
  bool holds(const Condition::Heard& heard);
  std::string attribute_of(const Element& element, std::string_view name);
  /// nullopt: the target is not there.
  std::optional<std::string> attribute_at(std::string_view target, std::string_view name);
  void enter(const State& state);
  bool show_progress(const State& state);  ///< Whether there is any since the last time.
  Sought seek(std::string_view target);

  Result<Ending> ended(std::string_view end_name);
  /// The recipe does not fit what the page shows.
  Ending changed(const std::string& what) const;
  Ended not_found(const Action& action, const Sought& sought) const;
  /// Why the page cannot go on at all.
  Result<void> alive() const;

  const Recipe& recipe_;
  Page& page_;
  const NetworkWitness& witness_;
  Values& values_;
  RecipeHost& host_;
  Targets targets_;
  std::string state_;
  std::string progress_;                             ///< what the page said of it last
  std::map<std::string, std::string> attributes_;    ///< as they were when the state began
  std::map<std::string, std::size_t> heard_before_;  ///< exchanges that do not count
  std::map<std::string, std::string> filled_;        ///< what fields have to hold, by target
  bool published_ = false;
};

/// What a pointer (`/items/0/id`) names in a JSON text, as a text; "" for nothing.
std::string text_at_pointer(const Json& document, std::string_view pointer);
/// What follows the first of `after` that is there, as far as it can be part of an id; all of it without any.
std::string part_after(const std::string& text, const std::vector<std::string>& after);

}  // namespace asfs::web
