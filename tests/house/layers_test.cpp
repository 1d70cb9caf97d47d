// The layers, kept by reading every #include: vendor <- registry <- uploaders <- app.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
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
