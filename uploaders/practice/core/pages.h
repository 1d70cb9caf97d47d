// The practice platforms' own pages: posts, sessions, faults, tokens, the request log, and the page for
// people. Thread-safe.
#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "uploaders/practice/core/exchange.h"
#include "uploaders/practice/core/faults.h"
#include "uploaders/practice/core/store.h"
#include "uploaders/practice/core/turns.h"

namespace asfs::practice {

class Pages {
 public:
  Pages(Store& store, Faults& faults, Turns& turns) : store_(store), faults_(faults), turns_(turns) {}

  Answer answer(Request& request);
  /// Keeps the newest requests for GET /practice/log; no secret is written there.
  void log(const Request& request, const Answer& answer);

 private:
  Answer get(const Request& request);
  Answer posts();
  Answer sessions();
  Answer token(const Request& request);
  Answer recent_requests();
  Answer media(const Request& request);
  Answer add_fault(Request& request);
  Answer reset();

  Store& store_;
  Faults& faults_;
  Turns& turns_;
  std::mutex log_mutex_;
  std::deque<Json> log_;
};

}  // namespace asfs::practice
