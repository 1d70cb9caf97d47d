// The inside of the engine, shared by engine.cpp (reader, life), engine_uploads.cpp and engine_writes.cpp.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "app/engine.h"
#include "registry/snapshot.h"
#include "registry/video_registry.h"
#include "uploaders/credentials.h"

namespace asfs {

/// An upload the engine will run, is running, or has just run.
struct UploadTask {
  std::shared_ptr<RunningUpload> view;
  std::uint64_t key = 0;  ///< upload_key()
  Metadata metadata;
  std::stop_source stop;
  bool by_hand = false;
  bool allow_duplicates = false;
  bool bulk = false;  ///< told about in one notice with the others
  int login = 0;      ///< which of the platform's logins it started with

  UploadTask(std::string_view video_id, std::size_t platform, std::string_view title)
      : view(std::make_shared<RunningUpload>()) {
    view->video_id = video_id;
    view->platform = kPlatformNames[platform];
    view->platform_index = platform;
    view->title = title.empty() ? video_id : title;
    key = upload_key(video_id, platform);
  }
  bool is(std::string_view video_id, std::string_view platform) const {
    return view->video_id == video_id && view->platform == platform;
  }
};

/// How "Upload All Pending" went so far.
struct BulkTally {
  int left = 0;         ///< waiting and running
  bool adding = false;  ///< more are being put into the line
  int uploaded = 0, failed = 0, refused = 0, stopped = 0;

  bool over() const { return left == 0 && !adding && uploaded + failed + refused + stopped > 0; }
  void count(const StageResult& result);
  Notice summary() const;
};

struct Engine::Impl {
  explicit Impl(EngineOptions given);
  ~Impl();

  void read_loop(std::stop_token stop);
  void publish_waiting();
  void rebuild(std::shared_ptr<const Snapshot> snapshot, const SnapshotReader::Delta& delta);

  void carry_out(const StartUpload& action);
  void carry_out(const UploadAllPending& action);
  void carry_out(const CancelUpload& action);
  void carry_out(const CancelAll& action);
  void carry_out(const SetDuplicateAllowed& action);
  void carry_out(const SettleUpload& action);
  void carry_out(const RegisterFiles& action);
  void carry_out(const SignInTo& action);
  void carry_out(const SignOutOf& action);
  void carry_out(const RefreshNow& action);
  void carry_out(const SetQuery& action);
  void carry_out(const OpenPost& action);
  void carry_out(const OpenFolder& action);

  void resume_unfinished();
  Result<void> sign_in(std::string_view platform);
  void publish_accounts();
  void check_posts_sometimes();
  void check_posts_now(std::stop_token stop);
  void enqueue_pending(const Snapshot& snapshot);
  bool enqueue(std::shared_ptr<UploadTask> task);  ///< false: it runs or waits already. Needs the mutex.
  void start_waiting();                            ///< Needs the mutex.
  bool wait_for_login(const std::shared_ptr<UploadTask>& task);  ///< True: the first one. Needs the mutex.
  void go_on(std::size_t platform);                              ///< Needs the mutex.
  template <class Which>
  void drop_waiting(std::size_t platform, Which which);  ///< Needs the mutex.
  void run_upload(const std::shared_ptr<UploadTask>& task);
  void finish_upload(const std::shared_ptr<UploadTask>& task, const StageResult& result);
  void publish_running();      ///< Needs the mutex.
  void tell_when_bulk_over();  ///< Needs the mutex.
  void write(std::function<Result<void>(VideoRegistry&)> work);
  void drain_writes();
  void launch(std::function<void()> work);  ///< Needs the mutex.
  void tell(Notice what);
  void tell(Notice::Kind kind, std::string text, std::string detail = {}) {
    tell({.kind = kind, .text = std::move(text), .detail = std::move(detail)});
  }
  void request_refresh();

  const EngineOptions options;
  std::unique_ptr<Credentials> credentials;
  AppInfo info;

  // Guards everything below it; held for memory work only, never during I/O.
  mutable std::mutex mutex;
  std::condition_variable_any reader_wakes;
  bool refresh_wanted = true;
  TableQuery query;
  std::shared_ptr<const TableModel> table;
  std::shared_ptr<const std::string> library_error;
  std::chrono::steady_clock::time_point refreshed_at = std::chrono::steady_clock::now();
  std::vector<Notice> notices;
  std::atomic<bool> has_notices{false};
  std::list<std::shared_ptr<UploadTask>> running;
  std::array<std::deque<std::shared_ptr<UploadTask>>, kPlatformCount> waiting;  ///< by platform
  bool waiting_changed = false;
  std::array<bool, kPlatformCount> login_missing{};  ///< nothing is started there before the next login
  std::array<int, kPlatformCount> logins{};          ///< how many there were
  std::shared_ptr<const RunningUploads> running_view = std::make_shared<RunningUploads>();
  std::shared_ptr<const WaitingUploads> waiting_view = std::make_shared<WaitingUploads>();
  WaitingUploads active_keys;  ///< running and waiting
  BulkTally bulk;
  std::deque<std::function<Result<void>(VideoRegistry&)>> writes;
  bool writer_runs = false;
  int registering = 0;
  std::array<bool, kPlatformCount> signing_in{};
  std::shared_ptr<const Accounts> accounts;
  bool checking_posts = false;
  std::chrono::steady_clock::time_point posts_checked_at{};
  std::stop_source errands;  ///< what is not an upload ends when this stops
  bool stopping = false;
  std::list<std::future<void>> tasks;

  std::jthread reader;  ///< last: it stops first
};

}  // namespace asfs
