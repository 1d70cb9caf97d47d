// The JSON of a recipe, and what a recipe has to be.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "assets/assets.h"
#include "registry/base/files.h"
#include "registry/base/text.h"
#include "registry/store/config_file.h"
#include "uploaders/web/recipe.h"
#include "uploaders/web/recipe_fields.h"

namespace asfs::web {
namespace {

constexpr std::int64_t kLongestPatience = 24 * 60 * 60;

Locator read_locator(const Fields& fields) {
  fields.allow({"css", "role", "name", "text", "part", "within", "hidden"});
  Locator locator{.css = fields.text("css"),
                  .role = fields.text("role"),
                  .name = fields.text("name"),
                  .text = fields.text("text"),
                  .exact = !fields.flag("part"),
                  .within = fields.text("within"),
                  .visible = !fields.flag("hidden")};
  if (int(!locator.css.empty()) + int(!locator.role.empty()) + int(!locator.text.empty()) != 1)
    fields.refuse("a locator says one of css, role and text");
  if (!locator.name.empty() && locator.role.empty()) fields.refuse("name", "only a role has a name");
  return locator;
}

Target read_target(const Fields& fields) {
  Target target;
  const bool whole = fields.has("locators");
  if (whole) {
    fields.allow({"locators", "last"});
    target.last = fields.flag("last");
  }
  for (const Fields& one : (whole ? fields.at("locators") : fields).elements())
    target.locators.push_back(read_locator(one));
  if (target.locators.empty()) fields.refuse("a target has at least one locator");
  return target;
}

Reading read_reading(const Fields& fields) {
  fields.allow({"target", "attribute", "heard", "pointer", "address", "after"});
  return {.target = fields.text("target"),
          .attribute = fields.text("attribute"),
          .witness = fields.text("heard"),
          .pointer = fields.text("pointer"),
          .address = fields.flag("address"),
          .after = fields.texts("after")};
}

Condition read_condition(const Fields& fields) {
  fields.allow({"see", "not_see", "address", "attribute", "reads", "heard"});
  Condition condition{
      .see = fields.texts("see"), .not_see = fields.texts("not_see"), .address = fields.texts("address")};
  if (fields.has("attribute")) {
    const Fields one = fields.at("attribute");
    one.allow({"of", "name", "is", "is_not", "changed"});
    condition.attribute = {one.needed("of"), one.needed("name"), one.maybe("is"), one.maybe("is_not"),
                           one.flag("changed")};
  }
  if (fields.has("reads")) {
    const Fields one = fields.at("reads");
    one.allow({"target", "words", "none"});
    condition.reads = {one.needed("target"), one.needed("words"), one.flag("none")};
  }
  if (fields.has("heard")) {
    const Fields one = fields.at("heard");
    one.allow({"witness", "sent", "pointer", "is", "is_not"});
    condition.heard = {one.needed("witness"), one.flag("sent"), one.text("pointer"), one.maybe("is"),
                       one.maybe("is_not")};
  }
  return condition;
}

std::vector<Branch> read_branches(const Fields& list) {
  std::vector<Branch> branches;
  for (const Fields& one : list.elements()) {
    one.allow({"when", "then"});
    branches.push_back({one.has("when") ? read_condition(one.at("when")) : Condition{}, one.needed("then")});
  }
  return branches;
}

Action read_action(const Fields& fields) {
  using Kind = Action::Kind;
  constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"go", Kind::go},         {"click", Kind::click},   {"fill", Kind::fill},
      {"type", Kind::type},     {"press", Kind::press},   {"attach", Kind::attach},
      {"choose", Kind::choose}, {"steady", Kind::steady}, {"publish", Kind::publish}};
  fields.allow(
      {"go", "click", "fill", "with", "type", "press", "attach", "choose", "steady", "publish", "optional"});
  Action action{.text = fields.text("with"), .optional = fields.flag("optional")};
  int kinds = 0;
  for (const auto& [key, kind] : kKinds) {
    if (!fields.has(key)) continue;
    ++kinds;
    action.kind = kind;
    const bool says = kind == Kind::go || kind == Kind::type || kind == Kind::press;
    (says ? action.text : action.target) = fields.text(key);
  }
  if (kinds != 1)
    fields.refuse("an action is one of go, click, fill, type, press, attach, choose, steady and publish");
  if (action.kind == Kind::fill && action.text.empty()) fields.refuse("\"with\" says what is filled in");
  return action;
}

State read_state(const Fields& fields) {
  fields.allow({"says", "step", "only_with", "otherwise", "do", "read", "into", "until", "progress",
                "patience_s", "late"});
  constexpr UploadStep kSteps[] = {UploadStep::checking, UploadStep::starting, UploadStep::sending,
                                   UploadStep::publishing, UploadStep::waiting};
  State state{
      .says = fields.needed("says"),
      .step = kSteps[fields.choice("step", {"checking", "starting", "sending", "publishing", "waiting"}, 1)],
      .only_with = fields.text("only_with"),
      .otherwise = fields.text("otherwise"),
      .reads_into = fields.text("into"),
      .until = read_branches(fields.at("until")),
      .progress = fields.text("progress"),
      .patience = std::chrono::seconds(fields.number("patience_s", 30, kLongestPatience)),
      .late = fields.text("late")};
  for (const Fields& one : fields.at("do").elements()) state.actions.push_back(read_action(one));
  for (const Fields& one : fields.at("read").elements()) state.read.push_back(read_reading(one));
  if (state.until.empty()) fields.refuse("\"until\" says what comes next");
  if (state.read.empty() != state.reads_into.empty()) fields.refuse("\"read\" and \"into\" belong together");
  if (state.only_with.empty() != state.otherwise.empty())
    fields.refuse("\"only_with\" and \"otherwise\" belong together");
  return state;
}

End read_end(const Fields& fields) {
  fields.allow({"is", "class", "says", "quote", "anew", "no_post", "after_s", "post"});
  constexpr ErrorClass kClasses[] = {ErrorClass::transient, ErrorClass::rate_limited, ErrorClass::needs_login,
                                     ErrorClass::account,   ErrorClass::permanent,    ErrorClass::doubt};
  constexpr PostCheck::State kChecks[] = {PostCheck::State::kept, PostCheck::State::processing,
                                          PostCheck::State::restricted, PostCheck::State::gone,
                                          PostCheck::State::unknown};
  constexpr End::Kind kKinds[] = {End::Kind::ready, End::Kind::posted, End::Kind::look, End::Kind::draft,
                                  End::Kind::failed};
  End end{
      .kind = kKinds[fields.choice("is", {"ready", "posted", "look", "draft", "failed"}, 4)],
      .error_class = kClasses[fields.choice(
          "class", {"transient", "rate_limited", "needs_login", "account", "permanent", "doubt"}, 4)],
      .says = fields.text("says"),
      .quote = fields.text("quote"),
      .anew = fields.flag("anew"),
      .no_post = fields.flag("no_post"),
      .check = kChecks[fields.choice("post", {"kept", "processing", "restricted", "gone", "unknown"}, 4)]};
  if (fields.has("after_s"))
    end.after = std::chrono::seconds(fields.number("after_s", 0, 7 * kLongestPatience));
  if (end.kind == End::Kind::failed && end.says.empty()) fields.refuse("\"says\" tells people what is wrong");
  return end;
}

PostList read_list(const Fields& fields) {
  PostList list;
  fields.allow({"pages", "ready", "rows", "id", "caption", "posted_at", "heard"});
  list.pages = fields.texts("pages");
  list.rows = fields.needed("rows");
  list.ready = fields.has("ready") ? read_condition(fields.at("ready")) : Condition{};
  const auto cell = [&](std::string_view key) -> PostList::Cell {
    if (!fields.has(key)) return {};
    const Fields one = fields.at(key);
    one.allow({"css", "attribute", "after"});
    return {one.text("css"), one.text("attribute"), one.texts("after")};
  };
  list.id = cell("id"), list.caption = cell("caption"), list.posted_at = cell("posted_at");
  if (list.pages.empty() || !fields.has("id"))
    fields.refuse("a list says its pages, and where a post's id stands");
  if (fields.has("heard")) {
    const Fields one = fields.at("heard");
    one.allow({"witness", "items", "id", "caption", "posted_at"});
    list.heard = {one.needed("witness"), one.needed("items"), one.needed("id"), one.text("caption"),
                  one.text("posted_at")};
  }
  return list;
}

void read_tables(const Fields& root, Recipe& recipe) {
  for (const auto& [name, site] : root.at("sites").members()) {
    recipe.sites[name] = site.as_text();
    if (!is_safe_url(recipe.sites[name], false) || recipe.sites[name].ends_with('/'))
      site.refuse("an address with https, without a slash at its end, is expected here");
  }
  for (const auto& [name, words] : root.at("words").members())
    for (const auto& [language, list] : words.members()) recipe.words[name][language] = words.texts(language);
  for (const auto& [name, target] : root.at("targets").members()) recipe.targets[name] = read_target(target);
  for (const auto& [name, one] : root.at("witnesses").members()) {
    one.allow({"method", "path"});
    recipe.witnesses.push_back({name, one.needed("method"), one.needed("path")});
  }
  for (const auto& [name, one] : root.at("interrupts").members()) {
    one.allow({"see", "press", "end"});
    recipe.interrupts.push_back({name, one.texts("see"), one.text("press"), one.text("end")});
    if (recipe.interrupts.back().press.empty() == recipe.interrupts.back().end.empty() ||
        recipe.interrupts.back().see.empty())
      one.refuse("an interrupt says what is seen, and what is pressed or how it ends");
  }
  for (const auto& [name, flow] : root.at("flows").members()) recipe.flows[name] = flow.as_text();
  for (const auto& [name, state] : root.at("states").members()) recipe.states[name] = read_state(state);
  for (const auto& [name, end] : root.at("ends").members()) recipe.ends[name] = read_end(end);
}

// ---- whether everything that is named is there ---------------------------------------------------

class Check {
 public:
  Check(const Recipe& recipe, const Fields& root) : recipe_(recipe), root_(root) {}

  void all() {
    for (const auto& [name, target] : recipe_.targets) {
      const Fields at = root_.at("targets").at(name);
      for (const Locator& one : target.locators)
        for (const std::string& text : {one.name, one.text})
          if (text.starts_with('@'))
            known(recipe_.words.contains(text.substr(1)), at, "words", text.substr(1));
    }
    for (const auto& [name, state] : recipe_.states) check(state, root_.at("states").at(name));
    branches(recipe_.always, root_.at("always"));
    for (const auto& [name, flow] : recipe_.flows) goes(root_.at("flows").at(name), flow);
    for (const auto& [name, end] : recipe_.ends) target(root_.at("ends").at(name), end.quote);
    for (const Interrupt& one : recipe_.interrupts) {
      const Fields at = root_.at("interrupts").at(one.name);
      for (const std::string& seen : one.see) target(at, seen);
      target(at, one.press);
      if (!one.end.empty()) known(recipe_.ends.contains(one.end), at, "end", one.end);
    }
    const Fields list = root_.at("list");
    target(list, recipe_.list.rows);
    condition(list, recipe_.list.ready);
    if (recipe_.list.heard) witness(list, recipe_.list.heard->witness);
    for (const char* flow : {"session", "upload"})
      if (!recipe_.has_flow(flow)) root_.refuse(fmt::format("\"flows\" has no \"{}\"", flow));
  }

 private:
  void known(bool is, const Fields& at, std::string_view kind, std::string_view name) const {
    if (!is) at.refuse(fmt::format("there is no {} \"{}\" in this recipe", kind, name));
  }
  void target(const Fields& at, const std::string& name) const {
    if (!name.empty() && !name.starts_with('{')) known(recipe_.targets.contains(name), at, "target", name);
  }
  void witness(const Fields& at, const std::string& name) const {
    known(std::ranges::count(recipe_.witnesses, name, &Watched::name) == 1, at, "witness", name);
  }
  void goes(const Fields& at, const std::string& name) const {
    if (recipe_.states.contains(name) == recipe_.ends.contains(name))
      at.refuse(fmt::format("\"{}\" is no state and no end of this recipe, or both", name));
  }
  void condition(const Fields& at, const Condition& one) const {
    for (const auto* list : {&one.see, &one.not_see})
      for (const std::string& name : *list) target(at, name);
    if (one.attribute) target(at, one.attribute->target);
    if (!one.reads) return heard(at, one);
    target(at, one.reads->target);
    if (!one.reads->words.starts_with('{'))
      known(recipe_.words.contains(one.reads->words), at, "words", one.reads->words);
    heard(at, one);
  }
  void heard(const Fields& at, const Condition& one) const {
    if (one.heard) witness(at, one.heard->witness);
  }
  void branches(const std::vector<Branch>& list, const Fields& at) const {
    for (const Branch& one : list) condition(at, one.when), goes(at, one.then);
  }
  void check(const State& state, const Fields& at) const {
    branches(state.until, at);
    for (const std::string& next : {state.otherwise, state.late})
      if (!next.empty()) goes(at, next);
    for (const Action& action : state.actions) target(at, action.target);
    for (const Reading& one : state.read) {
      target(at, one.target);
      if (!one.witness.empty()) witness(at, one.witness);
    }
    target(at, state.progress);
  }

  const Recipe& recipe_;
  const Fields& root_;
};

template <class Map>
auto found_in(const Map& map, std::string_view name) {
  const auto place = map.find(std::string(name));
  return place == map.end() ? nullptr : &place->second;
}

}  // namespace

void Recipe::make_hasty() {
  constexpr std::chrono::seconds kPerson{60}, kHasty{8}, kLookedFor{3}, kStandsStill{20};
  for (auto& [name, state] : states)
    if (!state.progress.empty())
      state.patience = std::min(state.patience, kStandsStill);
    else if (state.patience <= kPerson)
      state.patience = std::min(state.patience, state.late.empty() ? kHasty : kLookedFor);
}

const Target* Recipe::target(std::string_view name) const {
  return found_in(targets, name);
}
const State* Recipe::state(std::string_view name) const {
  return found_in(states, name);
}
const End* Recipe::end(std::string_view name) const {
  return found_in(ends, name);
}

Result<Recipe> read_recipe(std::string_view text, const std::string& file) {
  const auto document = parse_config(text, file, "that of the program");
  if (!document) return std::unexpected(document.error());
  RecipeText source(text, file);
  const Fields root(source, *document, "");
  root.allow({"recipe_version", "platform", "checked_on", "sites", "login", "visible", "words", "targets",
              "witnesses", "interrupts", "dialogs", "own_dialogs", "always", "flows", "states", "ends",
              "list"});
  Recipe recipe{.file = file,
                .version = static_cast<int>(root.number("recipe_version", 0, 1000)),
                .platform = root.needed("platform"),
                .checked_on = root.text("checked_on"),
                .login = root.needed("login"),
                .visible = root.flag("visible"),
                .dialogs = root.texts("dialogs"),
                .own_dialogs = root.texts("own_dialogs"),
                .always = read_branches(root.at("always")),
                .list = read_list(root.at("list"))};
  read_tables(root, recipe);
  Check(recipe, root).all();
  if (source.error()) return std::unexpected(*source.error());
  return recipe;
}

Result<RecipeSource> recipe_text(const Library& library, std::string_view platform) {
  const std::string name = fold_case(platform) + ".json";
  const auto folders = library.config_folders();
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {  // the last one lies on top
    const auto file = *folder / "recipes" / name;
    auto text = read_file(file);
    if (text) return RecipeSource{path_text(file), *std::move(text)};
    if (text.error().code != Code::not_found) return fail(Code::library, text.error().message);
  }
  const std::string_view text = asset_text("recipes/" + name);
  if (text.empty()) return fail(Code::not_found, fmt::format("there is no recipe for {}", platform));
  return RecipeSource{"recipes/" + name, std::string(text)};
}

Result<Recipe> load_recipe(const Library& library, std::string_view platform) {
  const auto source = recipe_text(library, platform);
  if (!source) return std::unexpected(source.error());
  auto recipe = read_recipe(source->text, source->file);
  if (recipe && fold_case(recipe->platform) != fold_case(platform))
    return fail(Code::library, fmt::format("{}: this is a recipe for {}", source->file, recipe->platform));
  return recipe;
}

std::string filled_in(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    filled += text.substr(0, open);
    text.remove_prefix(open);
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) break;
    if (const auto value = values.find(std::string(text.substr(1, close - 1))); value != values.end())
      filled += value->second;
    text.remove_prefix(close + 1);
  }
  return filled;
}

}  // namespace asfs::web
