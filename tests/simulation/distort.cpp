#include "tests/simulation/distort.h"

#include <algorithm>
#include <vector>

#include "registry/base/json.h"

namespace asfs::sim {
namespace {

struct Field {
  Json* parent;
  std::string key;
};

void collect(Json& at, std::vector<Field>& fields) {
  if (at.is_object())
    for (auto& [key, value] : at.items()) {
      fields.push_back({&at, key});
      collect(value, fields);
    }
  if (at.is_array())
    for (Json& one : at) collect(one, fields);
}

/// Words out of a platform's own list, as against words of people and ids.
bool is_word(const std::string& key) {
  static constexpr std::string_view kKeys[] = {
      "status", "status_code",   "code",       "uploadStatus",     "fail_reason", "type",
      "reason", "privacyStatus", "media_type", "processingStatus", "kind"};
  return std::ranges::find(kKeys, key) != std::end(kKeys);
}

Json other_type(const Json& value, Dice& dice) {
  switch (dice.below(4)) {
    case 0:
      return value.is_string() ? Json(value.get<std::string>().size()) : Json(value.dump());
    case 1:
      return Json::array({value});
    case 2:
      return Json{{"value", value}};
    default:
      return value.is_boolean() ? Json(1) : Json(false);
  }
}

std::string distort_header(HttpResponse& response, Trouble kind, Dice& dice) {
  static constexpr std::string_view kMeaning[] = {"Location", "Range", "Content-Range"};
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    auto& [name, value] = response.headers[i];
    if (std::ranges::find(kMeaning, name) == std::end(kMeaning)) continue;
    std::string changed = name;
    static constexpr const char* kOdd[] = {"", "bytes=0--1", "bytes 5-2/1", "bytes=0-99999999999999999999",
                                           "?"};
    if (kind == Trouble::omit || kind == Trouble::null_field)
      response.headers.erase(response.headers.begin() + static_cast<std::ptrdiff_t>(i));
    else
      value = dice.pick(kOdd);
    return changed;
  }
  return {};
}

}  // namespace

std::string distort_answer(HttpResponse& response, Trouble kind, Dice dice) {
  Json document = Json::parse(response.body, nullptr, false);
  std::vector<Field> fields;
  if (!document.is_discarded()) collect(document, fields);
  if (kind == Trouble::word) std::erase_if(fields, [](const Field& field) { return !is_word(field.key); });
  if (fields.empty()) return distort_header(response, kind, dice);
  const Field field = dice.pick(fields);
  Json& value = (*field.parent)[field.key];
  static constexpr const char* kWords[] = {"SOMETHING_NEW", "", "in review", "PROCESSING_MODERATION", "ok "};
  switch (kind) {
    case Trouble::omit:
      field.parent->erase(field.key);
      break;
    case Trouble::null_field:
      value = nullptr;
      break;
    case Trouble::other_type:
      value = other_type(Json(value), dice);
      break;
    default:
      value = dice.pick(kWords);
  }
  response.body = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  return field.key;
}

bool leave_out(HttpResponse& response, const std::string& name) {
  Json document = Json::parse(response.body, nullptr, false);
  std::vector<Field> fields;
  if (!document.is_discarded()) collect(document, fields);
  bool any = false;
  for (const Field& field : fields)
    if (field.key == name) any = field.parent->erase(name) > 0 || any;
  if (any) response.body = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  return any || std::erase_if(response.headers, [&](const auto& header) { return header.first == name; }) > 0;
}

void echo_secret(HttpResponse& response, std::string_view secret) {
  Json document = Json::parse(response.body, nullptr, false);
  const std::string said = "Authorization: Bearer " + std::string(secret) + " was not liked";
  if (!document.is_object()) {
    response.body += "<pre>" + said + "</pre>";
    return;
  }
  for (const char* key : {"error", "debug_info"})
    if (document.contains(key) && document[key].is_object()) document[key]["message"] = said;
  if (document.contains("status") && document["status"].is_string() && document.contains("status_code"))
    document["status"] = "Error: " + said;
  response.body = document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace asfs::sim
