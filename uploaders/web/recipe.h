// What is known of a platform's web pages, as data: how an upload goes there, step by step. The program knows
// no page, and a recipe knows no C++; recipe_run.h plays it.
//
// A recipe is a machine of short states. A state does something, then waits until one of its branches holds,
// which names the next state or an end. Where a page is looked at, a target stands: a list of locators, the
// best first, of which the first that fits counts. Words that a page shows stand by language in one table.
// Pages change: every locator is a guess until `asfs-videos recipe check` has seen it.
//
// docs/recipes.md describes the file. Values; any thread may read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"
#include "registry/store/library.h"
#include "uploaders/browser/network_witness.h"
#include "uploaders/browser/page.h"
#include "uploaders/platform/platform_uploader.h"

namespace asfs::web {

/// Texts with {name} in them, where a value goes: `{studio}/channel/{account}`.
using Template = std::string;

/// What a page shows, by the language of the page: {"en": ["Next"], "de": ["Weiter"]}.
using Words = std::map<std::string, std::vector<std::string>>;

/// Where a state speaks of a target or of words, a template may stand: `{visibility}`.
struct Target {
  std::vector<Locator> locators;  ///< a name or text `@next` means the words of that name
  bool last = false;              ///< of several, the last one; else several are none, as it may be the wrong
};

/// Where a value is read; the first that gives something counts.
struct Reading {
  std::string target, attribute;   ///< of an element, its text without `attribute`
  std::string witness, pointer;    ///< or of what the platform answered
  bool address = false;            ///< or of the page's address
  std::vector<std::string> after;  ///< begins behind the first of these that is there; else all of it
};

/// Holds when all that is said holds; one that says nothing holds.
struct Condition {
  std::vector<std::string> see;      ///< one of these targets is there
  std::vector<std::string> not_see;  ///< none of these is
  std::vector<Template> address;     ///< the page's fits one of these patterns, in which * is any text
  struct Attribute {
    std::string target, name;
    std::optional<std::string> is, is_not;  ///< patterns; a missing attribute is ""
    bool changed = false;                   ///< since the state began
  };
  std::optional<Attribute> attribute;
  struct Reads {
    std::string target, words;  ///< its text holds one of them
    bool none = false;          ///< or none of them
  };
  std::optional<Reads> reads;
  struct Heard {
    std::string witness;
    bool sent = false;                      ///< at least asked; else it must have been answered
    std::string pointer;                    ///< in the JSON that was answered
    std::optional<std::string> is, is_not;  ///< patterns; "" when nothing stands there
  };
  std::optional<Heard> heard;  ///< since the state began, or since the point of no return
};

struct Branch {
  Condition when;
  std::string then;  ///< a state or an end
};

struct Action {
  enum class Kind : std::uint8_t {
    go,       ///< to an address
    click,    ///< on a target
    fill,     ///< a target with `text`
    type,     ///< `text` where the cursor is
    press,    ///< a key
    attach,   ///< the video to a target, an <input type=file>
    choose,   ///< the video, by a click on a target that opens a file chooser
    steady,   ///< until a target's text does not change any more
    publish,  ///< a click on a target: the point of no return
  };
  Kind kind = Kind::go;
  std::string target;
  Template text;          ///< an address, what to fill in, or a key
  bool optional = false;  ///< nothing happens where the target is not there
};

struct State {
  std::string says;  ///< what goes on, for people: "fills in the title"
  UploadStep step = UploadStep::starting;
  std::string only_with;  ///< a value without which the state is passed over
  std::string otherwise;  ///< where it goes then
  std::vector<Action> actions;
  std::vector<Reading> read;  ///< into `reads_into`, once a branch holds
  std::string reads_into;
  std::vector<Branch> until;
  std::string progress;               ///< a target in whose text a percentage stands
  std::chrono::seconds patience{30};  ///< what comes after it, or after as long without progress, is `late`
  std::string late;                   ///< "": the page has changed
};

/// How a flow ends.
struct End {
  enum class Kind : std::uint8_t {
    ready,   ///< of a session: signed in
    posted,  ///< the post exists
    look,    ///< the platform may have it: it is looked for in the list
    draft,   ///< begun there, and no post: it can go on
    failed,  ///< `error_class`, `says`
  };
  Kind kind = Kind::failed;
  ErrorClass error_class = ErrorClass::permanent;
  std::string says;                           ///< {quote} is what the page says
  std::string quote;                          ///< the target that is quoted
  bool anew = false;                          ///< what was begun cannot go on: the next try begins anew
  bool no_post = false;                       ///< the platform's own word that it made none and never will
  std::optional<std::chrono::seconds> after;  ///< not before so long
  PostCheck::State check = PostCheck::State::unknown;  ///< of a post that is looked at
};

/// What comes up by itself, and is known.
struct Interrupt {
  std::string name;
  std::vector<std::string> see;  ///< targets, all of which are there: exact, so that nothing else is pressed
  std::string press;             ///< a target; "": it ends the flow
  std::string end;
};

/// The account's newest posts.
struct PostList {
  std::vector<Template> pages;
  Condition ready;
  std::string rows;  ///< a target that fits each post
  struct Cell {
    std::string css, attribute;      ///< within the row
    std::vector<std::string> after;  ///< as of a Reading
  };
  Cell id, caption, posted_at;
  struct Heard {
    std::string witness, items, id, caption, posted_at;  ///< pointers; the time in unix seconds
  };
  std::optional<Heard> heard;  ///< the page's own answer, which goes before its rows
};

struct Recipe {
  std::string file;  ///< where it was read, for people
  int version = 0;
  std::string platform, checked_on;
  std::map<std::string, std::string> sites;  ///< addresses without a slash at the end; {studio} in templates
  Template login;                            ///< where a person signs in
  bool visible = false;                      ///< headless is not the default
  std::map<std::string, Words> words;
  std::map<std::string, Target> targets;
  std::vector<Watched> witnesses;
  std::vector<Interrupt> interrupts;
  std::vector<std::string> dialogs, own_dialogs;  ///< CSS: what is a dialog, and which are part of the flow
  std::vector<Branch> always;                     ///< asked in every wait before the point of no return
  std::map<std::string, std::string> flows;       ///< session, upload, resume, look, check: where they begin
  std::map<std::string, State> states;
  std::map<std::string, End> ends;
  PostList list;

  const Target* target(std::string_view name) const;
  const State* state(std::string_view name) const;
  const End* end(std::string_view name) const;
  /// Practice pages answer in no time.
  void make_hasty();
  bool has_flow(std::string_view name) const { return flows.contains(std::string(name)); }
};

/// Code::library: `FILE:LINE:COLUMN: what is wrong, and what is allowed`.
Result<Recipe> read_recipe(std::string_view text, const std::string& file);

/// The library's own, config/recipes/<platform>.json, or that of the program.
Result<Recipe> load_recipe(const Library& library, std::string_view platform);

/// Its text as it is.
struct RecipeSource {
  std::string file, text;
};
Result<RecipeSource> recipe_text(const Library& library, std::string_view platform);

/// `text` with the values in their places; what is not known stays empty.
std::string filled_in(std::string_view text, const std::map<std::string, std::string>& values);

}  // namespace asfs::web
