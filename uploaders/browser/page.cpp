#include "uploaders/browser/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "assets/assets.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstPause{5}, kLongestPause{50};  ///< between looks
constexpr std::string_view kWorld = "asfs";
constexpr std::array kDomains{"Page.enable", "Runtime.enable", "DOM.enable", "Network.enable"};

/// Without what never counts: case, and how blanks are written.
std::string plain_words(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hard_blank = text.substr(i, 2) == "\xC2\xA0";
    if (hard_blank) ++i;
    if (!hard_blank && std::string_view(" \t\r\n").find(text[i]) == std::string_view::npos)
      plain += text[i];
    else if (!plain.ends_with(' '))
      plain += ' ';
  }
  return fold_case(trimmed(plain));
}

/// Every document gets a world of ours with our script in it, and the browser tells of each as it comes.
constexpr auto kAtEachDocument = "Page.addScriptToEvaluateOnNewDocument";
Json our_script() {
  return {{"source", asset_text("browser_page.js")}, {"worldName", kWorld}, {"runImmediately", true}};
}

/// For asfs.find().
Json as_json(const Locator& locator) {
  return {{"css", locator.css},
          {"text", locator.text},
          {"exact", locator.exact},
          {"visible", locator.visible},
          {"within", locator.within}};
}

/// A function's exception as an error.
Result<Json> value_of(Result<Json> answer) {
  if (!answer) return answer;
  if (const Json& fault = child_at(*answer, "exceptionDetails"); fault.is_object())
    return fail(Code::failed, fmt::format("a script in the page failed: {}",
                                          text_at(child_at(fault, "exception"), "description")));
  return child_at(*answer, "result");
}

}  // namespace

std::string locator_text(const Locator& locator) {
  std::string text = !locator.css.empty()    ? locator.css
                     : !locator.role.empty() ? locator.role
                                             : fmt::format("the text \"{}\"", locator.text);
  if (!locator.name.empty()) text += fmt::format(" \"{}\"", locator.name);
  if (!locator.within.empty()) text += " in " + locator.within;
  return text;
}

Result<std::unique_ptr<Page>> Page::open(DevTools& tools) {
  std::unique_ptr<Page> page(new Page(tools));
  page->listening_ = tools.listen([p = page.get()](const DevToolsEvent& event) { p->hear(event); });
  if (auto attached = page->attach_to_first_tab(); !attached) return std::unexpected(attached.error());
  return page;
}

Result<void> Page::attach_to_first_tab() {
  const auto targets = tools_.call("", "Target.getTargets", Json::object());
  if (!targets) return std::unexpected(targets.error());
  for (const Json& target : child_at(*targets, "targetInfos"))
    if (text_at(target, "type") == "page") target_ = text_at(target, "targetId");
  if (target_.empty()) {
    const auto made = tools_.call("", "Target.createTarget", {{"url", "about:blank"}});
    if (!made) return std::unexpected(made.error());
    target_ = text_at(*made, "targetId");
  }
  const auto attached = tools_.call("", "Target.attachToTarget", {{"targetId", target_}, {"flatten", true}});
  if (!attached) return std::unexpected(attached.error());
  session_ = text_at(*attached, "sessionId");
  const Json frames{{"autoAttach", true}, {"waitForDebuggerOnStart", false}, {"flatten", true}};
  if (auto told = tools_.call(session_, "Target.setAutoAttach", frames); !told)
    return std::unexpected(told.error());
  for (const auto* domain : kDomains) tools_.post(session_, domain, Json::object());
  const auto ready = tools_.call(session_, kAtEachDocument, our_script());  // before it goes anywhere
  return ready ? Result<void>() : std::unexpected(ready.error());
}

void Page::hear(const DevToolsEvent& event) {
  if (event.method.starts_with("Runtime.executionContext")) {
    hear_of_world(event);
  } else if (event.method == "Target.attachedToTarget" && event.session == session_) {
    if (text_at(child_at(event.params, "targetInfo"), "type") != "iframe") return;
    const std::string frame = text_at(event.params, "sessionId");
    for (const auto* domain : kDomains) tools_.post(frame, domain, Json::object());
    tools_.post(frame, kAtEachDocument, our_script());
  } else if (event.method == "Page.frameNavigated" || event.method == "Page.navigatedWithinDocument") {
    hear_of_address(event);
  } else if (event.method == "Target.detachedFromTarget") {
    std::erase_if(worlds_, [gone = text_at(event.params, "sessionId")](const World& world) {
      return world.session == gone;
    });
  } else if (event.method == "Inspector.targetCrashed" && event.session == session_) {
    crashed_ = true;
  } else if (event.method == "Page.javascriptDialogOpening") {
    const bool accept = accepts_ && accepts_(text_at(event.params, "type"), text_at(event.params, "message"));
    tools_.post(event.session, "Page.handleJavaScriptDialog", {{"accept", accept}});
  } else if (event.method == "Page.fileChooserOpened") {
    if (const auto node = number_at(event.params, "backendNodeId"))
      chooser_ = Chooser{std::string(event.session), *node};
  }
}

void Page::hear_of_world(const DevToolsEvent& event) {
  if (event.method == "Runtime.executionContextCreated") {
    const Json& context = child_at(event.params, "context");
    if (text_at(context, "name") != kWorld) return;
    const bool own = text_at(child_at(context, "auxData"), "frameId") == target_;
    worlds_.insert(own ? worlds_.begin() : worlds_.end(),
                   {std::string(event.session), number_at(context, "id").value_or(0), own});
  } else if (event.method == "Runtime.executionContextDestroyed") {
    const auto gone = number_at(event.params, "executionContextId");
    std::erase_if(
        worlds_, [&](const World& world) { return world.session == event.session && world.context == gone; });
  } else if (event.method == "Runtime.executionContextsCleared") {
    std::erase_if(worlds_, [&](const World& world) { return world.session == event.session; });
  }
}

void Page::hear_of_address(const DevToolsEvent& event) {
  const Json& frame = child_at(event.params, "frame");  // a new document; else the same one under another
  if (text_at(event.params, "frameId") == target_)
    address_ = text_at(event.params, "url");
  else if (text_at(frame, "id") == target_)
    address_ = text_at(frame, "url") + text_at(frame, "urlFragment");
}

std::string Page::trouble() const {
  if (crashed_) return "the page has crashed";
  return tools_.gone() ? "the browser has ended" : "";
}

// A tab that has crashed never answers.
Result<Json> Page::call(std::string_view session, std::string_view method, const Json& params) {
  if (const std::string why = trouble(); !why.empty()) return fail(Code::failed, why);
  auto answer = tools_.call(session, method, params);
  if (const std::string why = trouble(); !answer && !tools_.stopped() && !why.empty())
    return fail(Code::failed, why);
  return answer;
}

bool Page::wait(const std::function<bool()>& over, milliseconds patience) {
  const auto give_up_at = std::chrono::steady_clock::now() + patience;
  for (milliseconds pause = kFirstPause; !over(); pause = std::min(2 * pause, kLongestPause)) {
    if (crashed_ || tools_.gone() || tools_.stopped() || std::chrono::steady_clock::now() >= give_up_at)
      return false;
    tools_.wait([&] { return crashed_; }, pause);
  }
  return true;
}

Result<void> Page::go_to(const std::string& address) {
  bool loaded = false;
  const auto ticket = tools_.listen([&](const DevToolsEvent& event) {
    if (event.session == session_ && event.method == "Page.domContentEventFired") loaded = true;
  });
  const auto answer = call(session_, "Page.navigate", {{"url", address}});
  if (!answer) return std::unexpected(answer.error());
  if (const std::string fault = text_at(*answer, "errorText"); !fault.empty())
    return fail(fault == "net::ERR_INTERNET_DISCONNECTED" || fault == "net::ERR_NAME_NOT_RESOLVED"
                    ? Code::offline
                    : Code::failed,
                fmt::format("{} cannot be opened: {}", address, fault));
  if (text_at(*answer, "loaderId").empty()) return {};  // within the document
  constexpr seconds kLoads{60};
  if (wait([&] { return loaded; }, kLoads)) return {};
  const std::string why = trouble();
  if (tools_.stopped()) return fail(Code::cancelled, "stopped");
  return fail(Code::failed,
              why.empty() ? fmt::format("{} did not load within {} s", address, kLoads.count()) : why);
}

Result<Json> Page::evaluate(std::string_view expression) {
  const auto found = own_world();
  if (!found) return std::unexpected(found.error());
  const auto value = in_world(*found, expression, true);
  return value ? Result<Json>(child_at(*value, "value")) : value;
}

Result<Json> Page::in_world(const World& world, std::string_view expression, bool by_value) {
  return value_of(call(world.session, "Runtime.evaluate",
                       {{"expression", expression},
                        {"contextId", world.context},
                        {"returnByValue", by_value},
                        {"awaitPromise", true}}));
}

Result<Json> Page::ask(const Element& element, std::string_view function, const Json& arguments) {
  Json given = Json::array();
  for (const Json& one : arguments) given.push_back({{"value", one}});
  const auto value = value_of(call(element.session, "Runtime.callFunctionOn",
                                   {{"functionDeclaration", function},
                                    {"objectId", element.object},
                                    {"arguments", given},
                                    {"returnByValue", true},
                                    {"awaitPromise", true}}));
  return value ? Result<Json>(child_at(*value, "value")) : value;
}

Result<Json> Page::ask(const Element& element, std::string_view function) {
  return ask(element, function, Json::array());
}

std::string Page::name_of(const Element& element) {
  const auto name = ask(element, "function () { return asfs.name_of(this); }");
  return name && name->is_string() ? name->get<std::string>() : "an element that is gone";
}

Result<bool> Page::is_shown() {
  const auto state = evaluate("document.visibilityState");
  if (!state) return std::unexpected(state.error());
  return *state == "visible";
}

// ---- finding ------------------------------------------------------------------------------------

// Between two documents there is none, for a moment.
Result<Page::World> Page::own_world() {
  const auto here = [&] { return !worlds_.empty() && worlds_.front().own; };
  if (tools_.wait([&] { return here() || crashed_; }, DevTools::kPatience) && here()) return worlds_.front();
  if (tools_.stopped()) return fail(Code::cancelled, "stopped");
  const std::string why = trouble();
  return fail(Code::failed, why.empty() ? "the page has no document" : why);
}

// The page's first, without which there are none; the others are those of frames, which may go at any time.
Result<std::vector<Page::World>> Page::worlds() {
  if (const auto own = own_world(); !own) return std::unexpected(own.error());
  return worlds_;
}

Result<std::vector<Element>> Page::find(const Locator& locator) {
  const auto all = worlds();
  if (!all) return std::unexpected(all.error());
  std::vector<Element> found;
  for (const World& world : *all) {
    const auto looked =
        locator.role.empty() ? find_by_look(world, locator, found) : find_by_role(world, locator, found);
    if (!looked && world.own) return std::unexpected(looked.error());
  }
  return found;
}

Result<std::vector<bool>> Page::finds(const std::vector<std::vector<Locator>>& questions) {
  Json asked = Json::array();
  for (const auto& any : questions) {
    Json locators = Json::array();
    for (const Locator& locator : any)
      if (locator.role.empty()) locators.push_back(as_json(locator));
    asked.push_back(std::move(locators));
  }
  const auto all = worlds();
  if (!all) return std::unexpected(all.error());
  std::vector<bool> found(questions.size());
  for (const World& world : *all) {
    const auto answers = in_world(world, fmt::format("asfs.finds({})", dumped(asked)), true);
    if (!answers && world.own) return std::unexpected(answers.error());
    if (!answers) continue;
    std::size_t i = 0;
    for (const Json& answer : child_at(*answers, "value")) {
      if (i < found.size() && answer == true) found[i] = true;
      ++i;
    }
  }
  return found;
}

Result<void> Page::find_by_look(const World& world, const Locator& locator, std::vector<Element>& found) {
  const auto list = in_world(world, fmt::format("asfs.find({})", dumped(as_json(locator))), false);
  if (!list) return std::unexpected(list.error());
  if (text_at(*list, "description") == "Array(0)") return {};
  const auto members = call(world.session, "Runtime.getProperties",
                            {{"objectId", text_at(*list, "objectId")}, {"ownProperties", true}});
  if (!members) return std::unexpected(members.error());
  for (const Json& member : child_at(*members, "result"))
    if (const Json& value = child_at(member, "value"); text_at(value, "subtype") == "node")
      found.push_back({world.session, text_at(value, "objectId")});
  return {};
}

Result<bool> Page::fits(const Element& element, const Locator& locator) {
  const auto answer = ask(element, "function (locator) { return asfs.fits(this, locator); }",
                          Json::array({as_json(locator)}));
  if (!answer) return std::unexpected(answer.error());
  return answer->is_boolean() && answer->get<bool>();
}

Result<void> Page::find_by_role(const World& world, const Locator& locator, std::vector<Element>& found) {
  const auto document = in_world(world, "document", false);
  if (!document) return std::unexpected(document.error());
  const auto nodes = call(world.session, "Accessibility.queryAXTree",
                          {{"objectId", text_at(*document, "objectId")}, {"role", locator.role}});
  if (!nodes) return std::unexpected(nodes.error());
  const std::string wanted = plain_words(locator.name);
  for (const Json& node : child_at(*nodes, "nodes")) {
    const auto id = number_at(node, "backendDOMNodeId");
    if (!id || flag_at(node, "ignored")) continue;
    const std::string name = plain_words(text_at(child_at(node, "name"), "value"));
    if (!wanted.empty() && (locator.exact ? name != wanted : name.find(wanted) == std::string::npos))
      continue;
    const auto object = call(world.session, "DOM.resolveNode",
                             {{"backendNodeId", *id}, {"executionContextId", world.context}});
    if (!object) continue;
    Element element{world.session, text_at(child_at(*object, "object"), "objectId")};
    if (const auto fit = fits(element, locator); fit && *fit) found.push_back(std::move(element));
  }
  return {};
}

}  // namespace asfs
