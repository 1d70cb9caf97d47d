#include "registry/store/practice_marks.h"

#include "assets/assets.h"

namespace asfs {

void remove_practice_marks(Database& db) {
  constexpr auto kMarked =
      "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'asfs_practice_attempts'";
  if (db.query_int(kMarked) == 0) return;
  db.execute(asset_text("practice_marks.sql").data());
  for (const auto* tables : {"schema_3.sql", "schema_4.sql", "schema_6.sql"})
    db.execute(asset_text(tables).data());
  db.execute(
      "INSERT INTO asfs_queue(video_id, platform, place, ready_at, held, metadata, by_hand, scheduled_at, "
      "every_s,"
      " series, if_missed, session) SELECT video_id, platform, place, ready_at, held, metadata, by_hand,"
      " scheduled_at, every_s, series, if_missed, session FROM temp.real_queue;"
      "INSERT INTO asfs_quotas(platform, total, used, asked_at)"
      " SELECT platform, total, used, asked_at FROM temp.real_quotas;"
      "DROP TABLE temp.real_queue; DROP TABLE temp.real_quotas");
}

}  // namespace asfs
