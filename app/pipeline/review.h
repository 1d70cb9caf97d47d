// Between choosing and cutting: what a person makes of the proposals. review.json is the only file that
// people edit; no stage writes over what they decided. Pure.
#pragma once

#include <string>
#include <vector>

#include "app/pipeline/choice.h"
#include "registry/base/json_fwd.h"
#include "registry/base/result.h"

namespace asfs::pipeline {

enum class Decision { proposed, accepted, rejected };

std::string_view name_of(Decision decision);

struct ReviewClip {
  int n = 0;  ///< of this source for ever: part of the clip's id, never used again
  Span span;
  Decision decision = Decision::proposed;
  bool changed = false;  ///< its edges are a person's
  std::string title;     ///< a person's; "": made by stage 8
  double crop_x = -1.0;  ///< a person's; below 0: the setting
};

struct Review {
  int next = 1;                   ///< the number of the next clip
  std::size_t more = 0;           ///< so many more proposals were asked for
  std::vector<ReviewClip> clips;  ///< in order of time

  const ReviewClip* find(int n) const;
};

/// What the command line asks for. Times in seconds.
struct Wishes {
  std::vector<int> accept, reject;
  bool accept_all = false;  ///< what is proposed and not rejected
  std::vector<std::pair<int, Span>> trim;
  std::vector<Span> add;
  std::size_t more = 0;
};

/// Undecided clips that are not proposed any more go; what a person decided stays, and nothing is proposed
/// over it.
void propose(Review& review, const std::vector<Proposal>& proposals);

/// Code::usage names the number that is not there, or a stretch that is not in the source or too short or
/// long. A clip of `cut` (numbers that have a file) is not trimmed: it is rejected, and its new form gets a
/// number of its own.
Result<void> decide(Review& review, const Wishes& wishes, double duration, const std::vector<int>& cut);

Json to_json(const Review& review);
/// Code::failed names what is wrong: a person wrote it.
Result<Review> review_of(const Json& json);

/// `12:31`, `12:31.4`, `1:02:03`, `75`: seconds.
Result<double> time_of(std::string_view text);
/// `12:31-13:10`.
Result<Span> span_of(std::string_view text);
/// `12:31.4`
std::string time_text(double seconds);

}  // namespace asfs::pipeline
