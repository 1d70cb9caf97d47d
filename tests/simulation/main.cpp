// simulate N [--seed S] [--platform P]: N runs of the upload stage in simulated worlds, on all cores. Prints
// what must never be with the story of how it came about, and ends with 1 then. See docs/architecture.md,
// "Proof".
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/simulation/shrink.h"

namespace asfs::sim {
namespace {

constexpr const char* kPlatforms[] = {"TikTok", "Instagram", "YouTube"};
constexpr const char* kUsage =
    "usage: simulate [N] [--seed S] [--platform P] [--jobs J]   N seeds from S on (20000 from 1)\n"
    "       simulate --tell SEED --platform P [--strikes \"crash#0 omit#3\"]   one run as a story\n"
    "       simulate --again FILE   the runs of a list: PLATFORM SEED [STRIKES]\n"
    "       --quiet: nothing is shrunk and told; --coverage: all that was visited\n"
    "       --posts-only: a false FAILED is no violation; --first: ends with the first violation\n";

struct Arguments {
  std::uint64_t runs = 20'000, seed = 1;
  std::string platform, again, strikes;
  bool tell = false, quiet = false, coverage = false, any_strikes = false, posts_only = false;
  bool first = false;
  int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
};

struct Failure {
  std::string platform;
  std::uint64_t seed = 0, count = 0;
  std::string violation;
};
using Failures = std::map<std::string, Failure>;  // by platform and kind

std::string platform_of(const Arguments& arguments, std::uint64_t seed) {
  return arguments.platform.empty() ? kPlatforms[mix(seed, 3) % 3] : arguments.platform;
}

void note(Failures& failures, const Failure& failure) {
  Failure& known = failures[failure.platform + ": " + kind_of(failure.violation)];
  const auto count = known.count + failure.count;
  if (known.violation.empty() || failure.seed < known.seed) known = failure;
  known.count = count;
}

// Every job has each J-th seed. Some runs are made twice: the same seed must do the same.
void work(const Arguments& arguments, int job, volatile bool* over, std::ostream& out) {
  Bench bench;
  Failures failures;
  for (std::uint64_t i = static_cast<std::uint64_t>(job); i < arguments.runs;
       i += static_cast<std::uint64_t>(arguments.jobs)) {
    if (*over) break;
    const std::uint64_t seed = arguments.seed + i;
    const RunOptions options{
        .platform = platform_of(arguments, seed), .seed = seed, .posts_only = arguments.posts_only};
    const RunReport report = bench.run(options);
    if (!report.violation.empty()) *over = arguments.first;
    if (!report.violation.empty()) note(failures, {options.platform, seed, 1, report.violation});
    if (seed % 200 == 0 && bench.run(options).hash != report.hash)
      note(failures, {options.platform, seed, 1, "the same seed does not do the same"});
  }
  for (const auto& [kind, failure] : failures)
    out << "F\t" << failure.platform << '\t' << failure.seed << '\t' << failure.count << '\t'
        << failure.violation << '\n';
  for (const auto& [key, count] : bench.coverage()) out << "C\t" << count << '\t' << key << '\n';
}

void tell(Bench& bench, const Failure& failure, bool posts_only) {
  const RunReport report =
      shrunk(bench, {.platform = failure.platform, .seed = failure.seed, .posts_only = posts_only});
  fmt::print("\n---- {} seed {} ({} of the runs like this): {}\n", failure.platform, failure.seed,
             failure.count, report.violation);
  for (const std::string& line : report.story) fmt::print("{}\n", line);
  fmt::print("again: simulate --tell {} --platform {} --strikes \"{}\"\n", failure.seed, failure.platform,
             text_of(report.struck));
}

int search(const Arguments& arguments) {
  const auto started = std::chrono::steady_clock::now();
  std::vector<std::pair<pid_t, std::string>> jobs;
  // Shared by all jobs: the first violation ends the search, where no more is wanted.
  auto* const over = static_cast<volatile bool*>(
      ::mmap(nullptr, sizeof(bool), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  for (int job = 0; job < arguments.jobs; ++job) {
    std::string file = "/tmp/asfs-simulate-XXXXXX";
    ::close(mkstemp(file.data()));
    const pid_t child = ::fork();
    if (child == 0) {
      std::ofstream out(file);
      work(arguments, job, over, out);
      out.close();
      ::_exit(out ? 0 : 1);
    }
    jobs.emplace_back(child, file);
  }
  Failures failures;
  std::map<std::string, std::uint64_t> coverage;
  bool died = false;
  for (const auto& [child, file] : jobs) {
    int status = 0;
    ::waitpid(child, &status, 0);
    died = died || status != 0;
    std::ifstream in(file);
    for (std::string line, word; std::getline(in, line);) {
      std::istringstream fields(line);
      std::getline(fields, word, '\t');
      if (word == "F") {
        Failure failure;
        std::getline(fields, failure.platform, '\t');
        std::getline(fields, word, '\t'), failure.seed = std::stoull(word);
        std::getline(fields, word, '\t'), failure.count = std::stoull(word);
        std::getline(fields, failure.violation);
        note(failures, failure);
      } else {
        std::getline(fields, word, '\t');
        std::string key;
        std::getline(fields, key);
        coverage[key] += std::stoull(word);
      }
    }
    std::remove(file.c_str());
  }
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (arguments.coverage)
    for (const auto& [key, count] : coverage) fmt::print("{:>9} {}\n", count, key);
  fmt::print("{} runs from seed {} in {:.0f} s; {} pairs of state and answer; {} kinds of violations\n",
             arguments.runs, arguments.seed, took, coverage.size(), failures.size());
  for (const auto& [kind, failure] : failures)
    fmt::print("{:>7} x {} (first seed {})\n", failure.count, kind, failure.seed);
  if (!arguments.quiet && !failures.empty()) {
    Bench bench;
    int told = 0;
    for (const auto& [kind, failure] : failures)
      if (told++ < 6) tell(bench, failure, arguments.posts_only);
  }
  if (died) fmt::print("a simulating process died\n");
  return failures.empty() && !died ? 0 : 1;
}

int one(const Arguments& arguments) {
  Bench bench;
  RunOptions options{.platform = platform_of(arguments, arguments.seed),
                     .seed = arguments.seed,
                     .told = true,
                     .posts_only = arguments.posts_only};
  if (arguments.any_strikes) options.only = strikes_in(arguments.strikes);
  const RunReport report = bench.run(options);
  for (const std::string& line : report.story) fmt::print("{}\n", line);
  fmt::print("struck: {}\n{}\n", text_of(report.struck),
             report.violation.empty() ? "all is well" : report.violation);
  return report.violation.empty() ? 0 : 1;
}

int again(const Arguments& arguments) {
  Bench bench;
  std::ifstream in(arguments.again);
  if (!in) return fmt::print(stderr, "cannot read {}\n", arguments.again), 2;
  int failed = 0, runs = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream words(line);
    RunOptions options;
    std::string strikes;
    words >> options.platform >> options.seed;
    std::getline(words, strikes);
    if (strikes.find('#') != strikes.npos) options.only = strikes_in(strikes);
    const RunReport report = bench.run(options);
    ++runs;
    if (report.violation.empty()) continue;
    ++failed;
    fmt::print("{}: {}\n", line, report.violation);
  }
  fmt::print("{} of {} runs that failed once fail again\n", failed, runs);
  return failed ? 1 : 0;
}

int run(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
    if (word == "--seed")
      arguments.seed = std::stoull(value());
    else if (word == "--platform")
      arguments.platform = value();
    else if (word == "--jobs")
      arguments.jobs = std::max(1, std::stoi(value()));
    else if (word == "--tell")
      arguments.tell = true, arguments.seed = std::stoull(value());
    else if (word == "--strikes")
      arguments.any_strikes = true, arguments.strikes = value();
    else if (word == "--again")
      arguments.again = value();
    else if (word == "--first")
      arguments.first = arguments.quiet = true;
    else if (word == "--posts-only")
      arguments.posts_only = true;
    else if (word == "--quiet")
      arguments.quiet = true;
    else if (word == "--coverage")
      arguments.coverage = true;
    else if (!word.empty() && word.find_first_not_of("0123456789") == word.npos)
      arguments.runs = std::stoull(word);
    else
      return fmt::print(stderr, "{}", kUsage), 2;
  }
  if (!arguments.again.empty()) return again(arguments);
  return arguments.tell ? one(arguments) : search(arguments);
}

}  // namespace
}  // namespace asfs::sim

int main(int argc, char** argv) {
  ::setenv("TZ", "UTC", 1);
  // One thread alone opens libraries here.
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  // And no other process looks at them: they need no locks of the system.
  sqlite3_vfs_register(sqlite3_vfs_find("unix-excl"), 1);
  try {
    return asfs::sim::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "simulate: {}\n", error.what());
    return 2;
  }
}
