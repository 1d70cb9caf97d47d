// What stands in for Example on this machine, as strict as the real one. Thread-safe.
#pragma once

#include "uploaders/practice/core/stand_in.h"

namespace asfs::practice {

class Example final : public StandIn {
 public:
  explicit Example(const StandInParts& parts) : parts_(parts) {}

  bool serves(std::string_view path) const override { return path.starts_with("/example/"); }
  Answer answer(Request& request) override;

 private:
  Answer open(Request& request);
  Answer continue_upload(Request& request, const std::string& id);
  Answer finish(Request& request, const StoredSession& session, std::uint64_t size, Step step);
  std::optional<Fault> strike(Request& request, Moment moment, Step step, std::string_view kind = {});

  const StandInParts parts_;
};

}  // namespace asfs::practice
