// The layers and the rooms in them, kept by reading every #include: vendor <- registry <- uploaders <- app.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

fs::path source_folder() {
  const char* folder = std::getenv("ASFS_SOURCE_DIR");
  return folder != nullptr ? folder : ".";
}

struct Include {
  fs::path file;
  std::string what;
};

/// Every #include of the sources under `folder`.
std::vector<Include> includes_under(const std::string& folder) {
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(source_folder() / folder)) {
    const auto ending = entry.path().extension();
    if (ending != ".h" && ending != ".cpp") continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("#include ")) continue;
      found.push_back({entry.path(), line.substr(10, line.find_last_of(">\"") - 10)});
    }
  }
  return found;
}

void check_never_includes(const std::string& folder, const std::set<std::string>& forbidden) {
  const auto includes = includes_under(folder);
  CHECK(includes.size() > 20);
  for (const auto& [file, what] : includes) {
    const std::string top = what.substr(0, what.find_first_of("/."));
    CHECK_MESSAGE(!forbidden.contains(top), file.string(), " includes ", what);
  }
}

}  // namespace

TEST_CASE("registry knows no network, no pixels and nothing above it") {
  check_never_includes("registry", {"uploaders", "app", "curl", "httplib", "imgui", "GLFW", "glad", "CLI"});
}

TEST_CASE("uploaders know no pixels and nothing above them") {
  check_never_includes("uploaders", {"app", "imgui", "GLFW", "glad", "CLI"});
}

TEST_CASE("the face reaches platforms only through uploaders") {
  check_never_includes("app", {"curl", "httplib"});
}

namespace {

/// A folder, and the folders of its layer that it may include. docs/architecture.md draws this.
struct Room {
  std::string_view name;
  std::vector<std::string_view> knows;
};

const std::vector<Room> kRooms{
    {"registry/base", {}},
    {"registry/files", {"base"}},
    {"registry/store", {"base", "files"}},
    {"registry/posts", {"base", "store"}},
    {"registry/videos", {"base", "files", "store", "posts"}},
    {"registry/ledger", {"base", "store", "posts", "videos"}},
    {"registry/queue", {"base", "store", "posts", "videos"}},
    {"registry/picture", {"base", "store", "ledger"}},
    {"registry/practice", {"base", "store", "videos"}},
    {"uploaders/transfer", {}},
    {"uploaders/metadata", {}},
    {"uploaders/browser", {}},
    {"uploaders/row", {"transfer"}},  // what a platform is
    {"uploaders/accounts", {"transfer", "row"}},
    {"uploaders/platform", {"transfer", "metadata", "accounts"}},
    {"uploaders/web", {"metadata", "browser", "row", "accounts", "platform"}},
    {"uploaders/practice/core", {"transfer", "row", "accounts"}},
    {"uploaders/practice/youtube", {"practice/core"}},
    {"uploaders/practice/tiktok", {"practice/core"}},
    {"uploaders/practice/instagram", {"transfer", "practice/core"}},
    {"uploaders/practice", {"row", "practice/core"}},
    {"uploaders/youtube", {"transfer", "metadata", "row", "platform", "practice/core", "practice/youtube"}},
    {"uploaders/tiktok",
     {"transfer", "metadata", "row", "accounts", "platform", "practice/core", "practice/tiktok"}},
    {"uploaders/instagram",
     {"transfer", "metadata", "row", "accounts", "platform", "practice/core", "practice/instagram"}},
    {"uploaders", {"row", "youtube", "tiktok", "instagram"}},  // the list of platforms
    {"uploaders/stage", {"metadata", "row", "accounts", "platform", "web"}},
    {"uploaders/queue", {"transfer", "metadata", "row", "accounts", "platform", "web", "stage"}},
    {"uploaders/webhooks", {"transfer"}},
    {"app/model", {}},
    {"app/ui", {"model"}},
    {"app/views", {"model", "ui"}},
    {"app/engine", {"model"}},
    {"app/window", {"ui", "views", "engine"}},
    {"app/pipeline", {}},
    {"app/cli", {"window", "pipeline"}},
    {"app", {"cli"}},
};

/// The file's folder, and its layer.
std::string folder_of(const fs::path& file) {
  return file.parent_path().lexically_relative(source_folder().lexically_normal()).generic_string();
}

/// Header and source together; what stands in X_impl.h belongs to X.
std::string module_of(std::string file) {
  file.resize(file.find_last_of('.'));
  return file.ends_with("_impl") ? file.substr(0, file.size() - 5) : file;
}

using Modules = std::map<std::string, std::set<std::string>>;

/// What a module reaches by way of others that include it; "" for none.
std::string cycle_from(const Modules& modules, const std::string& from) {
  std::set<std::string> seen;
  std::vector<std::string> open{from};
  while (!open.empty()) {
    const auto includes = modules.find(open.back());
    open.pop_back();
    if (includes == modules.end()) continue;
    for (const std::string& next : includes->second) {
      if (next == from) return includes->first;
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  return {};
}

}  // namespace

TEST_CASE("inside a layer a room knows only those that it is built on") {
  for (const char* layer : {"registry", "uploaders", "app"})
    for (const auto& [file, what] : includes_under(layer)) {
      const std::string folder = folder_of(file), target = fs::path(what).parent_path().generic_string();
      if (folder == target || !(target + "/").starts_with(std::string(layer) + "/")) continue;
      const auto room = std::ranges::find(kRooms, folder, &Room::name);
      REQUIRE_MESSAGE(room != kRooms.end(), "no such room: ", folder);
      const std::string known = target == layer ? "" : target.substr(std::string_view(layer).size() + 1);
      CHECK_MESSAGE(std::ranges::count(room->knows, known) == 1, file.string(), " includes ", what);
    }
}

TEST_CASE("no module knows itself by way of others") {
  Modules modules;
  for (const char* layer : {"registry", "uploaders", "app"})
    for (const auto& [file, what] : includes_under(layer)) {
      const std::string from = module_of(folder_of(file) + "/" + file.filename().string());
      if (what.ends_with(".h") && module_of(what) != from) modules[from].insert(module_of(what));
    }
  CHECK(modules.size() > 150);
  for (const auto& [module, includes] : modules)
    CHECK_MESSAGE(cycle_from(modules, module).empty(), module, " and ", cycle_from(modules, module));
}

TEST_CASE("no source file is longer than 400 lines") {
  for (const char* folder : {"registry", "uploaders", "app"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source_folder() / folder)) {
      const auto ending = entry.path().extension();
      if (ending != ".h" && ending != ".cpp") continue;
      std::ifstream in(entry.path());
      std::size_t lines = 0;
      for (std::string line; std::getline(in, line);) ++lines;
      CHECK_MESSAGE(lines <= 400, entry.path().string(), " has ", lines, " lines");
    }
  }
}

TEST_CASE("the JSON library's parser is called in registry/base/json.cpp alone") {
  std::size_t doors = 0;
  for (const char* folder : {"registry", "uploaders", "app"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source_folder() / folder)) {
      const auto ending = entry.path().extension();
      if (ending != ".h" && ending != ".cpp") continue;
      std::ifstream in(entry.path());
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      for (const char* call :
           {"json::parse(", "Json::parse(", "Document::parse(", "::sax_parse(", "::accept("})
        if (text.find(call) != text.npos) {
          ++doors;
          CHECK_MESSAGE(entry.path().filename() == "json.cpp", entry.path().string(), " calls ", call);
        }
    }
  }
  CHECK(doors == 1);
}
