#include "app/model/app_state.h"

#include "uploaders/row/platforms.h"

namespace asfs {

std::vector<DestinationColumn> destination_columns(const Destinations& destinations) {
  std::vector<DestinationColumn> columns;
  for (const Destination& one : destinations) {
    const Platform& platform = platform_at(one.platform);
    columns.push_back({.destination = one,
                       .icon = *platform.look->icon,
                       .colour = *platform.look->colour,
                       .platform = &platform,
                       .upload_to = "Upload to " + one.caption});
  }
  return columns;
}

}  // namespace asfs
