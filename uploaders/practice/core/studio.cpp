#include "uploaders/practice/core/studio.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <span>

#include "assets/assets.h"
#include "registry/base/clock.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/files/checksum.h"
#include "uploaders/practice/core/content_range.h"
#include "uploaders/practice/core/form.h"
#include "uploaders/practice/core/part_file.h"
#include "uploaders/practice/core/receiver.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::practice {
namespace {

constexpr std::string_view kCookie = "studio_session";
constexpr std::string_view kSignedOut = "signed-out";
constexpr const char* kRequestName = "X-Practice-Request";
constexpr std::int64_t kYear = 365 * 86'400;
constexpr std::size_t kMostForm = 16 * 1024;
constexpr const char* kNoInlineScripts =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

Answer html(std::string body) {
  Answer answer{.body = std::move(body), .content_type = "text/html; charset=UTF-8"};
  answer.headers.emplace_back("Content-Security-Policy", kNoInlineScripts);
  return answer;
}

void put_in(std::string& text, std::string_view place, std::string_view what) {
  if (const auto at = text.find(place); at != text.npos) text.replace(at, place.size(), what);
}

std::string cookie_in(const Request& request, std::string_view name) {
  const std::string all = request.header("Cookie").value_or("");
  for (const auto part : all | std::views::split(';')) {
    const std::string_view pair = trimmed(std::string_view(part.begin(), part.end()));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

/// As an account may be called; other letters are left out.
std::string account_name(std::string_view typed) {
  std::string name;
  for (const char c : typed.substr(0, typed.find('@')))
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_')
      name += static_cast<char>(std::tolower(c));
  return name.empty() ? "somebody" : name.substr(0, 24);
}

Answer static_file(std::string_view name) {
  const std::string_view text = name.starts_with("studio") ? asset_text(name) : std::string_view();
  if (text.empty()) return problem(404, "there is no such file");
  return {
      .body = std::string(text),
      .content_type = name.ends_with(".css") ? "text/css; charset=UTF-8" : "text/javascript; charset=UTF-8"};
}

}  // namespace

// ---- accounts ------------------------------------------------------------------------------------

std::string StudioAccount::id(std::string_view prefix, std::size_t length) const {
  return (std::string(prefix) + sha256_of(name)).substr(0, length);
}

std::string StudioAccount::number(std::string_view prefix, std::size_t length) const {
  std::string digits = id(prefix, length);
  for (char& c : digits)
    if (c >= 'a') c = static_cast<char>('0' + (c - 'a'));
  return digits;
}

Json remembered(std::string_view request) {
  Json known = read_json(request);
  return known.is_object() ? known : Json::object();
}

Studio::Studio(const StandInParts& parts, const Manner& manner)
    : parts_(parts),
      manner_(manner),
      root_(fmt::format("/studios/{}/", manner.folder)),
      tokens_of_(fmt::format("{} studio", manner.platform)) {}

std::string Studio::link(const Request& request, std::string_view path) const {
  return request.origin() + root_ + std::string(path);
}

Answer Studio::to(std::string_view path) const {
  Answer answer{.status = 302};
  answer.headers.emplace_back("Location", root_ + std::string(path));
  return answer;
}

std::string Studio::cookie(std::string_view value) const {
  return fmt::format("{}={}; Path={}; Max-Age={}; HttpOnly; SameSite=Lax", kCookie, value, root_, kYear);
}

std::string Studio::open_session(std::string_view account) {
  return cookie(parts_.store.issue_token(tokens_of_, kYear, account));
}

Answer Studio::answer(Request& request) {
  request.note.platform = manner_.platform;
  const std::string path = request.path.substr(root_.size());
  if (path.starts_with("assets/")) return static_file(std::string_view(path).substr(7));
  if (path == "strike" && request.method == "POST") return strike_in_page(request);
  const bool asks = request.param("practice_sign_in") == "1";
  if (asks && request.method == "GET") {
    Answer answer = to(manner_.sign_in);
    answer.headers.emplace_back("Set-Cookie", cookie(kSignedOut));
    return answer;
  }
  return path == manner_.sign_in ? sign_in(request) : as_visitor(request, path);
}

Answer Studio::as_visitor(Request& request, const std::string& path) {
  const std::string session = cookie_in(request, kCookie);
  if (session == kSignedOut) {
    if (request.method != "GET") return problem(401, "signed out");
    if (!manner_.signs_out_late) return to(fmt::format("{}?continue={}", manner_.sign_in, url_encode(path)));
    Visit nobody{request, path, {}};
    return page(nobody);
  }
  if (was_lost(request)) return dropped();
  const bool known = parts_.store.token_is_good(tokens_of_, session);
  Visit visitor{request, path, {known ? account_of_token(session) : "practice" + random_digits(6)}};
  Answer answer = visit(visitor);
  if (!known) answer.headers.emplace_back("Set-Cookie", open_session(visitor.account.name));
  return answer;
}

Answer Studio::sign_in(Request& request) {
  std::map<std::string, std::string> form;
  for (const auto& [name, text] : request.query) form[name] = text;
  if (request.method != "POST") {
    const bool google = manner_.platform == "YouTube";
    return notice(
        "Sign in",
        fmt::format(
            "<p>Any name and any password will do: this is the practice {0}, on your own computer. Type no "
            "real password.</p><form method=\"post\" action=\"{1}{2}\">"
            "<input type=\"hidden\" name=\"continue\" value=\"{3}\">"
            "<label>{4}<input name=\"username\" type=\"{5}\" autocomplete=\"off\" autofocus></label>"
            "<label>Password<input name=\"password\" type=\"password\" autocomplete=\"off\"></label>"
            "<button>{6}</button></form>",
            manner_.platform, root_, manner_.sign_in, as_html(form["continue"]),
            google ? "Email or phone" : "User name", google ? "email" : "text", google ? "Next" : "Log in"));
  }
  add_form(request.read_text(kMostForm).value_or(""), form);
  Answer answer = to(form["continue"].empty() ? std::string(manner_.home) : form["continue"]);
  answer.status = 303;
  answer.headers.emplace_back("Set-Cookie", open_session(account_name(form["username"])));
  return answer;
}

// ---- pages ---------------------------------------------------------------------------------------

Answer Studio::notice(std::string_view title, std::string_view body) const {
  return html(
      fmt::format("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title>"
                  "<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"{1}assets/studio.css\">"
                  "<body class=\"notice {2}\"><main><h1>{0}</h1>{3}</main></body></html>\n",
                  title, root_, manner_.folder, body));
}

Answer Studio::page(Visit& visit) {
  const bool nobody = visit.account.name.empty();
  if (!nobody)
    if (auto instead = struck(visit)) return *std::move(instead);
  const bool other_layout = !nobody && strike(visit.request, "web_layout_b");
  Json told = context(visit.account);
  told["account"] = visit.account.name;
  told["root"] = root_;
  told["layout"] = other_layout ? "b" : "a";
  told["sign_in"] = nobody ? Json(fmt::format("{}{}", root_, manner_.sign_in)) : Json();
  std::string text(asset_text(manner_.page));
  std::string data = dumped(told);
  for (std::size_t at = 0; (at = data.find('<', at)) != data.npos; at += 6) data.replace(at, 1, "\\u003c");
  put_in(text, "{language}", other_layout ? "de" : "en");
  put_in(text, "{context}", data);
  return html(std::move(text));
}

Answer Studio::lose(Request& request) {
  const std::lock_guard lock(mutex_);
  lost_.insert(request.header(kRequestName).value_or(""));
  return dropped();
}

Answer Studio::garbled(const Fault& fault) {
  Answer answer = json_answer(200, {{"result", {{"accepted", true}}}});
  spoil(answer, fault.text("body"));
  return answer;
}

bool Studio::was_lost(const Request& request) {
  const std::lock_guard lock(mutex_);
  return lost_.contains(request.header(kRequestName).value_or("none"));
}

// What a fault puts in the place of a page.
std::optional<Answer> Studio::struck(Visit& visit) {
  if (strike(visit.request, "web_verify")) return challenge();
  const auto sent_on = [this](std::string_view path, const std::string& session) {
    Answer answer = to(path);
    answer.headers.emplace_back("Set-Cookie", session);
    return answer;
  };
  if (strike(visit.request, "web_signed_out")) return sent_on(visit.path, cookie(kSignedOut));
  if (strike(visit.request, "web_wrong_account"))
    return sent_on(manner_.home, open_session("other" + random_digits(6)));
  return std::nullopt;
}

/// Of `kinds`, names between commas, the one whose turn it is.
std::optional<Fault> Studio::strike(Request& request, std::string_view kinds, Moment moment, Step step) {
  auto fault = parts_.faults.find(manner_.platform, moment, step, [&](const Fault& one) {
    return ("," + std::string(kinds) + ",").find("," + one.kind + ",") != std::string::npos;
  });
  if (!fault || !parts_.faults.fire(*fault)) return std::nullopt;
  request.note.fault = fault->kind;
  return fault;
}

Answer Studio::strike_in_page(Request& request) {
  const auto fault = strike(request, request.param("kinds"));
  if (!fault) return json_answer(200, Json::object());
  Json told = fault->spec;
  told["kind"] = fault->kind;
  return json_answer(200, told);
}

// ---- the video -----------------------------------------------------------------------------------

void Studio::expect(const std::string& id, const StudioAccount& account, const Json& said, Json known) {
  known["route"] = "browser";
  known["account"] = account.name;
  known["file_name"] = text_at(said, "name");
  parts_.store.add_session({.id = id,
                            .platform = std::string(manner_.platform),
                            .title = text_at(said, "name"),
                            .request = dumped(known),
                            .total = count_at(said, "size")});
}

std::optional<StoredSession> Studio::own_session(const Visit& visit, std::string_view id) {
  auto session = parts_.store.session(id);
  if (!session || session->platform != manner_.platform || session->expired ||
      text_at(remembered(session->request), "account") != visit.account.name)
    return std::nullopt;
  return session;
}

std::uint64_t Studio::received(const StoredSession& session) const {
  if (!session.post_id.empty()) return session.total.value_or(0);
  std::error_code none;
  const auto size = std::filesystem::file_size(parts_.store.part_file(session.id), none);
  return none ? 0 : size;
}

bool Studio::is_complete(const StoredSession& session) const {
  return session.total && received(session) == *session.total;
}

Answer Studio::take_bytes(Visit& visit, const std::string& id) {
  const Turns::Turn turn(parts_.turns, id);
  visit.request.step = Step::send;
  const auto session = own_session(visit, id);
  if (!session || !session->total) return problem(404, "there is no such upload");
  const std::string header = visit.request.header("Content-Range").value_or("");
  visit.request.note.range = header;
  const auto range = parse_content_range(header);
  if (!range || range->total != session->total) return problem(400, "Content-Range does not fit");
  const auto so_far = [&](std::uint64_t size) {
    return json_answer(200, {{"received", size}, {"total", *session->total}});
  };
  if (!session->post_id.empty()) return so_far(*session->total);
  if (const auto fault = strike(visit.request, "status", Moment::before, Step::send))
    return problem(static_cast<int>(fault->number("status", 500)), "practice fault");
  auto file = PartFile::open(parts_.store.part_file(id));
  if (!file) return problem(507, file.error().message);
  if (range->asks || range->first != file->size()) return so_far(file->size());
  Receiver receiver(parts_.faults, *file, turn.stop());
  const bool ends = range->last + 1 == *session->total;
  if (receiver.receive(visit.request, manner_.platform, range->length(), ends)) return so_far(file->size());
  switch (receiver.outcome()) {
    case Receiver::Outcome::disk_error:
      return problem(507, receiver.error());
    case Receiver::Outcome::too_much:
      return problem(400, "the body is longer than it said");
    case Receiver::Outcome::broken:
      return dropped();
    case Receiver::Outcome::all:
    case Receiver::Outcome::some:
      break;
  }
  return so_far(file->size());
}

}  // namespace asfs::practice
