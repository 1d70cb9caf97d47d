#include "registry/queue/candidates.h"

#include <functional>
#include <unordered_set>
#include <utility>

#include "registry/base/text.h"
#include "registry/posts/audit_reader.h"
#include "registry/posts/evidence.h"
#include "registry/posts/upload_facts.h"
#include "registry/store/upload_rows.h"

namespace asfs {
namespace {

/// Videos, and videos on a platform, about which more is to be known than their shared row tells.
class Special {
 public:
  Special(Database& db, const Clock& clock) {
    // Content that stands in the library twice, or was sent under another id.
    load(db,
         "SELECT id, '' FROM videos WHERE checksum IN (SELECT checksum FROM videos WHERE checksum IS NOT NULL"
         " GROUP BY checksum HAVING count(*) > 1)");
    load(db,
         "SELECT DISTINCT v.id, '' FROM asfs_attempts a JOIN videos v ON v.checksum = a.checksum"
         " AND v.id <> a.video_id");
    load(db, "SELECT video_id, platform FROM asfs_attempts WHERE open = 1");
    load(db,
         "SELECT video_id, platform FROM asfs_upload_history WHERE upload_status IN ('SUCCESS', 'BLOCKED')");
    load(db,
         "SELECT v.id, h.platform FROM asfs_upload_history h JOIN videos v ON v.checksum = h.checksum"
         " AND v.id <> h.video_id WHERE h.upload_status IN ('SUCCESS', 'BLOCKED')");
    // Posts that are known from elsewhere, as far as the row does not say the same.
    load(db,
         "SELECT e.video_id, e.platform FROM asfs_evidence e LEFT JOIN video_uploads u"
         " ON u.video_id = e.video_id AND u.platform = e.platform WHERE u.upload_status IS NOT 'SUCCESS'");
    load(db, "SELECT v.id, e.platform FROM asfs_evidence e JOIN videos v ON v.checksum = e.checksum");
    // Another program may be at it.
    load(db, "SELECT video_id, platform FROM asfs_last_events WHERE at > ?1",
         local_timestamp(clock.now() - kForeignPatience));
    load(db,
         "SELECT a.video_id, a.platform FROM asfs_attempts a LEFT JOIN video_uploads u"
         " ON u.video_id = a.video_id AND u.platform = a.platform"
         " WHERE a.state = 'succeeded' AND u.upload_status IS NOT 'SUCCESS'");
  }

  bool has(const std::string& id, std::string_view platform) const {
    return !known_.empty() && (known_.contains(key(id, "")) || known_.contains(key(id, platform)));
  }

 private:
  static std::string key(const std::string& id, std::string_view platform) {
    return id + '\n' + std::string(platform);
  }
  template <class... Args>
  void load(Database& db, std::string_view sql, const Args&... args) {
    auto rows = db.prepare(sql);
    rows->bind_all(args...);
    while (rows->step()) known_.insert(key(rows->text(0), rows->text_view(1)));
  }
  std::unordered_set<std::string> known_;
};

/// The claim's own judgement.
Candidate::On judged(const UploadFacts& standing) {
  const auto& row = standing.row;
  if (const auto refusal = why_not(standing, false))
    return {.running = refusal->running,
            .done = (row && row->is(UploadStatus::success)) || standing.twin ||
                    (standing.evidence && standing.evidence->certain),
            .reason = refusal->reason};
  // What a dead process left is looked up; a second post, even an allowed one, is a person's to ask for.
  const bool unfinished = standing.attempt && standing.attempt->maybe_published;
  const auto status = standing.row ? parse_status(standing.row->upload_status) : UploadStatus::pending;
  if (status && (is_pending(*status) || *status == UploadStatus::in_progress)) return {.pending = true};
  if (unfinished) return {.pending = true};
  if (status == UploadStatus::success)
    return {.done = true, .reason = already_posted_reason(standing.video_id, *row)};
  return {.done = true, .reason = "a person may upload it again"};
}

Candidate::On stand(Database& db, const Clock& clock, const Special& special, KnownContents& contents,
                    const std::string& id, bool duplicate_allowed, Upload row) {
  if (row.is(UploadStatus::success)) return {.done = true, .reason = already_posted_reason(id, row)};
  if (special.has(id, row.platform)) {
    const auto standing = load_upload_facts(db, clock, id, row.platform, &contents);
    return standing ? judged(*standing) : Candidate::On{.reason = no_such_video(id).message};
  }
  if (row.upload_status.empty()) return {.pending = true};
  const auto status = parse_status(row.upload_status);
  if (status && is_pending(*status)) return {.pending = true};
  // Its row is all that there is to know.
  std::string platform = row.platform;
  return judged({.video_id = id,
                 .platform = std::move(platform),
                 .duplicate_allowed = duplicate_allowed,
                 .row = std::move(row),
                 .now = clock.now()});
}

}  // namespace

Result<std::vector<Candidate>> load_candidates(VideoRegistry& registry, const Destinations& destinations,
                                               const DestinationChoice& chosen, std::stop_token stop) {
  if (auto read = read_audit_trail(registry.database(), registry.library(), stop);
      !read && read.error().code == Code::cancelled)
    return std::unexpected(read.error());
  Database& db = registry.database();
  const DestinationChoice wanted = chosen & destinations.there();
  return guarded(db.path(), [&]() -> Result<std::vector<Candidate>> {
    const StoppableStatements stoppable(db, stop);
    const Special special(db, registry.clock());
    KnownContents contents;
    std::vector<Candidate> found;
    found.reserve(static_cast<std::size_t>(db.query_int("SELECT count(*) FROM videos")));
    std::vector<Upload> rows(destinations.size());
    bool duplicate_allowed = false;
    const auto finish = [&] {
      if (found.empty()) return;
      found.back().on.resize(destinations.size());
      for (std::size_t p = 0; p < destinations.size(); ++p) {
        rows[p].platform = destinations[p].name;
        if (wanted[p])
          found.back().on[p] = stand(db, registry.clock(), special, contents, found.back().id,
                                     duplicate_allowed, std::exchange(rows[p], {}));
      }
    };
    auto videos = db.prepare(
        "SELECT u.upload_status, u.upload_timestamp, u.platform_post_id, u.error_message, u.retry_count,"
        " u.platform, v.id, v.title, v.file_path, v.duration, v.rowid, m.document, f.size,"
        " v.duplicate_allowed FROM videos v"
        " LEFT JOIN asfs_metadata m ON m.video_id = v.id LEFT JOIN video_uploads u ON u.video_id = v.id"
        " LEFT JOIN asfs_files f ON f.video_id = v.id AND f.checksum = v.checksum WHERE typeof(v.id) = "
        "'text' ORDER BY v.rowid");
    std::int64_t at = -1;
    while (videos->step()) {
      if (videos->integer(10) != at) {
        finish();
        if (stop.stop_requested()) return fail(Code::cancelled, "stopped");
        at = videos->integer(10);
        duplicate_allowed = videos->integer(13) != 0;
        found.push_back({.id = videos->text(6),
                         .title = std::string(title_or_stem(videos->text_view(7), videos->text_view(8))),
                         .file_path = videos->text(8),
                         .duration = videos->real(9),
                         .metadata_json = videos->text(11)});
        if (!videos->is_null(12)) found.back().size = static_cast<std::uint64_t>(videos->integer(12));
      }
      if (const auto p = destinations.index_of(videos->text_view(5))) rows[*p] = read_upload(*videos, 0, "");
    }
    finish();
    return found;
  });
}

}  // namespace asfs
