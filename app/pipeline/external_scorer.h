// A program of the user's that scores, too: JSON in, JSON out. It can never take a score away.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "app/pipeline/score.h"

namespace asfs::pipeline {

/// `{"schema":"asfs.scorer/1","language":…,"clips":[{"n","start","end","text","features"}]}`: the best 60.
Json scorer_question(const Measure& measure, const std::vector<Scored>& best);

/// Takes what `answer` says, by `n`; what it leaves out keeps our score alone. A sentence about what could
/// not be taken, "" when all could. Pure.
std::string take_scores(const Json& answer, std::vector<Scored>& best);

/// Runs `command` with the question on its stdin, at most 120 s. Code::failed, Code::not_found: what is wrong
/// with it; Code::cancelled.
Result<Json> ask_scorer(const std::vector<std::string>& command, const Json& question, std::stop_token stop);

}  // namespace asfs::pipeline
