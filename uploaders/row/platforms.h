// What a platform is, in one row. The rows that a program has are handed in by its main():
// uploaders/all_platforms.h lists those of asfs-videos. Everything else (columns, colours, settings, sign-in,
// plan, queue, practice routes, help) is derived from them, and a row in which something is missing does not
// compile. docs/add-a-platform.md adds one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "registry/store/config.h"
#include "uploaders/row/dialect.h"

namespace asfs {

class PlatformUploader;
struct Metadata;
using WebWords = std::map<std::string, std::string>;
struct UploaderContext;
namespace practice {
class StandIn;
struct StandInParts;
struct SignInManner;
}  // namespace practice

/// A member that has to be given.
template <class T>
class Given {
 public:
  Given() = delete;
  constexpr Given(T value) : value_(value) {}  // NOLINT: a row names the value itself
  constexpr const T& operator*() const { return value_; }
  constexpr const T* operator->() const { return &value_; }

 private:
  T value_;
};

template <class Result, class... Arguments>
class Given<Result (*)(Arguments...)> {
 public:
  Given() = delete;
  constexpr Given(Result (*function)(Arguments...)) : function_(function) {}  // NOLINT: as above
  Result operator()(Arguments... arguments) const { return function_(std::forward<Arguments>(arguments)...); }

 private:
  Result (*function_)(Arguments...);
};

/// How its column and its buttons look.
struct PlatformLook {
  Given<const char*> icon;      ///< one character of the icon font
  Given<std::uint32_t> colour;  ///< 0xRRGGBB
};

struct Platform {
  Given<std::string_view> name;  ///< as in the shared tables
  Given<PlatformLook> look;
  Given<const PlatformSettings*> settings;
  Given<const oauth::Dialect*> sign_in;
  Given<std::unique_ptr<PlatformUploader> (*)(const UploaderContext&)> make;
  /// The address of a post, or "" when the id has not the shape of one (other programs store free text
  /// there).
  Given<std::string (*)(const Config&, std::string_view post_id)> post_url;
  /// What its web pages are told about a post, by the names that its recipe has for it; Code::usage: what
  /// they cannot be told, or that nothing goes there through a browser.
  Given<Result<WebWords> (*)(const Config&, const Metadata&, std::string_view video_title)> web_post;
  /// Its stand-in on this machine, and how one signs in there.
  Given<std::unique_ptr<practice::StandIn> (*)(const practice::StandInParts&)> stand_in;
  Given<const practice::SignInManner*> practice_sign_in;
  /// Its web sites on this machine, for uploads by a browser; makes nullptr where there are none.
  Given<std::unique_ptr<practice::StandIn> (*)(const practice::StandInParts&)> studio;
};

/// Once, before anything else, by main(). The rows live as long as the program; their order is that of the
/// columns.
void use_platforms(std::span<const Platform* const> rows);
std::span<const Platform* const> platforms();

/// The one that a destination is on, by exact name, or by any capitalisation (`youtube`) for what people
/// type; nullptr when there is none.
const Platform* find_platform(std::string_view destination);
/// Of a destination that exists.
const Platform& platform_at(std::string_view destination);

/// What a person pasted as a post: its id, also out of a link to it (`…/reel/CODE/`, `…/watch?v=ID`).
std::string post_id_in(std::string_view text);

/// The program's configuration for this library: compiled-in defaults, the files of its config/ over them;
/// with a practice URL every base address is that one, and without a rate_limits.json of the library's own
/// nothing is too soon.
Result<Config> upload_config(const Library& library, std::string_view practice_url);

}  // namespace asfs
