// What the test programs hand in where the program's main() does.
#include "uploaders/all_platforms.h"

namespace {

[[maybe_unused]] const bool kUsed = (asfs::use_platforms(asfs::all_platforms()), true);

}  // namespace
