#include "uploaders/practice/core/store.h"

#include <fmt/format.h>

#include <random>
#include <system_error>

#include "registry/base/clock.h"
#include "registry/base/files.h"
#include "registry/files/checksum.h"

namespace asfs::practice {
namespace {

constexpr const char* kSchema = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, platform TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, platform TEXT NOT NULL, title TEXT NOT NULL,
  caption TEXT NOT NULL, request TEXT NOT NULL, total INTEGER, expired INTEGER NOT NULL DEFAULT 0,
  post_id TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS posts (
  number INTEGER PRIMARY KEY, post_id TEXT NOT NULL UNIQUE, session_id TEXT NOT NULL, platform TEXT NOT NULL,
  title TEXT NOT NULL, caption TEXT NOT NULL, request TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT,
  received_at TEXT NOT NULL, failure TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT, platform TEXT NOT NULL, kind TEXT NOT NULL, spec TEXT NOT NULL,
  times INTEGER NOT NULL, fired INTEGER NOT NULL DEFAULT 0);
)sql";

constexpr std::string_view kSessionColumns =
    "id, platform, title, caption, request, total, expired, post_id, created_at";
constexpr std::string_view kPostColumns =
    "number, post_id, platform, title, caption, request, size, received_at, failure";

std::int64_t signed_size(std::uint64_t size) {
  return static_cast<std::int64_t>(size);
}

StoredSession read_session(const Statement& row) {
  StoredSession session{.id = row.text(0),
                        .platform = row.text(1),
                        .title = row.text(2),
                        .caption = row.text(3),
                        .request = row.text(4)};
  if (!row.is_null(5)) session.total = static_cast<std::uint64_t>(row.integer(5));
  session.expired = row.integer(6) != 0;
  session.post_id = row.text(7);
  session.created_at = row.text(8);
  return session;
}

StoredPost read_post(const Statement& row) {
  return {.number = row.integer(0),
          .post_id = row.text(1),
          .platform = row.text(2),
          .title = row.text(3),
          .caption = row.text(4),
          .request = row.text(5),
          .size = static_cast<std::uint64_t>(row.integer(6)),
          .received_at = row.text(7),
          .failure = row.text(8)};
}

StoredFault read_fault(const Statement& row) {
  return {row.integer(0), row.text(1), row.text(2), row.text(3), row.integer(4), row.integer(5)};
}

std::string now_text() {
  return utc_timestamp(system_clock().now());
}

}  // namespace

std::string random_id(std::size_t length) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::random_device device;
  std::string id;
  while (id.size() < length) id += alphabet[device() % alphabet.size()];
  return id;
}

std::string random_digits(std::size_t count) {
  std::random_device device;
  std::string digits;
  while (digits.size() < count) digits += static_cast<char>('0' + device() % 10);
  return digits;
}

Store::Store(const std::filesystem::path& folder)
    : folder_(folder), db_(folder / "practice.db", Database::Mode::read_write_create) {
  db_.execute(kSchema);
  recover();
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder) {
  for (const auto& needed : {folder, folder / "sessions", folder / "media"})
    if (auto made = make_private_folder(needed); !made) return std::unexpected(made.error());
  return guarded(folder / "practice.db", [&]() -> Result<std::unique_ptr<Store>> {
    return std::unique_ptr<Store>(new Store(folder));
  });
}

std::filesystem::path Store::part_file(std::string_view session_id) const {
  return folder_ / "sessions" / fmt::format("{}.part", session_id);
}

std::filesystem::path Store::media_file(std::string_view post_id) const {
  return folder_ / "media" / fmt::format("{}.mp4", post_id);
}

std::filesystem::path Store::thumbnail_file(std::string_view post_id) const {
  return folder_ / "media" / fmt::format("{}.thumbnail", post_id);
}

void Store::recover() {
  std::error_code ignored;
  auto rows = db_.prepare("SELECT post_id, session_id FROM posts");
  while (rows->step()) {
    const auto part = part_file(rows->text_view(1));
    if (std::filesystem::exists(part, ignored))
      std::filesystem::rename(part, media_file(rows->text_view(0)), ignored);
  }
}

std::string account_of_token(std::string_view token) {
  const auto first = token.find('.'), last = token.rfind('.');
  return first == last ? std::string() : std::string(token.substr(first + 1, last - first - 1));
}

std::string Store::issue_token(std::string_view platform, std::int64_t lifetime_seconds,
                               std::string_view account) {
  const std::string token =
      account.empty() ? "practice-" + random_id(32) : fmt::format("practice.{}.{}", account, random_id(32));
  const std::int64_t now = unix_millis(system_clock().now()) / 1000;
  const std::lock_guard lock(mutex_);
  Transaction transaction(db_);
  db_.prepare("DELETE FROM tokens WHERE expires_at <= ?1")->bind_all(now).run();
  db_.prepare("INSERT INTO tokens VALUES (?1, ?2, ?3)")
      ->bind_all(token, platform, now + lifetime_seconds)
      .run();
  transaction.commit();
  return token;
}

bool Store::token_is_good(std::string_view platform, std::string_view token) {
  const std::int64_t now = unix_millis(system_clock().now()) / 1000;
  const std::lock_guard lock(mutex_);
  auto row = db_.prepare("SELECT 1 FROM tokens WHERE token = ?1 AND platform = ?2 AND expires_at > ?3");
  return row->bind_all(token, platform, now).step();
}

void Store::add_session(const StoredSession& session) {
  const std::lock_guard lock(mutex_);
  std::optional<std::int64_t> total;
  if (session.total) total = signed_size(*session.total);
  db_.prepare(
         "INSERT INTO sessions (id, platform, title, caption, request, total, created_at) "
         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      ->bind_all(session.id, session.platform, session.title, session.caption, session.request, total,
                 now_text())
      .run();
}

std::optional<StoredSession> Store::session(std::string_view id) {
  const std::lock_guard lock(mutex_);
  static const std::string sql = fmt::format("SELECT {} FROM sessions WHERE id = ?1", kSessionColumns);
  auto row = db_.prepare(sql);
  if (!row->bind_all(id).step()) return std::nullopt;
  return read_session(*row);
}

std::vector<StoredSession> Store::sessions() {
  const std::lock_guard lock(mutex_);
  static const std::string sql = fmt::format("SELECT {} FROM sessions ORDER BY number", kSessionColumns);
  std::vector<StoredSession> result;
  auto row = db_.prepare(sql);
  while (row->step()) result.push_back(read_session(*row));
  return result;
}

void Store::set_total(std::string_view id, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  db_.prepare("UPDATE sessions SET total = ?2 WHERE id = ?1")->bind_all(id, signed_size(total)).run();
}

void Store::set_request(std::string_view id, std::string_view request) {
  const std::lock_guard lock(mutex_);
  db_.prepare("UPDATE sessions SET request = ?2 WHERE id = ?1")->bind_all(id, request).run();
}

void Store::expire_session(std::string_view id) {
  const std::lock_guard lock(mutex_);
  db_.prepare("UPDATE sessions SET expired = 1 WHERE id = ?1")->bind_all(id).run();
  std::error_code ignored;
  std::filesystem::remove(part_file(id), ignored);
}

void Store::remove_session(std::string_view id) {
  const std::lock_guard lock(mutex_);
  db_.prepare("DELETE FROM sessions WHERE id = ?1")->bind_all(id).run();
  std::error_code ignored;
  std::filesystem::remove(part_file(id), ignored);
}

bool Store::finish(std::string_view session_id, const StoredPost& post) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(db_);
  db_.prepare("UPDATE sessions SET post_id = ?2, total = ?3 WHERE id = ?1 AND post_id = ''")
      ->bind_all(session_id, post.post_id, signed_size(post.size))
      .run();
  if (db_.changes() == 0) return false;
  db_.prepare(
         "INSERT INTO posts (post_id, session_id, platform, title, caption, request, size, received_at, "
         "failure) "
         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
      ->bind_all(post.post_id, session_id, post.platform, post.title, post.caption, post.request,
                 signed_size(post.size), post.received_at, post.failure)
      .run();
  transaction.commit();
  std::error_code ignored;  // open() tries again
  std::filesystem::rename(part_file(session_id), media_file(post.post_id), ignored);
  return true;
}

std::optional<StoredPost> Store::post(std::string_view post_id) {
  const std::lock_guard lock(mutex_);
  static const std::string sql = fmt::format("SELECT {} FROM posts WHERE post_id = ?1", kPostColumns);
  auto row = db_.prepare(sql);
  if (!row->bind_all(post_id).step()) return std::nullopt;
  return read_post(*row);
}

std::vector<StoredPost> Store::posts() {
  const std::lock_guard lock(mutex_);
  static const std::string sql = fmt::format("SELECT {} FROM posts ORDER BY number", kPostColumns);
  std::vector<StoredPost> result;
  auto row = db_.prepare(sql);
  while (row->step()) result.push_back(read_post(*row));
  return result;
}

std::string Store::checksum(const StoredPost& post) {
  // Computed when first asked for, not while receiving: the receiving thread is what an upload waits for, and
  // this way it is the stored file that is vouched for.
  const std::lock_guard one_at_a_time(checksum_mutex_);
  {
    const std::lock_guard lock(mutex_);
    auto row = db_.prepare("SELECT sha256 FROM posts WHERE post_id = ?1 AND sha256 IS NOT NULL");
    if (row->bind_all(post.post_id).step()) return row->text(0);
  }
  const auto sum = checksum_file(media_file(post.post_id));
  if (!sum) return "";
  const std::lock_guard lock(mutex_);
  db_.prepare("UPDATE posts SET sha256 = ?2 WHERE post_id = ?1")->bind_all(post.post_id, sum->sha256).run();
  return sum->sha256;
}

StoredFault Store::add_fault(const StoredFault& fault) {
  const std::lock_guard lock(mutex_);
  db_.prepare("INSERT INTO faults (platform, kind, spec, times) VALUES (?1, ?2, ?3, ?4)")
      ->bind_all(fault.platform, fault.kind, fault.spec, fault.times)
      .run();
  StoredFault added = fault;
  added.id = db_.last_insert_rowid();
  return added;
}

std::vector<StoredFault> Store::faults() {
  const std::lock_guard lock(mutex_);
  std::vector<StoredFault> result;
  auto row = db_.prepare("SELECT id, platform, kind, spec, times, fired FROM faults ORDER BY id");
  while (row->step()) result.push_back(read_fault(*row));
  return result;
}

std::optional<StoredFault> Store::fault_in_turn(std::string_view platform) {
  const std::lock_guard lock(mutex_);
  auto row = db_.prepare(
      "SELECT id, platform, kind, spec, times, fired FROM faults "
      "WHERE platform = ?1 AND fired < times ORDER BY id LIMIT 1");
  if (!row->bind_all(platform).step()) return std::nullopt;
  return read_fault(*row);
}

bool Store::count_fault(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  db_.prepare("UPDATE faults SET fired = fired + 1 WHERE id = ?1 AND fired < times")->bind_all(id).run();
  return db_.changes() > 0;
}

bool Store::has_fault(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  auto row = db_.prepare("SELECT 1 FROM faults WHERE id = ?1");
  return row->bind_all(id).step();
}

bool Store::remove_fault(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  db_.prepare("DELETE FROM faults WHERE id = ?1")->bind_all(id).run();
  return db_.changes() > 0;
}

void Store::remove_faults() {
  const std::lock_guard lock(mutex_);
  db_.execute("DELETE FROM faults");
}

void Store::reset() {
  const std::lock_guard lock(mutex_);
  Transaction transaction(db_);
  db_.execute("DELETE FROM posts; DELETE FROM sessions; DELETE FROM faults");
  transaction.commit();
  std::error_code ignored;
  for (const char* part : {"sessions", "media"})
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / part, ignored))
      std::filesystem::remove(entry.path(), ignored);
}

}  // namespace asfs::practice
