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

constexpr milliseconds kBetweenLooks{50};
constexpr std::array kDomains{"Page.enable", "Runtime.enable", "DOM.enable", "Accessibility.enable",
                              "Network.enable"};

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
  return prepare(session_);
}

Result<void> Page::prepare(const std::string& session) {
  for (const auto* domain : kDomains)
    if (auto enabled = tools_.call(session, domain, Json::object()); !enabled)
      return std::unexpected(enabled.error());
  const Json frames{{"autoAttach", true}, {"waitForDebuggerOnStart", false}, {"flatten", true}};
  const auto attached = tools_.call(session, "Target.setAutoAttach", frames);
  return attached ? Result<void>() : std::unexpected(attached.error());
}

void Page::hear(const DevToolsEvent& event) {
  if (event.method == "Target.attachedToTarget" && event.session == session_) {
    if (text_at(child_at(event.params, "targetInfo"), "type") != "iframe") return;
    const std::string frame = text_at(event.params, "sessionId");
    frames_.push_back(frame);
    for (const auto* domain : kDomains) tools_.post(frame, domain, Json::object());
  } else if (event.method == "Target.detachedFromTarget") {
    std::erase(frames_, text_at(event.params, "sessionId"));
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
  while (!over()) {
    if (crashed_ || tools_.gone() || tools_.stopped() || std::chrono::steady_clock::now() >= give_up_at)
      return false;
    tools_.wait([&] { return crashed_; }, kBetweenLooks);
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

Result<std::string> Page::address() {
  const auto value = evaluate("location.href");
  if (!value) return std::unexpected(value.error());
  return value->is_string() ? value->get<std::string>() : "";
}

Result<Json> Page::evaluate(std::string_view expression) {
  std::vector<World> own;
  if (auto added = add_worlds(session_, own); !added) return std::unexpected(added.error());
  const auto value = value_of(call(session_, "Runtime.evaluate",
                                   {{"expression", expression},
                                    {"contextId", own.front().context},
                                    {"returnByValue", true},
                                    {"awaitPromise", true}}));
  return value ? Result<Json>(child_at(*value, "value")) : value;
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

Result<std::vector<Page::World>> Page::worlds() {
  std::vector<World> found;
  if (auto own = add_worlds(session_, found); !own) return std::unexpected(own.error());
  for (const std::string& frame : std::vector(frames_))
    static_cast<void>(add_worlds(frame, found));  // it may go at any time
  return found;
}

// A world of ours in every document of the session: the page's, without which it fails, first.
Result<void> Page::add_worlds(const std::string& session, std::vector<World>& into) {
  const auto tree = call(session, "Page.getFrameTree", Json::object());
  if (!tree) return std::unexpected(tree.error());
  std::vector<const Json*> left{&child_at(*tree, "frameTree")};
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::string frame = text_at(child_at(*left[i], "frame"), "id");
    for (const Json& child : child_at(*left[i], "childFrames")) left.push_back(&child);
    const auto world = call(session, "Page.createIsolatedWorld", {{"frameId", frame}, {"worldName", "asfs"}});
    const auto context = world ? number_at(*world, "executionContextId") : std::nullopt;
    if (!context && i == 0)
      return std::unexpected(world ? Error{Code::failed, "no document"} : world.error());
    if (!context) continue;  // of another session, or gone
    const auto script = value_of(
        call(session, "Runtime.evaluate",
             {{"expression", asset_text("browser_page.js")}, {"contextId", *context}, {"silent", true}}));
    if (!script && i == 0) return std::unexpected(script.error());
    if (script) into.push_back({session, *context});
  }
  return {};
}

Result<std::vector<Element>> Page::find(const Locator& locator) {
  const auto all = worlds();
  if (!all) return std::unexpected(all.error());
  std::vector<Element> found;
  for (const World& world : *all) {
    std::vector<Element> here;
    const auto looked =
        locator.role.empty() ? find_by_look(world, locator, here) : find_by_role(world, locator, here);
    if (!looked && &world == &all->front()) return std::unexpected(looked.error());  // frames may go
    for (Element& element : here)
      if (const auto fit = fits(element, locator); fit && *fit) found.push_back(std::move(element));
  }
  return found;
}

Result<bool> Page::fits(const Element& element, const Locator& locator) {
  const auto answer =
      ask(element,
          "function (visible, within) { return this.isConnected &&"
          " (!visible || asfs.is_visible(this)) && (!within || asfs.is_within(this, within)); }",
          {locator.visible, locator.within});
  if (!answer) return std::unexpected(answer.error());
  return answer->is_boolean() && answer->get<bool>();
}

Result<void> Page::find_by_look(const World& world, const Locator& locator, std::vector<Element>& found) {
  const auto list =
      value_of(call(world.session, "Runtime.evaluate",
                    {{"expression", fmt::format("asfs.find({}, {}, {})", dumped(Json(locator.css)),
                                                dumped(Json(locator.text)), locator.exact)},
                     {"contextId", world.context}}));
  if (!list) return std::unexpected(list.error());
  const auto members = call(world.session, "Runtime.getProperties",
                            {{"objectId", text_at(*list, "objectId")}, {"ownProperties", true}});
  if (!members) return std::unexpected(members.error());
  for (const Json& member : child_at(*members, "result"))
    if (const Json& value = child_at(member, "value"); text_at(value, "subtype") == "node")
      found.push_back({world.session, text_at(value, "objectId")});
  return {};
}

Result<void> Page::find_by_role(const World& world, const Locator& locator, std::vector<Element>& found) {
  const auto document = value_of(
      call(world.session, "Runtime.evaluate", {{"expression", "document"}, {"contextId", world.context}}));
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
    if (object) found.push_back({world.session, text_at(child_at(*object, "object"), "objectId")});
  }
  return {};
}

}  // namespace asfs
