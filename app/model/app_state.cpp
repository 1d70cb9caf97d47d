#include "app/model/app_state.h"

#include <algorithm>

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

DestinationChoice shown_columns(std::span<const DestinationColumn> columns, const WindowSettings& settings) {
  DestinationChoice shown;
  for (std::size_t i = 0; i < columns.size(); ++i)
    shown[i] = !columns[i].destination.removed &&
               std::ranges::find(settings.hidden, columns[i].destination.name) == settings.hidden.end();
  return shown;
}

// Where nothing is hidden that is everywhere, also where the next column comes.
DestinationChoice filtered_columns(std::span<const DestinationColumn> columns,
                                   const WindowSettings& settings) {
  const DestinationChoice shown = shown_columns(columns, settings);
  DestinationChoice where = kEveryDestination;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (shown[i] && columns[i].destination.name == settings.narrowed) return DestinationChoice().set(i);
    where[i] = shown[i];
  }
  return where;
}

}  // namespace asfs
