// The tests of the registry have no platforms, only their names.
#include "registry/store/platform_names.h"

namespace {

[[maybe_unused]] const bool kNamed = (asfs::know_platforms({"Instagram", "TikTok", "YouTube"}), true);

}  // namespace
