// The one type of a JSON document in this program: its members keep the order they were written in.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace asfs {

using Json = nlohmann::ordered_json;

}  // namespace asfs
