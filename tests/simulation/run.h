// One simulated run: two videos, one platform, one seed. The whole upload stage as it is in production, on a
// real library; beside it what people and other processes do. Ends in an honest world, where everything has
// to end well.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/sqlite.h"
#include "registry/store/config.h"
#include "registry/store/library.h"
#include "tests/simulation/world.h"

namespace asfs::sim {

struct RunOptions {
  std::string platform;
  std::uint64_t seed = 0;
  std::optional<Strikes> only;  ///< these strikes of trouble, instead of what the seed draws
  bool told = false;            ///< keeps the story
  bool posts_only =
      false;  ///< of the rows only a SUCCESS is looked at: what comes of a false FAILED is seen then
};

struct RunReport {
  std::string violation;  ///< empty: nothing wrong was seen
  std::vector<std::string> story;
  Strikes struck;
  std::uint64_t hash = 0;  ///< of all that was asked and answered, and of the rows in the end
};

/// A library in memory that is made new again for every run. One at a time for each process.
class Bench {
 public:
  Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench();

  RunReport run(const RunOptions& options);
  const Coverage& coverage() const { return coverage_; }

 private:
  void renew();

  KeptConnections connections_;
  std::filesystem::path folder_;
  std::optional<Database> renewer_;    ///< one connection without triggers, for what follows
  std::vector<std::string> renewing_;  ///< what makes the registry a new one again
  Library library_;
  Config config_;
  Coverage coverage_;
};

}  // namespace asfs::sim
