// The inside of the engine, shared by the files engine_*.cpp; engine.cpp has the reader and its life.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "app/engine/engine.h"
#include "app/engine/tasks.h"
#include "registry/picture/snapshot_reader.h"
#include "registry/queue/upload_queue.h"
#include "registry/videos/video_registry.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/queue/queue_runner.h"
#include "uploaders/queue/upload_plan.h"
#include "uploaders/row/dialect.h"
#include "uploaders/webhooks/webhook_sender.h"

namespace asfs {

/// How uploads that were started together went so far.
struct BulkTally {
  UploadKeys left;      ///< in the queue or running
  bool adding = false;  ///< more are being put into the queue
  int uploaded = 0, failed = 0, refused = 0, stopped = 0;
  int late = 0;  ///< of the stopped: after the point of no return

  bool over() const { return left.empty() && !adding && uploaded + failed + refused + stopped > 0; }
  void count(const StageResult& result);
  Notice summary() const;
};

/// What the reader knows of the queue.
struct QueueReading {
  std::optional<std::int64_t> version;
  std::shared_ptr<const QueuedItems> items;
  std::chrono::steady_clock::time_point not_before{};  ///< a long queue is not looked at all the time
  bool outdated = false;                               ///< it was not looked at for that reason
  DestinationChoice usable{};                          ///< accounts, when it was looked at
  TimePoint due;  ///< when the next turn comes, which changes what the others wait for
};

/// What the reader has open.
struct Reading {
  std::optional<SnapshotReader> snapshots;
  std::optional<VideoRegistry> registry;  ///< of the queue
  std::chrono::steady_clock::time_point last_refresh{};
};

struct Engine::Impl {
  explicit Impl(EngineOptions given);
  ~Impl();

  /// Those that the window shows: the reader appends what is added to the library's list. Any thread, with
  /// or without the mutex.
  std::shared_ptr<const Destinations> destinations() const;
  std::optional<std::size_t> place_of(std::string_view destination) const;
  /// As it is now, with the destinations as the window numbers them.
  Result<Config> newest_config() const;
  Config config_now() const;  ///< while that cannot be used: as the runner has it
  Destinations newest_destinations() const;

  void read_loop(std::stop_token stop);
  void read(Reading& reading, std::stop_token stop);
  std::optional<Error> read_snapshot(std::optional<SnapshotReader>& snapshots, std::stop_token stop);
  void publish_waiting(VideoRegistry& registry, bool changed);
  Result<void> read_queue(UploadQueue& queue);
  DestinationChoice usable_accounts() const;
  bool must_look_at_queue(bool changed);
  void rebuild(std::shared_ptr<const Snapshot> snapshot, const SnapshotReader::Delta& delta,
               std::stop_token stop);

  void carry_out(const StartUpload& action);
  void carry_out(const UploadMany& action);
  void carry_out(const MakePlan& action);
  void carry_out(const PreviewPost& action);
  void carry_out(const DropPlan& action);
  void carry_out(const ScheduleUpload& action);
  void carry_out(const HoldUpload& action);
  void carry_out(const MoveUpload& action);
  void carry_out(const CancelUpload& action);
  void carry_out(const CancelUploads& action);
  void carry_out(const CancelAll& action);
  void carry_out(const PauseQueue& action);
  void carry_out(const SetSpeedLimit& action);
  void carry_out(const SetDuplicateAllowed& action);
  void carry_out(const SetDuplicatesAllowed& action);
  void carry_out(const SettleUpload& action);
  void carry_out(const RegisterFiles& action);
  void carry_out(const TakeOverNewcomers& action);
  void carry_out(const SetRoute& action);
  void carry_out(const SignInTo& action);
  void carry_out(const AnswerWhichAccount& action);
  void carry_out(const SignOutOf& action);
  void carry_out(const AddAccount& action);
  void carry_out(const RemoveAccount& action);
  void carry_out(const RememberSettings& action);
  void carry_out(const RefreshNow& action);
  void carry_out(const SetQuery& action);
  void carry_out(const OpenPost& action);
  void carry_out(const OpenFolder& action);
  void carry_out(const OpenFile& action);

  void run_queue();
  void go_on_from_last_time();
  Result<void> sign_in(std::string_view platform);
  Result<void> sign_in_by_browser(const std::string& name);
  Result<std::vector<OwnAccount>> which_accounts(const std::string& name,
                                                 const std::vector<OwnAccount>& seen);
  void keep_other(std::string_view platform, const Account& account);
  void publish_accounts();
  void check_posts_sometimes();
  void know_contents_sometimes();
  void know_contents_now(std::stop_token stop);
  void check_posts_now(std::stop_token stop);
  void start_enqueuing();  ///< Needs the mutex.
  void enqueue_all();
  void enqueue(const BulkWish& wish);
  void open(const std::string& target);
  Result<UploadPlan> plan_of(VideoRegistry& registry, const BulkWish& wish, std::stop_token stop) const;
  void make_plans();
  void start_planner();  ///< Needs the mutex.
  PlanView plan_view_of(const MakePlan& wanted, std::stop_token stop) const;
  PostView post_view_of(const PreviewPost& wanted) const;
  void change_queue(
      std::function<Result<void>(UploadQueue&)> change);  ///< By the writer; then all look anew.
  void finished(const RunningUpload& upload, const StageResult& result, bool final);
  void forget(std::uint64_t key);  ///< It was taken out of the queue. Needs the mutex.
  void tell_what_may_appear(VideoRegistry& registry, const std::function<bool(const OnItsWay&)>& is_meant);
  void waits(const Destination& destination, const DestinationWait& wait);
  void publish_running();
  void tell_when_bulk_over();                          ///< Needs the mutex.
  void register_files_by(std::function<void()> work);  ///< A task; the window shows that it runs.
  void register_dropped(std::vector<std::filesystem::path> paths);
  void take_over();
  void publish_newcomers(VideoRegistry& registry);
  void write(std::function<Result<void>(VideoRegistry&)> work);
  void start_writer();  ///< Needs the mutex.
  void drain_writes();
  void flip(std::span<const std::string> video_ids, bool on);  ///< Just before its write().
  void forget_flipped(std::uint64_t writes_in_table);          ///< They stand in the table.
  void tell(Notice what);
  void tell(Notice::Kind kind, std::string text, std::string detail = {}) {
    tell({.kind = kind, .text = std::move(text), .detail = std::move(detail)});
  }
  /// One notice for all of `reasons`, with the first of them: `12 files were not registered`; none for none.
  void tell_together(Notice::Kind kind, std::string_view one, std::string_view many,
                     const std::vector<std::string>& reasons);
  void request_refresh();

  const EngineOptions options;
  std::unique_ptr<Credentials> credentials;
  std::unique_ptr<QueueRunner> runner;
  std::unique_ptr<WebhookSender> webhooks;
  std::stop_source queue_stop;
  QueueReading queue_reading;  ///< the reader's own

  mutable std::mutex destinations_mutex;  ///< held for the pointer only
  std::shared_ptr<const Destinations> destinations_shown;

  // Guards everything below it; held for memory work only, never during I/O.
  mutable std::mutex mutex;
  std::condition_variable_any reader_wakes;
  bool refresh_wanted = true;
  TableQuery query;
  std::shared_ptr<const AppInfo> info;  ///< its columns are those of the table
  std::shared_ptr<const TableModel> table;
  std::shared_ptr<const std::string> library_error;
  std::chrono::steady_clock::time_point refreshed_at = std::chrono::steady_clock::now();
  std::vector<Notice> notices;
  std::atomic<bool> has_notices{false};
  std::shared_ptr<const RunningUploads> running_view = std::make_shared<RunningUploads>();
  std::shared_ptr<const WaitingUploads> waiting_view = std::make_shared<WaitingUploads>();
  std::uint64_t speed_limit = 0;
  BulkTally bulk;
  std::deque<BulkWish> bulk_wishes;     ///< that are not planned yet
  std::optional<MakePlan> plan_wanted;  ///< the newest that is not begun
  bool planning = false;
  std::stop_source plan_stop;  ///< of the one that is being made
  std::shared_ptr<const PlanView> plan;
  std::shared_ptr<const PostView> post;
  std::deque<std::function<Result<void>(VideoRegistry&)>> writes;
  bool writer_runs = false;
  std::uint64_t writes_asked = 0, writes_done = 0;
  std::optional<std::chrono::steady_clock::time_point> writing_since;
  std::shared_ptr<const FlippedSwitches> flipped;
  int registering = 0;
  std::size_t newcomers = 0;
  std::array<bool, kMostDestinations> signing_in{};
  std::array<std::vector<std::string>, kMostDestinations> account_choices;  ///< while a person is asked
  std::array<std::optional<std::vector<std::size_t>>, kMostDestinations> account_chosen;
  std::condition_variable_any account_answered;
  std::shared_ptr<const Accounts> accounts;
  bool checking_posts = false;
  bool knowing_contents = false;
  std::uint64_t contents_known_of = 0;  ///< the picture that they were last found out for
  std::chrono::steady_clock::time_point posts_checked_at{};
  std::stop_source errands;  ///< what is not an upload ends when this stops
  bool stopping = false;

  Tasks tasks{
      [this](const Error& fault) { tell(Notice::Kind::error, "Something was not done", fault.message); }};
  std::jthread reader;  ///< last: it stops first
};

}  // namespace asfs
