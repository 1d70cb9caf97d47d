#include "tests/simulation/checks.h"

#include <fmt/format.h>

#include <fstream>

namespace asfs::sim {

namespace {

// Columns parted by '\x1f'; "" when there is no row.
std::string first_row(Database& db, const char* sql, std::string_view one, std::string_view two) {
  auto statement = db.prepare(sql);
  for (const auto& [place, text] : {std::pair(1, one), {2, two}})
    if (sqlite3_bind_parameter_count(statement->handle()) >= place) statement->bind(place, text);
  std::string text;
  if (statement->step())
    for (int i = 0; i < sqlite3_column_count(statement->handle()); ++i)
      text += (i ? "\x1f" : "") + statement->text(i);
  return text;
}

}  // namespace

Checks::Checks(World& world, SimPlatform& platform, const std::vector<Film>& films, const Library& library,
               std::string platform_name)
    : world_(world),
      platform_(platform),
      films_(films),
      library_(library),
      name_(std::move(platform_name)),
      db_(library.database(), Database::Mode::read_write) {}

std::string Checks::ask(const char* sql, std::string_view one, std::string_view two) {
  return first_row(db_, sql, one, two);
}

Seen Checks::seen(const Film& film) {
  const std::string row =
      ask("SELECT upload_status, ifnull(platform_post_id, ''), retry_count, ifnull(error_message, '') FROM "
          "video_uploads"
          " WHERE video_id = ?1 AND platform = ?2",
          film.id, name_);
  const std::string attempt =
      ask("SELECT maybe_published FROM asfs_attempts WHERE video_id = ?1 AND platform = ?2 AND open = 1",
          film.id, name_);
  Seen seen{.open = !attempt.empty(), .maybe_published = attempt == "1"};
  if (row.empty()) return seen;
  const auto first = row.find('\x1f'), second = row.find('\x1f', first + 1),
             third = row.find('\x1f', second + 1);
  seen.status = row.substr(0, first);
  seen.post_id = row.substr(first + 1, second - first - 1);
  seen.retries = std::atoi(row.c_str() + second + 1);
  seen.error = row.substr(third + 1);
  return seen;
}

void Checks::before_bytes(const Task& task, std::uint64_t arrived) {
  const std::string noted =
      ask("SELECT max(maybe_published) FROM asfs_attempts WHERE instr(handle, ?1) > 0", task.id);
  if (noted.empty()) throw Violation{"bytes go out before the handle is in the ledger"};
  const bool last = arrived == task.size && platform_.publishes_by_itself();
  if (last && noted != "1")
    throw Violation{"the last byte goes out before the ledger says that a post may exist"};
}

void Checks::before_publish(const Task& task) {
  if (ask("SELECT max(maybe_published) FROM asfs_attempts WHERE instr(handle, ?1) > 0", task.id) != "1")
    throw Violation{"it is published before the ledger says that a post may exist"};
}

void Checks::truth() {
  for (const Film& film : films_)
    if (platform_.posts_of(film.sha256) > 1)
      throw Violation{fmt::format("{} is posted twice, or will be", film.id)};
}

void Checks::rows() {
  truth();
  for (const Film& film : films_) {
    const Seen row = seen(film);
    const Post* post = platform_.post_of(film.sha256);
    if (row.status == "SUCCESS") {
      if (!platform_.knows(film.sha256, ""))
        throw Violation{fmt::format("{} is a SUCCESS without a post", film.id)};
      if (!platform_.knows(film.sha256, row.post_id))
        throw Violation{fmt::format("{} is a SUCCESS with the id {}, which is not its post", film.id,
                                    row.post_id.substr(0, 80))};
      continue;
    }
    const bool exists = post || platform_.may_appear(film.sha256);
    const bool waits = row.status == "IN_PROGRESS" || row.status == "BLOCKED" ||
                       (row.status == "RATE_LIMITED" && row.maybe_published);
    if (exists && !waits && !posts_only)
      throw Violation{fmt::format("{} is {} although its post {}", film.id,
                                  row.status.empty() ? "forgotten" : row.status,
                                  post ? "exists" : "may still appear")};
    if (row.retries < 0 || row.retries > 50)
      throw Violation{fmt::format("{} has {} retries", film.id, row.retries)};
  }
}

void Checks::audit(const Film& film, std::string_view status) {
  Database events(library_.audit_database(), Database::Mode::read_only);
  const std::string last = first_row(
      events, "SELECT status FROM upload_events WHERE clip_id = ?1 AND platform = ?2 ORDER BY id DESC",
      film.id, name_);
  if (last != status)
    throw Violation{fmt::format("the audit trail says {} of {}, which ended as {}", last, film.id, status)};
}

void Checks::secrets() {
  for (const auto& path : {library_.database(), std::filesystem::path(library_.database().native() + "-wal"),
                           library_.audit_database(), library_.upload_log()}) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) continue;
    std::string text(static_cast<std::size_t>(in.tellg()), '\0');
    in.seekg(0).read(text.data(), static_cast<std::streamsize>(text.size()));
    if (text.find("sekret-token-") != text.npos)
      throw Violation{"the token stands in " + path.filename().native()};
  }
}

void Checks::ended(const Film& film) {
  const Seen row = seen(film);
  if (row.status != "SUCCESS")
    throw Violation{fmt::format("{} does not end: {} {}", film.id, row.status.empty() ? "no row" : row.status,
                                row.error)};
}

}  // namespace asfs::sim
