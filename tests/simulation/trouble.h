// The kinds of trouble a simulated world has. Each run first draws which kinds exist in it at all, and how
// often each strikes (a swarm): most runs know few kinds, some meet one kind always.
//
// Whether the n-th chance of a kind is taken depends on the seed, the kind and n alone. So a run can be
// repeated with fewer strikes, which is how a failing one is shrunk.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/dice.h"

namespace asfs::sim {

enum class Trouble : std::uint8_t {
  // Between us and the platform
  offline,         // no connection is established, for a while
  cut,             // the connection breaks while a request is sent
  lost_answer,     // the platform did it, and its answer is lost
  gateway_before,  // a gateway answers in the platform's place: nothing reached it
  gateway_after,   // the same, after the platform did it
  // What the platform says
  omit,         // leaves out a field
  null_field,   // says null
  other_type,   // says it in another type
  word,         // uses a word that nobody has heard of
  lag,          // tells how things stood earlier
  go_back,      // tells an earlier state after a later one
  odd_id,       // names an id of odd shape
  refuse,       // refuses by a documented error, and does nothing
  refuse_done,  // answers an error of its own, although it did it
  echo,         // echoes the request's Authorization
  list_late,    // shows a post in its lists only later
  caption_cut,  // cuts captions in its lists
  // What the platform does
  part_stored,    // takes only part of the bytes
  slow,           // takes long to process
  hang,           // never ends processing
  late_effect,    // does what it was told minutes after the request was over
  fails,          // fails at processing; another try may work
  rejects,        // does not take this video, for good
  forgets,        // forgets an upload
  address_dies,   // takes no more bytes at an upload's address
  token_dies,     // refuses the token from now on
  keeps_private,  // shows no id of the post, as with private ones
  // What happens here
  crash,          // the process ends
  crash_inside,   // the same, between two steps of our own
  other_process,  // another process is let at it in between; this one goes on afterwards
  lease_over,     // this process sleeps until its lease is over, another one takes over
  neighbour,      // the other video is uploaded in between
  stopped,        // a person stops the upload
  clock_jump,     // the clock is set
  signed_out,     // the sign-in ends
  same_caption,   // both videos have one caption
  absent,         // one optional field is never told in this world
  odd_handle,     // what was begun goes by another id than the platform says
  count
};
inline constexpr std::size_t kTroubles = static_cast<std::size_t>(Trouble::count);

std::string_view name_of(Trouble trouble);
std::optional<Trouble> trouble_named(std::string_view name);

/// One strike: the n-th chance of a kind.
struct Strike {
  Trouble trouble;
  std::uint32_t nth;
  auto operator<=>(const Strike&) const = default;
};
using Strikes = std::set<Strike>;

/// `crash#0 omit#12`, and back.
std::string text_of(const Strikes& strikes);
Strikes strikes_in(std::string_view text);

class Swarm {
 public:
  /// `only`: exactly these strike, whatever the seed has drawn.
  Swarm(std::uint64_t seed, std::optional<Strikes> only);

  /// A chance for a kind. When it strikes: dice for how.
  std::optional<Dice> strikes(Trouble trouble);
  /// From now on nothing strikes.
  void end() { ended_ = true; }
  bool ended() const { return ended_; }
  const Strikes& struck() const { return struck_; }

 private:
  const std::uint64_t seed_;
  const std::optional<Strikes> only_;
  std::array<double, kTroubles> likely_{};
  std::array<std::uint32_t, kTroubles> chances_{};
  Strikes struck_;
  bool ended_ = false;
};

}  // namespace asfs::sim
