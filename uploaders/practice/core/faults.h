// Faults: what goes wrong on demand. A fault names a platform, a kind and how often it fires; it strikes the
// next matching requests. A platform's faults come one after the other: the second waits until the first has
// fired as often as it may. Kept in the store, so that a restarted server still has them. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/result.h"
#include "uploaders/practice/core/exchange.h"
#include "uploaders/practice/core/store.h"

namespace asfs::practice {

/// When in the course of a request a kind strikes.
enum class Moment : std::uint8_t {
  before,    ///< in place of doing anything
  body,      ///< while the video's bytes come in
  finished,  ///< once the last byte is stored
  listing,   ///< when videos are looked up
  answered,  ///< on the way of the answer, after everything was done
  page,      ///< in a page of the web studio
};

struct Fault {
  std::int64_t id = 0;
  std::string kind;
  Json spec;

  std::int64_t number(const char* field, std::int64_t otherwise) const {
    return spec.value(field, otherwise);
  }
  std::string text(const char* field) const { return spec.value(field, std::string()); }
};

class Faults {
 public:
  explicit Faults(Store& store) : store_(store) {}

  /// Adds the fault that `json` describes; the Error says which field is wrong.
  Result<Json> add(std::string_view json);
  Json list();
  /// Not taken back, however often it has fired.
  bool stands(const Fault& fault) { return store_.has_fault(fault.id); }
  bool remove(std::int64_t id) { return store_.remove_fault(id); }
  void clear() { store_.remove_faults(); }

  using Accept = std::function<bool(const Fault&)>;
  /// The platform's fault whose turn it is, if it strikes here; nothing is counted yet.
  std::optional<Fault> find(std::string_view platform, Moment moment, Step step, const Accept& accept = {});
  /// Counts the firing; false when another request was faster.
  bool fire(const Fault& fault) { return store_.count_fault(fault.id); }
  /// Changes a field of a platform's answer, where a fault says so.
  void distort_answer(Request& request, Answer& answer);

 private:
  Store& store_;
};

}  // namespace asfs::practice
