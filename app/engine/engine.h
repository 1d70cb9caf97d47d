// The engine owns what works as long as the window lives, beside its own thread; this is the only list of it.
// What ends with a call stands in docs/architecture.md, Threads.
//   reader  one std::jthread: keeps the Snapshot, the TableModel, the accounts and what waits fresh (every
//           5 s, after our own writes, when another program has committed, when the query changes)
//   tasks   std::async (tasks.h), each with a connection of its own when it needs one.
//           As long as the window lives: the one that works off the library's queue; its uploads are tasks of
//           the QueueRunner, as many at once as the config says.
//           At most one of each at a time: short writes in order, planning for the dialog, putting bulk
//           uploads into the queue, the second look at posts, finding contents out; a sign-in for each
//           platform.
//           One for each time it is asked for: registering files, taking newcomers over, what one upload
//           would post, signing out, opening a post or a folder.
//   webhooks  one std::thread in the WebhookSender, when there are webhooks: tells them what is over
//
// The UI thread calls state(), take_notices() and apply(): they do no I/O and wait for no lock that is held
// during I/O. `wake` is called from any thread when something new is to be drawn.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "app/model/actions.h"
#include "app/model/app_state.h"
#include "registry/store/config.h"
#include "uploaders/stage/upload_stage.h"

namespace asfs {

inline constexpr std::chrono::seconds kRefreshInterval{5};

struct EngineOptions {
  Library library;
  Config config;
  std::string practice_url;  ///< empty: the real platforms
  std::function<void()> wake = [] {};
  std::function<Result<Config>()> read_config =
      {};  ///< as it is now, on any thread; empty: it does not change
};

class Engine {
 public:
  /// Opens (and creates) the library; starts the reader; looks up and resumes unfinished uploads of dead
  /// processes.
  static Result<std::unique_ptr<Engine>> start(EngineOptions options);
  /// Stops every upload where it can be resumed, and waits for all tasks.
  ~Engine();

  AppState state() const;
  std::vector<Notice> take_notices();
  void apply(std::vector<Action> actions);
  bool uploads_running() const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace asfs
