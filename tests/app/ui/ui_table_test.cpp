// What the window shows of a library, and how it is searched, sorted and filtered.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <set>

#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "tests/support/allocations.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"
#include "tests/support/waiting.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE("the table has exactly the specified columns") {
  const TableFixture fixture(video_sql("clip_001", "Five knots"));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  for (const char* column :
       {"Title", "Duration", "Instagram", "TikTok", "YouTube", "Allow Duplicates", "Actions", "File Path"})
    CHECK_MESSAGE(window.count(column) == 1, column);
  CHECK(window.shows("Five knots"));
  CHECK(window.shows("0:13"));
  CHECK(window.shows("clips/clip_001.mp4"));
}

TEST_CASE("each status is told by an icon and by a word") {
  struct Case {
    const char* status;
    const char* icon;
    const char* word;
  };
  for (const Case& c :
       {Case{"SUCCESS", icon::kUploaded, "Uploaded"}, Case{"FAILED", icon::kFailed, "Failed (2 of 3)"},
        Case{"FAILED_FINAL", icon::kFailed, "Failed for good"},
        Case{"IN_PROGRESS", icon::kUploading, "Uploading"}, Case{"BLOCKED", icon::kBlocked, "Blocked"},
        Case{"RATE_LIMITED", icon::kRateLimited, "Rate limited"},
        Case{"PENDING", icon::kNotUploaded, "Not uploaded"},
        Case{"sent_by_fax", icon::kUnknown, "sent_by_fax"}}) {
    const TableFixture fixture(video_sql("clip_001", "-") +
                               upload_sql("clip_001", "YouTube", c.status, {}, {}, 2));
    UiDriver window;
    window.state.table = fixture.table();
    window.frames(2);
    CHECK_MESSAGE(window.shows(std::string(c.icon) + c.word), c.status);
  }
}

TEST_CASE("how often is tried again is told as it is set, and more failures than that are only counted") {
  Config config;
  config.of<YouTubeConfig>().limits.max_retries = 7;
  for (const auto& [failures, word] : {std::pair(5, "Failed (5 of 7)"), {99, "Failed (99×)"}}) {
    const TableFixture fixture(video_sql("clip_001", "-") +
                               upload_sql("clip_001", "YouTube", "FAILED", {}, {}, failures));
    UiDriver window;
    window.info.config = &config;
    window.state.table = fixture.table();
    window.frames(2);
    CHECK_MESSAGE(window.shows(word), word);
  }
}

TEST_CASE("a platform that was never tried shows the empty circle") {
  const TableFixture fixture(video_sql("clip_001", "-"));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  CHECK(window.shows(std::string(icon::kNotUploaded) + "Not uploaded"));
}

TEST_CASE("the six indicators differ in icon and in word, not in colour alone") {
  using enum StatusKind;
  std::set<std::string> icons, words;
  for (const StatusKind kind : {uploaded, failed, uploading, blocked, rate_limited, not_uploaded}) {
    icons.insert(look_of(kind).icon);
    words.insert(std::string(look_of(kind).word));
  }
  CHECK(icons.size() == 6);
  CHECK(words.size() == 6);
  CHECK(look_of(failed).word != look_of(failed_final).word);
}

TEST_CASE("the tooltip of a status tells when, how often and the whole error") {
  const std::string error =
      "HTTP 503 from YouTube, and then a sentence that is much too long for any cell of a table";
  const TableFixture fixture(video_sql("clip_001", "-") +
                             upload_sql("clip_001", "YouTube", "FAILED", {}, error, 2));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  const ImVec2 header = window.centre_of("YouTube"), row = window.centre_of("Allow duplicates");
  ImGui::GetIO().AddMousePosEvent(header.x, row.y);
  window.frames(60);
  CHECK(window.shows("2026-02-11 08:00"));
  CHECK(window.shows(error));
}

TEST_CASE("odd titles are drawn and break nothing") {
  std::string sql;
  int n = 0;
  for (const char* title :
       {"", "two\nlines\tand a tab", "\xff\xfe not UTF-8 \xc3", "100% %s %n ##hidden ###id", "東京の朝ごはん",
        "Cells 🧫✨ 👨‍👩‍👧", "מזל טוב", "\x01\x02\x7f"})
    sql += video_sql("clip_" + std::to_string(++n), title);
  sql += video_sql("clip_long", std::string(100'000, 'x'));
  sql +=
      "INSERT INTO videos (id, file_path, created_at, duration, duplicate_allowed) VALUES"
      " (NULL, 'a', 'b', 'c', 'd'), ('nan', x'00ff', 'b', 9e999, 2);";
  const TableFixture fixture(sql);
  UiDriver window(1280, 900);
  window.state.table = fixture.table();
  window.frames(3);
  CHECK(window.shows("two lines and a tab"));
  CHECK(window.shows("100% %s %n ##hidden ###id"));
  CHECK(window.shows("11 videos"));
  CHECK(window.count("Allow duplicates") == 11);
}

TEST_CASE("a row without an id cannot be acted on") {
  const TableFixture fixture(
      "INSERT INTO videos (id, file_path, title, created_at) VALUES (NULL, 'a.mp4', 'nobody', '2026');");
  UiDriver window;
  window.state.table = fixture.table();
  window.click("Upload to YouTube");
  window.click("Allow duplicates");
  CHECK(window.actions.empty());
  CHECK(std::holds_alternative<std::monostate>(window.ui.dialog));
}

TEST_CASE("nothing, one, fifty and a hundred thousand videos are shown") {
  for (const int count : {0, 1, 50, 100'000}) {
    const TableFixture fixture(count > 0 ? many_videos_sql(count) : "");
    UiDriver window(1920, 1080);
    window.state.table = fixture.table();
    window.frames(3);
    const int rows = window.count("Allow duplicates");
    if (count == 0) CHECK(window.shows("No videos yet"));
    if (count <= 1) CHECK(rows == count);
    if (count > 1) CHECK((rows > 15 && rows < 30));  // only what fits is drawn
    if (count == 100'000) CHECK(window.shows("100,000 videos"));
  }
}

TEST_CASE("a steady frame of a million rows, a selection, an open queue and a toast allocates nothing") {
  const TableFixture fixture(many_videos_sql(1000) +
                             "INSERT INTO video_uploads (video_id, platform, upload_status, "
                             "upload_timestamp, error_message, retry_count)"
                             " SELECT id, 'TikTok', 'FAILED', '2026-02-11T08:00:00', 'a reason that is no "
                             "short string', 2 FROM videos;");
  TableModel million = *fixture.table();
  million.rows.clear();
  for (std::uint32_t i = 0; i < 1'000'000; ++i) million.rows.push_back(i % 1000);
  UiDriver window(1920, 1080);
  window.state.table = std::make_shared<const TableModel>(std::move(million));
  window.info.practice_url = "http://127.0.0.1:8787";
  const auto upload = std::make_shared<RunningUpload>();
  upload->video_id = "clip_3";
  upload->destination = 2;
  upload->title = "Clip number 3 of a long series";
  upload->progress.step = UploadStep::sending;
  upload->progress.sent = 12'400'000;
  upload->progress.total = 83'000'000;
  upload->progress.bytes_per_second = 1'234'567;
  window.state.running = std::make_shared<RunningUploads>(RunningUploads{upload});
  std::vector<Waits> queue;
  for (int i = 0; i < 5000; ++i)
    queue.push_back(waits("clip_" + std::to_string(i), QueueTurn::Why::scheduled,
                          window.state.time + std::chrono::hours(i)));
  set_waiting(window, queue, {upload_key("clip_3", 2)});
  window.ui.strip = UiState::Strip::open;
  window.ui.selection.set(*window.state.table, std::span(window.state.table->rows).first(500), true);
  show_notice(window.ui,
              {Notice::Kind::error, "Clip 9: not uploaded", "a reason that is no short string", {}},
              window.now);
  window.frames(30);
  ImGui::GetIO().UserData = nullptr;  // the driver's own notes allocate
  ImGui::GetCurrentContext()->TestEngineHookItems = false;
  const auto frame = [&] {
    ImGui::NewFrame();
    draw_ui(window.state, window.ui, window.now += 1.0 / 60, window.actions);
    ImGui::Render();
    accept_textures();
  };
  for (int i = 0; i < 10; ++i) frame();
  const std::uint64_t before = allocations();
  const int blocks_before = ImGui::GetCurrentContext()->DebugAllocInfo.TotalAllocCount;
  for (int i = 0; i < 100; ++i) frame();
  CHECK(allocations() == before);
  CHECK(ImGui::GetCurrentContext()->DebugAllocInfo.TotalAllocCount == blocks_before);
}

TEST_CASE(
    "a click on a header asks for that order, a second one for the other way round, a third for the first") {
  const TableFixture fixture(many_videos_sql(3));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(3);
  CHECK(window.actions.empty());
  window.click("Duration");
  auto query = window.only_action<SetQuery>().query;
  CHECK(query.sort == SortKey::duration);
  CHECK_FALSE(query.descending);
  window.click("Duration");
  CHECK(window.only_action<SetQuery>().query.descending);
  window.click("Duration");
  CHECK(window.only_action<SetQuery>().query == TableQuery{});
  window.click("Actions");
  CHECK(window.actions.empty());
}

TEST_CASE("a filter chip shows its count and asks for its videos") {
  const TableFixture fixture(video_sql("clip_001", "One") + video_sql("clip_002", "Two") +
                             upload_sql("clip_001", "YouTube", "FAILED"));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  CHECK(window.shows("All2"));
  CHECK(window.shows("Failed1"));
  window.click("Failed");
  CHECK(window.only_action<SetQuery>().query.filter == StatusFilter::failed);
  window.state.table = fixture.table({.filter = StatusFilter::failed});
  window.frames(2);
  CHECK(window.count("Allow duplicates") == 1);
  CHECK(window.shows("1 of 2 videos"));
}

TEST_CASE("Ctrl+F goes to the search; what is typed is asked for; nothing found can be cleared") {
  const TableFixture fixture(many_videos_sql(3));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  window.key(ImGuiKey_F, ImGuiMod_Ctrl);
  window.type("tokio");
  REQUIRE_FALSE(window.actions.empty());
  const TableQuery query = std::get<SetQuery>(window.actions.back()).query;
  CHECK(query.search == "tokio");
  window.actions.clear();
  window.state.table = fixture.table(query);
  window.frames(2);
  CHECK(window.shows("Nothing matches the search"));
  window.click("Clear search");
  CHECK(window.only_action<SetQuery>().query == TableQuery{});
}

TEST_CASE("F5 and the button refresh") {
  UiDriver window;
  window.frames(2);
  window.key(ImGuiKey_F5);
  window.only_action<RefreshNow>();
  window.click("Refresh");
  window.only_action<RefreshNow>();
}

TEST_CASE("a right click opens what can be done with a video") {
  const TableFixture fixture(video_sql("clip_001", "Five knots") +
                             upload_sql("clip_001", "YouTube", "SUCCESS", "dQw4w9WgXcQ") +
                             upload_sql("clip_001", "TikTok", "SUCCESS", "TikTok upload successful"));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  const ImVec2 row = window.centre_of("Allow duplicates");
  window.right_click(200, row.y);
  CHECK(window.count("Open the post on TikTok") == 0);  // free text is no post id
  SUBCASE("the post") {
    window.click("Open the post on YouTube");
    CHECK(window.only_action<OpenPost>().post_id == "dQw4w9WgXcQ");
  }
  SUBCASE("the folder") {
    window.click("Open the folder");
    CHECK(window.only_action<OpenFolder>().file_path == "clips/clip_001.mp4");
  }
}

TEST_CASE("the page on which an upload through a browser failed is opened from its row") {
  const TableFixture fixture(video_sql("clip_001", "Five knots") +
                             upload_sql("clip_001", "YouTube", "FAILED") +
                             "UPDATE video_uploads SET error_message = 'it was refused; what the page "
                             "looked like: logs/browser/2026-11-27T08.00.00_youtube (try 2)';");
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  const ImVec2 row = window.centre_of("Select");
  window.right_click(row.x + 40, row.y);
  window.click("See the page of YouTube that it failed on");
  CHECK(window.only_action<OpenFile>().path == "logs/browser/2026-11-27T08.00.00_youtube/page.jpg");
}

TEST_CASE("the keyboard walks from the search through the chips into the rows, and opens a row's menu") {
  const TableFixture fixture(many_videos_sql(3));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  window.key(ImGuiKey_F, ImGuiMod_Ctrl);
  for (int tabs = 0; tabs < 12; ++tabs)
    window.key(ImGuiKey_Tab);  // Refresh, Upload All, the chips, the table
  window.key(ImGuiKey_DownArrow);
  window.key(ImGuiKey_DownArrow);
  window.key(ImGuiKey_Enter);
  CHECK(window.count("Open the folder") == 1);
  CHECK(window.ui.menu.id == "clip_2");
}

TEST_CASE("a library that cannot be read is told above the rows, which stay") {
  const TableFixture fixture(video_sql("clip_001", "Five knots"));
  UiDriver window;
  window.state.table = fixture.table();
  window.state.library_error = std::make_shared<const std::string>("videos.db is locked");
  window.frames(2);
  CHECK(window.shows("videos.db is locked"));
  CHECK(window.shows("Five knots"));
}

TEST_CASE("practice mode is shown with its address, and only then") {
  UiDriver window;
  window.frames(2);
  CHECK_FALSE(window.shows("Practice mode"));
  window.info.practice_url = "http://127.0.0.1:8787";
  window.frames(2);
  CHECK(window.shows("Practice mode"));
  CHECK(window.shows("http://127.0.0.1:8787"));
  CHECK(window.count("Take over") == 0);
}

TEST_CASE("the practice banner offers to take over what was added in practice") {
  UiDriver window;
  window.info.practice_url = "http://127.0.0.1:8787";
  window.state.newcomers = 2;
  window.frames(2);
  CHECK(window.shows("Take 2 new videos over into the library"));
  window.click("Take over");
  static_cast<void>(window.only_action<TakeOverNewcomers>());
  window.state.busy = true;
  window.click("Take over");
  CHECK(window.actions.empty());
}

TEST_CASE("a toast shows the whole text, goes by itself, an error later than a success, or at a click") {
  UiDriver window;
  const std::string text =
      "A sentence that is longer than the toast is wide and therefore is wrapped into lines";
  show_notice(window.ui, {Notice::Kind::success, "It is on YouTube", {}, {}}, window.now);
  show_notice(window.ui, {Notice::Kind::error, "Not added", text, {}}, window.now);
  window.frames(30);
  CHECK(window.shows("It is on YouTube"));
  CHECK(window.shows(text));
  window.now += 8;
  window.frames(3);
  CHECK_FALSE(window.shows("It is on YouTube"));
  CHECK(window.shows(text));
  SUBCASE("by itself") {
    window.now += 20;
  }
  SUBCASE("at a click") {
    ImGui::GetIO().AddMousePosEvent(1100, 640);
    window.frames(2);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    window.frames();
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    window.now += 0.5;
  }
  window.frames(3);
  CHECK_FALSE(window.shows(text));
}
