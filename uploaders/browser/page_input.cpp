// What a person does in a page: clicks, keys, text, files.
#include <fmt/format.h>
#include <sys/stat.h>

#include "registry/base/json.h"
#include "uploaders/browser/page.h"

namespace asfs {
namespace {

using std::chrono::seconds;

constexpr seconds kStandsStill{5};
constexpr seconds kTakesFile{10};

struct Key {
  const char* name;
  int code;
  const char* text;
};
constexpr std::array kKeys{Key{"Tab", 9, ""}, Key{"Enter", 13, "\r"}, Key{"Escape", 27, ""},
                           Key{"Backspace", 8, ""}};

/// As editors may change a text without changing what is read: NBSP for a blank, an empty line at the end.
std::string as_read(std::string text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') continue;
    if (text.compare(i, 2, "\xC2\xA0") == 0) {
      plain += ' ';
      ++i;
    } else {
      plain += text[i];
    }
  }
  plain.resize(plain.find_last_not_of("\n ") + 1);
  return plain;
}

Result<void> done(const Result<Json>& answer) {
  return answer ? Result<void>() : std::unexpected(answer.error());
}

/// The size of a file that a browser may be given: it takes any other path without a word.
Result<std::uint64_t> size_of_file(const std::filesystem::path& file) {
  struct stat found {};
  if (!file.is_absolute() || ::stat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode) ||
      found.st_size == 0)
    return fail(Code::failed, fmt::format("{} is no file that can be sent", path_text(file)));
  return static_cast<std::uint64_t>(found.st_size);
}

}  // namespace

bool same_text(const std::string& one, const std::string& other) {
  return as_read(one) == as_read(other);
}

// ---- mouse --------------------------------------------------------------------------------------

Result<Page::Point> Page::where_to_click(const Element& element) {
  Json at;
  const bool still = wait(
      [&] {
        const auto place = ask(element, "function () { return asfs.place(this); }");
        at = place ? *place : Json();
        return at.is_object() || !place;
      },
      kStandsStill);
  if (const std::string why = trouble(); !why.empty()) return fail(Code::failed, why);
  if (tools_.stopped()) return fail(Code::cancelled, "stopped");
  if (!still || !at.is_object())
    return fail(Code::failed, fmt::format("{} does not stand still, or cannot be seen", name_of(element)));
  const Point point{at.value("x", 0.0), at.value("y", 0.0)};
  const auto cover =
      ask(element, "function (x, y) { return asfs.covered_by(this, x, y); }", {point.x, point.y});
  if (!cover) return std::unexpected(cover.error());
  if (*cover != "")
    return fail(Code::failed,
                fmt::format("{} is covered by {}", name_of(element), cover->get<std::string>()));
  return point;
}

Result<void> Page::mouse(const Element& element, Point at, std::initializer_list<const char*> types) {
  // In the coordinates of the session: a frame of the same site has its place in the page's.
  const auto quads = call(element.session, "DOM.getContentQuads", {{"objectId", element.object}});
  if (!quads) return done(quads);
  if (const Json& list = child_at(*quads, "quads"); list.is_array() && !list.empty() && list[0].size() == 8)
    at = {(list[0][0].get<double>() + list[0][4].get<double>()) / 2,
          (list[0][1].get<double>() + list[0][5].get<double>()) / 2};
  for (const char* type : types) {
    const bool moves = std::string_view(type) == "mouseMoved";
    const auto sent = call(element.session, "Input.dispatchMouseEvent",
                           {{"type", type},
                            {"x", at.x},
                            {"y", at.y},
                            {"button", moves ? "none" : "left"},
                            {"clickCount", moves ? 0 : 1}});
    if (!sent) return done(sent);
  }
  return {};
}

Result<Page::Point> Page::aim(const Element& element) {
  const auto point = where_to_click(element);
  if (!point) return point;
  if (auto moved = mouse(element, *point, {"mouseMoved"}); !moved) return std::unexpected(moved.error());
  return where_to_click(element);  // what comes up under the mouse may cover it
}

Result<void> Page::press_mouse(const Element& element, Point at) {
  return mouse(element, at, {"mousePressed", "mouseReleased"});
}

Result<void> Page::click(const Element& element) {
  const auto point = aim(element);
  return point ? press_mouse(element, *point) : std::unexpected(point.error());
}

// ---- keyboard -----------------------------------------------------------------------------------

Result<void> Page::press(std::string_view key) {
  constexpr int kShift = 8;
  const bool shifted = key.starts_with("Shift+");
  if (shifted) key.remove_prefix(6);
  const auto* known = std::ranges::find(kKeys, key, &Key::name);
  if (known == kKeys.end()) return fail(Code::failed, fmt::format("there is no key {}", key));
  Json event{{"type", *known->text ? "keyDown" : "rawKeyDown"},
             {"key", key},
             {"code", key},
             {"windowsVirtualKeyCode", known->code},
             {"modifiers", shifted ? kShift : 0}};
  if (*known->text) event["text"] = known->text;
  if (auto down = call(session_, "Input.dispatchKeyEvent", event); !down) return done(down);
  event.erase("text");
  event["type"] = "keyUp";
  return done(call(session_, "Input.dispatchKeyEvent", event));
}

Result<void> Page::type(const std::string& text) {
  return done(call(session_, "Input.insertText", {{"text", text}}));
}

Result<void> Page::clear(const Element& element) {
  if (auto focused = call(element.session, "DOM.focus", {{"objectId", element.object}}); !focused)
    return done(focused);
  constexpr int kControl = 2;
  Json event{{"type", "rawKeyDown"},  {"key", "a"},
             {"code", "KeyA"},        {"windowsVirtualKeyCode", 65},
             {"modifiers", kControl}, {"commands", {"selectAll"}}};
  if (auto down = call(session_, "Input.dispatchKeyEvent", event); !down) return done(down);
  event.erase("commands");
  event["type"] = "keyUp";
  if (auto up = call(session_, "Input.dispatchKeyEvent", event); !up) return done(up);
  return press("Backspace");
}

Result<void> Page::insert(const std::string& text, bool line_by_line, bool shifted) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = line_by_line ? std::min(text.find('\n', begin), text.size()) : text.size();
    if (end > begin)
      if (auto put = type(text.substr(begin, end - begin)); !put) return put;
    if (end == text.size()) break;
    if (auto line = press(shifted ? "Shift+Enter" : "Enter"); !line) return line;
    begin = end + 1;
  }
  return {};
}

Result<std::string> Page::text_in(const Element& element) {
  const auto text = ask(element,
                        "function () { const frame = () => new Promise(done => requestAnimationFrame(done));"
                        " return frame().then(frame).then(() => asfs.text_in(this)); }");
  if (!text) return std::unexpected(text.error());
  return text->is_string() ? text->get<std::string>() : "";
}

// Never appended to: what has arrived wrongly is taken out first.
Result<void> Page::fill(const Element& element, const std::string& text) {
  struct Method {
    bool line_by_line, shifted;
  };
  std::string holds;
  for (const Method method : {Method{false, false}, Method{true, false}, Method{true, true}}) {
    if (auto cleared = clear(element); !cleared) return cleared;
    if (auto put = insert(text, method.line_by_line, method.shifted); !put) return put;
    const auto read = text_in(element);
    if (!read) return std::unexpected(read.error());
    holds = *read;
    if (same_text(holds, text)) return {};
    if (text.find('\n') == std::string::npos) break;  // the others would do the same
  }
  return fail(Code::failed,
              fmt::format("{} does not keep its text: it holds \"{}\"", name_of(element), holds));
}

// ---- files --------------------------------------------------------------------------------------

Result<void> Page::attach(const Element& input, const std::filesystem::path& file) {
  const auto size = size_of_file(file);
  if (!size) return std::unexpected(size.error());
  if (auto watching = ask(input, "function () { asfs.watch_file(this); }"); !watching) return done(watching);
  const auto given =
      call(input.session, "DOM.setFileInputFiles", {{"files", {file.string()}}, {"objectId", input.object}});
  if (!given) return done(given);
  Json taken;
  wait(
      [&] {
        const auto seen = ask(input, "function () { return asfs.file_in(this); }");
        taken = seen ? *seen : Json();
        return !seen || taken.is_object();
      },
      kTakesFile);
  if (!taken.is_object()) return fail(Code::failed, fmt::format("the page did not take {}", path_text(file)));
  if (text_at(taken, "name") != file.filename() || count_at(taken, "size") != *size)
    return fail(Code::failed,
                fmt::format("the page took {} with {} bytes, not {} with {}", text_at(taken, "name"),
                            count_at(taken, "size").value_or(0), path_text(file.filename()), *size));
  return {};
}

Result<void> Page::attach_by_click(const Element& button, const std::filesystem::path& file,
                                   std::chrono::milliseconds patience) {
  if (const auto size = size_of_file(file); !size) return std::unexpected(size.error());
  const auto intercept = [&](bool on) {
    return done(call(button.session, "Page.setInterceptFileChooserDialog", {{"enabled", on}}));
  };
  chooser_.reset();
  if (auto on = intercept(true); !on) return on;
  auto clicked = click(button);
  if (clicked) wait([&] { return chooser_.has_value(); }, patience);
  static_cast<void>(intercept(false));  // a person's own clicks open one again
  if (!clicked) return clicked;
  if (!chooser_) return fail(Code::failed, fmt::format("{} opens no file chooser", name_of(button)));
  const auto all = worlds();
  if (!all) return std::unexpected(all.error());
  for (const World& world : *all) {
    if (world.session != chooser_->session) continue;
    const auto input = call(world.session, "DOM.resolveNode",
                            {{"backendNodeId", chooser_->node}, {"executionContextId", world.context}});
    if (input) return attach({world.session, text_at(child_at(*input, "object"), "objectId")}, file);
  }
  return fail(Code::failed, "the input of the file chooser is gone");
}

}  // namespace asfs
