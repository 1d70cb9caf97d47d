#include "uploaders/accounts/more_accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

#include "registry/base/text.h"
#include "registry/store/destinations.h"
#include "uploaders/accounts/sign_in.h"

namespace asfs {
namespace {

/// By its number in the list, from 1, or as find_account() knows it.
std::optional<std::size_t> one_in(const std::vector<OwnAccount>& accounts, std::string_view typed) {
  std::size_t number = 0;
  const auto read = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  if (read.ec == std::errc() && read.ptr == typed.data() + typed.size() && number >= 1 &&
      number <= accounts.size())
    return number - 1;
  const OwnAccount* named = find_account(accounts, typed);
  return named ? std::optional(static_cast<std::size_t>(named - accounts.data())) : std::nullopt;
}

/// A name for the account that is_account_name() takes and no destination has.
std::string free_name(const Destinations& destinations, std::string_view platform, const Account& account) {
  constexpr std::size_t kLongest = 28;  // and a number behind it
  std::string name = fold_case(account.name.empty() ? account.id : account.name);
  std::ranges::replace_if(
      name,
      [](char c) {
        return !is_account_name({&c, 1});
      },
      '-');
  if (name.find_first_not_of('-') == name.npos) name = "account";
  name = fmt::format("{}/{}", platform, std::string_view(name).substr(0, kLongest));
  std::string free = name;
  for (int i = 2; destinations.find(free) != nullptr; ++i) free = fmt::format("{}-{}", name, i);
  return free;
}

}  // namespace

Result<OfferedAccounts> offered_to(const Library& library, const Config& config, std::string_view destination,
                                   const std::vector<OwnAccount>& seen) {
  OfferedAccounts offered;
  for (const OwnAccount& one : seen) {
    auto owner = owner_of(library, config, destination, one.id);
    if (!owner) return std::unexpected(owner.error());
    if (owner->empty())
      offered.free.push_back(one);
    else
      offered.owned.emplace_back(one, *std::move(owner));
  }
  return offered;
}

std::vector<std::size_t> picked_in(const std::vector<OwnAccount>& accounts, std::string_view typed) {
  typed = trimmed(typed);
  if (const auto one = one_in(accounts, typed)) return {*one};
  std::vector<std::size_t> picked;
  if (fold_case(typed) == "all") {
    picked.resize(accounts.size());
    std::iota(picked.begin(), picked.end(), std::size_t{0});
    return picked;
  }
  while (!typed.empty()) {
    const auto comma = typed.find(',');
    const auto one = one_in(accounts, trimmed(typed.substr(0, comma)));
    if (!one) return {};
    if (std::ranges::find(picked, *one) == picked.end()) picked.push_back(*one);
    typed = comma == typed.npos ? std::string_view() : typed.substr(comma + 1);
  }
  return picked;
}

Result<std::string> add_account(const Library& library, const Config& config, std::string_view platform,
                                const Account& account) {
  const auto there = load_destinations(library);
  if (!there) return std::unexpected(there.error());
  const std::string name = free_name(*there, platform, account);
  if (auto added = add_destination(library, {name, std::string(platform), ""}); !added)
    return std::unexpected(added.error());
  if (const auto kept = keep_sign_in(library, config, name, account); !kept) {
    static_cast<void>(remove_destination(library, name));
    return std::unexpected(kept.error());
  }
  return name;
}

}  // namespace asfs
