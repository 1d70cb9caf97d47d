// The ledger: when a post may be made, and what is known of one that is under way.
#include "registry/ledger/attempt_rows.h"
#include "registry/ledger/post_owner.h"
#include "registry/ledger/post_times.h"
#include "registry/ledger/upload_ledger.h"

namespace asfs {

Result<TimePoint> UploadLedger::waits_since(std::int64_t attempt_id) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<TimePoint> {
    note_waiting(db, registry_.clock(), attempt_id);
    auto noted = db.prepare("SELECT waits_since FROM asfs_chains WHERE attempt_id = ?1");
    noted->bind_all(attempt_id);
    return noted->step() ? from_unix_millis(noted->integer(0)) : registry_.clock().now();
  });
}

Result<std::vector<std::string>> UploadLedger::destinations_of(std::string_view account) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::vector<std::string>> {
    auto rows = db.prepare(
        "SELECT DISTINCT a.platform FROM asfs_attempt_accounts o JOIN asfs_attempts a ON a.id = o.attempt_id"
        " WHERE o.account = ?1");
    rows->bind_all(account);
    std::vector<std::string> names;
    while (rows->step()) names.push_back(rows->text(0));
    return names;
  });
}

Result<void> UploadLedger::note_acknowledged(std::int64_t attempt_id) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<void> {
    db.prepare("UPDATE asfs_chains SET acknowledged = 1 WHERE attempt_id = ?1")->bind_all(attempt_id).run();
    return {};
  });
}

Result<std::optional<std::string>> UploadLedger::owner_of_post(std::int64_t attempt_id,
                                                               std::string_view post_id) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::optional<std::string>> {
    const auto attempt = find_attempt(db, attempt_id);
    if (!attempt) return fail(Code::not_found, "no such upload attempt");
    return asfs::owner_of_post(db, attempt_id, attempt->platform, post_id);
  });
}

Result<std::vector<UnknownPost>> UploadLedger::unknown_posts(std::int64_t attempt_id) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<std::vector<UnknownPost>> {
    const auto attempt = find_attempt(db, attempt_id);
    if (!attempt) return fail(Code::not_found, "no such upload attempt");
    return asfs::unknown_posts(db, registry_.clock(), attempt_id, attempt->platform);
  });
}

Result<PostTimes> UploadLedger::post_times(std::string_view platform, const RateLimits& limits) {
  Database& db = registry_.database();
  return guarded(db.path(), [&]() -> Result<PostTimes> {
    return load_post_times(db, platform, limits, registry_.clock().now());
  });
}

Result<PostTime> UploadLedger::next_post_time(std::string_view platform, const RateLimits& limits) {
  const auto book = post_times(platform, limits);
  if (!book) return std::unexpected(book.error());
  return book->next(registry_.clock().now());
}

}  // namespace asfs
