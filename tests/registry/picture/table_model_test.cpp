// The rows of the window's table: order, filters, search and counts, and that patching gives what building
// gives.
#include "registry/picture/table_model.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "registry/picture/table_sort.h"
#include "tests/support/destinations.h"
#include "tests/support/random_writes.h"
#include "tests/support/snapshot_scene.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct Scene : SnapshotScene {
  using SnapshotScene::SnapshotScene;

  std::shared_ptr<const TableModel> table(const TableQuery& query, const TableModel* previous = nullptr) {
    return build_table(refresh(), query, previous, reader.last_delta());
  }
  Ids ids(const TableQuery& query, const TableModel* previous = nullptr) {
    const auto model = table(query, previous);
    Ids ids;
    for (const auto row : model->rows) ids.emplace_back(model->snapshot->video(row).id);
    return ids;
  }
};

std::string video(const std::string& id, const std::string& title, const std::string& created,
                  double duration = 1) {
  return fmt::format("INSERT INTO videos VALUES ('{0}', 'clips/{0}.mp4', '{1}', '{2}', {3}, NULL, 0);", id,
                     title, created, duration);
}

std::string upload(const std::string& id, const std::string& platform, const std::string& status,
                   const std::string& post = "", const std::string& error = "") {
  return fmt::format(
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id, "
      "error_message)"
      " VALUES ('{}', '{}', '{}', 'then', '{}', '{}');",
      id, platform, status, post, error);
}

/// One video for each status on YouTube, newest first: a to h.
std::string one_of_each() {
  std::string sql;
  const char* statuses[] = {"",       "PENDING",      "IN_PROGRESS", "SUCCESS",
                            "FAILED", "FAILED_FINAL", "BLOCKED",     "RATE_LIMITED"};
  for (int i = 0; i < 8; ++i) {
    const std::string id(1, static_cast<char>('a' + i));
    sql += video(id, "Title", fmt::format("2026-02-0{}", 9 - i));
    if (i > 0) sql += upload(id, "YouTube", statuses[i]);
  }
  return sql;
}

/// Two uploads on the other platforms, so that only YouTube decides.
std::string done_elsewhere(const std::string& ids) {
  std::string sql;
  for (const char id : ids)
    for (const char* platform : {"Instagram", "TikTok"})
      sql += upload(std::string(1, id), platform, "SUCCESS");
  return sql;
}

void check_same(const TableModel& a, const TableModel& b) {
  REQUIRE(a.rows == b.rows);
  REQUIRE(a.filter_counts == b.filter_counts);
  REQUIRE(a.pending == b.pending);
}

const SnapshotDelta kNoDelta;

}  // namespace

TEST_CASE("the newest video stands first by default") {
  Scene scene(video("old", "", "2025-01-01T00:00:00") + video("new", "", "2026-01-01T00:00:00.000001") +
              video("newer", "", "2026-01-01T00:00:00.5"));
  CHECK(scene.ids({}) == Ids{"newer", "new", "old"});
  CHECK(scene.ids({.descending = false}) == Ids{"old", "new", "newer"});
}

TEST_CASE("titles are sorted without regard to case, equal ones newest first") {
  Scene scene(video("1", "beta", "2026-01") + video("2", "Alpha", "2026-01") +
              video("3", "alpha", "2026-02") + video("4", "", "2026-03") +
              video("5", "Beta and more than eight bytes", "2026-03"));
  CHECK(scene.ids({.sort = SortKey::title, .descending = false}) == Ids{"4", "3", "2", "1", "5"});
  CHECK(scene.ids({.sort = SortKey::title, .descending = true}) == Ids{"5", "1", "3", "2", "4"});
}

TEST_CASE("rows of one moment are sorted by id") {
  Scene scene(video("c", "", "2026") + video("a", "", "2026") + video("b", "", "2026"));
  CHECK(scene.ids({.descending = true}) == Ids{"a", "b", "c"});
  CHECK(scene.ids({.descending = false}) == Ids{"a", "b", "c"});
}

TEST_CASE("durations are sorted as numbers") {
  Scene scene(video("a", "", "2026", 100) + video("b", "", "2026", 20.5) + video("c", "", "2026", -3) +
              video("d", "", "2026", 0));
  CHECK(scene.ids({.sort = SortKey::duration, .descending = false}) == Ids{"c", "d", "b", "a"});
  CHECK(scene.ids({.sort = SortKey::duration, .descending = true}) == Ids{"a", "b", "d", "c"});
}

TEST_CASE("a destination's column is sorted by who needs a person first") {
  Scene scene(one_of_each());
  CHECK(scene.ids({.sort = SortKey::destination, .destination = 2, .descending = false}) ==
        Ids{"g", "f", "e", "h", "c", "a", "b", "d"});
  CHECK(scene.ids({.sort = SortKey::destination, .destination = 2, .descending = true}) ==
        Ids{"d", "a", "b", "c", "h", "e", "f", "g"});
  CHECK(scene.ids({.sort = SortKey::destination, .destination = 1, .descending = true}).front() == "a");
}

TEST_CASE("duplicates and paths can be sorted by") {
  Scene scene(video("b", "", "2026") + video("a", "", "2026") +
              "UPDATE videos SET duplicate_allowed = 1 WHERE id = 'b'");
  CHECK(scene.ids({.sort = SortKey::duplicates, .descending = true}) == Ids{"b", "a"});
  CHECK(scene.ids({.sort = SortKey::file_path, .descending = false}) == Ids{"a", "b"});
}

TEST_CASE("a filter shows the videos that have such an upload on any platform") {
  Scene scene(one_of_each() + done_elsewhere("abcdefgh"));
  const auto shown = [&](StatusFilter filter) { return scene.ids({.filter = filter}); };
  CHECK(shown(StatusFilter::all).size() == 8);
  CHECK(shown(StatusFilter::not_uploaded) == Ids{"a", "b"});
  CHECK(shown(StatusFilter::uploading) == Ids{"c"});
  CHECK(shown(StatusFilter::uploaded).size() == 8);
  CHECK(shown(StatusFilter::failed) == Ids{"e", "f"});
  CHECK(shown(StatusFilter::needs_you) == Ids{"g"});
  CHECK(shown(StatusFilter::rate_limited) == Ids{"h"});
}

TEST_CASE("the filters' counts do not depend on filter and search") {
  Scene scene(one_of_each() + done_elsewhere("abcdefgh"));
  const std::array<std::uint32_t, kStatusFilterCount> counts{8, 2, 1, 8, 2, 1, 1};
  CHECK(scene.table({})->filter_counts == counts);
  CHECK(scene.table({.filter = StatusFilter::failed, .search = "nothing has this"})->filter_counts == counts);
}

TEST_CASE("what is pending on a platform is counted") {
  Scene scene(one_of_each());
  // Never tried, PENDING, FAILED and RATE_LIMITED.
  CHECK(scene.table({})->pending == std::array<std::uint32_t, kMostDestinations>{8, 8, 4});
}

TEST_CASE("a word that we do not know is neither pending nor in a filter") {
  Scene scene(video("a", "", "2026") + upload("a", "YouTube", "PUBLISHED") + done_elsewhere("a"));
  const auto table = scene.table({});
  CHECK(table->pending[2] == 0);
  CHECK(table->filter_counts == std::array<std::uint32_t, kStatusFilterCount>{1, 0, 0, 1, 0, 0, 0});
}

TEST_CASE("a video without an id is shown but not pending") {
  Scene scene("INSERT INTO videos VALUES (NULL, 'x', 'x', 'x', 0, NULL, 0)");
  CHECK(scene.table({})->rows.size() == 1);
  CHECK(scene.table({})->pending == std::array<std::uint32_t, kMostDestinations>{});
}

TEST_CASE("the search looks into title, id, path, post ids and errors") {
  Scene scene(video("first", "Sunset", "2026-05") + video("second", "x", "2026-04") +
              video("third", "ÄRGER", "2026-03") + upload("second", "TikTok", "SUCCESS", "Post-77") +
              upload("third", "YouTube", "FAILED", "", "Quota is spent"));
  const auto found = [&](const char* text) { return scene.ids({.search = text}); };
  CHECK(found("sunSET") == Ids{"first"});
  CHECK(found("SECOND") == Ids{"second"});
  CHECK(found("clips/th") == Ids{"third"});
  CHECK(found("post-77") == Ids{"second"});
  CHECK(found("quota") == Ids{"third"});
  CHECK(found("ärger") == Ids{"third"});
  CHECK(found("nothing has this").empty());
  CHECK(found("").size() == 3);
}

TEST_CASE("a longer search and a filter narrow the rows before") {
  Scene scene(one_of_each());
  const auto all = scene.table({.search = "TIT"});
  CHECK(scene.ids({.filter = StatusFilter::failed, .search = "title"}, all.get()) == Ids{"e", "f"});
  const auto narrow = scene.table({.search = "title"}, all.get());
  check_same(*narrow, *scene.table({.search = "title"}));
}

TEST_CASE("a wider query is built anew") {
  Scene scene(one_of_each());
  const auto few = scene.table({.filter = StatusFilter::failed, .search = "title"});
  CHECK(scene.table({.filter = StatusFilter::failed}, few.get())->rows.size() == 2);
  CHECK(scene.table({.search = "title"}, few.get())->rows.size() == 8);
  CHECK(scene.table({.filter = StatusFilter::needs_you, .search = "title"}, few.get())->rows.size() == 1);
}

TEST_CASE("a delta between other pictures is not used") {
  Scene scene(one_of_each());
  const auto first = scene.table({});
  scene.other.run("UPDATE videos SET created_at = '2027' WHERE id = 'h'");
  scene.refresh();
  scene.other.run("UPDATE videos SET created_at = '2028' WHERE id = 'g'");
  // From the second picture to the third; the model is of the first.
  CHECK(scene.ids({}, first.get()) == Ids{"g", "h", "a", "b", "c", "d", "e", "f"});
}

TEST_CASE("texts that differ far behind, or only in a NUL or their length, have an order") {
  const std::string same(300, 'x');
  std::string sql;
  for (int i = 0; i < 60; ++i)
    sql += fmt::format(
        "INSERT INTO videos VALUES ('v{:02}', '', '{}' || CASE {} WHEN 0 THEN '' WHEN 1 THEN char(0) ELSE {} "
        "END,"
        " '2026', 0, NULL, 0);",
        i, same, i % 3, i);
  Scene scene(sql);
  for (const bool descending : {false, true}) {
    const auto table = scene.table({.sort = SortKey::title, .descending = descending});
    std::vector<std::string> titles;
    for (const auto row : table->rows) titles.emplace_back(table->snapshot->video(row).title);
    CHECK(std::is_sorted(titles.begin(), titles.end(),
                         [&](const auto& a, const auto& b) { return descending ? b < a : a < b; }));
  }
}

TEST_CASE("whatever is written, the patched table equals one built anew") {
  Scene scene;
  RandomWrites writes(scene.other, 42);
  writes.add_videos(400);
  std::vector<TableQuery> queries;
  for (int key = 0; key < 8; ++key)
    queries.push_back({.sort = static_cast<SortKey>(key),
                       .descending = key % 2 == 0,
                       .filter = key % 3 == 0 ? StatusFilter::all : static_cast<StatusFilter>(key % 7),
                       .where = key % 2 == 0 ? kEveryDestination : only_these({"YouTube"}),
                       .search = key == 5 ? "TEXT 1" : ""});
  std::vector<std::shared_ptr<const TableModel>> models(queries.size());
  for (int step = 0; step < 150; ++step) {
    CAPTURE(step);
    writes.step();
    for (std::size_t i = 0; i < queries.size(); ++i) {
      models[i] = scene.table(queries[i], models[i].get());
      check_same(*models[i], *build_table(models[i]->snapshot, queries[i], nullptr, kNoDelta));
    }
  }
}

TEST_CASE("a table that nobody waits for any more is not built to its end") {
  Scene scene;
  std::string sql;
  for (int i = 0; i < 3000; ++i)
    sql += video(fmt::format("v{}", i), std::string(600, 'a'), "2026-01-01T00:00:00");
  const auto snapshot = scene.after(sql);
  const auto whole = build_table(snapshot, {}, nullptr, kNoDelta);
  std::stop_source source;
  std::jthread([&] { source.request_stop(); }).join();
  const std::stop_token stop = source.get_token();
  CHECK_FALSE(build_table(snapshot, {.sort = SortKey::title}, nullptr, kNoDelta, stop));
  CHECK_FALSE(build_table(snapshot, {.search = "v1"}, whole.get(), kNoDelta, stop));
  auto rows = whole->rows;
  CHECK_FALSE(sort_rows(*snapshot, {.sort = SortKey::title}, rows, stop));
  CHECK(rows == whole->rows);  // it ended before it had sorted anything
}

TEST_CASE("a stop is seen within a thousand rows") {
  std::stop_source source;
  StopCheck stopped(source.get_token());
  for (std::uint32_t i = 0; i < 10; ++i) CHECK_FALSE(stopped());
  std::jthread([&] { source.request_stop(); }).join();
  std::uint32_t asked = 1;
  while (!stopped()) ++asked;
  CHECK(asked <= StopCheck::kEvery);
}

TEST_CASE("a stop is seen while a table is sorted, by another thread's wish") {
  Scene scene;
  std::string sql;
  for (int i = 0; i < 3000; ++i)
    sql += video(fmt::format("v{}", i), std::string(600, 'a'), "2026-01-01T00:00:00");
  const auto snapshot = scene.after(sql);
  std::stop_source source;
  std::atomic<int> built{0};
  int built_at_stop = 0;
  std::jthread wish([&] {
    built.wait(0);
    built_at_stop = built;
    source.request_stop();
  });
  while (build_table(snapshot, {.sort = SortKey::title}, nullptr, kNoDelta, source.get_token())) {
    ++built;
    built.notify_one();
  }
  wish.join();
  CHECK(built_at_stop >= 1);
}

TEST_CASE("filters and their counts look where the query looks, by patching, narrowing and building") {
  Scene scene(video("a", "One", "2026-02-03") + video("b", "Two", "2026-02-02") +
              video("c", "Three", "2026-02-01") + upload("a", "YouTube", "FAILED") +
              upload("b", "TikTok", "FAILED") + upload("c", "YouTube", "SUCCESS"));
  const auto on = [](std::string_view name) { return only_these({name}); };
  const auto failed = [](const TableModel& model) {
    return model.filter_counts[static_cast<std::size_t>(StatusFilter::failed)];
  };
  const auto all = scene.table({});
  CHECK(failed(*all) == 2);
  const auto youtube = scene.table({.where = on("YouTube")}, all.get());
  CHECK(youtube->rows == all->rows);
  CHECK(failed(*youtube) == 1);
  CHECK(scene.ids({.filter = StatusFilter::failed, .where = on("YouTube")}, youtube.get()) == Ids{"a"});
  const TableQuery query{.filter = StatusFilter::failed, .where = on("TikTok")};
  const auto tiktok = scene.table(query, youtube.get());
  CHECK(tiktok->rows.size() == 1);
  CHECK(scene.ids({.filter = StatusFilter::failed}, tiktok.get()) == Ids{"a", "b"});
  scene.other.run("UPDATE video_uploads SET upload_status = 'FAILED' WHERE video_id = 'c'");
  CHECK(failed(*scene.table(query, tiktok.get())) == 1);
  CHECK(failed(*scene.table({}, tiktok.get())) == 3);
}

TEST_CASE("another column to sort by is another order, also among destinations") {
  Scene scene(video("a", "One", "2026-02-03") + video("b", "Two", "2026-02-02") +
              upload("a", "YouTube", "FAILED") + upload("b", "TikTok", "FAILED"));
  const auto by = [](std::string_view name) {
    return TableQuery{.sort = SortKey::destination, .destination = place_of(name), .descending = false};
  };
  const auto youtube = scene.table(by("YouTube"));
  CHECK(scene.ids(by("YouTube")) == Ids{"a", "b"});
  CHECK(scene.ids(by("TikTok"), youtube.get()) == Ids{"b", "a"});
}

TEST_CASE("a removed destination counts for nothing") {
  SnapshotScene scene(video("a", "One", "2026-02-03") + upload("a", "YouTube", "FAILED"));
  std::vector<Destination> others;
  for (const Destination& one : Destinations::first_ones())
    if (one.name != "YouTube") others.push_back(one);
  auto reader =
      SnapshotReader::open(scene.test.library, Destinations::first_ones().followed_by(Destinations(others)));
  REQUIRE(reader);
  const auto table = build_table(*reader->refresh(), {}, nullptr, reader->last_delta());
  CHECK(table->filter_counts[static_cast<std::size_t>(StatusFilter::failed)] == 0);
  CHECK(table->pending[place_of("YouTube")] == 0);
  CHECK(table->pending[place_of("TikTok")] == 1);
}
