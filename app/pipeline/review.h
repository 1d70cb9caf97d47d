// Between choosing and cutting: what a person makes of the proposals. review.json is the only file that
// people edit; no stage writes over what they decided. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/pipeline/choice.h"
#include "app/pipeline/transcript.h"
#include "registry/base/json_fwd.h"
#include "registry/base/result.h"

namespace asfs::pipeline {

enum class Decision { proposed, accepted, rejected };

std::string_view name_of(Decision decision);

struct ReviewClip {
  int n = 0;  ///< of this source for ever: part of the clip's id, never used again
  Span span;
  Decision decision = Decision::proposed;
  bool changed = false;               ///< its edges are a person's
  std::string title;                  ///< a person's; "": made by stage 8
  double crop_x = -1.0;               ///< a person's; below 0: the setting
  std::optional<bool> captions = {};  ///< a person's; none: the setting
  std::string words = {};  ///< a person's, that the captions show in place of what is said; "": that

  bool is_edited() const { return changed || !title.empty() || crop_x >= 0 || captions; }
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

/// Undecided clips that are not proposed any more go; what a person decided or wrote stays, and nothing is
/// proposed over it.
void propose(Review& review, const std::vector<Proposal>& proposals);

/// Code::usage names the number that is not there, or a stretch that is not in the source or too short or
/// long. A clip of `cut` (numbers that have a file) is not trimmed: it is rejected, and its new form gets a
/// number of its own, and what a person wrote about it. Of captions that a person wrote stays what the new
/// edges leave; what is said beyond comes in.
Result<void> decide(Review& review, const Wishes& wishes, const Transcript& transcript, double duration,
                    const std::vector<int>& cut);

Json to_json(const Review& review);
/// As a person may have left it. Code::failed names the clip, the key and what is allowed; a key that is not
/// known is wrong, too, so that nothing a person wrote is ever lost by being written again.
Result<Review> review_of(const Json& json, double duration);

/// What review.json says about a clip's captions: true, false, the words, or null: nothing.
Json captions_json(const ReviewClip& clip);

/// `12:31`, `12:31.4`, `1:02:03`, `75`: seconds.
Result<double> time_of(std::string_view text);
/// `12:31-13:10`.
Result<Span> span_of(std::string_view text);
/// `12:31.4`
std::string time_text(double seconds);

}  // namespace asfs::pipeline
