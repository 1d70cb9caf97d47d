// What a person does to upload, and what the window asks the engine for.
#include <doctest/doctest.h>

#include "app/views/time_fields.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"
#include "tests/support/waiting.h"

using namespace asfs;
using namespace asfs::test;

namespace {

const std::string kTwoVideos = video_sql("clip_001", "Five knots") + video_sql("clip_002", "The long rise") +
                               upload_sql("clip_001", "YouTube", "SUCCESS", "dQw4w9WgXcQ");

/// Row of a title in the window, from the top: newest first, equal times by id.
constexpr int kPosted = 0, kFresh = 1;

std::shared_ptr<const RunningUploads> running_upload(std::string id, std::size_t platform) {
  auto upload = std::make_shared<RunningUpload>();
  upload->video_id = std::move(id);
  upload->platform = known_platforms()[platform];
  upload->destination = platform;
  upload->title = "The long rise";
  upload->progress.step = UploadStep::sending;
  upload->progress.sent = 12'400'000;
  upload->progress.total = 83'000'000;
  upload->progress.bytes_per_second = 5'200'000;
  return std::make_shared<RunningUploads>(RunningUploads{upload});
}

constexpr std::size_t kYouTubeColumn = 2;

}  // namespace

TEST_CASE("the question shows what will be sent and who will see it, and waits until that is known") {
  const TableFixture fixture(kTwoVideos);
  UiDriver window;
  window.state.table = fixture.table();
  window.post = {"A title of its own", "private until 2026-12-01 18:00"};
  window.click("Upload to YouTube", kFresh);
  window.frames(2);
  CHECK(window.shows("A title of its own"));
  CHECK(window.shows("private until 2026-12-01 18:00"));
  SUBCASE("not yet known") {
    window.state.post = nullptr;
    window.key(ImGuiKey_Enter);
    CHECK(window.actions.empty());
  }
  SUBCASE("refused before it is sent") {
    window.key(ImGuiKey_Escape);
    window.post_problem = "the title is empty; YouTube needs one";
    window.click("Upload to YouTube", kFresh);
    window.frames(2);
    CHECK(window.shows("the title is empty; YouTube needs one"));
    window.key(ImGuiKey_Enter);
    CHECK(window.actions.empty());
  }
}

TEST_CASE("a platform button asks before it uploads") {
  const TableFixture fixture(kTwoVideos);
  UiDriver window;
  window.state.table = fixture.table();
  window.click("Upload to YouTube", kFresh);
  CHECK(window.actions.empty());
  CHECK(window.shows("Upload to YouTube?"));
  CHECK(window.shows("clips/clip_002.mp4"));

  SUBCASE("the confirmation starts it") {
    window.click("Upload to YouTube", 2);  // below the two rows' buttons: the dialog's own
    const auto start = window.only_action<StartUpload>();
    CHECK(start.video_id == "clip_002");
    CHECK(start.platform == "YouTube");
    CHECK_FALSE(start.allow_duplicates);
  }
  SUBCASE("Enter starts it") {
    window.key(ImGuiKey_Enter);
    CHECK(window.only_action<StartUpload>().video_id == "clip_002");
  }
  SUBCASE("Later asks for a time first") {
    window.click("Later…");
    CHECK(window.actions.empty());
    CHECK(window.shows("When does it go to YouTube?"));
    window.click("Schedule");
    const auto schedule = window.only_action<ScheduleUpload>();
    CHECK(schedule.video_id == "clip_002");
    REQUIRE(schedule.schedule);
    CHECK(schedule.schedule->at == next_full_hour(window.state.time));
  }
  SUBCASE("Cancel does nothing") {
    window.click("Cancel");
  }
  SUBCASE("Esc does nothing") {
    window.key(ImGuiKey_Escape);
  }
  window.frames(3);
  CHECK(window.actions.empty());
  CHECK_FALSE(window.shows("Upload to YouTube?"));
}

TEST_CASE("what is posted already is blocked by a dialog, not sent") {
  const TableFixture fixture(kTwoVideos);
  UiDriver window;
  window.state.table = fixture.table();
  window.click("Upload to YouTube", kPosted);
  CHECK(window.actions.empty());
  CHECK(window.shows("Already posted"));
  CHECK(window.shows("dQw4w9WgXcQ"));

  SUBCASE("it offers to enable duplicates and upload") {
    window.click("Enable duplicates and upload");
    const auto start = window.only_action<StartUpload>();
    CHECK(start.video_id == "clip_001");
    CHECK(start.allow_duplicates);
  }
  SUBCASE("Enter keeps it blocked") {
    window.key(ImGuiKey_Enter);
  }
  SUBCASE("Esc keeps it blocked") {
    window.key(ImGuiKey_Escape);
  }
  CHECK(window.actions.empty());
  CHECK_FALSE(window.shows("Already posted"));
}

TEST_CASE("with duplicates allowed a second post is confirmed with a warning") {
  const TableFixture fixture(video_sql("clip_001", "Five knots", true) +
                             upload_sql("clip_001", "YouTube", "SUCCESS"));
  UiDriver window;
  window.state.table = fixture.table();
  window.click("Upload to YouTube");
  CHECK(window.shows("This makes a second post"));
}

TEST_CASE("a refused duplicate opens the blocking dialog, one after the other") {
  UiDriver window;
  const auto refuse = [&](const char* id) {
    show_notice(window.ui,
                {Notice::Kind::warning, "not uploaded", "is there since yesterday", {{id, "YouTube", id}}},
                window.now);
  };
  refuse("clip_007");
  refuse("clip_008");
  window.frames(3);
  CHECK(window.shows("is there since yesterday"));
  window.click("Enable duplicates and upload");
  const auto start = window.only_action<StartUpload>();
  CHECK(start.video_id == "clip_007");
  CHECK(start.allow_duplicates);
  window.frames(3);
  CHECK(window.shows("clip_008"));
  window.click("Keep it blocked");
  CHECK(window.actions.empty());
  CHECK_FALSE(window.shows("Already posted"));
}

TEST_CASE("the toggle of a row asks to allow duplicates, or to forbid them") {
  const TableFixture fixture(video_sql("clip_001", "One") + video_sql("clip_002", "Two", true));
  UiDriver window;
  window.state.table = fixture.table();
  window.click("Allow duplicates", 0);
  auto set = window.only_action<SetDuplicateAllowed>();
  CHECK(set.video_id == "clip_001");
  CHECK(set.allowed);
  window.click("Allow duplicates", 1);
  set = window.only_action<SetDuplicateAllowed>();
  CHECK(set.video_id == "clip_002");
  CHECK_FALSE(set.allowed);
}

TEST_CASE("a switch that the library does not have yet shows what it is to be, that it waits, and what for") {
  const TableFixture fixture(video_sql("clip_001", "One") + video_sql("clip_002", "Two"));
  UiDriver window;
  window.state.table = fixture.table();
  window.state.flipped = std::make_shared<const FlippedSwitches>(FlippedSwitches{{"clip_001", {true, 1}}});
  window.hover("Allow duplicates", 0);
  window.frames(60);
  CHECK(window.shows("another program is writing to it"));
  window.hover("Allow duplicates", 1);
  window.frames(60);
  CHECK_FALSE(window.shows("another program is writing to it"));
  window.click("Allow duplicates", 0);
  CHECK_FALSE(window.only_action<SetDuplicateAllowed>().allowed);
}

TEST_CASE("whatever was clicked: what is not saved after a moment says so, and what it waits for") {
  UiDriver window;
  window.state.unsaved_for = 0.1;
  window.frames(2);
  CHECK_FALSE(window.shows("Not saved yet"));
  window.state.unsaved_for = 0.5;
  window.frames(2);
  CHECK(window.shows("Not saved yet"));
  CHECK(window.shows("another program is writing to it"));
}

TEST_CASE("ids that look like markup do not mix up their rows") {
  const TableFixture fixture(video_sql("a###1", "One") + video_sql("b###1", "Two"));
  UiDriver window;
  window.state.table = fixture.table();
  window.click("Allow duplicates", 1);
  CHECK(window.only_action<SetDuplicateAllowed>().video_id == "b###1");
  window.click("Upload to YouTube", 0);
  window.key(ImGuiKey_Enter);
  CHECK(window.only_action<StartUpload>().video_id == "a###1");
}

TEST_CASE("Upload All Pending cannot be pressed when nothing is pending") {
  const TableFixture fixture(video_sql("clip_001", "One") + upload_sql("clip_001", "Instagram", "SUCCESS") +
                             upload_sql("clip_001", "TikTok", "FAILED_FINAL") +
                             upload_sql("clip_001", "YouTube", "SUCCESS"));
  UiDriver window;
  window.state.table = fixture.table();
  window.click("Upload All Pending");
  CHECK(std::holds_alternative<std::monostate>(window.ui.dialog));
}

TEST_CASE("a running upload shows step, bytes, speed and time left, and can be cancelled") {
  const TableFixture fixture(kTwoVideos);
  UiDriver window;
  window.state.table = fixture.table();
  window.state.running = running_upload("clip_002", kYouTubeColumn);
  window.frames(2);
  CHECK(window.shows("Sending 14 %"));
  CHECK(window.shows("12.4 / 83.0 MB"));
  CHECK(window.shows("5.2 MB/s"));
  CHECK(window.shows("0:14 left"));
  CHECK(window.shows("1 uploading"));
  CHECK(window.ui.next_frame_in <= 0.1);

  SUBCASE("in its row") {
    window.click("Cancel the upload to YouTube");
  }
  SUBCASE("in the strip") {
    window.click("Cancel YouTube of clip_002");
  }
  const auto cancel = window.only_action<CancelUpload>();
  CHECK(cancel.video_id == "clip_002");
  CHECK(cancel.platform == "YouTube");
}

TEST_CASE("what is sent completely says, where it is cancelled, that it may be posted all the same") {
  const TableFixture fixture(kTwoVideos);
  UiDriver window;
  window.state.table = fixture.table();
  window.state.running = running_upload("clip_002", kYouTubeColumn);
  window.state.running->front()->progress.may_be_live = true;
  SUBCASE("in its row") {
    window.hover("Cancel the upload to YouTube");
    window.frames(60);
    CHECK(window.shows("the post may appear even when this is cancelled"));
  }
  SUBCASE("in the strip") {
    window.hover("Cancel YouTube of clip_002");
    window.frames(60);
    CHECK(window.shows("the post may appear even when this is cancelled"));
  }
  SUBCASE("when the window is closed") {
    request_close(window.state, window.ui);
    window.frames(3);
    CHECK(window.shows("What is sent completely may still be posted"));
  }
}

TEST_CASE("the time left is blank while it is not known") {
  UiDriver window;
  window.state.running = running_upload("clip_002", kYouTubeColumn);
  window.state.running->front()->progress.bytes_per_second = 0;
  window.frames(2);
  CHECK(window.shows("12.4 / 83.0 MB"));
  CHECK_FALSE(window.shows("left"));
}

TEST_CASE("an upload that waits for its turn says so and can be cancelled") {
  const TableFixture fixture(kTwoVideos);
  UiDriver window;
  window.state.table = fixture.table();
  set_waiting(window, {waits("clip_002")});
  window.frames(2);
  CHECK(window.shows("Waiting"));
  window.click("Cancel the upload to YouTube");
  CHECK(window.only_action<CancelUpload>().video_id == "clip_002");
  window.click("Cancel all");
  window.only_action<CancelAll>();
}

TEST_CASE("the strip folds away when many uploads run, and opens again") {
  UiDriver window;
  RunningUploads many;
  for (int i = 0; i < 5; ++i)
    many.push_back(running_upload("clip_" + std::to_string(i), kYouTubeColumn)->front());
  window.state.running = std::make_shared<RunningUploads>(many);
  window.frames(2);
  CHECK(window.count("Cancel YouTube of clip_3") == 0);
  window.click("Show the uploads");
  CHECK(window.count("Cancel YouTube of clip_3") == 1);
  window.click("Fold the uploads");
  CHECK(window.count("Cancel YouTube of clip_3") == 0);
}

TEST_CASE("what may be live is asked about, not sent again") {
  const TableFixture fixture(
      video_sql("clip_001", "Five knots") +
      upload_sql("clip_001", "YouTube", "BLOCKED", {}, "the post may be live, look first"));
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  CHECK(window.shows("May be live"));
  window.click("Upload to YouTube");
  CHECK(window.shows("Is it live on YouTube?"));
  SUBCASE("it is, with its link") {
    window.type("https://youtu.be/dQw4w9WgXcQ");
    window.click("It is live");
    const auto settle = window.only_action<SettleUpload>();
    CHECK(settle.live);
    CHECK(settle.video_id == "clip_001");
    CHECK(settle.post_id == "https://youtu.be/dQw4w9WgXcQ");
  }
  SUBCASE("it is not") {
    window.click("It is not live");
    CHECK_FALSE(window.only_action<SettleUpload>().live);
  }
  SUBCASE("later") {
    window.click("Decide later");
  }
  CHECK(window.actions.empty());
}

TEST_CASE("closing asks while uploads run or wait, and not otherwise") {
  UiDriver window;
  CHECK(request_close(window.state, window.ui));

  window.state.running = running_upload("clip_002", kYouTubeColumn);
  window.frames();
  CHECK_FALSE(request_close(window.state, window.ui));
  window.frames(2);
  CHECK(window.shows("Uploads are running"));
  SUBCASE("stay") {
    window.click("Keep uploading");
    CHECK_FALSE(window.ui.close_confirmed);
  }
  SUBCASE("close") {
    window.click("Stop and close");
    CHECK(window.ui.close_confirmed);
  }
}

TEST_CASE("closing says that what waits stays in the queue") {
  UiDriver window;
  set_waiting(window, {waits("clip_002")});
  window.frames();
  CHECK_FALSE(request_close(window.state, window.ui));
  window.frames(2);
  CHECK(window.shows("Uploads are waiting"));
  CHECK(window.shows("1 waits in the queue until the window is opened again"));
  window.click("Close");
  CHECK(window.ui.close_confirmed);
}

TEST_CASE("Ctrl+Q closes an idle window") {
  UiDriver window;
  window.frames(2);
  window.key(ImGuiKey_Q, ImGuiMod_Ctrl);
  CHECK(window.ui.close_confirmed);
}

TEST_CASE("the accounts are listed, and a person signs in, out, and in again") {
  const TableFixture fixture(kTwoVideos);
  UiDriver window;
  window.state.table = fixture.table();
  auto accounts = std::make_shared<Accounts>(3);
  for (AccountView& one : *accounts) one.has_app = true;
  using Kind = AccountState::Kind;
  (*accounts)[0].state = {Kind::signed_in, "my.reels", "until 2027-01-01 08:00"};
  (*accounts)[1].state = {Kind::needs_login, "", "the sign-in has ended"};
  window.state.accounts = accounts;
  window.click("Accounts");
  CHECK(window.shows("signed in as my.reels"));
  CHECK(window.shows("not signed in"));
  window.click("Sign out of Instagram");
  CHECK(window.only_action<SignOutOf>().platform == "Instagram");
  window.click("Sign in to TikTok");
  CHECK(window.only_action<SignInTo>().platform == "TikTok");
  window.click("Sign in to YouTube");
  CHECK(window.only_action<SignInTo>().platform == "YouTube");
  window.click("Close");
  CHECK_FALSE(window.shows("signed in as my.reels"));
}

TEST_CASE("a post that its platform rejected later shows as one, and counts as needing a person") {
  const TableFixture fixture(kTwoVideos +
                             "UPDATE video_uploads SET error_message = 'YouTube rejected it: copyright';");
  UiDriver window;
  window.state.table = fixture.table();
  window.frames(2);
  CHECK(window.shows("Has a problem"));
  CHECK(window.state.table->filter_counts[static_cast<std::size_t>(StatusFilter::needs_you)] == 1);
}
