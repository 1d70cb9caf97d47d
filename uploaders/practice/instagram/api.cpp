// Who may ask, the questions about media and account, and the errors.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "registry/base/json.h"
#include "uploaders/practice/core/content_range.h"
#include "uploaders/practice/core/form.h"
#include "uploaders/practice/instagram/routes.h"

namespace asfs::practice {
namespace instagram {
namespace {

struct Usual {
  int status, code, subcode;
};
constexpr std::array<Usual, 6> kUsual{
    {{400, 100, 0}, {401, 190, 463}, {403, 10, 0}, {404, 100, 33}, {429, 4, 0}, {500, 2, 0}}};

bool is_rate_limit(int code, int subcode) {
  return (code == 4 && subcode == 0) || code == 17 || code == 32 || code == 613 || code == 80002;
}

/// `9_2207042`, `368`, `m1_2207001` (minus one).
std::pair<int, int> codes_of(std::string_view reason, int status) {
  const auto number = [](std::string_view text) {
    const bool minus = text.starts_with('m');
    const int value = static_cast<int>(parse_number(text.substr(minus ? 1 : 0)).value_or(0));
    return minus ? -value : value;
  };
  if (!reason.empty()) {
    const auto line = reason.find('_');
    return {number(reason.substr(0, line)), line == reason.npos ? 0 : number(reason.substr(line + 1))};
  }
  const auto usual = std::ranges::find(kUsual, status, &Usual::status);
  return usual == kUsual.end() ? std::pair(status >= 500 ? 2 : 100, 0)
                               : std::pair(usual->code, usual->subcode);
}

}  // namespace

Answer error(int status, int code, int subcode, std::string_view message) {
  Json body{{"message", message},
            {"type", "OAuthException"},
            {"code", code},
            {"is_transient", code == 1 || code == 2},
            {"fbtrace_id", random_id(22)}};
  if (subcode != 0) body["error_subcode"] = subcode;
  Answer answer = json_answer(status, Json::object({{"error", std::move(body)}}));
  if (is_rate_limit(code, subcode))
    answer.headers.emplace_back(
        "X-Business-Use-Case-Usage",
        dumped({{std::string(kUser), Json::array({{{"type", "instagram"},
                                                   {"call_count", 100},
                                                   {"estimated_time_to_regain_access", 5}}})}}));
  return answer;
}

Answer fault_answer(const Fault& fault) {
  if (fault.kind == "malformed") return malformed();
  if (fault.kind == "token_expired")
    return error(401, 190, 463, "Error validating access token: Session has expired.");
  const int status = static_cast<int>(fault.number("status", 503));
  const auto [code, subcode] = codes_of(fault.text("reason"), status);
  Answer answer = error(status, code, subcode, "an injected fault");
  spoil(answer, fault.text("body"));
  if (const auto seconds = fault.number("retry_after", -1); seconds >= 0)
    answer.headers.emplace_back("Retry-After", std::to_string(seconds));
  return answer;
}

Json pick(const Json& whole, const std::vector<std::string>& fields) {
  Json picked{{"id", whole["id"]}};
  for (const std::string& field : fields)
    if (whole.contains(field)) picked[field] = whole[field];
  return picked;
}

std::string shortcode(const std::string& id) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string code;
  for (auto number = parse_number(id).value_or(0); number > 0; number /= 64) code += alphabet[number % 64];
  code.resize(11, 'A');
  return {code.rbegin(), code.rend()};
}

}  // namespace instagram

namespace {

using instagram::error;
using instagram::kUser;

constexpr std::string_view kUpload = "/ig-api-upload/";
constexpr std::size_t kMostBody = 64 * 1024;

/// `/v25.0/` and what follows it; "" when the path begins with no version.
std::string_view after_version(std::string_view path) {
  if (!path.starts_with("/v")) return {};
  const auto end = path.find('/', 2);
  const std::string_view version = path.substr(2, end == path.npos ? end : end - 2);
  const bool good =
      version.find('.') != version.npos && version.find_first_not_of("0123456789.") == version.npos;
  return good && end != path.npos ? path.substr(end + 1) : std::string_view();
}

/// Parameters may come by query, as a form or as JSON. False when the body is none of these.
bool read_params(Request& request, std::map<std::string, std::string>& params) {
  for (const auto& [name, value] : request.query) params[name] = value;
  if (!request.has_body || request.method == "GET") return true;  // a public client sends an empty one
  const auto text = request.read_text(kMostBody);
  if (!text) return false;
  if (!request.header("Content-Type").value_or("").starts_with("application/json")) {
    add_form(*text, params);
    return true;
  }
  const Json body = read_json(*text);
  if (!body.is_object()) return false;
  for (const auto& [name, value] : body.items())
    params[name] = value.is_string() ? value.get<std::string>() : dumped(value);
  return true;
}

std::string token_of(const Request& request, const std::map<std::string, std::string>& params) {
  const std::string header = request.header("Authorization").value_or("");
  for (const std::string_view scheme : {"Bearer ", "OAuth "})
    if (header.starts_with(scheme)) return header.substr(scheme.size());
  const auto found = params.find("access_token");
  return found == params.end() ? "" : found->second;
}

std::vector<std::string> fields_of(const Request& request) {
  return request.list_param("fields");
}

/// Which of the kinds of requests it is, as far as faults tell them apart.
Step step_of(const Request& request, std::string_view call) {
  if (request.method == "POST") return call.ends_with("/media_publish") ? Step::publish : Step::initiate;
  return call.find('/') == call.npos && call != "me" ? Step::status_query : Step::api;
}

}  // namespace

bool Instagram::serves(std::string_view path) const {
  if (path.starts_with(kUpload)) return true;
  const std::string_view call = after_version(path);
  return !call.empty() && !call.starts_with("oauth/") && !call.starts_with("dialog/");
}

Answer Instagram::answer(Request& request) {
  request.note.platform = "Instagram";
  if (request.path.starts_with(kUpload))
    return receive(request, request.path.substr(request.path.rfind('/') + 1));
  Params params;
  if (!read_params(request, params)) return error(400, 100, 0, "The body cannot be understood");
  if (!store_.token_is_good("Instagram", token_of(request, params)))
    return error(401, 190, 463, "Error validating access token: Session has expired.");
  const std::string call(after_version(request.path));
  if (const auto fault = strike(request, Moment::before, step_of(request, call))) {
    if (fault->kind != "expired_session") return instagram::fault_answer(*fault);
    store_.expire_session(call);
  }
  return graph(request, call, params);
}

Answer Instagram::graph(Request& request, std::string_view call, const Params& params) {
  const bool get = request.method == "GET";
  if (get && call == "me")
    return json_answer(200, {{"id", kUser}, {"user_id", kUser}, {"username", "practice"}});
  if (get && call == "me/accounts") return accounts(request);
  if (get && call == "me/permissions") return permissions();
  if (get && call == "me/businesses") return json_answer(200, Json::object({{"data", Json::array()}}));
  const auto slash = call.find('/');
  const std::string id(call.substr(0, slash));
  if (slash == call.npos) return get ? node(request, id) : error(400, 100, 33, "Unsupported request");
  if (id != kUser)
    return error(400, 100, 33, fmt::format("Object with ID '{}' does not exist or cannot be loaded", id));
  const std::string_view edge = call.substr(slash + 1);
  if (edge == "media") return get ? list_media(request, params) : create_container(request, params);
  if (edge == "media_publish" && !get) return publish(request, params);
  if (edge == "content_publishing_limit" && get) return publishing_limit();
  return error(400, 100, 33, "The practice platform does not know this edge");
}

Answer Instagram::node(Request& request, const std::string& id) {
  if (const auto post = store_.post(id); post && post->platform == "Instagram" &&
                                         !strike(request, Moment::listing, Step::status_query, "not_listed"))
    return json_answer(200, media_fields(request, *post, fields_of(request)));
  const auto container = store_.session(id);
  if (!container || container->platform != "Instagram")
    return error(400, 100, 33, fmt::format("Object with ID '{}' does not exist or cannot be loaded", id));
  return container_status(request, *container);
}

Json Instagram::media_fields(const Request& request, const StoredPost& post,
                             const std::vector<std::string>& fields) {
  return instagram::pick({{"id", post.post_id},
                          {"caption", post.caption},
                          {"permalink", fmt::format("{}/watch?v={}", request.origin(), post.post_id)},
                          {"shortcode", instagram::shortcode(post.post_id)},
                          {"timestamp", post.received_at.substr(0, 19) + "+0000"},
                          {"media_type", "VIDEO"},
                          {"media_product_type", "REELS"},
                          {"username", "practice"}},
                         fields);
}

Answer Instagram::list_media(Request& request, const Params& params) {
  const auto limit = params.contains("limit") ? parse_number(params.at("limit")) : 25;
  if (!limit) return error(400, 100, 0, "limit must be a number");
  Json data = Json::array();
  const bool hidden = strike(request, Moment::listing, Step::api, "not_listed").has_value();
  auto posts = store_.posts();
  for (const StoredPost& post : posts | std::views::reverse) {
    if (hidden || data.size() >= *limit) break;
    if (post.platform == "Instagram") data.push_back(media_fields(request, post, fields_of(request)));
  }
  return json_answer(200, Json::object({{"data", std::move(data)}, {"paging", Json::object()}}));
}

Answer Instagram::publishing_limit() {
  const Json config{{"quota_total", instagram::kDailyPosts}, {"quota_duration", 86'400}};
  return json_answer(
      200, Json::object({{"data", Json::array({{{"quota_usage", published_today()}, {"config", config}}})}}));
}

Answer Instagram::accounts(Request& request) {
  const auto page = [&](std::string_view id, std::string_view name, std::string_view user) {
    return Json{{"id", id},
                {"name", name},
                {"access_token", store_.issue_token("Instagram", 3600)},
                {"instagram_business_account", Json::object({{"id", user}})}};
  };
  Json pages = Json::array({page("100000000000001", "Practice page", kUser)});
  if (strike(request, Moment::listing, Step::api, "several_accounts"))
    pages.insert(pages.begin(), page("100000000000002", "Other practice page", "17841400000000002"));
  return json_answer(200, Json::object({{"data", std::move(pages)}, {"paging", Json::object()}}));
}

Answer Instagram::permissions() {
  Json granted = Json::array();
  for (const char* name : {"instagram_basic", "instagram_content_publish", "pages_read_engagement",
                           "pages_show_list", "business_management"})
    granted.push_back({{"permission", name}, {"status", "granted"}});
  return json_answer(200, Json::object({{"data", std::move(granted)}}));
}

std::optional<Fault> Instagram::strike(Request& request, Moment moment, Step step, std::string_view kind) {
  request.step = step;
  auto fault =
      faults_.find("Instagram", moment, step, [&](const Fault& f) { return kind.empty() || f.kind == kind; });
  if (!fault || !faults_.fire(*fault)) return std::nullopt;
  request.note.fault = fault->kind;
  return fault;
}

}  // namespace asfs::practice
