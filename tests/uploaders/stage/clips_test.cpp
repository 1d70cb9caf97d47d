// Stage 9: files become registered videos, and a spreadsheet says what their posts say. All of it, or
// nothing.
#include "uploaders/stage/clips.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "tests/support/make_video.h"
#include "tests/support/test_library.h"
#include "uploaders/metadata/metadata.h"
#include "uploaders/metadata/metadata_document.h"

using namespace asfs;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

/// A library, a folder of small videos, and spreadsheets beside them.
struct ClipStudio : TestLibrary {
  VideoRegistry registry = open();
  TempFolder desk;
  int videos = 0;

  fs::path video(const std::string& name) {
    make_video(desk / name, 1, ++videos);
    return desk / name;
  }
  void add(const std::string& id, const std::string& metadata = "") {
    REQUIRE(registry.register_video(
        {.id = id, .file_path = "clips/" + id + ".mp4", .checksum = id, .metadata_json = metadata}));
  }
  fs::path csv(std::string_view text) const {
    write_file(desk / "posts.csv", text);
    return desk / "posts.csv";
  }
  ClipsReport clips(const std::vector<fs::path>& paths, const fs::path& metadata = {}) {
    auto done = register_clips(registry, paths, {.metadata = metadata});
    REQUIRE_MESSAGE(done, (done ? "" : done.error().message));
    return *std::move(done);
  }
  /// Applies a table that is right; returns the ids it is about.
  Lines apply(std::string_view text, const std::vector<fs::path>& paths = {}) {
    const ClipsReport report = clips(paths, csv(text));
    for (const Error& mistake : report.mistakes) FAIL_CHECK(mistake.message);
    return report.described;
  }
  /// Applies one that is not: nothing may have changed in the library. Its mistakes without the folder.
  Lines refused(std::string_view text, const std::vector<fs::path>& paths = {}) {
    const std::string before = content();
    const ClipsReport report = clips(paths, csv(text));
    CHECK(content() == before);
    CHECK(report.files.registered.empty());
    CHECK(report.described.empty());
    CHECK(report.mistake_count > 0);
    Lines told;
    for (const Error& mistake : report.mistakes)
      told.push_back(mistake.message.substr(desk.path().native().size() + 1));
    return told;
  }
  std::string content() const {
    Stranger stranger(*this);
    return stranger.ask("SELECT * FROM videos ORDER BY id") + "\n" +
           stranger.ask("SELECT * FROM asfs_metadata ORDER BY video_id");
  }
  std::string says(const std::string& id) { return registry.get_metadata(id).value(); }
};

}  // namespace

TEST_CASE("a CSV says what the posts of registered videos say, by id and by file") {
  ClipStudio s;
  for (const char* id : {"a", "b", "日本 👩‍🚀"}) s.add(id);
  CHECK(s.apply("id,file,title,YouTube.tags\na,,First,\n,b.mp4,,\"x,y\"\n日本 👩‍🚀,,空,\n") ==
        Lines{"a", "b", "日本 👩‍🚀"});
  CHECK(s.says("a") == R"({"title":"First"})");
  CHECK(s.says("b") == R"({"YouTube":{"tags":["x","y"]}})");
  CHECK(s.says("日本 👩‍🚀") == R"({"title":"空"})");
}

TEST_CASE("it is laid over what a video says already, field by field") {
  ClipStudio s;
  s.add("a", R"({"title":"Old","description":"kept or not","youtube":{"title":"Y","privacy":"private"}})");
  s.apply("id,title,caption,YouTube.title,TikTok.draft\na,New,,Z,yes\n");
  CHECK(s.says("a") == R"({"title":"New","description":"kept or not",)"
                       R"("youtube":{"title":"Z","privacy":"private"},"TikTok":{"draft":true}})");
  s.apply("id,caption\na,C\n");
  CHECK(parse_metadata(s.says("a"))->caption == "C");
  CHECK(s.says("a").find("description") == std::string::npos);
}

TEST_CASE("new files are registered together with their words, also over the document beside them") {
  ClipStudio s;
  const auto one = s.video("one.mp4"), two = s.video("sub/two.mp4");
  write_file(s.desk / "one.json", R"({"title":"Beside","hashtags":["#a"]})");
  CHECK(s.apply("file,id,title\none.mp4,,First\n,two,Second\n", {s.desk.path()}) == Lines{"one", "two"});
  CHECK(s.says("one") == R"({"title":"First","hashtags":["#a"]})");
  CHECK(s.says("two") == R"({"title":"Second"})");
}

TEST_CASE("a file that is registered already under another name gets its row's words, too") {
  ClipStudio s;
  const auto one = s.video("one.mp4");
  s.clips({one});
  fs::copy_file(one, s.desk / "copy.mp4");
  CHECK(s.apply("file,title\ncopy.mp4,T\n", {s.desk / "copy.mp4"}) == Lines{"one"});
  CHECK(s.says("one") == R"({"title":"T"})");
}

TEST_CASE("one JSON document is for all files given, new or known") {
  ClipStudio s;
  const auto one = s.video("one.mp4"), two = s.video("two.mp4");
  s.clips({one});
  write_file(s.desk / "all.json", R"({"caption": "For all", "TikTok": {"draft": true}})");
  CHECK(s.clips({one, two}, s.desk / "all.json").described == Lines{"two", "one"});
  CHECK(s.says("one") == R"({"caption":"For all","TikTok":{"draft":true}})");
  CHECK(s.says("two") == s.says("one"));
}

TEST_CASE("a document that is none registers nothing") {
  ClipStudio s;
  const auto one = s.video("one.mp4");
  write_file(s.desk / "all.json", R"({"captoin": "x"})");
  const auto report = register_clips(s.registry, {one}, {.metadata = s.desk / "all.json"});
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::usage);
  CHECK(report.error().message.find("all.json: metadata: unknown key \"captoin\"") != std::string::npos);
  CHECK(s.registry.get_all_videos()->empty());
  CHECK(register_clips(s.registry, {one}, {.metadata = s.desk / "no.json"}).error().code == Code::not_found);
  CHECK(register_clips(s.registry, {one}, {.metadata = s.desk / "no.csv"}).error().code == Code::not_found);
  CHECK(s.registry.get_all_videos()->empty());
}

TEST_CASE("nothing of a bad table is applied, and no file is registered") {
  ClipStudio s;
  s.add("a", R"({"title":"Old"})");
  const auto one = s.video("one.mp4");
  CHECK(s.refused("id,title,draft\na,New,\none,T,perhaps\n", {one}) ==
        Lines{"posts.csv, line 3, column 3 (draft): must be true or false"});
}

TEST_CASE("a row about no video is told with its line") {
  ClipStudio s;
  s.add("a");
  const auto one = s.video("one.mp4");
  const auto report = s.clips({one}, s.csv("id,file,title\nnobody,,T\n,none.mp4,T\na,,T\n"));
  REQUIRE(report.mistakes.size() == 2);
  CHECK(report.mistakes[0].message.ends_with("posts.csv, line 2, column 1 (id): there is no video nobody"));
  CHECK(report.mistakes[1].message.ends_with(
      "posts.csv, line 3, column 2 (file): there is no video file none.mp4"));
  const Error all = refused_table("posts.csv", report);
  CHECK(all.code == Code::not_found);
  CHECK(all.message == "posts.csv has 2 mistakes; nothing was changed");
  CHECK(s.says("a") == "{}");
}

TEST_CASE("the end of a path tells files of the same name apart") {
  ClipStudio s;
  s.video("x/clip.mp4"), s.video("y/clip.mp4"), s.video("z/clip.mp4");
  const auto told = s.refused("file\nclip.mp4\nx/clip.mp4\n", {s.desk.path()});
  REQUIRE(told.size() == 1);
  CHECK(told[0].starts_with("posts.csv, line 2, column 1 (file): clip.mp4 is the name of 3 videos, "));
  CHECK(told[0].ends_with("write the id, or more of the path"));
  CHECK(s.refused("id\nclip\n", {s.desk.path()})[0].ends_with("write the file instead"));
  const std::string whole = (s.desk / "z/clip.mp4").native();
  s.apply(fmt::format("file,title\n./x/clip.mp4,X\n../{}/y/clip.mp4,Y\n{},Z\n",
                      s.desk.path().filename().native(), whole),
          {s.desk.path()});
  Lines titles;
  const auto videos = s.registry.get_all_videos();
  REQUIRE(videos);
  for (const Video& video : *videos)
    titles.push_back(video.file_path.substr(s.desk.path().native().size()) + " " + s.says(video.id));
  std::ranges::sort(titles);
  CHECK(titles == Lines{R"(/x/clip.mp4 {"title":"X"})", R"(/y/clip.mp4 {"title":"Y"})",
                        R"(/z/clip.mp4 {"title":"Z"})"});
}

TEST_CASE("two rows about the same video are a mistake, however they name it") {
  ClipStudio s;
  s.add("a");
  CHECK(s.refused("id,file,title\na,,T\n,a.mp4,U\n") ==
        Lines{"posts.csv, line 3, column 2 (file): is the same video as line 2"});
  const auto one = s.video("one.mp4");
  s.clips({one});
  CHECK(s.refused("id,file,title\none,,T\n,one.mp4,U\n", {one}) ==
        Lines{"posts.csv, line 3, column 2 (file): is the same video as line 2"});
}

TEST_CASE("what a platform would refuse is told with the cell that makes it so") {
  ClipStudio s;
  s.add("a", R"({"caption":"fine"})");
  const std::string long_title(101, 't');
  CHECK(
      s.refused("id,caption,YouTube.title,TikTok.privacy\na,\"two\nlines\"," + long_title + ",SECRET\n") ==
      Lines{
          "posts.csv, line 3, column 3 (YouTube.title): YouTube would refuse it: the title has 101 "
          "characters; YouTube takes at most 100",
          "posts.csv, line 3, column 4 (TikTok.privacy): TikTok would refuse it: the privacy is \"SECRET\"; "
          "TikTok knows PUBLIC_TO_EVERYONE, FOLLOWER_OF_CREATOR, MUTUAL_FOLLOW_FRIENDS, SELF_ONLY"});
  CHECK(s.refused("id,YouTube.thumbnail\na,none.png\n")[0].starts_with(
      "posts.csv, line 2, column 2 (YouTube.thumbnail): YouTube would refuse it: the thumbnail cannot be "));
}

TEST_CASE("what a platform refused before is not held against a row") {
  ClipStudio s;
  s.add("a", R"({"YouTube":{"privacy":"secret"},"titel":"unknown"})");
  s.add(std::string(101, 'v'));
  CHECK(s.apply("id,caption\na,C\n" + std::string(101, 'v') + ",D\n").size() == 2);
  CHECK(s.says("a") == R"({"YouTube":{"privacy":"secret"},"titel":"unknown","caption":"C"})");
}

TEST_CASE("a video that vanishes while a table is applied leaves all others as they were") {
  ClipStudio s;
  s.add("a", R"({"title":"Old"})");
  const std::string ids[] = {"a", "gone"};
  const auto changed = s.registry.change_metadata(
      ids, [](std::size_t, const std::string&) -> Result<std::string> { return R"({"title":"New"})"; });
  REQUIRE_FALSE(changed);
  CHECK(changed.error().code == Code::not_found);
  CHECK(s.says("a") == R"({"title":"Old"})");
}

TEST_CASE("without a table or document files are registered as ever") {
  ClipStudio s;
  const auto report = s.clips({s.video("one.mp4"), s.desk / "none.mp4"});
  CHECK(report.files.registered.size() == 1);
  CHECK(report.files.failed.size() == 1);
  CHECK(report.described.empty());
  CHECK(register_clips(s.registry, {}).error().code == Code::usage);
}

TEST_CASE(
    "a document beside a file: its paths count from there, one of another program is told and left alone") {
  ClipStudio s;
  const auto one = s.video("one.mp4"), talk = s.video("talk.mp4"), typo = s.video("typo.mp4");
  write_file(s.desk / "one.json", R"({"YouTube":{"thumbnail":"cover.png"}})");
  write_file(s.desk / "talk.json", R"({"text":" Hello.","segments":[],"language":"en"})");
  write_file(s.desk / "typo.json", R"({"title":"x","privacie":"private"})");
  const ClipsReport report = s.clips({one, talk, typo});
  CHECK(report.files.registered.size() == 2);
  CHECK(s.says("one") == R"({"YouTube":{"thumbnail":")" + (s.desk / "cover.png").native() + R"("}})");
  CHECK(s.says("talk") == "{}");
  REQUIRE(report.files.warnings.size() == 1);
  CHECK(report.files.warnings[0].starts_with((s.desk / "talk.json").native() + " says nothing about posts"));
  REQUIRE(report.files.failed.size() == 1);  // posted without it, the video would be seen by all
  CHECK(report.files.failed[0].error.message.starts_with((s.desk / "typo.json").native() +
                                                         ": metadata: unknown key"));
}
