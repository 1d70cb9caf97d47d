// log.jsonl in a source's folder: every child that worked on it, in the order of their ends: when it began,
// its command line, how long it took, how it ended, and its last words. For who wants to know why a run went
// as it did, and what it cost.
//
// One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "registry/base/process.h"

namespace asfs::pipeline {

class ChildLog {
 public:
  /// What was noted before, and all that comes, goes to the log in this folder, a line each. At 4 MiB it
  /// becomes log.jsonl.1. A line that cannot be written is let go: nothing stops by it.
  void write_to(const std::filesystem::path& folder);

  /// Of a command of the user's, which may hold a secret, only the program's name.
  void note(const EndedChild& child);

 private:
  void write(const std::string& line) const;

  std::filesystem::path file_;
  std::vector<std::string> before_;
};

}  // namespace asfs::pipeline
