// The local time zone of a test.
#pragma once

#include <cstdlib>
#include <ctime>
#include <string>

namespace asfs::test {

// Berlin's rule in full, so that no time zone database is needed.
inline constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";

/// Set for as long as this lives.
class Zone {
 public:
  explicit Zone(const char* name) : before_(std::getenv("TZ") ? std::getenv("TZ") : "") {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;
  ~Zone() {
    if (before_.empty())
      ::unsetenv("TZ");
    else
      ::setenv("TZ", before_.c_str(), 1);
    ::tzset();
  }

 private:
  std::string before_;
};

}  // namespace asfs::test
