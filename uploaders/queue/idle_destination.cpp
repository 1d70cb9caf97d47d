#include "uploaders/queue/idle_destination.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/ledger/upload_ledger.h"
#include "registry/queue/upload_queue.h"
#include "registry/store/destinations.h"

namespace asfs {

Result<void> remove_idle_destination(VideoRegistry& registry, std::string_view name) {
  const auto items = UploadQueue(registry).list();
  if (!items) return std::unexpected(items.error());
  const auto unfinished = UploadLedger(registry).unfinished();
  if (!unfinished) return std::unexpected(unfinished.error());
  const auto is_its = [&](const auto& one) { return one.platform == name; };
  if (std::ranges::any_of(*items, is_its))
    return fail(Code::blocked, fmt::format("uploads to {} wait in the queue; cancel them first", name));
  if (std::ranges::any_of(*unfinished, is_its))
    return fail(Code::blocked,
                fmt::format("an upload to {} has not ended: what became of it must be known first", name));
  return remove_destination(registry.library(), name);
}

}  // namespace asfs
