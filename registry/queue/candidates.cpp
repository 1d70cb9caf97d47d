#include "registry/queue/candidates.h"

#include <algorithm>
#include <future>
#include <utility>

#include "registry/base/id_index.h"
#include "registry/base/same_moment.h"
#include "registry/base/table_scan.h"
#include "registry/base/text.h"
#include "registry/posts/audit_reader.h"
#include "registry/posts/upload_facts.h"
#include "registry/store/schema.h"

namespace asfs {
namespace {

/// The claim's own judgement; its words go into `texts`.
Candidate::On judged(const UploadFacts& standing, Arena& texts) {
  const auto& row = standing.row;
  if (const auto refusal = why_not(standing, false))
    return {.running = refusal->running,
            .done = (row && row->is(UploadStatus::success)) || standing.twin ||
                    (standing.evidence && standing.evidence->certain),
            .reason = texts.keep(refusal->reason)};
  // What a dead process left is looked up; a second post, even an allowed one, is a person's to ask for.
  const bool unfinished = standing.attempt && standing.attempt->maybe_published;
  const auto status = standing.row ? parse_status(standing.row->upload_status) : UploadStatus::pending;
  if (status && (is_pending(*status) || *status == UploadStatus::in_progress)) return {.pending = true};
  if (unfinished) return {.pending = true};
  if (status == UploadStatus::success)
    return {.done = true, .reason = texts.keep(already_posted_reason(standing.video_id, *row))};
  return {.done = true, .reason = "a person may upload it again"};
}

/// The shared row of a video on a platform.
Upload upload_of(RowValues row, const std::string& platform) {
  const auto optional_text = [](sqlite3_value* value) {
    return sqlite3_value_type(value) == SQLITE_NULL ? std::nullopt
                                                    : std::optional<std::string>(text_of(value));
  };
  Upload upload;
  upload.platform = platform;
  upload.upload_status = text_of(row[0]);
  upload.upload_timestamp = text_of(row[1]);
  upload.platform_post_id = optional_text(row[2]);
  upload.error_message = optional_text(row[3]);
  upload.retry_count = sqlite3_value_int(row[4]);
  return upload;
}

/// What one thread reads with, and where it keeps texts.
struct Reading {
  Database& db;
  Arena& texts;
};

/// Reads whole tables, and finds the video of each row by itself: joined by SQLite, every video would be
/// looked up in every table. When the videos are listed, what is noted of them and their rows can be read by
/// two threads at once; when that is done, those that are special can be judged, by several, too.
class Loading {
 public:
  Loading(Candidates& found, const Clock& clock, const Destinations& destinations,
          const DestinationChoice& chosen, const std::stop_token& stop)
      : found_(found.videos), clock_(clock), destinations_(destinations), chosen_(chosen), stop_(stop) {}

  void list(const Reading& by, const CandidatesListed& listed) {
    constexpr std::size_t kTold = 1024;
    const auto most = static_cast<std::size_t>(by.db.query_int("SELECT count(*) FROM videos"));
    found_.reserve(most);
    known_.reserve(most);
    ids_.reserve(most);
    contents_.reserve(most);
    for_each_row(by.db, "videos", "id, title, file_path, duration, duplicate_allowed, checksum",
                 [&](RowValues row) {
                   if (sqlite3_value_type(row[0]) != SQLITE_TEXT || stop_.stop_requested()) return;
                   add_video(by, row);
                   if (found_.size() % kTold == 0) listed(found_, most);
                 });
    listed(found_, found_.size());
  }

  /// What is known of them beside their rows.
  void note(const Reading& by) {
    // A video without a checksum whose file was read.
    auto read =
        by.db.prepare("SELECT video_id, file_path, checksum FROM asfs_disk_files WHERE checksum IS NOT NULL");
    for (; read->step();)
      if (const auto video = with_id(read->text_view(0), 0);
          video && !known_[*video].content && found_[*video].file_path == read->text_view(1))
        set_content(by, *video, read->text_view(2));
    for_each(by.db, "asfs_metadata", "video_id, document", [&](std::uint32_t video, RowValues row) {
      found_[video].metadata_json = by.texts.keep(text_of(row[1]));
    });
    for_each(by.db, "asfs_files", "video_id, checksum, size", [this](std::uint32_t video, RowValues row) {
      if (known_[video].content == text_of(row[1]))
        found_[video].size = static_cast<std::uint64_t>(sqlite3_value_int64(row[2]));
    });
    find_special(by.db);
  }

  void judge_by_rows(const Reading& by) {
    for_each(
        by.db, "video_uploads",
        "video_id, platform, upload_status, upload_timestamp, platform_post_id, error_message, retry_count",
        [&](std::uint32_t video, RowValues row) {
          const auto p = destinations_.index_of(text_of(row[1]));
          if (p && chosen_[*p] && !stop_.stop_requested()) judge_by_row(by, video, *p, row.subspan(2));
        });
  }

  /// One of so many parts.
  void judge_special(const Reading& by, std::size_t part, std::size_t parts) {
    KnownContents contents;
    const std::size_t end = found_.size() * (part + 1) / parts;
    for (std::size_t video = found_.size() * part / parts; video < end && !stop_.stop_requested(); ++video)
      if (const DestinationChoice special = known_[video].special & ~known_[video].posted & chosen_;
          special.any())
        for (std::size_t p = 0; p < destinations_.size(); ++p) {
          if (!special[p]) continue;
          const auto standing =
              load_upload_facts(by.db, clock_, found_[video].id, destinations_[p].name, &contents);
          if (standing) found_[video].on[p] = judged(*standing, by.texts);
        }
  }

 private:
  /// What is known of a candidate beside it.
  struct Known {
    std::optional<std::string_view> content;
    bool duplicate_allowed = false;
    DestinationChoice
        special;  ///< more is to be known than the shared row tells; rather too much than too little
    DestinationChoice posted;  ///< as the shared row says, which is all there is to know
  };

  void find_special(Database& db) {
    for_each_row(db, "asfs_attempts", "video_id, platform, checksum, open OR state = 'succeeded'",
                 [this, near = std::uint32_t(0)](RowValues row) mutable {
                   const auto video = with_id(text_of(row[0]), near);
                   near = video.value_or(near);
                   if (video && sqlite3_value_int(row[3]) != 0) mark(*video, text_of(row[1]));
                   // Content that was sent under another id; twins that there are know of each other.
                   const std::string_view content = text_of(row[2]);
                   if (video && known_[*video].content == content) return;
                   if (const auto same = with_content(content)) known_[*same].special.set();
                 });
    // What was made of something that is here, or was sent, or the other way round.
    for_each_row(db, "asfs_made_of", "checksum, original", [this](RowValues row) {
      for (std::size_t column = 0; column < 2; ++column)
        if (const auto video = with_content(text_of(row[column]))) known_[*video].special.set();
    });
    // Posts that are known from elsewhere.
    for_each(db, "asfs_evidence", "video_id, platform",
             [this](std::uint32_t video, RowValues row) { mark(video, text_of(row[1])); });
    mark_all(db, "SELECT checksum, platform FROM asfs_evidence WHERE checksum IS NOT NULL", true);
    mark_all(
        db,
        "SELECT video_id, platform FROM asfs_upload_history WHERE upload_status IN ('SUCCESS', 'BLOCKED')",
        false);
    mark_all(db,
             "SELECT checksum, platform FROM asfs_upload_history WHERE checksum IS NOT NULL"
             " AND upload_status IN ('SUCCESS', 'BLOCKED')",
             true);
    // Another program may be at it.
    mark_all(db, "SELECT video_id, platform FROM asfs_last_events WHERE at > ?1", false,
             local_timestamp(clock_.now() - kForeignPatience));
  }

  void add_video(const Reading& by, RowValues row) {
    const auto video = static_cast<std::uint32_t>(found_.size());
    const std::string_view path = by.texts.keep(text_of(row[2])), title = text_of(row[1]);
    found_.push_back({.id = by.texts.keep(text_of(row[0])),
                      .title = title.empty() ? title_or_stem(title, path) : by.texts.keep(title),
                      .file_path = path,
                      .duration = sqlite3_value_double(row[3]),
                      .on = by.texts.make<Candidate::On>(destinations_.size())});
    for (std::size_t p = 0; p < destinations_.size(); ++p) found_.back().on[p].pending = chosen_[p];
    known_.push_back({.duplicate_allowed = sqlite3_value_int(row[4]) != 0});
    ids_.insert(found_.back().id, video);
    if (sqlite3_value_type(row[5]) != SQLITE_NULL) set_content(by, video, text_of(row[5]));
  }

  void set_content(const Reading& by, std::uint32_t video, std::string_view content) {
    known_[video].content = by.texts.keep(content);
    if (const auto twin = with_content(content)) {  // it stands in the library twice
      known_[*twin].special.set();
      known_[video].special.set();
    } else {
      contents_.insert(content, video);
    }
  }

  void judge_by_row(const Reading& by, std::uint32_t video, std::size_t p, RowValues row) {
    Candidate::On& on = found_[video].on[p];
    const std::string& platform = destinations_[p].name;
    const auto status = parse_status(text_of(row[0]));
    if (status == UploadStatus::success) {
      known_[video].posted.set(p);
      on = {.done = true,
            .reason = by.texts.keep(
                already_posted_reason(found_[video].id, platform, text_of(row[2]), text_of(row[1])))};
    } else if (!(status && is_pending(*status))) {
      on = judged({.video_id = std::string(found_[video].id),
                   .platform = platform,
                   .duplicate_allowed = known_[video].duplicate_allowed,
                   .row = upload_of(row, platform),
                   .now = clock_.now()},
                  by.texts);
    }
  }

  /// The first video with a content.
  std::optional<std::uint32_t> with_content(std::string_view content) const {
    return contents_.find(content, [this](std::uint32_t video) { return *known_[video].content; });
  }

  /// Rows mostly stand in the order of their videos: the same video and the next ones are tried before the
  /// index.
  std::optional<std::uint32_t> with_id(std::string_view id, std::uint32_t near) const {
    constexpr std::size_t kNext = 4;
    for (std::size_t video = near; video < std::min(near + kNext, found_.size()); ++video)
      if (found_[video].id == id) return static_cast<std::uint32_t>(video);
    return ids_.find(id, [this](std::uint32_t video) { return found_[video].id; });
  }

  /// The rows of a table whose first column is the id of a video that there is.
  template <class Take>
  void for_each(Database& db, std::string_view table, std::string_view columns, Take take) {
    for_each_row(db, table, columns, [&, near = std::uint32_t(0)](RowValues row) mutable {
      const auto video = with_id(text_of(row[0]), near);
      if (video) take(near = *video, row);
    });
  }

  void mark(std::uint32_t video, std::string_view platform) {
    if (const auto p = destinations_.index_of(platform)) known_[video].special.set(*p);
  }

  /// Rows of an id, or a content, and a platform.
  template <class... Args>
  void mark_all(Database& db, std::string_view sql, bool by_content, const Args&... args) {
    auto rows = db.prepare(sql);
    for (rows->bind_all(args...); rows->step();)
      if (const auto video = by_content ? with_content(rows->text_view(0)) : with_id(rows->text_view(0), 0))
        mark(*video, rows->text_view(1));
  }

  std::vector<Candidate>& found_;
  const Clock& clock_;
  const Destinations& destinations_;
  const DestinationChoice& chosen_;
  const std::stop_token& stop_;
  std::vector<Known> known_;  ///< as found
  IdIndex ids_, contents_;
};

/// Of so many videos on it is worth a thread, and a connection for it. nullptr: it is not.
Result<std::unique_ptr<Database>> second_connection(VideoRegistry& registry) {
  constexpr std::int64_t kMany = 2000;
  Database& db = registry.database();
  if (db.query_int("SELECT max(rowid) FROM videos") < kMany) return nullptr;
  auto second = open_registry_reader(registry.library());
  if (second && db.is_moved()) throw SqliteError(SQLITE_READONLY_DBMOVED, "moved");  // they are of two files
  return second;
}

}  // namespace

Result<void> load_candidates(Candidates& into, VideoRegistry& registry, const Destinations& destinations,
                             const DestinationChoice& chosen, std::stop_token stop,
                             const CandidatesListed& listed) {
  if (auto read = read_audit_trail(registry.database(), registry.library(), stop);
      !read && read.error().code == Code::cancelled)
    return read;
  Database& db = registry.database();
  const DestinationChoice wanted = chosen & destinations.there();
  return guarded(db.path(), [&]() -> Result<void> {
    const auto second = second_connection(registry);
    if (!second) return std::unexpected(second.error());
    Database& other = *second ? **second : db;
    const Reading mine{db, *into.texts.emplace_back(std::make_unique<Arena>())};
    const Reading others{other, *into.texts.emplace_back(std::make_unique<Arena>())};
    const StoppableStatements stoppable(db, stop), other_stoppable(other, stop);
    const SameMoment all_of_one_moment(db, other);
    Loading loading(into, registry.clock(), destinations, wanted, stop);
    const auto beside = [&](auto work) {
      return std::async(*second ? std::launch::async : std::launch::deferred, std::move(work));
    };
    loading.list(mine, listed);
    auto noted = beside([&] { loading.note(others); });
    loading.judge_by_rows(mine);
    noted.get();  // and what it threw
    auto judged = beside([&] { loading.judge_special(others, 1, 2); });
    loading.judge_special(mine, 0, 2);
    judged.get();
    if (stop.stop_requested()) return fail(Code::cancelled, "stopped");
    return {};
  });
}

Result<Candidates> load_candidates(VideoRegistry& registry, const Destinations& destinations,
                                   const DestinationChoice& chosen, std::stop_token stop) {
  Candidates found;
  const auto loaded =
      load_candidates(found, registry, destinations, chosen, std::move(stop), [](auto, auto) {});
  if (!loaded) return std::unexpected(loaded.error());
  return found;
}

}  // namespace asfs
