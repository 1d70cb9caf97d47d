#include "tests/simulation/shrink.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace asfs::sim {

std::string kind_of(const std::string& violation) {
  std::string kind;
  for (const char c : violation.substr(0, std::min(violation.find(", which is not"), violation.find(": "))))
    if (!std::isdigit(static_cast<unsigned char>(c))) kind += c;
  for (const std::string film : {"film_a", "film_b"})
    for (auto at = kind.find(film); at != kind.npos; at = kind.find(film))
      kind.replace(at, film.size(), "a film");
  return kind.substr(0, 90);
}

RunReport shrunk(Bench& bench, RunOptions failing) {
  RunReport best = bench.run(failing);
  const std::string kind = kind_of(best.violation);
  const auto fails_with = [&](const std::vector<Strike>& strikes) {
    RunOptions fewer = failing;
    fewer.only = Strikes(strikes.begin(), strikes.end());
    RunReport report = bench.run(fewer);
    if (report.violation.empty() || kind_of(report.violation) != kind) return false;
    best = std::move(report);
    return true;
  };
  // What did not strike before the violation is gone at once; then ever smaller parts are left out.
  std::vector<Strike> strikes(best.struck.begin(), best.struck.end());
  for (std::size_t part = std::max<std::size_t>(1, strikes.size() / 2);;) {
    bool fewer = false;
    for (std::size_t at = 0; at < strikes.size();) {
      std::vector<Strike> rest(strikes);
      const auto from = rest.begin() + static_cast<std::ptrdiff_t>(at);
      rest.erase(from, from + static_cast<std::ptrdiff_t>(std::min(part, rest.size() - at)));
      if (fails_with(rest))
        strikes.assign(best.struck.begin(), best.struck.end()), fewer = true;
      else
        at += part;
    }
    if (part == 1 && !fewer) break;
    if (!fewer) part = std::max<std::size_t>(1, part / 2);
    part = std::min(part, std::max<std::size_t>(1, strikes.size()));
  }
  failing.only = best.struck;
  failing.told = true;
  return bench.run(failing);
}

}  // namespace asfs::sim
