// A spreadsheet of what posts are to say: its form and its types. Which videos it means: clips_test.cpp.
#include "uploaders/metadata/metadata_csv.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

#include "tests/support/temp_folder.h"
#include "uploaders/metadata/metadata.h"
#include "uploaders/metadata/metadata_document.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct Desk {
  TempFolder folder;

  MetadataTable read(std::string_view csv) const {
    write_file(folder / "posts.csv", csv);
    return read_metadata_csv(folder / "posts.csv").value();
  }
  /// `KEY DOCUMENT` of each row; there must be no mistake.
  std::vector<std::string> rows(std::string_view csv) const {
    const MetadataTable table = read(csv);
    for (const Error& mistake : table.mistakes.list()) FAIL_CHECK(mistake.message);
    std::vector<std::string> rows;
    for (const auto& row : table.rows) rows.push_back(row.key + " " + document_of(table, row));
    return rows;
  }
  /// What is wrong, without the folder.
  std::vector<std::string> mistakes(std::string_view csv) const {
    std::vector<std::string> found;
    for (const Error& mistake : read(csv).mistakes.list()) {
      CHECK(mistake.code == Code::usage);
      const std::string at = folder.path().native() + "/";
      found.push_back(mistake.message.starts_with(at) ? mistake.message.substr(at.size()) : mistake.message);
    }
    return found;
  }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a row becomes the document of one video, with what differs under the platform's name") {
  CHECK(Desk().rows("file,title,hashtags,YouTube.privacy,TikTok.caption\n"
                    "clip.mp4,\"Tea, or coffee?\",#tea #art,private,よく晴れた日 ☀\n") ==
        Lines{R"(clip.mp4 {"title":"Tea, or coffee?","hashtags":["#tea","#art"],)"
              R"("YouTube":{"privacy":"private"},"TikTok":{"caption":"よく晴れた日 ☀"}})"});
}

TEST_CASE("an empty cell says nothing, and so does an empty row") {
  CHECK(Desk().rows("id,title,synthetic,tags\na,,,\n,,,\nb,T, ,\n  ,\n\n") ==
        Lines{"a {}", R"(b {"title":"T"})"});
}

TEST_CASE("each field takes what its kind of cell says") {
  struct Case {
    const char* column;
    const char* cell;
    const char* json;
  };
  const Case cases[] = {
      {"title", " kept as typed ", R"({"title":" kept as typed "})"},
      {"caption", "\"one\r\ntwo\nthree\"", R"({"caption":"one\ntwo\nthree"})"},
      {"description", "the caption", R"({"caption":"the caption"})"},
      {"category", "22", R"({"category":"22"})"},
      {"hashtags", "\"#a  b,#c; d\"", R"({"hashtags":["#a","b","#c","d"]})"},
      {"tags", "\"short film, tea;coffee\ncake \"", R"({"tags":["short film","tea","coffee","cake"]})"},
      {"synthetic", "yes", R"({"synthetic":true})"},
      {"synthetic", "TRUE", R"({"synthetic":true})"},
      {"synthetic", " 1 ", R"({"synthetic":true})"},
      {"made_for_kids", "No", R"({"made_for_kids":false})"},
      {"draft", "false", R"({"draft":false})"},
      {"instagram.SHARE_TO_FEED", "0", R"({"Instagram":{"share_to_feed":false}})"},
      {"TikTok.cover_ms", "1500", R"({"TikTok":{"cover_ms":1500}})"},
      {"publish_at", "2026-12-01T18:00:00Z", R"({"publish_at":"2026-12-01T18:00:00Z"})"},
      {"YOUTUBE.Title", "T", R"({"YouTube":{"title":"T"}})"},
  };
  const Desk desk;
  for (const Case& one : cases)
    CHECK(desk.rows(fmt::format("id,{}\nv,{}\n", one.column, one.cell)) ==
          Lines{std::string("v ") + one.json});
}

TEST_CASE("every field of a document has its column, for all and for each platform") {
  const Desk desk;
  for (const char* key :
       {"title",         "caption",       "description",     "hashtags",      "tags",
        "privacy",       "category",      "made_for_kids",   "synthetic",     "publish_at",
        "thumbnail",     "cover_ms",      "disable_comment", "disable_duet",  "disable_stitch",
        "brand_content", "brand_organic", "draft",           "share_to_feed", "video_url"})
    for (const char* platform : {"", "YouTube.", "TikTok.", "Instagram."}) {
      const auto rows = desk.rows(fmt::format(
          "id,{}{}\nv,{}\n", platform, key, key == std::string("publish_at") ? "2026-12-01T18:00:00Z" : "1"));
      REQUIRE(rows.size() == 1);
      CHECK(rows[0].size() > 10);
      CHECK(parse_metadata(rows[0].substr(2)));
    }
}

TEST_CASE("a thumbnail's path counts from the folder of the CSV") {
  const Desk desk;
  CHECK(desk.rows("id,thumbnail\nv,covers/../v.png\n") ==
        Lines{fmt::format(R"(v {{"thumbnail":"{}"}})", (desk.folder / "v.png").native())});
  CHECK(desk.rows("id,thumbnail\nv,/pictures/v.png\n") == Lines{R"(v {"thumbnail":"/pictures/v.png"})"});
}

TEST_CASE("a file as a German spreadsheet writes it: semicolons, a byte order mark, CRLF") {
  CHECK(Desk().rows("\xEF\xBB\xBF"
                    "file;title;caption;hashtags;synthetic\r\n"
                    "übung.mp4;Größe 1,5;\"Zeile eins\r\nZeile \"\"zwei\"\"; Ende\";#tee, #kuchen;1\r\n"
                    ";;;;\r\n") ==
        Lines{R"(übung.mp4 {"title":"Größe 1,5","caption":"Zeile eins\nZeile \"zwei\"; Ende",)"
              R"("hashtags":["#tee","#kuchen"],"synthetic":true})"});
}

TEST_CASE("empty columns and cells at the end, as Excel writes them, are none") {
  CHECK(Desk().rows("sep=;\r\nfile;title;;\r\nclip.mp4;A;;\r\nb.mp4;B;;;;\r\n") ==
        Lines{R"(clip.mp4 {"title":"A"})", R"(b.mp4 {"title":"B"})"});
  CHECK(Desk().mistakes("file,title,,\nclip.mp4,A,,B\n") ==
        Lines{"posts.csv, line 2: has 4 cells where the first line names 2 columns; a cell with a comma, "
              "semicolon "
              "or line break in it stands in quotes"});
}

TEST_CASE("the id wins over the file where both are filled") {
  const MetadataTable table = Desk().read("file,id\na.mp4,x\nb.mp4,\n");
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].by_id);
  CHECK(table.rows[0].key == "x");
  CHECK(table.rows[0].column == 1);
  CHECK_FALSE(table.rows[1].by_id);
  CHECK(table.rows[1].key == "b.mp4");
}

TEST_CASE("ids with odd characters arrive as they are") {
  const MetadataTable table = Desk().read(
      "id,title\n\"a, \"\"b\"\"; c\",1\n日本語のクリップ,2\n👩‍🚀 día 1,3\n../../etc,4\n");
  REQUIRE(table.mistakes.empty());
  REQUIRE(table.rows.size() == 4);
  CHECK(table.rows[0].key == "a, \"b\"; c");
  CHECK(table.rows[1].key == "日本語のクリップ");
  CHECK(table.rows[2].key == "👩‍🚀 día 1");
  CHECK(table.rows[3].key == "../../etc");
}

TEST_CASE("a mistake is told with file, line and column") {
  struct Case {
    const char* csv;
    const char* told;
  };
  const Case cases[] = {
      {"", "posts.csv, line 1: the file is empty; its first line names the columns"},
      {"title,tags\nx,y\n",
       "posts.csv, line 1: no column is called id or file, which say what video a row is about"},
      {"id,title,Title\na,b,c\n",
       "posts.csv, line 1, column 3 (Title): is the same as column 2 (title); keep one of them"},
      {"id,caption,description\na,b,c\n",
       "posts.csv, line 1, column 3 (description): is the same as column 2 (caption); keep one of them"},
      {"id,tiktok.draft,TikTok.draft\na,,\n",
       "posts.csv, line 1, column 3 (TikTok.draft): is the same as column 2 (tiktok.draft); keep one of "
       "them"},
      {"id,ID\na,b\n", "posts.csv, line 1, column 2 (ID): is the same as column 1 (id); keep one of them"},
      {"id,title\na,\"b\n\nc,d\n",
       "posts.csv, line 2, column 2 (title): the quote that begins this cell is never closed"},
      {"id,title\na,\"b\"c\n",
       "posts.csv, line 2, column 2 (title): text follows the closing quote; a quote inside a cell is "
       "written "
       "twice"},
      {"id,title\na,b,c\n",
       "posts.csv, line 2: has 3 cells where the first line names 2 columns; a cell with a comma, semicolon "
       "or "
       "line break in it stands in quotes"},
      {"id,caption,synthetic\na,\"1\n2\n3\",no\nb,\"x\ny\",maybe\n",
       "posts.csv, line 6, column 3 (synthetic): must be true or false"},
      {"id,TikTok.cover_ms\na,1.5\n",
       "posts.csv, line 2, column 2 (TikTok.cover_ms): must be a whole number from 0 to 2147483647"},
      {"id,cover_ms\na,2147483648\n",
       "posts.csv, line 2, column 2 (cover_ms): must be a whole number from 0 to 2147483647"},
      {"id,cover_ms\na,-1\n",
       "posts.csv, line 2, column 2 (cover_ms): must be a whole number from 0 to 2147483647"},
      {"id,file,title\n,,b\n", "posts.csv, line 2, column 2 (file): is empty; what video is the row about?"},
      {"id,title\n\na,caf\xE9\nb,caf\xE9\n",
       "posts.csv, line 3, column 2 (title): is not UTF-8 text; save the file as CSV in UTF-8"},
      {"\xFF\xFE"
       "id",
       "posts.csv, line 1, column 1: is not UTF-8 text; save the file as CSV in UTF-8"},
  };
  const Desk desk;
  for (const Case& one : cases) CHECK(desk.mistakes(one.csv) == Lines{one.told});
}

TEST_CASE("an unknown column is told with those there are") {
  const auto told = Desk().mistakes("id,captoin,Vimeo.title,YouTube.,YouTube.id\nx,1,2,3,4\n");
  REQUIRE(told.size() == 4);
  CHECK(told[0].starts_with(
      "posts.csv, line 1, column 2 (captoin): there is no such column; there are id, file, "
      "title, caption, description,"));
  CHECK(told[1].starts_with("posts.csv, line 1, column 3 (Vimeo.title): "));
  CHECK(told[2].starts_with("posts.csv, line 1, column 4 (YouTube.): "));
  CHECK(told[3].starts_with("posts.csv, line 1, column 5 (YouTube.id): "));
}

TEST_CASE("all mistakes are told in the order of the lines, the first twenty of them") {
  std::string csv = "id,draft,cover_ms\n";
  for (int i = 0; i < 15; ++i) csv += "x,perhaps,many\n";
  const auto told = Desk().mistakes(csv);
  REQUIRE(told.size() == 21);
  CHECK(told[0] == "posts.csv, line 2, column 2 (draft): must be true or false");
  CHECK(told[19].starts_with("posts.csv, line 11, column 3 (cover_ms): "));
  CHECK(told[20] == "and 10 more mistakes");
}

TEST_CASE("a file that is not there, and one that is too large, are refused as a whole") {
  const Desk desk;
  CHECK(read_metadata_csv(desk.folder / "none.csv").error().code == Code::not_found);
  write_file(desk.folder / "large.csv", "id\n");
  std::filesystem::resize_file(desk.folder / "large.csv", (64u << 20) + 1);
  CHECK(read_metadata_csv(desk.folder / "large.csv").error().message.find("larger than") !=
        std::string::npos);
}

TEST_CASE("more than 200,000 rows are refused") {
  std::string csv = "id\n";
  for (int i = 0; i < 200'001; ++i) csv += std::to_string(i) + "\n";
  CHECK(Desk().mistakes(csv) == Lines{"posts.csv, line 200002: a CSV has at most 200000 rows; split it"});
}

TEST_CASE("random documents, written by another hand, are read back equal") {
  std::mt19937 random(11);
  const auto pick = [&](std::size_t n) { return random() % n; };
  const auto words = [&] {
    constexpr const char* kParts[] = {"a", "\"", ",", ";", " ", "\n", "ö", "日", "👩‍🚀", "#t", "x"};
    std::string text = "w";  // a text of blanks alone says nothing
    for (auto n = pick(8); n > 0; --n) text += kParts[pick(std::size(kParts))];
    return text;
  };
  const auto quoted = [](const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
  };
  const Desk desk;
  for (int run = 0; run < 50; ++run) {
    const std::string separator = pick(2) ? ";" : ",";
    const std::string end = pick(2) ? "\r\n" : "\n";
    std::string csv;
    for (const char* name : {"id", "title", "YouTube.title", "YouTube.caption", "TikTok.caption"})
      csv += (csv.empty() ? "" : separator) + name;
    csv += end;
    struct Wanted {
      std::string id, title, own_title, own_caption, tiktok;
    };
    std::vector<Wanted> all;
    for (auto n = pick(12); n > 0; --n) {
      const Wanted& w = all.emplace_back(Wanted{words(), words(), words(), words(), words()});
      csv += quoted(w.id) + separator + quoted(w.title) + separator + quoted(w.own_title) + separator +
             quoted(w.own_caption) + separator + quoted(w.tiktok) + end;
    }
    const MetadataTable table = desk.read(csv);
    REQUIRE_MESSAGE(table.mistakes.empty(), csv);
    REQUIRE(table.rows.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string document = document_of(table, table.rows[i]);
      CHECK(table.rows[i].key == all[i].id);
      CHECK(parse_metadata(document)->title == all[i].title);
      CHECK(parse_metadata(document, "YouTube")->title == all[i].own_title);
      CHECK(parse_metadata(document, "YouTube")->caption == all[i].own_caption);
      CHECK(parse_metadata(document, "TikTok")->caption == all[i].tiktok);
    }
  }
}
