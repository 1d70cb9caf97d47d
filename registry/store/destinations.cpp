#include "registry/store/destinations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/store/config_file.h"

namespace asfs {
namespace {

constexpr std::string_view kFile = "destinations.json";
constexpr std::array<const char*, 4> kKeys{"caption", "limits", "route", "visible"};
constexpr std::string_view kNameRule = "its name is a platform's, a slash, and 1 to 32 of a-z 0-9 _ -";

Result<void> check_known(std::string_view name, const std::string& where) {
  const std::string_view platform = platform_of(name);
  const bool first = platform.size() == name.size();
  if (is_on_known_platform(name) && (first || is_account_name(name.substr(platform.size() + 1)))) return {};
  return fail(Code::library,
              fmt::format("{}: \"{}\" is no destination; {}", where, one_line(name, 80), kNameRule));
}

Result<Json> checked(Json document, const std::string& where) {
  if (!document.is_object()) return fail(Code::library, where + ": the file must hold one JSON object");
  for (const auto& [name, values] : document.items()) {
    if (auto known = check_known(name, where); !known) return std::unexpected(known.error());
    if (!values.is_object())
      return fail(Code::library, fmt::format("{}: \"{}\" must be a JSON object", where, name));
    for (const std::string& key : keys_of(values))
      if (std::ranges::find(kKeys, key) == kKeys.end())
        return unknown_key(where, name + "." + key, {kKeys.begin(), kKeys.end()});
    const std::string route = text_at(values, "route");
    if (values.contains("route") && route != "api" && route != "browser")
      return fail(Code::library, fmt::format("{}: {}.route is \"api\" or \"browser\"", where, name));
    if (values.contains("visible") && !values["visible"].is_boolean())
      return fail(Code::library, fmt::format("{}: {}.visible is true or false", where, name));
  }
  return document;
}

Result<void> save(const Library& library, const Json& document) {
  if (auto made = make_private_folder(library.config_folder()); !made) return made;
  return write_file_atomically(library.config_folder() / kFile, dumped(document, 2) + "\n");
}

}  // namespace

std::string_view name_of(Route route) {
  return route == Route::api ? "api" : "browser";
}

bool is_account_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::string destination_named(std::string_view typed) {
  const std::string_view platform = platform_of(typed),
                         account = typed.substr(std::min(platform.size() + 1, typed.size()));
  for (const std::string_view name : known_platforms())
    if (fold_case(name) == fold_case(platform) &&
        (platform.size() == typed.size() || is_account_name(account)))
      return platform.size() == typed.size() ? std::string(name) : fmt::format("{}/{}", name, account);
  return {};
}

std::string_view Destination::account() const {
  return std::string_view(name).substr(std::min(platform.size() + 1, name.size()));
}

Destinations Destinations::first_ones() {
  std::vector<Destination> all;
  for (const std::string_view platform : known_platforms())
    all.push_back({std::string(platform), std::string(platform), std::string(platform)});
  return Destinations(std::move(all));
}

std::optional<std::size_t> Destinations::index_of(std::string_view name) const {
  const auto found = std::ranges::find(all_, name, &Destination::name);
  return found == all_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - all_.begin()));
}

const Destination* Destinations::find(std::string_view typed) const {
  const auto found =
      std::ranges::find(all_, fold_case(typed), [](const auto& one) { return fold_case(one.name); });
  return found == all_.end() || found->removed ? nullptr : &*found;
}

DestinationChoice Destinations::there() const {
  DestinationChoice choice;
  for (std::size_t i = 0; i < size(); ++i) choice[i] = !all_[i].removed;
  return choice;
}

Destinations Destinations::followed_by(const Destinations& newest) const {
  Destinations next = *this;
  for (Destination& one : next.all_) one.removed = !newest.index_of(one.name);
  for (const Destination& one : newest)
    if (const auto place = index_of(one.name))
      next.all_[*place] = one;
    else if (next.size() < kMostDestinations)
      next.all_.push_back(one);
  return next;
}

Error no_such_destination(const Destinations& destinations, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Destination& one : destinations)
    if (!one.removed) names.push_back(one.name);
  std::string there;
  for (std::size_t i = 0; i < names.size(); ++i)
    there += fmt::format("{}{}", i == 0 ? "" : i + 1 == names.size() ? " and " : ", ", names[i]);
  const bool account = is_on_known_platform(name) && name.find('/') != name.npos;
  return {Code::not_found, fmt::format("there is no {} \"{}\"; there are {}",
                                       account ? "account" : "platform", one_line(name, 40), there)};
}

Result<Json> read_destinations(const Library& library) {
  Json document = Json::object();
  for (const auto& folder : library.config_folders()) {
    const auto text = read_file(folder / kFile);
    if (!text && text.error().code == Code::not_found) continue;
    if (!text) return fail(Code::library, text.error().message);
    const std::string where = path_text(folder / kFile);
    auto own = parse_config(*text, where, "one account on each platform");
    if (own) own = checked(*std::move(own), where);
    if (!own) return own;
    document = *std::move(own);
  }
  return document;
}

Result<Destinations> load_destinations(const Library& library) {
  const auto document = read_destinations(library);
  return document ? destinations_in(*document) : std::unexpected(document.error());
}

Result<Destinations> destinations_in(const Json& document) {
  std::vector<Destination> all;
  const auto add = [&](std::string_view name) {
    std::string caption = one_line(text_at(child_at(document, name), "caption"), 40);
    const Json& values = child_at(document, name);
    all.push_back({.name = std::string(name),
                   .platform = std::string(platform_of(name)),
                   .caption = caption.empty() ? std::string(name) : caption,
                   .route = text_at(values, "route") == "browser" ? Route::browser : Route::api});
    if (values.contains("visible")) all.back().visible = flag_at(values, "visible");
  };
  for (const std::string_view platform : known_platforms()) add(platform);
  for (const auto& [name, values] : document.items())
    if (platform_of(name) != name) add(name);
  if (all.size() > kMostDestinations)
    return fail(Code::library, fmt::format("{}: there are {} destinations; at most {} are possible", kFile,
                                           all.size(), kMostDestinations));
  return Destinations(std::move(all));
}

Result<void> add_destination(const Library& library, const Destination& destination) {
  auto document = read_destinations(library);
  if (!document) return std::unexpected(document.error());
  if (auto known = check_known(destination.name, "accounts"); !known)
    return fail(Code::usage, known.error().message);
  if (destination.account().empty() || document->contains(destination.name))
    return fail(Code::usage, fmt::format("there is a {} already", destination.name));
  (*document)[destination.name] = Json::object();
  if (!destination.caption.empty()) (*document)[destination.name]["caption"] = destination.caption;
  const auto named =
      std::ranges::count_if(keys_of(*document), [](const auto& name) { return platform_of(name) != name; });
  if (static_cast<std::size_t>(named) + known_platforms().size() > kMostDestinations)
    return fail(Code::usage,
                fmt::format("there are {} destinations; more are not possible", kMostDestinations));
  return save(library, *document);
}

Result<void> set_route(const Library& library, std::string_view name, Route route) {
  auto document = read_destinations(library);
  if (!document) return std::unexpected(document.error());
  if (platform_of(name) != name && !document->contains(name))
    return fail(Code::usage, fmt::format("there is no destination {}", one_line(name, 80)));
  (*document)[std::string(name)]["route"] = name_of(route);
  return save(library, *document);
}

Result<void> remove_destination(const Library& library, std::string_view name) {
  if (platform_of(name) == name)
    return fail(Code::usage,
                fmt::format("{} is the platform's first account and stays; to sign out: asfs-videos "
                            "logout {}",
                            name, name));
  auto document = read_destinations(library);
  if (!document) return std::unexpected(document.error());
  if (document->erase(std::string(name)) == 0)
    return fail(Code::usage, fmt::format("there is no destination {}", one_line(name, 80)));
  return save(library, *document);
}

}  // namespace asfs
