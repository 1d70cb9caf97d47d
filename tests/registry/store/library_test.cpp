#include "registry/store/library.h"

#include <doctest/doctest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "registry/base/files.h"
#include "registry/store/audit_log.h"
#include "registry/videos/video_registry.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using asfs::test::TempFolder;
using asfs::test::write_file;
namespace fs = std::filesystem;

namespace {

/// The variables that find_library() reads and the current folder, put back at the end.
class Surroundings {
 public:
  explicit Surroundings(const fs::path& current) : before_(fs::current_path()) {
    for (auto& [name, value] : saved_) {
      if (const char* set = std::getenv(name)) value = set;
      unsetenv(name);
    }
    fs::current_path(current);
  }
  ~Surroundings() {
    fs::current_path(before_);
    for (const auto& [name, value] : saved_) {
      if (value)
        setenv(name, value->c_str(), 1);
      else
        unsetenv(name);
    }
  }

 private:
  fs::path before_;
  std::pair<const char*, std::optional<std::string>> saved_[3] = {
      {"ASFS_HOME", {}}, {"XDG_DATA_HOME", {}}, {"HOME", {}}};
};

}  // namespace

TEST_CASE(
    "the library is the one named, else ASFS_HOME, else here when it is here, else the user's data folder") {
  const TempFolder temp;
  const Surroundings surroundings(temp.path());
  setenv("HOME", "/home/me", 1);
  CHECK(find_library("").home == "/home/me/.local/share/asfs-videos");
  setenv("XDG_DATA_HOME", "/data", 1);
  CHECK(find_library("").home == "/data/asfs-videos");
  write_file(temp / "database/videos.db", "");
  CHECK(find_library("").home == temp.path());
  setenv("ASFS_HOME", "/asfs", 1);
  CHECK(find_library("").home == "/asfs");
  CHECK(find_library("/named").home == "/named");
}

TEST_CASE("an empty variable counts as missing, and a relative XDG_DATA_HOME is ignored") {
  const TempFolder temp;
  const Surroundings surroundings(temp.path());
  setenv("ASFS_HOME", "", 1);
  setenv("XDG_DATA_HOME", "data", 1);
  setenv("HOME", "/home/me", 1);
  CHECK(find_library("").home == "/home/me/.local/share/asfs-videos");
}

TEST_CASE("without HOME the user's folder is the one that the system knows") {
  const TempFolder temp;
  const Surroundings surroundings(temp.path());
  CHECK(find_library("").home == fs::path(::getpwuid(::getuid())->pw_dir) / ".local/share/asfs-videos");
}

TEST_CASE("a library's home is absolute and has no dots or end slash") {
  const TempFolder temp;
  const Surroundings surroundings(temp.path());
  CHECK(find_library("lib").home == temp / "lib");
  CHECK(find_library("./a/../lib/").home == temp / "lib");
  CHECK(find_library("/").home == "/");
}

TEST_CASE("a stored path is absolute or relative to the library") {
  const Library library{"/lib"};
  CHECK(library.resolve("output/clips/clip_001.mp4") == "/lib/output/clips/clip_001.mp4");
  CHECK(library.resolve("/videos/a.mp4") == "/videos/a.mp4");
}

TEST_CASE("what is made of a library is readable by its owner alone, whatever the umask and the folder say") {
  struct OpenUmask {
    mode_t before = ::umask(0);
    ~OpenUmask() { ::umask(before); }
  };
  const TempFolder folder;
  ::chmod(folder.path().c_str(), 0777);
  fs::create_directory(folder / "config");
  ::chmod((folder / "config").c_str(), 0755);
  const Library library{folder.path()};
  {
    const OpenUmask open_umask;
    auto registry = VideoRegistry::open(library);
    REQUIRE(registry);
    REQUIRE(registry->register_video({.id = "clip", .file_path = "clip.mp4"}));
    AuditLog audit(library);
    REQUIRE(audit.record({.video_id = "clip", .platform = "YouTube", .status = UploadStatus::success}));
    REQUIRE(write_file_atomically(library.config_folder() / "settings.json", "{}"));
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      CAPTURE(entry.path().native());
      const auto others = entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all);
      if (entry.path() != folder / "config") CHECK(others == fs::perms::none);
      files += entry.is_regular_file();
    }
    CHECK(files >= 4);  // the database and what SQLite lays beside it, the audit trail, the log, the settings
  }
  struct stat status {};
  REQUIRE(::stat((folder / "config").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0755);
}
