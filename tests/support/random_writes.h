// What other programs may write into a library, at random but the same for a seed: rows come, change, move
// and go, with every type of value in every column.
#pragma once

#include <fmt/format.h>

#include <array>
#include <random>
#include <string>

#include "tests/support/test_library.h"

namespace asfs::test {

class RandomWrites {
 public:
  RandomWrites(Stranger& writer, unsigned seed) : writer_(writer), random_(seed) {}

  void add_videos(int count) {
    writer_.run("BEGIN");
    for (int i = 0; i < count; ++i) {
      writer_.run(fmt::format("INSERT OR IGNORE INTO videos VALUES ({}, {}, {}, {}, {}, {}, {})", id(),
                              value(), value(), value(), value(), value(), below(2)));
      writer_.run(insert_upload("OR IGNORE"));
    }
    writer_.run("COMMIT");
  }

  /// One to four writes in one transaction.
  void step() {
    writer_.run("BEGIN");
    for (int left = 1 + below(4); left > 0; --left) {
      try {
        writer_.run(statement());
      } catch (const std::runtime_error&) {
        // REPLACE cannot help a NULL that the table refuses: that statement did nothing.
      }
    }
    writer_.run("COMMIT");
  }

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

 private:
  std::string id() { return fmt::format("'video {}'", below(400)); }

  template <std::size_t kCount>
  std::string pick(const std::array<const char*, kCount>& words) {
    return words[static_cast<std::size_t>(below(static_cast<int>(kCount)))];
  }

  std::string value() {
    if (below(3) == 0) return fmt::format("'text {}'", below(1000));
    // The tables refuse NULL in some columns: OR IGNORE drops such a row.
    return pick<10>({"''", "'Ä title'", "'ア𝄞'", "x'61ff62'", "x'00'", "CAST(x'c328' AS TEXT)", "17", "-2.5",
                     "'a' || char(0) || 'b'", "NULL"});
  }

  std::string platform() { return pick<5>({"'Instagram'", "'TikTok'", "'YouTube'", "'Vimeo'", "'youtube'"}); }

  std::string status() {
    return pick<9>({"'PENDING'", "'IN_PROGRESS'", "'SUCCESS'", "'FAILED'", "'FAILED_FINAL'", "'BLOCKED'",
                    "'RATE_LIMITED'", "'success'", "x'00ff'"});
  }

  std::string insert_upload(const char* conflict) {
    return fmt::format(
        "INSERT {} INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id, "
        "error_message, retry_count) VALUES ({}, {}, {}, {}, {}, {}, {})",
        conflict, id(), platform(), status(), value(), value(), value(), value());
  }

  std::string statement() {
    switch (below(40)) {
      case 0:
        return fmt::format("UPDATE videos SET title = {}", value());
      case 1:
        return fmt::format("DELETE FROM videos WHERE rowid % 16 = {}", below(16));
      case 2:
        return fmt::format("INSERT OR IGNORE INTO videos VALUES (NULL, 'null', {}, {}, 1, NULL, 0)", value(),
                           value());
      case 3:
        return fmt::format("UPDATE videos SET title = {} WHERE id IS NULL", value());
      case 4:
        return fmt::format("INSERT OR IGNORE INTO videos VALUES (x'76ff', 'blob', {}, 'now', 1, NULL, 0)",
                           value());
      case 5:
        return "DELETE FROM videos WHERE id IS NULL OR typeof(id) = 'blob'";
      case 6:
        return fmt::format("UPDATE OR REPLACE videos SET id = {} WHERE id = {}", id(), id());
      case 7:
        return fmt::format("UPDATE OR IGNORE video_uploads SET video_id = {} WHERE video_id = {}", id(),
                           id());
      case 8:
        return fmt::format("DELETE FROM video_uploads WHERE video_id = {}", id());
      default:
        break;
    }
    switch (below(8)) {
      case 0:
        return fmt::format("UPDATE OR IGNORE videos SET id = {} WHERE id = {}", id(), id());
      case 1:
        return fmt::format("DELETE FROM videos WHERE id = {}", id());
      case 2:
        return insert_upload("OR REPLACE");
      case 3:
        return insert_upload("OR IGNORE");
      case 4:
        return fmt::format(
            "UPDATE video_uploads SET upload_status = {}, error_message = {} WHERE video_id = {}", status(),
            value(), id());
      case 5:
        return fmt::format("UPDATE videos SET title = {}, duration = {} WHERE id = {}", value(), value(),
                           id());
      case 6:
        return fmt::format("UPDATE videos SET duplicate_allowed = 1 - duplicate_allowed WHERE id = {}", id());
      default:
        return fmt::format("INSERT OR REPLACE INTO videos VALUES ({}, 'new', {}, '2026', {}, {}, 0)", id(),
                           value(), value(), value());
    }
  }

  Stranger& writer_;
  std::mt19937 random_;
};

}  // namespace asfs::test
