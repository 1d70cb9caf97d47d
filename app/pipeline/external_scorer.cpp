#include "app/pipeline/external_scorer.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/json.h"
#include "registry/base/process.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr std::size_t kAsked = 60;
constexpr std::chrono::seconds kDeadline{120};

std::string text_of(const Measure& measure, Span span) {
  const auto [first, end] = measure.words_in(span);
  std::string text;
  for (std::size_t i = first; i < end; ++i)
    text += (i > first ? " " : "") + measure.material().transcript.words[i].text;
  return text;
}

}  // namespace

Json scorer_question(const Measure& measure, const std::vector<Scored>& best) {
  Json clips = Json::array();
  for (std::size_t n = 0; n < std::min(kAsked, best.size()); ++n) {
    Json features = Json::object();
    for (const Feature& feature : best[n].score.features)
      features[std::string(name_of(feature.kind))] = feature.value;
    clips.push_back({{"n", n + 1},
                     {"start", best[n].span.start},
                     {"end", best[n].span.end},
                     {"text", text_of(measure, best[n].span)},
                     {"score", best[n].score.total},
                     {"features", std::move(features)}});
  }
  return Json{{"schema", "asfs.scorer/1"},
              {"language", measure.material().transcript.language},
              {"clips", std::move(clips)}};
}

std::string take_scores(const Json& answer, std::vector<Scored>& best) {
  const Json& scores = child_at(answer, "scores");
  if (!scores.is_array()) return "the scorer's answer has no list \"scores\"; its scores are left out";
  std::size_t taken = 0;
  for (const Json& one : scores) {
    const auto n = count_at(one, "n");
    const auto score = real_at(one, "score");
    if (!n || *n < 1 || *n > std::min(kAsked, best.size()) || !score) continue;
    Scored& scored = best[*n - 1];
    if (!scored.external) ++taken;
    scored.external = std::clamp(*score, 0.0, 100.0);
    scored.external_why = one_line(text_at(one, "why"), 200);
  }
  const std::size_t asked = std::min(kAsked, best.size());
  std::ranges::stable_sort(best, std::greater{}, &Scored::total);
  if (taken == asked) return {};
  return fmt::format("the scorer said something about {} of {} clips; the others keep our score", taken,
                     asked);
}

Result<Json> ask_scorer(const std::vector<std::string>& command, const Json& question, std::stop_token stop) {
  auto ended = run_process({.argv = command, .in = dumped(question), .silence = kDeadline}, std::move(stop));
  if (!ended) return std::unexpected(ended.error());
  if (ended->exit_code != 0)
    return fail(Code::failed, fmt::format("the scorer {} ended with {}: {}", command.front(),
                                          ended->exit_code, one_line(ended->err, 200)));
  auto answer = parse_json(ended->out);
  if (answer) return *std::move(answer);
  return fail(Code::failed, fmt::format("what the scorer {} answered is no JSON ({})", command.front(),
                                        answer.error().what));
}

}  // namespace asfs::pipeline
