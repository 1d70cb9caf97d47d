// One tab of a browser that is driven: what is in it is found as a person would find it, and used by real
// mouse and keyboard events, so that the page cannot tell and nothing happens that a person could not do.
//
// An element is found by what it is for people (role and name, through every shadow root, open or closed),
// by CSS (through open shadow roots), or by its text; in the page and in its frames. Before a click it is
// scrolled into view, must lie still, and be what lies on top; what covers it is named in the error.
//
// One thread, that of its DevTools.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"
#include "uploaders/browser/devtools.h"

namespace asfs {

/// How an element is known. One of css, role and text says what it is; the rest narrows that down.
struct Locator {
  std::string css;
  std::string role, name;  ///< accessible; an empty name is any
  std::string text;        ///< what can be read in it; the innermost such element
  bool exact = true;       ///< name and text are all of it, not a part; case and runs of blanks never count
  std::string within;      ///< CSS of an element around it; "" for the whole page
  bool visible = true;     ///< only what can be seen

  bool operator==(const Locator&) const = default;
};
/// Whether a person reads the same in them: whatever editors do to blanks, and to empty lines at the end.
bool same_text(const std::string& one, const std::string& other);
/// `button "Publish" in #dialog`, for people.
std::string locator_text(const Locator& locator);

/// An element that was found. It may be gone from the page at any later time.
struct Element {
  std::string session;  ///< of its frame
  std::string object;   ///< a handle in that frame's world of ours
};

class Page {
 public:
  /// The browser's first tab.
  static Result<std::unique_ptr<Page>> open(DevTools& tools);
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  /// Until the document is there; not what it loads later.
  Result<void> go_to(const std::string& address);
  /// Where the page is, as the browser told last.
  const std::string& address() const { return address_; }
  /// Everything that matches now, in the order of the page.
  Result<std::vector<Element>> find(const Locator& locator);
  /// Of each question whether css or text of any of its locators finds something now; roles are not asked.
  /// All are one look at the page.
  Result<std::vector<bool>> finds(const std::vector<std::vector<Locator>>& questions);
  /// The value of a JavaScript function of the element: `function () { return this.id; }`. Reads only.
  Result<Json> ask(const Element& element, std::string_view function, const Json& arguments);
  Result<Json> ask(const Element& element, std::string_view function);
  /// The value of an expression in the page.
  Result<Json> evaluate(std::string_view expression);
  /// A short name of it for people: `button "Publish"`.
  std::string name_of(const Element& element);

  struct Point {
    double x = 0, y = 0;
  };
  /// Moves the mouse over an element that can be seen, stands still, and is not covered.
  Result<Point> aim(const Element& element);
  /// Presses and lets go there. An Error does not tell whether the page has felt it.
  Result<void> press_mouse(const Element& element, Point at);
  /// The two in one.
  Result<void> click(const Element& element);
  /// Keys of a keyboard by name: "Tab", "Escape", "Enter", "Backspace".
  Result<void> press(std::string_view key);
  /// Text where the cursor is.
  Result<void> type(const std::string& text);
  /// What it holds becomes `text`, exactly, whatever kind of editor it is; read back, and by another method
  /// when it is not the same. Code::failed says what it holds instead.
  Result<void> fill(const Element& element, const std::string& text);
  /// What a person reads in it: its value, or its text line by line.
  Result<std::string> text_in(const Element& element);
  /// Gives a file to an <input type=file>, by its path: the browser reads it itself. Absolute; the page's
  /// name and size of it are compared.
  Result<void> attach(const Element& input, const std::filesystem::path& file);
  /// Clicks what opens a file chooser within `patience`, and gives the file to it, also where the input is in
  /// no document.
  Result<void> attach_by_click(const Element& button, const std::filesystem::path& file,
                               std::chrono::milliseconds patience = std::chrono::seconds(10));

  /// "" when nothing; else why this tab cannot go on: it has crashed, or the browser has ended.
  std::string trouble() const;
  /// Whether the page believes that it is seen; a hidden one does not upload.
  Result<bool> is_shown();
  /// What a dialog of JavaScript's is answered; the default stays on the page and declines.
  void set_dialog_answer(std::function<bool(std::string_view type, std::string_view message)> accepts) {
    accepts_ = std::move(accepts);
  }
  /// Once `over` holds, asked again and again while the page changes: true.
  bool wait(const std::function<bool()>& over, std::chrono::milliseconds patience);
  DevTools& tools() { return tools_; }
  const std::string& session() const { return session_; }

 private:
  explicit Page(DevTools& tools) : tools_(tools) {}

  /// Where our script is in one document.
  struct World {
    std::string session;
    std::int64_t context = 0;
    bool own = false;  ///< the page's; else a frame's
  };
  Result<void> attach_to_first_tab();
  void hear(const DevToolsEvent& event);
  void hear_of_world(const DevToolsEvent& event);
  void hear_of_address(const DevToolsEvent& event);
  Result<Json> call(std::string_view session, std::string_view method, const Json& params);
  Result<World> own_world();
  Result<std::vector<World>> worlds();
  Result<Json> in_world(const World& world, std::string_view expression, bool by_value);
  Result<void> find_by_role(const World& world, const Locator& locator, std::vector<Element>& found);
  Result<void> find_by_look(const World& world, const Locator& locator, std::vector<Element>& found);
  Result<bool> fits(const Element& element, const Locator& locator);
  Result<Point> where_to_click(const Element& element);
  Result<void> mouse(const Element& element, Point at, std::initializer_list<const char*> types);
  Result<void> clear(const Element& element);
  Result<void> insert(const std::string& text, bool line_by_line, bool shifted);
  Result<std::string> differs_from(const Element& element, const std::string& text);

  DevTools& tools_;
  std::string session_, target_, address_;
  std::vector<World> worlds_;  ///< the page's own first, once it is there
  std::shared_ptr<void> listening_;
  std::function<bool(std::string_view, std::string_view)> accepts_;
  struct Chooser {
    std::string session;
    std::int64_t node = 0;
  };
  std::optional<Chooser> chooser_;  ///< the input that a file chooser was to be opened for
  bool crashed_ = false;
};

}  // namespace asfs
