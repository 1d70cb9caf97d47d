// The JSON type of the program, compiled once, and not again with every change of ours
// (registry/base/json.h).
#include <nlohmann/json.hpp>

template class nlohmann::basic_json<nlohmann::ordered_map>;
