#include "app/model/app_state.h"

#include "uploaders/row/platforms.h"

namespace asfs {

std::vector<DestinationColumn> destination_columns(const Destinations& destinations) {
  std::vector<DestinationColumn> columns;
  for (const Destination& one : destinations) {
    const Platform& platform = platform_at(one.platform);
    columns.push_back({one, *platform.look->icon, *platform.look->colour, &platform});
  }
  return columns;
}

}  // namespace asfs
