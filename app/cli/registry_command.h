// What the commands share that work on the registry alone.
#pragma once

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "registry/videos/video_registry.h"
#include "uploaders/stage/clips.h"

namespace asfs {

/// Opens the registry and runs `work` with it; an Error of either becomes the exit code.
template <class Work>
int with_registry(const Invocation& call, Work work) {
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return report(registry.error());
  const Result<int> code = work(*registry);
  return code ? *code : report(code.error());
}

/// The same for commands that only look: also at a library that cannot be written.
template <class Work>
int with_registry_to_read(const Invocation& call, Work work) {
  auto registry = VideoRegistry::open_to_read(call.library);
  if (!registry) return report(registry.error());
  const Result<int> code = work(*registry);
  return code ? *code : report(code.error());
}

/// What was registered, skipped and failed, and `also` for people; returns the exit code.
int print_report(const Invocation& call, const RegistrationReport& report, const std::string& also = {});

/// Every mistake of a CSV on a line of its own; returns the exit code.
int report_mistakes(const std::filesystem::path& csv, const ClipsReport& clips);

}  // namespace asfs
