#include "tests/simulation/trouble.h"

#include <algorithm>
#include <charconv>

namespace asfs::sim {
namespace {

constexpr std::array<std::string_view, kTroubles> kNames{
    "offline",      "cut",           "lost_answer", "gateway_before", "gateway_after",
    "omit",         "null_field",    "other_type",  "word",           "lag",
    "go_back",      "odd_id",        "refuse",      "refuse_done",    "echo",
    "list_late",    "caption_cut",   "part_stored", "slow",           "hang",
    "late_effect",  "fails",         "rejects",     "forgets",        "address_dies",
    "token_dies",   "keeps_private", "crash",       "crash_inside",   "other_process",
    "lease_over",   "neighbour",     "stopped",     "clock_jump",     "signed_out",
    "same_caption", "absent",        "odd_handle"};

// How often a kind that has so many more chances than the others may strike, against these.
double rarity(Trouble trouble) {
  switch (trouble) {
    case Trouble::same_caption:
    case Trouble::absent:  // one chance in a run
      return 100;
    case Trouble::crash_inside:
      return 0.05;
    case Trouble::hang:
    case Trouble::rejects:
    case Trouble::stopped:
    case Trouble::signed_out:
      return 0.3;
    default:
      return 1;
  }
}

}  // namespace

std::string_view name_of(Trouble trouble) {
  return kNames[static_cast<std::size_t>(trouble)];
}

std::optional<Trouble> trouble_named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Trouble>(found - kNames.begin());
}

std::string text_of(const Strikes& strikes) {
  std::string text;
  for (const Strike& strike : strikes)
    text +=
        (text.empty() ? "" : " ") + std::string(name_of(strike.trouble)) + "#" + std::to_string(strike.nth);
  return text;
}

Strikes strikes_in(std::string_view text) {
  Strikes strikes;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto hash = word.find('#');
    if (hash == word.npos) continue;
    std::uint32_t nth = 0;
    std::from_chars(word.data() + hash + 1, word.data() + word.size(), nth);
    if (const auto trouble = trouble_named(word.substr(0, hash))) strikes.insert({*trouble, nth});
  }
  return strikes;
}

Swarm::Swarm(std::uint64_t seed, std::optional<Strikes> only) : seed_(seed), only_(std::move(only)) {
  Dice dice(mix(seed, 1));
  static constexpr std::size_t kHowMany[] = {0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 12, 20};
  for (std::size_t left = dice.pick(kHowMany); left > 0; --left) {
    const std::size_t kind = dice.below(kTroubles);
    const bool always = dice.chance(0.08);
    likely_[kind] = always ? 1 : dice.scaled(0.02, 0.6) * rarity(static_cast<Trouble>(kind));
  }
}

std::optional<Dice> Swarm::strikes(Trouble trouble) {
  if (ended_) return std::nullopt;
  const auto kind = static_cast<std::size_t>(trouble);
  const Strike strike{trouble, chances_[kind]++};
  Dice dice(mix(mix(seed_, 1000 + kind), strike.nth));
  const bool drawn = dice.chance(likely_[kind]);  // also where it does not count: the dice go on from here
  const bool struck = only_ ? only_->contains(strike) : drawn;
  if (!struck) return std::nullopt;
  struck_.insert(strike);
  return Dice(dice.next());
}

}  // namespace asfs::sim
