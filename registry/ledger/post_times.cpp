#include "registry/ledger/post_times.h"

#include <algorithm>
#include <optional>

namespace asfs {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// A time so far ahead was noted by a clock that was wrong.
constexpr minutes kClockSlack{5};

void add(std::vector<TimePoint>& to, Statement& rows) {
  while (rows.step()) to.push_back(from_unix_millis(rows.integer(0)));
}

/// Posts that the shared rows tell of no more: history and audit trail do, one post maybe both.
void add_evidence(std::vector<TimePoint>& to, Database& db, std::string_view platform,
                  const std::string& since) {
  auto rows = db.prepare(
      "SELECT video_id, CAST(strftime('%s', at, 'utc') AS INTEGER) AS s FROM"
      " (SELECT video_id, at FROM asfs_evidence WHERE platform = ?1 AND at > ?2"
      " UNION SELECT video_id, upload_timestamp FROM asfs_upload_history"
      " WHERE platform = ?1 AND upload_timestamp > ?2 AND upload_status = 'SUCCESS') e"
      " WHERE s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM asfs_attempts a WHERE a.video_id = e.video_id"
      " AND a.platform = ?1 AND +a.state = 'succeeded')"
      " AND NOT EXISTS (SELECT 1 FROM video_uploads u WHERE u.video_id = e.video_id AND u.platform = ?1"
      " AND +u.upload_status = 'SUCCESS' AND abs(strftime('%s', u.upload_timestamp, 'utc') - s) <= ?3)"
      " ORDER BY video_id, s");
  constexpr std::int64_t kSamePost = 120;  // its event and its row are written one after the other
  rows->bind_all(platform, since, kSamePost);
  std::string video_id;
  std::int64_t last = 0;
  while (rows->step()) {
    const std::int64_t at = rows->integer(1);
    if (video_id != rows->text_view(0) || at - last > kSamePost) to.push_back(from_unix_millis(at * 1000));
    video_id = rows->text(0);
    last = at;
  }
}

/// What the platform last asked for, unless a post has been made since.
std::optional<TimePoint> platform_wait(Database& db, std::string_view platform, TimePoint now) {
  auto found = db.prepare(
      "SELECT CAST(strftime('%s', retry_at) AS INTEGER) * 1000, CAST(strftime('%s', ended_at) AS INTEGER) * "
      "1000"
      " FROM asfs_attempts a WHERE platform = ?1 AND state = 'rate_limited' AND id >"
      " (SELECT ifnull(max(attempt_id), 0) FROM asfs_slots s WHERE platform = ?1 AND at >= ?2)"
      " ORDER BY id DESC LIMIT 1");
  found->bind_all(platform, unix_millis(now - kLongestWindow));
  if (!found->step() || found->is_null(0)) return std::nullopt;
  if (from_unix_millis(found->integer(1)) > now + kClockSlack) return std::nullopt;
  return from_unix_millis(found->integer(0));
}

/// What was posted to a destination by the ledger, the newest `most`, and what may be posted at any moment: a
/// running attempt may; a dead one could until its lease was over.
void add_own(std::vector<TimePoint>& to, Database& db, std::string_view destination, int most,
             std::int64_t except, TimePoint now) {
  auto posted = db.prepare(
      "SELECT at FROM asfs_slots s WHERE platform = ?1 AND attempt_id <> ?2"
      " ORDER BY at DESC LIMIT ?3");
  posted->bind_all(destination, except, most);
  add(to, *posted);
  auto running = db.prepare(
      "SELECT min(lease_until, ?3) FROM asfs_attempts a WHERE platform = ?1 AND state = 'running'"
      " AND id <> ?2");
  running->bind_all(destination, except, unix_millis(now));
  add(to, *running);
}

}  // namespace

PostTimes load_post_times(Database& db, std::string_view platform, const RateLimits& limits, TimePoint now,
                          std::int64_t except) {
  if (!limits.hold) return PostTimes(limits, {}, std::nullopt, now);
  std::vector<TimePoint> taken;
  const Quota quota = load_quota(db, platform, now);
  const int most = std::max({limits.max_per_hour, limits.max_per_day, quota.total, 1});
  add_own(taken, db, platform, most, except, now);
  auto foreign = db.prepare(
      "SELECT CAST(strftime('%s', upload_timestamp, 'utc') AS INTEGER) * 1000 FROM video_uploads u"
      " WHERE platform = ?1 AND upload_status = 'SUCCESS' AND upload_timestamp > ?2 AND NOT EXISTS"
      " (SELECT 1 FROM asfs_attempts a WHERE a.video_id = u.video_id AND a.platform = u.platform"
      " AND a.state = 'succeeded') ORDER BY upload_timestamp DESC LIMIT ?3");
  foreign->bind_all(platform, local_timestamp(now - kLongestWindow), most);
  add(taken, *foreign);
  add_evidence(taken, db, platform, local_timestamp(now - kLongestWindow));
  std::vector<TimePoint> by_app;
  if (limits.app_per_day > 0)
    for (const std::string& other : limits.app_shared)
      add_own(by_app, db, other, limits.app_per_day, except, now);
  return PostTimes(limits, std::move(taken), platform_wait(db, platform, now), now, quota, std::move(by_app));
}

Quota load_quota(Database& db, std::string_view platform, TimePoint now) {
  auto found =
      db.prepare("SELECT total, used, asked_at FROM asfs_quotas WHERE platform = ?1 AND asked_at > ?2");
  found->bind_all(platform, unix_millis(now - kLongestWindow));
  if (!found->step()) return {};
  return {static_cast<int>(found->integer(0)), static_cast<int>(found->integer(1)),
          from_unix_millis(found->integer(2))};
}

void save_quota(Database& db, std::int64_t attempt_id, const Quota& quota) {
  db.prepare(
        "INSERT OR REPLACE INTO asfs_quotas(platform, total, used, asked_at) SELECT platform, ?2, ?3, ?4"
        " FROM asfs_attempts WHERE id = ?1")
      ->bind_all(attempt_id, quota.total, quota.used, unix_millis(quota.asked_at))
      .run();
}

void note_post_time(Database& db, std::int64_t attempt_id, const Outcome& outcome, TimePoint now) {
  const bool posted = outcome.state == AttemptState::succeeded || outcome.state == AttemptState::unconfirmed;
  const bool maybe = outcome.state == AttemptState::interrupted;
  if (!posted && !maybe) return free_post_time(db, attempt_id);
  db.prepare(
        "INSERT OR IGNORE INTO asfs_slots(attempt_id, platform, at) SELECT id, platform, ?2"
        " FROM asfs_attempts WHERE id = ?1 AND (?3 OR maybe_published)")
      ->bind_all(attempt_id, unix_millis(std::chrono::ceil<milliseconds>(now)), posted)
      .run();
}

void free_post_time(Database& db, std::int64_t attempt_id) {
  db.prepare("DELETE FROM asfs_slots WHERE attempt_id = ?1")->bind_all(attempt_id).run();
}

void mend_post_times(Database& db, std::string_view platform, TimePoint now) {
  db.prepare("UPDATE asfs_slots SET at = ?2 WHERE platform = ?1 AND at > ?2")
      ->bind_all(platform, unix_millis(std::chrono::ceil<milliseconds>(now)))
      .run();
}

}  // namespace asfs
