#include "tests/simulation/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "registry/base/process_identity.h"
#include "registry/base/random.h"
#include "registry/ledger/settle.h"
#include "registry/ledger/upload_ledger.h"
#include "tests/simulation/checks.h"
#include "tests/simulation/films.h"
#include "tests/simulation/platform.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/post_check.h"
#include "uploaders/stage/upload_stage.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/youtube/settings.h"

namespace asfs::sim {
namespace {

using namespace std::chrono;
namespace fs = std::filesystem;

constexpr int kTroubledRuns = 8;     // of the upload stage, for each video
constexpr int kPeacefulRuns = 1500;  // until everything must have ended
constexpr hours kPeace{24 * 20};

Config varied(Config config, Dice& dice) {
  config.of<TikTokConfig>().whole_bytes = dice.below(3) ? 100 : 100'000;
  config.of<TikTokConfig>().chunk_bytes = 90 + dice.below(60);
  config.of<TikTokConfig>().privacy = dice.below(4) ? "PUBLIC_TO_EVERYONE" : "SELF_ONLY";
  config.of<TikTokConfig>().polling.total_s = 120;
  config.of<InstagramConfig>().polling.total_s = 240;
  config.of<YouTubeConfig>().chunk_bytes = dice.below(2) ? 0 : 64;
  config.upload.transient_tries = static_cast<int>(2 + dice.below(7));
  return config;
}

/// One run from start to end.
class Run {
 public:
  Run(World& world, const Library& library, Config config, const std::string& name, bool posts_only)
      : world_(world),
        name_(name),
        library_(library),
        config_(std::move(config)),
        films_(make_films(world, name != "YouTube")),
        platform_(name == "TikTok"      ? make_tiktok(world, films_)
                  : name == "Instagram" ? make_instagram(world, films_)
                                        : make_youtube(world, films_)) {
    register_films(library, films_, world.clock);
    checks_.emplace(world, *platform_, films_, library_, name_);
    checks_->posts_only = posts_only;
    world.platform = platform_.get();
    world.interlude = [this](Trouble kind) { interlude(kind); };
    platform_->on_bytes = [this](const Task& task, std::uint64_t arrived) {
      checks_->before_bytes(task, arrived);
    };
    platform_->on_publish = [this](const Task& task) { checks_->before_publish(task); };
    platform_->on_truth = [this] { checks_->truth(); };
    pretend_random([this] { return static_cast<std::uint32_t>(world_.dice.next()); });
    be(world.process);
    for (const Film& film : films_) items_.push_back({&film, world.clock.truth()});
  }
  ~Run() {
    pretend_random({});
    pretend_process({}, {});
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void live() {
    for (int i = 0; i < kTroubledRuns * 2; ++i) round();
    world_.swarm.end();
    platform_->make_peace();
    world_.tell("=== from here on the world is honest");
    const TimePoint until = world_.clock.truth() + kPeace;
    for (int i = 0; i < kPeacefulRuns && !done(); ++i) {
      round();
      if (world_.clock.truth() > until) break;
    }
    for (const Film& film : films_) checks_->ended(film);
    checks_->secrets();
    for (const Film& film : films_) {
      const Seen row = checks_->seen(film);
      world_.note(row.status), world_.note(row.post_id), world_.note(std::to_string(row.retries));
    }
  }

 private:
  /// What is asked for.
  struct Item {
    const Film* film;
    TimePoint due;
    bool by_hand = false;
    bool held = false;  ///< nobody takes it up again but a person
    bool over = false;
  };

  void be(int process) {
    world_.process = process;
    pretend_process({"boot", 1000 + process, 7}, [this](const ProcessIdentity& other) {
      return world_.gone.contains(static_cast<int>(other.pid - 1000));
    });
  }

  bool done() const {
    return std::ranges::all_of(items_, [](const Item& item) { return item.over; });
  }

  // The next thing that anybody does.
  void round() {
    Item* next = nullptr;
    for (Item& item : items_)
      if (!item.over && (!next || item.due < next->due)) next = &item;
    if (!next) return;
    if (next->due > world_.clock.truth()) world_.clock.advance(next->due - world_.clock.truth());
    platform_->tick();
    if (const Seen row = checks_->seen(*next->film); next->held)
      answer(*next, row);
    else
      upload(*next);
    checks_->rows();
    if (world_.dice.below(4) == 0) look_back();
  }

  // A person looks, and says what is true; only when it is certain.
  void answer(Item& item, const Seen& row) {
    const Film& film = *item.film;
    if (row.status == "SUCCESS") {
      item.over = true;
      return;
    }
    if (platform_->may_appear(film.sha256)) {
      item.due = world_.clock.truth() + minutes(30);
      return;
    }
    const Post* post = platform_->post_of(film.sha256);
    auto registry = VideoRegistry::open(library_, world_.clock);
    if (!registry) throw Violation{registry.error().message};
    if (row.status == "BLOCKED" || row.status == "IN_PROGRESS") {
      const auto settled = settle_upload(*registry, film.id, name_, post != nullptr,
                                         post ? std::optional(post->id) : std::nullopt);
      world_.tell("a person says that ", film.id, post ? " is live" : " is not live",
                  settled ? "" : ": " + settled.error().message);
      if (!settled && settled.error().code == Code::blocked) item.due = world_.clock.truth() + minutes(5);
      if (!settled) return;
      world_.count("a person", post ? "live" : "not live");
    }
    item.over = post != nullptr;
    item.by_hand = true;
    item.held = false;
    item.due = world_.clock.truth() + minutes(1);
  }

  void upload(Item& item) {
    const Film& film = *item.film;
    std::stop_source stop;
    world_.stop = &stop;
    world_.film = &film;
    world_.breathless = world_.requests = world_.connected = 0;
    world_.runs = true;
    const int retries = checks_->seen(film).retries, interludes = interludes_;
    SimCredentials credentials(world_);
    const StageContext context{library_, config_, credentials, world_.clock,
                               [this] { return std::make_unique<SimHttp>(world_); }};
    world_.tell("uploads ", film.id, item.by_hand ? ", as a person asked" : "");
    try {
      const StageResult result =
          run_upload_stage(context, film.id, name_, {}, {.by_hand = item.by_hand, .stop = stop.get_token()});
      world_.runs = false;
      conclude(item, result);
      if (world_.requests > 0 && world_.connected == 0 && interludes == interludes_ &&
          checks_->seen(film).retries > retries)
        throw Violation{"being offline uses up a retry"};
    } catch (const Crash&) {
      world_.runs = false;
      world_.gone.insert(world_.process);
      world_.new_process();
      be(world_.process);
      item.due = world_.clock.truth() + seconds(world_.dice.between(0, 90));
    } catch (const std::exception& error) {
      throw Violation{std::string("the program dies of an exception: ") + error.what()};
    }
    world_.stop = nullptr;
    world_.film = nullptr;
  }

  // As the queue decides (queue_runner.cpp).
  void conclude(Item& item, const StageResult& result) {
    const TimePoint now = world_.clock.truth();
    const std::string said = result.error ? result.error->message : "";
    world_.tell("concludes ", names_of(result.status).name, result.post_id ? " " + *result.post_id : "",
                said.empty() ? "" : ": " + said, result.warning.empty() ? "" : " (" + result.warning + ")");
    world_.count("concludes", fmt::format("{} {}", names_of(result.status).name,
                                          result.error ? static_cast<int>(result.error->code) : 0));
    for (const std::string& text : {said, result.warning, result.link})
      if (text.find("sekret-token-") != text.npos)
        throw Violation{"the token stands in what is said: " + text};
    const bool cancelled = result.error && result.error->code == Code::cancelled;
    item.due = now + seconds(1);
    if (!result.error) {
      item.over = true;
    } else if (cancelled) {
      item.due = now + minutes(1);
    } else if (result.next == NextStep::sign_in) {
      item.due = std::max(now + minutes(1), world_.signed_in_at);
    } else if (result.retry_at) {
      item.due = std::max(now, *result.retry_at);
    } else {
      item.held = true;
      item.due = now + minutes(world_.dice.between(1, 600));
    }
    const Seen row = checks_->seen(*item.film);
    if (!result.error && row.status != "SUCCESS")
      throw Violation{"an upload ended well, and its row is " + row.status};
    if (row.status == "SUCCESS") item.over = true;
    if (!result.error) checks_->audit(*item.film, "success");
  }

  // While one process waits for an answer.
  void interlude(Trouble kind) {
    const Film* film = world_.film;
    auto* stop = world_.stop;
    const int me = world_.process, breathless = world_.breathless, requests = world_.requests,
              connected = world_.connected;
    Item* item = nullptr;
    for (Item& one : items_)
      if (!one.over && !one.held && (one.film == film) == (kind != Trouble::neighbour)) item = &one;
    if (!item) return;
    world_.tell("*** meanwhile another process",
                kind == Trouble::lease_over ? ", as this one sleeps beyond its lease" : "");
    if (kind == Trouble::lease_over) world_.clock.advance(kLease + seconds(world_.dice.between(1, 4000)));
    const Item before = *item;
    ++interludes_;
    ++world_.depth;
    world_.new_process();
    be(world_.process);
    upload(*item);
    world_.tell("*** and the first one goes on");
    --world_.depth;
    if (item->film == film && !item->over) *item = before;
    be(me);
    world_.film = film;
    world_.stop = stop;
    world_.runs = true;
    world_.breathless = breathless;
    world_.requests = requests;
    world_.connected = connected;
  }

  // Asks the platform once more whether it kept the posts.
  void look_back() {
    SimCredentials credentials(world_);
    const StageContext context{library_, config_, credentials, world_.clock,
                               [this] { return std::make_unique<SimHttp>(world_); }};
    world_.breathless = world_.requests = 0;
    static_cast<void>(check_posts(context, {}, false));
    checks_->rows();
  }

  World& world_;
  const std::string name_;
  const Library library_;
  const Config config_;
  const std::vector<Film> films_;
  const std::unique_ptr<SimPlatform> platform_;
  std::optional<Checks> checks_;
  std::vector<Item> items_;
  int interludes_ = 0;
};

/// The statements that bring all tables back to what they hold now.
std::vector<std::string> renewing(Database& db) {
  std::vector<std::string> tables, statements;
  auto names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'sqlite_stat1'");
  while (names->step()) tables.push_back(names->text(0));
  for (const std::string& table : tables) {
    statements.push_back(fmt::format("DELETE FROM \"{}\"", table));
    std::string values;
    auto columns = db.prepare("SELECT name FROM pragma_table_info(?1)");
    columns->bind(1, table);
    while (columns->step())
      values += fmt::format("{}quote(\"{}\")", values.empty() ? "" : " || ',' || ", columns->text(0));
    auto rows = db.prepare(fmt::format("SELECT {} FROM \"{}\"", values, table));
    while (rows->step())
      statements.push_back(fmt::format("INSERT INTO \"{}\" VALUES ({})", table, rows->text_view(0)));
  }
  return statements;
}

}  // namespace

Bench::Bench() {
  const fs::path memory = "/dev/shm";
  std::string name =
      ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "asfs-simulate-XXXXXX").native();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a folder for the libraries");
  folder_ = name;
  library_.home = folder_ / "library";
  for (const char* folder : {"clips", "audit"}) fs::create_directories(library_.home / folder);
  auto registry = VideoRegistry::open(library_);
  if (!registry) throw std::runtime_error(registry.error().message);
  renewer_.emplace(library_.database(), Database::Mode::read_write);
  for (const int what : {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_FKEY})
    sqlite3_db_config(renewer_->handle(), what, 0, nullptr);
  renewing_ = renewing(*renewer_);
  auto config = upload_config(library_, "");
  if (!config) throw std::runtime_error(config.error().message);
  config_ = *std::move(config);
}

Bench::~Bench() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

// The databases stay where they are, so that their connections can be kept.
void Bench::renew() {
  Transaction transaction(*renewer_);
  for (const std::string& statement : renewing_) renewer_->prepare(statement)->run();
  transaction.commit();
  renewer_->query_int("PRAGMA wal_checkpoint(TRUNCATE)");
  Database events(library_.audit_database(), Database::Mode::read_write_create);
  if (events.query_int("SELECT count(*) FROM sqlite_schema WHERE name = 'asfs_contents'") != 0) {
    events.execute("DELETE FROM upload_events; DELETE FROM asfs_contents; DELETE FROM sqlite_sequence");
    events.query_int("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  fs::remove(library_.upload_log());
}

RunReport Bench::run(const RunOptions& options) {
  renew();
  World world(options.seed, options.only, coverage_);
  world.story.told = options.told;
  RunReport report;
  try {
    Run(world, library_, varied(config_, world.dice), options.platform, options.posts_only).live();
  } catch (const Violation& violation) {
    report.violation = violation.what;
    world.tell("!!! ", violation.what);
  }
  report.story = std::move(world.story.lines);
  report.struck = world.swarm.struck();
  report.hash = world.hash;
  return report;
}

}  // namespace asfs::sim
