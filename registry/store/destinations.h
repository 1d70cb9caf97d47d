// Destinations: accounts on platforms, as posts go to them. A name stands in the shared tables' column
// `platform`: "YouTube" is the first account, all that the Python program knows; "YouTube/cooking" is
// another.
//
// config/destinations.json lists them; without it there is one for each platform. Pure but for the loading
// and saving; any thread.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"
#include "registry/store/library.h"
#include "registry/store/platform_names.h"

namespace asfs {

/// Arrays of what is kept for each destination have this size; only as many are used as there are
/// destinations.
inline constexpr std::size_t kMostDestinations = 32;

/// Which of the destinations, by their places.
using DestinationChoice = std::bitset<kMostDestinations>;
inline const DestinationChoice kEveryDestination = DestinationChoice().set();

/// By which way posts go to a destination.
enum class Route : std::uint8_t { api, browser };
std::string_view name_of(Route route);

struct Destination {
  std::string name;      ///< "YouTube", "YouTube/cooking"
  std::string platform;  ///< "YouTube"
  std::string caption;   ///< for people; the name unless another was given
  bool removed = false;  ///< from the library while the program runs: it only keeps its place
  Route route = Route::api;
  std::optional<bool> visible = {};  ///< the browser's window; nullopt: as the platform's pages need it

  /// "cooking"; "" for a platform's first account.
  std::string_view account() const;

  bool operator==(const Destination&) const = default;
};

/// What may stand after the slash: 1 to 32 of a-z 0-9 _ -.
bool is_account_name(std::string_view name);

/// A name stands there once. Its place stays what it is while a program runs: see followed_by().
class Destinations {
 public:
  Destinations() = default;
  explicit Destinations(std::vector<Destination> all) : all_(std::move(all)) {}
  /// The first account of each platform of this program.
  static Destinations first_ones();

  std::size_t size() const { return all_.size(); }
  const Destination& operator[](std::size_t index) const { return all_[index]; }
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }
  /// By exact name, also of a removed one.
  std::optional<std::size_t> index_of(std::string_view name) const;
  /// By any capitalisation, as people type; nullptr for none.
  const Destination* find(std::string_view typed) const;
  /// Those that are not removed.
  DestinationChoice there() const;
  /// `newest`, the library's list as it is now, for a program that has gone by this one: what is new comes
  /// after what is here, and what is gone keeps its place.
  Destinations followed_by(const Destinations& newest) const;

  bool operator==(const Destinations&) const = default;

 private:
  std::vector<Destination> all_;
};

/// The Error for a name that find() does not know (Code::not_found), with those there are.
Error no_such_destination(const Destinations& destinations, std::string_view name);

/// The file as it is: by the name of a destination an object with "caption", "limits", "route" ("api" or
/// "browser") and "visible"; an empty object without it. Code::library: it cannot be used, and why.
Result<Json> read_destinations(const Library& library);

/// What a person or a file means by a name: `youtube/cooking` is `YouTube/cooking`; "" when it has not the
/// form of one.
std::string destination_named(std::string_view typed);

/// Of a library, out of what read_destinations() gave. Code::library: the file cannot be used, and why.
Result<Destinations> destinations_in(const Json& document);
/// The two in one.
Result<Destinations> load_destinations(const Library& library);

/// Adds `platform`/`account`, on disk when it returns. Code::usage: there is one of that name, too many, or
/// the name is none.
Result<void> add_destination(const Library& library, const Destination& destination);
/// From now on posts go to it that way; on disk when it returns.
Result<void> set_route(const Library& library, std::string_view name, Route route);
/// What was posted to it stays in the registry. Code::usage: there is none, or it is a platform's first
/// account.
Result<void> remove_destination(const Library& library, std::string_view name);

}  // namespace asfs
