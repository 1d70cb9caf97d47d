#include "tests/simulation/world.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/simulation/distort.h"
#include "tests/simulation/platform.h"
#include "uploaders/transfer/http_secrets.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::sim {

using namespace std::chrono;

namespace {

constexpr int kBreathless = 100;  // requests in a row without a pause: three sessions of small parts are 75
constexpr int kRequests = 6'000;  // of one upload run

std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 300)) out += c < ' ' ? '.' : c;
  return text.size() > 300 ? out + fmt::format("... ({} bytes)", text.size()) : out;
}

std::string shown(const HttpResponse& response) {
  std::string text = fmt::format("HTTP {}", response.status);
  for (const auto& [name, value] : response.headers)
    if (name != "Content-Type") text += fmt::format(" [{}: {}]", name, shown(value));
  return text + (response.body.empty() ? "" : " " + shown(response.body));
}

}  // namespace

TimePoint SimClock::now() const {
  if (on_look) on_look();
  return now_;
}

bool SimClock::wait(Duration duration, std::stop_token stop) const {
  if (on_wait) on_wait();
  if (stop.stop_requested()) return false;
  if (duration > Duration::zero()) now_ += duration;
  return true;
}

World::World(std::uint64_t seed, std::optional<Strikes> only, Coverage& counted)
    : swarm(seed, std::move(only)), dice(mix(seed, 2)), coverage(counted) {
  absent_ = swarm.strikes(Trouble::absent);
  clock.on_look = [this] { maybe_crash(Trouble::crash_inside, "between two steps"); };
  clock.on_wait = [this] {
    breathless = 0;
    maybe_crash(Trouble::crash, "while it waits");
  };
}

std::string World::stamp() const {
  const auto since = clock.truth() - TimePoint(seconds(1'770'796'800));
  return fmt::format("{:>10.1f}s {}", duration<double>(since).count(),
                     runs ? fmt::format("process {}: ", process) : std::string());
}

void World::note(std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
}

void World::count(std::string_view state, std::string_view what) {
  ++coverage[fmt::format("{} <- {}", state, what)];
}

void World::maybe_crash(Trouble kind, const char* where) {
  if (!runs || !swarm.strikes(kind)) return;
  tell("*** the process is killed ", where);
  throw Crash{};
}

struct World::Sent {
  std::string step, state, body, trouble = "honest";
  bool cut = false;
};

std::expected<HttpResponse, HttpError> World::broken(const char* how) {
  clock.advance(seconds(dice.between(1, 60)));
  tell("  -> no answer: ", how);
  return std::unexpected(HttpError{HttpError::Kind::broken, "the connection broke", {}});
}

// What may happen while a request is on its way.
void World::interrupt() {
  if (stop && swarm.strikes(Trouble::stopped)) {
    tell("*** a person stops the upload");
    stop->request_stop();
  }
  if (auto how = swarm.strikes(Trouble::clock_jump)) {
    const auto by = seconds(static_cast<long>(how->scaled(1, 100'000))) * (how->below(2) ? 1 : -1);
    tell("*** the clock is set by ", std::to_string(by.count()), " s");
    clock.advance(by);
  }
  if (swarm.strikes(Trouble::token_dies)) ++token;
  if (auto how = swarm.strikes(Trouble::signed_out)) {
    signed_in_at = clock.truth() + minutes(how->between(1, 600));
    ++token;
    tell("*** the sign-in ends");
  }
  if (runs && depth == 0 && interlude)
    for (const Trouble kind : {Trouble::other_process, Trouble::lease_over, Trouble::neighbour})
      if (swarm.strikes(kind)) interlude(kind);
}

// Reads what is to be sent, as far as the connection holds.
std::optional<HttpError> World::send_body(const HttpRequest& request, Sent& sent) {
  sent.body = request.content;
  if (!request.body) return std::nullopt;
  const std::uint64_t size = request.body->size;
  std::uint64_t end = size;
  if (auto how = swarm.strikes(Trouble::cut)) {
    sent.cut = true;
    end = how->below(3) == 0 ? size : how->below(size + 1);
  }
  std::vector<std::byte> room(std::max<std::uint64_t>(1, size / 2 + 1));
  while (sent.body.size() < end) {
    const auto part = std::span(room).first(std::min<std::uint64_t>(room.size(), end - sent.body.size()));
    const auto got = request.body->read(part);
    if (!got) return HttpError{HttpError::Kind::body, "the body could not be read", got.error()};
    if (*got == 0) break;
    sent.body.append(reinterpret_cast<const char*>(room.data()), *got);
    clock.advance(milliseconds(dice.between(5, 3000)));
    if (request.on_progress) request.on_progress(sent.body.size());
    if (request.stop.stop_requested()) return HttpError{HttpError::Kind::cancelled, "stopped", {}};
  }
  if (film && !sent.body.empty() && film->content.ends_with(sent.body)) all_out.insert(film->id);
  maybe_crash(Trouble::crash, "after its bytes were handed out");
  return std::nullopt;
}

HttpResponse World::gateway(Dice how, const HttpRequest& request) const {
  static constexpr int kStatus[] = {400, 401, 403, 403, 404, 404, 405, 407, 408, 410, 413,
                                    416, 429, 500, 502, 502, 503, 504, 504, 200, 302, 418};
  static constexpr const char* kBodies[] = {"",
                                            "<html><body><h1>Bad Gateway</h1></body></html>",
                                            "{\"message\":\"no\"}",
                                            "not found",
                                            "{\"error\":{}}",
                                            "{\"error\":\"denied\"}",
                                            "[]",
                                            "null",
                                            "{",
                                            "{\"data\":{}}",
                                            "\xff\xfe\x00"};
  HttpResponse response{how.pick(kStatus), {{"Content-Type", "text/html"}}, how.pick(kBodies)};
  static constexpr const char* kRetry[] = {
      "5", "0", "-1", "soon", "120", "Fri, 31 Dec 9999 23:59:59 GMT", "99999999999"};
  if (how.chance(0.15)) response.headers.emplace_back("Retry-After", how.pick(kRetry));
  if (how.chance(0.1))
    for (const auto& [name, value] : request.headers)
      if (name == "Authorization") response.body += "<pre>Authorization: " + value + "</pre>";
  return response;
}

void World::distort(HttpResponse& honest, Sent& sent) {
  if (absent_ && !swarm.ended())
    if (const auto& fields = platform->optional_fields(); leave_out(honest, Dice(*absent_).pick(fields)))
      sent.trouble = "absent " + Dice(*absent_).pick(fields);
  static constexpr Trouble kMouth[] = {Trouble::omit, Trouble::null_field, Trouble::other_type,
                                       Trouble::word};
  for (const Trouble kind : kMouth)
    if (auto how = swarm.strikes(kind))
      if (const auto what = distort_answer(honest, kind, *how); !what.empty())
        sent.trouble = fmt::format("{} {}", name_of(kind), what);
}

std::expected<HttpResponse, HttpError> World::exchange(const HttpRequest& request) {
  if (request.stop.stop_requested())
    return std::unexpected(HttpError{HttpError::Kind::cancelled, "stopped", {}});
  if (!url_is_safe(request.url))
    return std::unexpected(HttpError{HttpError::Kind::refused, "not a safe address", {}});
  Sent sent{.step = platform->step_of(request)};
  if (++requests > kRequests) throw Violation{"one upload run asks for ever (" + sent.step + ")"};
  if (++breathless > kBreathless)
    throw Violation{"the same is asked again and again without a pause (" + sent.step + ")"};
  sent.state = sent.step + (film && all_out.contains(film->id) ? ", all was sent" : "");
  if (story.told) {
    std::string headers;
    for (const auto& [name, value] : request.headers)
      if (name == "Content-Range" || name == "offset") headers += " [" + name + ": " + value + "]";
    tell(request.method, " ", shown(request.url), headers,
         request.content.empty() ? "" : " " + shown(request.content));
  }
  note(request.method), note(request.url), note(request.content);
  maybe_crash(Trouble::crash, "before it asks");
  interrupt();
  if (request.stop.stop_requested())
    return std::unexpected(HttpError{HttpError::Kind::cancelled, "stopped", {}});
  clock.advance(milliseconds(dice.between(20, 900)));
  if (request.on_progress) request.on_progress(0);
  if (request.stop.stop_requested())
    return std::unexpected(HttpError{HttpError::Kind::cancelled, "stopped", {}});
  platform->tick();
  auto answer = deliver(request, sent);
  if (answer) answer->body = struck_out(std::move(answer->body), secrets_in(request));  // as HttpClient does
  count(sent.state, sent.trouble);
  if (answer) {
    tell("  -> ", sent.trouble, ": ", shown(*answer));
    note(std::to_string(answer->status)), note(answer->body);
  }
  return answer;
}

std::expected<HttpResponse, HttpError> World::deliver(const HttpRequest& request, Sent& sent) {
  if (auto how = swarm.strikes(Trouble::offline))
    offline_until_ = clock.truth() + seconds(how->below(3) ? 0 : static_cast<long>(how->scaled(30, 40'000)));
  if (!swarm.ended() && clock.truth() <= offline_until_) {
    sent.trouble = "offline";
    tell("  -> no connection");
    return std::unexpected(HttpError{HttpError::Kind::connect, "no connection", {}});
  }
  ++connected;
  const std::uint64_t size = request.body ? request.body->size : request.content.size();
  if (auto error = send_body(request, sent)) {
    sent.trouble = "not sent";
    tell("  -> the bytes end here: ", error->message, error->cause ? ": " + error->cause->message : "");
    return std::unexpected(*std::move(error));
  }
  if (request.body) platform->expects_bytes({request, sent.body, size});
  if (auto how = swarm.strikes(Trouble::gateway_before)) {
    auto response = gateway(*how, request);
    sent.trouble = fmt::format("gateway {} before", response.status);
    return response;
  }
  if (sent.cut) {
    sent.trouble = "cut";
    if (dice.below(2)) {
      static_cast<void>(
          platform->answer({request, sent.body.substr(0, dice.below(sent.body.size() + 1)), size}));
    }
    return broken("it broke while bytes went out");
  }
  if (auto how = swarm.strikes(Trouble::late_effect))
    if (platform->postpone({request, sent.body, size}, seconds(static_cast<long>(how->scaled(10, 3000))))) {
      sent.trouble = "done late";
      return broken("it broke, and is done later all the same");
    }
  const auto sent_token = [&] {
    for (const auto& [name, value] : request.headers)
      if (name == "Authorization") return value.substr(value.find(' ') + 1);
    return token_text();
  }();
  if (sent_token != token_text()) {
    sent.trouble = "token refused";
    return platform->token_refused();
  }
  if (auto how = swarm.strikes(Trouble::refuse)) {
    auto response = platform->refusal(sent.step, false, *how);
    sent.trouble = fmt::format("refused {}", response.status);
    if (swarm.strikes(Trouble::echo)) echo_secret(response, sent_token);
    return response;
  }
  HttpResponse honest = platform->answer({request, sent.body, size});
  maybe_crash(Trouble::crash, "before the answer arrives");
  interrupt();
  if (swarm.strikes(Trouble::lost_answer)) {
    sent.trouble = "answer lost";
    return broken("the answer is lost");
  }
  if (auto how = swarm.strikes(Trouble::gateway_after)) {
    honest = gateway(*how, request);
    sent.trouble = fmt::format("gateway {} after", honest.status);
  } else if (auto why = swarm.strikes(Trouble::refuse_done)) {
    honest = platform->refusal(sent.step, true, *why);
    sent.trouble = fmt::format("error {} after", honest.status);
  } else {
    sent.trouble = fmt::format("honest {}", honest.status);
    distort(honest, sent);
    if (request.body && honest.status < 202 && sent.trouble.starts_with("honest"))
      platform->acknowledged({request, sent.body, size});
  }
  if (swarm.strikes(Trouble::echo)) echo_secret(honest, sent_token);
  return honest;
}

Result<std::string> SimCredentials::access_token(std::string_view platform) {
  if (world_.clock.truth() < world_.signed_in_at)
    return fail(Code::needs_login, fmt::format("sign in: asfs-videos login {}", platform));
  return world_.token_text();
}

Result<std::string> SimCredentials::refreshed_token(std::string_view platform) {
  return access_token(platform);
}

std::string SimCredentials::account_id(std::string_view platform) {
  return platform == "Instagram" && world_.process % 2 ? "17841400000000001" : "";
}

}  // namespace asfs::sim
