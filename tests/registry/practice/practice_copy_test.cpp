// Practice on its own: what is copied into its library, what stays there, and that the real one never
// changes.
#include "registry/practice/practice_copy.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "registry/ledger/upload_ledger.h"
#include "registry/picture/snapshot.h"
#include "registry/queue/upload_queue.h"
#include "tests/support/make_video.h"
#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// Files below a folder with their bytes; none of practice's.
std::map<std::string, std::string> files_of(const Library& library) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(library.home)) {
    const std::string name = entry.path().lexically_relative(library.home).native();
    if (entry.is_regular_file() && !name.starts_with("practice/")) files[name] = read_text(entry.path());
  }
  return files;
}

struct Rehearsal : TestLibrary {
  Library practising = practice_library(library);

  /// A library of our own with clip_001 in it.
  void make_library() const {
    auto registry = open();
    FileFacts facts{.size = 123, .media = {.duration = 4.5, .width = 1080, .height = 1920}};
    facts.media.video_codec = "h264";
    facts.media.fps = 30;
    REQUIRE(registry.register_video({.id = "clip_001",
                                     .file_path = "clips/clip_001.mp4",
                                     .title = "First",
                                     .duration = 4.5,
                                     .checksum = "aa11",
                                     .facts = facts,
                                     .metadata_json = R"({"caption":"Hello"})"}));
  }
  void refresh() const {
    const auto done = refresh_practice(practising, clock);
    REQUIRE_MESSAGE(done, (done ? "" : done.error().message));
  }
  std::string in_practice(const std::string& question) const {
    return Stranger(practising.database()).ask(question);
  }
  std::string in_library(const std::string& question) const {
    return Stranger(library.database()).ask(question);
  }
  VideoRegistry practice() const {
    auto registry = VideoRegistry::open(practising, clock);
    REQUIRE(registry);
    return std::move(*registry);
  }
  std::string newcomers() const {
    auto registry = practice();
    std::string ids;
    const auto found = practice_newcomers(registry).value();
    for (const std::string& id : found) ids += id + " ";
    return ids;
  }
  void added_in_practice(const std::string& id, const std::string& checksum) const {
    auto registry = practice();
    REQUIRE(registry.register_video({.id = id, .file_path = "/new/" + id + ".mp4", .checksum = checksum}));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Rehearsal,
                  "videos come with their words and what their files are, never with their uploads") {
  make_library();
  REQUIRE(open().record_upload_attempt("clip_001", "YouTube", UploadStatus::success, "yt1"));
  refresh();
  auto registry = practice();
  const auto video = registry.get_video("clip_001").value().value();
  CHECK(video.title == "First");
  CHECK(video.checksum == "aa11");
  CHECK(video.duration == 4.5);
  CHECK(video.uploads.empty());
  CHECK(registry.get_metadata("clip_001") == R"({"caption":"Hello"})");
  CHECK(registry.get_file_facts("clip_001").value()->media.video_codec == "h264");
  CHECK(registry.can_upload("clip_001", "YouTube")->allowed);
  CHECK(practising.resolve(video.file_path) == library.home / "clips/clip_001.mp4");
}

TEST_CASE_FIXTURE(Rehearsal,
                  "the library stays byte for byte as it is, whoever made it and whether it is in use") {
  SUBCASE("ours") {
    make_library();
  }
  SUBCASE("the Python program's") {
    Stranger other(*this);
    other.run(kPythonTables);
    other.run(
        "INSERT INTO videos VALUES ('clip_001', 'a.mp4', NULL, '2026-02-11T08:00:00', 'long', x'00ff', "
        "'maybe')");
  }
  SUBCASE("ours, of an older version") {
    make_library();
    Stranger(*this).run(
        "DROP TABLE asfs_files; DROP TABLE asfs_metadata; DELETE FROM asfs_migrations WHERE version > 2");
  }
  const auto before = files_of(library);
  for (std::size_t i = 0; i < 2; ++i) {
    refresh();
    auto registry = practice();
    REQUIRE(registry.record_upload_attempt("clip_001", known_platforms()[i], UploadStatus::success, "yt1"));
    REQUIRE(registry.set_title("clip_001", "In practice"));
    CHECK(files_of(library) == before);
  }
}

TEST_CASE_FIXTURE(Rehearsal, "a library that another program has open is read as it is at this moment") {
  make_library();
  auto registry = open();
  REQUIRE(registry.set_title("clip_001", "Only in the -wal file"));
  refresh();
  CHECK(in_practice("SELECT title FROM videos") == "Only in the -wal file");
}

TEST_CASE_FIXTURE(Rehearsal,
                  "what changes in the library changes in practice; what was changed in practice stays") {
  make_library();
  REQUIRE(open().register_video({.id = "clip_002", .file_path = "b.mp4", .checksum = "bb22"}));
  refresh();
  REQUIRE(practice().set_title("clip_001", "Mine"));
  REQUIRE(practice().record_upload_attempt("clip_001", "YouTube", UploadStatus::success, "p1"));
  REQUIRE(open().set_title("clip_002", "New"));
  REQUIRE(open().register_video({.id = "clip_003", .file_path = "c.mp4", .checksum = "cc33"}));
  refresh();
  CHECK(in_practice("SELECT id, title FROM videos ORDER BY id") == "clip_001|Mine\nclip_002|New\nclip_003|c");
  REQUIRE(open().set_title("clip_001", "Theirs"));
  REQUIRE(open().change_metadata(std::vector<std::string>{"clip_003"},
                                 [](auto, auto&) { return R"({"caption":"3"})"; }));
  refresh();
  CHECK(in_practice("SELECT title FROM videos WHERE id = 'clip_001'") == "Theirs");
  CHECK(in_practice("SELECT document FROM asfs_metadata WHERE video_id = 'clip_003'") ==
        R"({"caption":"3"})");
  CHECK(in_practice("SELECT upload_status FROM video_uploads") == "SUCCESS");
}

TEST_CASE_FIXTURE(Rehearsal,
                  "a video that is gone from the library goes from practice, unless it was added there") {
  make_library();
  refresh();
  added_in_practice("mine", "dd44");
  {
    auto registry = practice();
    REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", UploadStatus::success, "p1"));
    REQUIRE(
        UploadQueue(registry).add(std::vector<QueueItem>{{.video_id = "clip_001", .platform = "TikTok"}}));
  }
  REQUIRE(open().delete_video("clip_001"));
  refresh();
  CHECK(in_practice("SELECT id FROM videos") == "mine");
  CHECK(in_practice("SELECT (SELECT count(*) FROM video_uploads) + (SELECT count(*) FROM asfs_queue)") ==
        "0");
  make_library();
  refresh();
  CHECK(practice().can_upload("clip_001", "YouTube")->allowed);
}

TEST_CASE_FIXTURE(Rehearsal, "the practice folder may be deleted at any time") {
  make_library();
  refresh();
  std::filesystem::remove_all(practising.home);
  refresh();
  CHECK(in_practice("SELECT id FROM videos") == "clip_001");
}

TEST_CASE_FIXTURE(Rehearsal, "without a library there is practice all the same, and no library comes of it") {
  refresh();
  added_in_practice("mine", "dd44");
  refresh();
  CHECK(newcomers() == "mine ");
  CHECK(files_of(library).empty());
}

TEST_CASE_FIXTURE(Rehearsal,
                  "a practice folder is not taken for a library, which would know of no real post") {
  refresh();
  const auto opened = VideoRegistry::open(Library{practising.home}, clock);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::library);
  CHECK(opened.error().message.find("--home " + library.home.native() + " --practice") != std::string::npos);
}

TEST_CASE_FIXTURE(Rehearsal, "a library that cannot be read says so") {
  write_file(library.database(), "this is no database, and long enough to be told from one that is empty");
  const auto done = refresh_practice(practising, clock);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::library);
  CHECK(done.error().message.find(library.database().native()) != std::string::npos);
}

TEST_CASE_FIXTURE(Rehearsal, "newcomers are what was added in practice and the library does not have") {
  make_library();
  refresh();
  CHECK(newcomers() == "");
  added_in_practice("mine", "dd44");
  added_in_practice("same_content", "aa11");
  CHECK(newcomers() == "mine ");
  REQUIRE(open().register_video({.id = "theirs", .file_path = "d.mp4", .checksum = "dd44"}));
  refresh();
  CHECK(newcomers() == "");
}

TEST_CASE_FIXTURE(
    Rehearsal,
    "a newcomer whose id the library gives to another video keeps its words under one of its own") {
  make_library();
  refresh();
  {
    auto registry = practice();
    REQUIRE(registry.register_video({.id = "clip_002",
                                     .file_path = "/new/clip_002.mp4",
                                     .checksum = "dd44556677",
                                     .metadata_json = R"({"caption":"Mine"})"}));
    REQUIRE(registry.record_upload_attempt("clip_002", "YouTube", UploadStatus::success, "p2"));
  }
  REQUIRE(open().register_video({.id = "clip_002", .file_path = "b.mp4", .checksum = "bb22"}));
  refresh();
  CHECK(in_practice("SELECT id, checksum FROM videos ORDER BY id") ==
        "clip_001|aa11\nclip_002|bb22\nclip_002-dd445566|dd44556677");
  CHECK(in_practice("SELECT document FROM asfs_metadata WHERE video_id = 'clip_002-dd445566'") ==
        R"({"caption":"Mine"})");
  CHECK(practice().can_upload("clip_002", "YouTube")->allowed);
  CHECK(newcomers() == "clip_002-dd445566 ");
}

TEST_CASE_FIXTURE(Rehearsal, "newcomers are taken over into the library, with their titles and words") {
  make_library();
  refresh();
  const auto clip = folder.path() / "elsewhere" / "new.mp4";
  make_video(clip);
  {
    auto registry = practice();
    RegisterOptions options{
        .id = "mine", .title = "A newcomer", .words = [](auto&, auto&) -> Result<std::string> {
          return R"({"caption":"Words"})";
        }};
    REQUIRE(register_files(registry, {clip}, options)->registered.size() == 1);
    REQUIRE(registry.record_upload_attempt("mine", "YouTube", UploadStatus::success, "p1"));
  }
  CHECK(in_library("SELECT count(*) FROM videos") == "1");
  const auto taken = take_over_newcomers(practising, {}, {}, clock);
  REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().message));
  REQUIRE(taken->registered.size() == 1);
  CHECK(taken->registered[0].id == "mine");
  CHECK(in_library("SELECT title, file_path, document FROM videos JOIN asfs_metadata ON video_id = id WHERE "
                   "id = 'mine'") == R"(A newcomer|elsewhere/new.mp4|{"caption":"Words"})");
  CHECK(in_library("SELECT count(*) FROM video_uploads") == "0");
  CHECK(newcomers() == "");
  CHECK(in_practice("SELECT upload_status FROM video_uploads") == "SUCCESS");
  CHECK(take_over_newcomers(practising, {}, {}, clock)->registered.empty());
  CHECK(take_over_newcomers(practising, {"mine"}, {}, clock).error().code == Code::not_found);
}

TEST_CASE_FIXTURE(Rehearsal, "a newcomer whose id is taken in the library gets one of its own there") {
  make_library();
  refresh();
  const auto clip = folder.path() / "elsewhere" / "clip_002.mp4";
  make_video(clip);
  {
    auto registry = practice();
    REQUIRE(register_files(registry, {clip})->registered.size() == 1);
  }
  REQUIRE(open().register_video({.id = "clip_002", .file_path = "b.mp4", .checksum = "bb22"}));
  const auto taken = take_over_newcomers(practising, {}, {}, clock);
  REQUIRE(taken);
  REQUIRE(taken->registered.size() == 1);
  CHECK(taken->registered[0].id.starts_with("clip_002-"));
  CHECK(newcomers() == "");
  CHECK(in_library("SELECT count(*) FROM videos") == "3");
}

TEST_CASE_FIXTURE(Rehearsal, "a folder that cannot be written says so, and nothing is changed") {
  if (::geteuid() == 0) return;  // root may write everywhere
  make_library();
  const auto before = files_of(library);
  ::chmod(library.home.c_str(), 0500);
  const auto done = refresh_practice(practising, clock);
  ::chmod(library.home.c_str(), 0700);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::library);
  CHECK(files_of(library) == before);
}
