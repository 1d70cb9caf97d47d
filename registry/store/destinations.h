// Destinations: accounts on platforms, as posts go to them. A name stands in the shared tables' column
// `platform`: "YouTube" is the first account, all that the Python program knows; "YouTube/cooking" is
// another.
//
// config/destinations.json lists them; without it there is one for each platform. Pure but for the loading
// and saving; any thread.
#pragma once

#include <cstddef>
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

struct Destination {
  std::string name;      ///< "YouTube", "YouTube/cooking"
  std::string platform;  ///< "YouTube"
  std::string caption;   ///< for people; the name unless another was given

  /// "cooking"; "" for a platform's first account.
  std::string_view account() const;
};

/// What may stand after the slash: 1 to 32 of a-z 0-9 _ -.
bool is_account_name(std::string_view name);

/// In the order of the window's columns; a name stands there once.
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
  /// By exact name.
  std::optional<std::size_t> index_of(std::string_view name) const;
  /// By any capitalisation, as people type; nullptr for none.
  const Destination* find(std::string_view typed) const;

 private:
  std::vector<Destination> all_;
};

/// The Error for a name that find() does not know (Code::not_found), with those there are.
Error no_such_destination(const Destinations& destinations, std::string_view name);

/// The file as it is: by the name of a destination an object with "caption" and "limits"; an empty object
/// without it. Code::library: it cannot be used, and why.
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
/// What was posted to it stays in the registry. Code::usage: there is none, or it is a platform's first
/// account.
Result<void> remove_destination(const Library& library, std::string_view name);

}  // namespace asfs
