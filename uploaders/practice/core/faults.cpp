#include "uploaders/practice/core/faults.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "registry/base/json.h"
#include "uploaders/row/platforms.h"

namespace asfs::practice {
namespace {

struct Field {
  std::string_view name;
  bool required = false;
};

struct Kind {
  std::string_view name;
  Moment moment;
  std::vector<Step> steps;  ///< unless the fault says "on"
  std::vector<Field> fields;
};

const std::vector<Step> kAnswered{Step::initiate, Step::send, Step::status_query, Step::api, Step::publish};

/// What goes wrong in the web studios; most take "seconds", where something is to last.
constexpr std::array<std::string_view, 24> kWebKinds{
    "web_signed_out",   "web_verify",       "web_wrong_account", "web_limit",       "web_refused",
    "web_accepted",     "web_no_answer",    "web_lost",          "web_unconfirmed", "web_tour",
    "web_cookies",      "web_overlay",      "web_dialog",        "web_slow_checks", "web_late_title",
    "web_draft_banner", "web_checks_offer", "web_continue",      "web_layout_b",    "web_under_review",
    "web_pinned",       "web_crash",        "web_upload_stalls", "web_guard"};

std::vector<Kind> all_kinds();

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> table = all_kinds();
  return table;
}

std::vector<Kind> all_kinds() {
  std::vector<Kind> table{
      {"status",
       Moment::before,
       {Step::initiate, Step::send, Step::status_query},
       {{"status"}, {"reason"}, {"retry_after"}, {"body"}, {"on"}}},
      {"token_expired",
       Moment::before,
       {Step::initiate, Step::send, Step::status_query, Step::api, Step::publish},
       {{"on"}}},
      {"expired_session", Moment::before, {Step::send, Step::status_query}, {{"status"}, {"on"}}},
      {"reset", Moment::body, {Step::send}, {{"at_byte", true}}},
      {"partial", Moment::body, {Step::send}, {{"at_byte", true}}},
      {"stall", Moment::body, {Step::send}, {{"at_byte"}, {"seconds", true}}},
      {"slow", Moment::body, {Step::send}, {{"bytes_per_second", true}}},
      {"lost_answer", Moment::finished, {Step::send, Step::status_query, Step::publish}, {}},
      {"published_unknown", Moment::finished, {Step::publish}, {}},
      {"upload_error", Moment::finished, {Step::send}, {}},
      {"processing_failed", Moment::finished, {Step::send, Step::status_query}, {{"reason"}}},
      {"invalid_grant", Moment::finished, {Step::oauth}, {}},
      {"invalid_client", Moment::finished, {Step::oauth}, {}},
      {"several_accounts", Moment::listing, {Step::api}, {}},
      {"fewer_scopes", Moment::finished, {Step::oauth}, {}},
      {"malformed", Moment::before, {Step::initiate, Step::status_query, Step::api}, {{"on"}}},
      {"lost_init", Moment::finished, {Step::initiate}, {}},
      {"still_processing", Moment::listing, {Step::api, Step::status_query}, {}},
      {"post_id_late", Moment::listing, {Step::status_query}, {}},
      {"forgotten", Moment::listing, {Step::status_query}, {}},
      {"rejected_later", Moment::listing, {Step::api}, {{"reason"}}},
      {"forced_private", Moment::listing, {Step::api}, {}},
      {"omit", Moment::answered, kAnswered, {{"field", true}, {"on"}}},
      {"late", Moment::answered, kAnswered, {{"field", true}, {"on"}}},
      {"word", Moment::answered, kAnswered, {{"field", true}, {"word"}, {"on"}}},
      {"not_listed", Moment::listing, {Step::api, Step::status_query}, {}},
      {"web_garbled", Moment::page, {Step::page}, {{"body"}}},
  };
  for (const std::string_view name : kWebKinds)
    table.push_back({name, Moment::page, {Step::page}, {{"seconds"}}});
  return table;
}

struct NumberLimits {
  std::string_view field;
  std::int64_t least;
  std::int64_t most;
};
constexpr std::int64_t kMuch = 1'000'000'000'000'000;
constexpr std::array<NumberLimits, 6> kNumbers{{{"times", 1, 1'000'000},
                                                {"at_byte", 0, kMuch},
                                                {"seconds", 0, 86'400},
                                                {"bytes_per_second", 1, kMuch},
                                                {"status", 400, 599},
                                                {"retry_after", 0, 1'000'000}}};

constexpr std::array<std::pair<std::string_view, Step>, 5> kStepNames{{{"initiate", Step::initiate},
                                                                       {"send", Step::send},
                                                                       {"status_query", Step::status_query},
                                                                       {"api", Step::api},
                                                                       {"publish", Step::publish}}};

const Kind* find_kind(std::string_view name) {
  const auto found = std::ranges::find(kinds(), name, &Kind::name);
  return found == kinds().end() ? nullptr : &*found;
}

std::optional<Step> find_step(const Json& name) {
  if (name.is_string())
    for (const auto& [text, step] : kStepNames)
      if (name.get_ref<const std::string&>() == text) return step;
  return std::nullopt;
}

std::unexpected<Error> wrong(std::string message) {
  return fail(Code::usage, std::move(message));
}

Result<void> check_text(const std::string& field, const Json& value) {
  if (field == "body") {
    if (value != "html" && value != "empty") return wrong("\"body\" must be \"html\" or \"empty\"");
    return {};
  }
  if (!value.is_string()) return wrong(fmt::format("\"{}\" must be text", field));
  const auto& text = value.get_ref<const std::string&>();
  const auto plain = [&](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || (c == '-' && field == "field");  // headers have it
  };
  if (text.empty() || text.size() > 80 || !std::ranges::all_of(text, plain))
    return wrong(fmt::format("\"{}\" must be one word of letters, digits and _", field));
  return {};
}

Result<void> check_value(const std::string& field, const Json& value) {
  const auto limits = std::ranges::find(kNumbers, field, &NumberLimits::field);
  if (limits != kNumbers.end()) {
    const bool number = value.is_number_integer() || (field == "seconds" && value.is_number());
    if (number && value >= limits->least && value <= limits->most) return {};
    return wrong(fmt::format("\"{}\" must be a {}number from {} to {}", field,
                             field == "seconds" ? "" : "whole ", limits->least, limits->most));
  }
  if (field != "on") return check_text(field, value);
  const Json steps = value.is_array() ? value : Json::array({value});
  for (const Json& step : steps)
    if (!find_step(step))
      return wrong(
          "\"on\" must be \"initiate\", \"send\", \"status_query\", \"api\" or \"publish\", or an array of "
          "these");
  return {};
}

Result<void> check_platform(const Json& json) {
  const std::string platform =
      json.contains("platform") && json["platform"].is_string() ? json["platform"] : Json("");
  if (is_practised(platform)) return {};
  return wrong(fmt::format("\"platform\" must be one of: {}", fmt::join(known_platforms(), ", ")));
}

Result<const Kind*> check_kind(const Json& json) {
  const std::string name = json.contains("kind") && json["kind"].is_string() ? json["kind"] : Json("");
  if (const Kind* kind = find_kind(name)) return kind;
  std::vector<std::string_view> names;
  for (const Kind& kind : kinds()) names.push_back(kind.name);
  return wrong(fmt::format("\"kind\" must be one of: {}", fmt::join(names, ", ")));
}

/// The fields of `json` that belong to the kind, each checked.
Result<Json> check_fields(const Json& json, const Kind& kind) {
  Json spec = Json::object();
  for (const auto& [field, value] : json.items()) {
    if (field == "platform" || field == "kind") continue;
    const bool known =
        field == "times" || std::ranges::find(kind.fields, field, &Field::name) != kind.fields.end();
    if (!known) return wrong(fmt::format("\"{}\" has no field \"{}\"", kind.name, field));
    if (auto good = check_value(field, value); !good) return std::unexpected(good.error());
    if (field != "times") spec[field] = value;
  }
  for (const Field& field : kind.fields)
    if (field.required && !spec.contains(std::string(field.name)))
      return wrong(fmt::format("\"{}\" needs \"{}\"", kind.name, field.name));
  return spec;
}

Json to_json(const StoredFault& fault) {
  Json json{{"id", fault.id},
            {"platform", fault.platform},
            {"kind", fault.kind},
            {"times", fault.times},
            {"fired", fault.fired}};
  json.update(read_json(fault.spec));
  return json;
}

bool strikes_on(const Kind& kind, const Json& spec, Step step) {
  if (!spec.contains("on")) return std::ranges::find(kind.steps, step) != kind.steps.end();
  const Json& on = spec["on"];
  if (!on.is_array()) return find_step(on) == step;
  return std::ranges::any_of(on, [&](const Json& name) { return find_step(name) == step; });
}

}  // namespace

Result<Json> Faults::add(std::string_view text) {
  const Json json = read_json(text);
  if (!json.is_object())
    return wrong("a fault is a JSON object: {\"platform\":\"YouTube\",\"kind\":\"status\",...}");
  if (auto good = check_platform(json); !good) return std::unexpected(good.error());
  const auto kind = check_kind(json);
  if (!kind) return std::unexpected(kind.error());
  const auto spec = check_fields(json, **kind);
  if (!spec) return std::unexpected(spec.error());
  const StoredFault added = store_.add_fault({.platform = json["platform"],
                                              .kind = std::string((*kind)->name),
                                              .spec = dumped(*spec),
                                              .times = json.value("times", std::int64_t{1})});
  return to_json(added);
}

Json Faults::list() {
  Json all = Json::array();
  for (const StoredFault& fault : store_.faults()) all.push_back(to_json(fault));
  return all;
}

std::optional<Fault> Faults::find(std::string_view platform, Moment moment, Step step, const Accept& accept) {
  const auto stored = store_.fault_in_turn(platform);
  const Kind* kind = stored ? find_kind(stored->kind) : nullptr;
  if (!kind || kind->moment != moment) return std::nullopt;
  Fault fault{stored->id, stored->kind, read_json(stored->spec)};
  if (!fault.spec.is_object() || !strikes_on(*kind, fault.spec, step)) return std::nullopt;
  if (accept && !accept(fault)) return std::nullopt;
  return fault;
}

void Faults::distort_answer(Request& request, Answer& answer) {
  if (!request.step) return;
  Answer changed = answer;
  const auto fault = find(request.note.platform, Moment::answered, *request.step, [&](const Fault& f) {
    return distort(changed, f.kind, f.text("field"), f.spec.value("word", "SOMETHING_NEW"));
  });
  if (!fault || !fire(*fault)) return;
  answer = std::move(changed);
  request.note.fault = fault->kind;
}

}  // namespace asfs::practice
