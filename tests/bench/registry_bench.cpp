// The write side and the checksums, each beside the least that the same work can cost.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <thread>
#include <vector>

#include "registry/files/checksum.h"
#include "registry/videos/video_registry.h"
#include "tests/bench/bench_library.h"

using namespace asfs;
using namespace asfs::bench;

namespace {

constexpr std::size_t kFileSize = 1'000'000'000;

/// One of the files to hash; written now, so that it is cached.
const std::filesystem::path& file_of(std::size_t number) {
  static const auto files = [] {
    std::array<std::filesystem::path, 2> paths{bench_folder() / "first.bin", bench_folder() / "second.bin"};
    std::vector<char> block(1'000'000);
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>(i * 2654435761u >> 13);
    for (const auto& path : paths) {
      std::ofstream out(path, std::ios::binary);
      for (std::size_t done = 0; done < kFileSize; done += block.size())
        out.write(block.data(), static_cast<std::streamsize>(block.size()));
    }
    return paths;
  }();
  return files[number];
}

/// The same bytes in ordinary memory of the program, too many for any cache, as the cached file is.
void sha256_memory(benchmark::State& state) {
  std::vector<char> memory(kFileSize);
  std::ifstream(file_of(0), std::ios::binary)
      .read(memory.data(), static_cast<std::streamsize>(memory.size()));
  for (auto _ : state) {
    std::array<unsigned char, 32> digest;
    EVP_Digest(memory.data(), memory.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    benchmark::DoNotOptimize(digest);
  }
}

void sha256_file(benchmark::State& state) {
  file_of(0);
  for (auto _ : state) benchmark::DoNotOptimize(must(checksum_file(file_of(0))));
}

/// Two files on two cores, as registration hashes them.
void sha256_two_files(benchmark::State& state) {
  file_of(1);
  for (auto _ : state) {
    std::jthread other([] { must(checksum_file(file_of(1))); });
    must(checksum_file(file_of(0)));
    other.join();
  }
}

constexpr auto kStatuses = std::array{UploadStatus::in_progress, UploadStatus::failed};

/// Each on a library of its own of the same kind, so that neither pays for the other's history.
Library status_library(const std::string& name) {
  const Library library = make_library(name, 1000, 1);
  must(open_registry_database(library))->execute("UPDATE video_uploads SET upload_status = 'FAILED'");
  return library;
}

void status_change_bare(benchmark::State& state) {
  static const auto db = must(open_registry_database(status_library("status-bare")));
  const Statement update(
      db->handle(),
      "UPDATE video_uploads SET upload_status = ?3, upload_timestamp = ?4, platform_post_id = NULL, "
      "error_message = ?5 WHERE video_id = ?1 AND platform = ?2");
  static unsigned long number = 0;
  for (auto _ : state) {
    const std::string id = video_id(++number % 1000);
    sqlite3_stmt* statement = update.handle();
    const auto bind = [&](int index, std::string_view text) {
      sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    };
    bind(1, id);
    bind(2, "YouTube");
    bind(3, names_of(kStatuses[number / 1000 % 2]).name);
    bind(4, "2026-02-11T08:00:00.000000");
    bind(5, "the platform answered HTTP 503");
    if (sqlite3_step(statement) != SQLITE_DONE) state.SkipWithError("not written");
    sqlite3_reset(statement);
  }
}

void status_change(benchmark::State& state) {
  static auto registry = must(VideoRegistry::open(status_library("status")));
  static unsigned long number = 0;
  for (auto _ : state) {
    const std::string id = video_id(++number % 1000);
    const auto written = registry.record_upload_attempt(id, "YouTube", kStatuses[number / 1000 % 2],
                                                        std::nullopt, "the platform answered HTTP 503");
    if (!written) state.SkipWithError(written.error().message.c_str());
  }
}

}  // namespace

BENCHMARK(sha256_memory)->Iterations(1)->Repetitions(5)->UseRealTime();
BENCHMARK(sha256_file)->Iterations(1)->Repetitions(5)->UseRealTime();
BENCHMARK(sha256_two_files)->Iterations(1)->Repetitions(5)->UseRealTime();
BENCHMARK(status_change_bare)->Iterations(2000)->Repetitions(15)->UseRealTime();
BENCHMARK(status_change)->Iterations(2000)->Repetitions(15)->UseRealTime();
