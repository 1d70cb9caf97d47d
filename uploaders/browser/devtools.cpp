#include "uploaders/browser/devtools.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "registry/base/json.h"

namespace asfs {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kLookAgain{100};             ///< for a stop
constexpr std::size_t kLongestMessage = 100 << 20;  ///< as the browser's own

}  // namespace

DevTools::DevTools(std::unique_ptr<BrowserProcess> process, std::stop_token stop)
    : process_(std::move(process)), stop_(std::move(stop)) {}

DevTools::~DevTools() {
  close();
}

Result<std::unique_ptr<DevTools>> DevTools::start(const BrowserCommand& command, std::stop_token stop) {
  auto process = BrowserProcess::start(command);
  if (!process) return std::unexpected(process.error());
  std::unique_ptr<DevTools> tools(new DevTools(*std::move(process), std::move(stop)));
  const auto version = tools->call("", "Browser.getVersion", Json::object());
  if (version) return tools;
  if (tools->stopped()) return std::unexpected(version.error());
  if (!tools->gone()) return fail(Code::failed, "the browser does not answer: " + version.error().message);
  tools->process_->end(std::chrono::seconds(2));
  constexpr int kInUse = 21;
  if (tools->process_->exit_code() == kInUse)
    return fail(Code::failed,
                fmt::format("the profile {} is in use by another browser; close that, then try again",
                            path_text(command.profile)));
  const std::string words = tools->process_->last_words();
  return fail(Code::failed,
              fmt::format("the browser ended at once (exit code {}){}{}",
                          tools->process_->exit_code().value_or(0), words.empty() ? "" : ": ", words));
}

void DevTools::close() {
  if (!gone_) {
    post("", "Browser.close", Json::object());
    stop_ = {};  // its session is worth two seconds
    wait([] { return false; }, std::chrono::seconds(2));
  }
  process_->end(std::chrono::seconds(5));
  gone_ = true;
}

Result<Json> DevTools::call(std::string_view session, std::string_view method, const Json& params,
                            milliseconds patience) {
  // Kept by both: an answer may come after the waiting.
  const auto answer = std::make_shared<std::optional<Json>>();
  post(session, method, params, [answer](const Json& given) { *answer = given; });
  wait([&] { return answer->has_value(); }, patience);
  if (*answer) {
    if (const Json& error = child_at(**answer, "error"); error.is_object())
      return fail(Code::failed, fmt::format("{}: {}", method, text_at(error, "message")));
    return child_at(**answer, "result");
  }
  if (stopped()) return fail(Code::cancelled, "stopped");
  if (gone_) return fail(Code::failed, fmt::format("{}: the browser has ended", method));
  return fail(Code::failed, fmt::format("{}: no answer within {} s", method,
                                        std::chrono::duration<double>(patience).count()));
}

void DevTools::post(std::string_view session, std::string_view method, const Json& params, Answer answer) {
  Json message{{"id", ++last_id_}, {"method", method}, {"params", params}};
  if (!session.empty()) message["sessionId"] = session;
  if (answer) awaited_.emplace(last_id_, Awaited{std::string(session), std::move(answer)});
  out_ += dumped(message);
  out_ += '\0';
  write_some();
}

std::shared_ptr<void> DevTools::listen(Listener listener) {
  const auto place = listeners_.insert(listeners_.end(), std::move(listener));
  return {nullptr, [this, place](void*) { listeners_.erase(place); }};
}

bool DevTools::wait(const std::function<bool()>& over, milliseconds patience) {
  const auto give_up_at = SteadyClock::now() + patience;
  for (;;) {
    if (over()) return true;
    if (gone_ || stopped()) return false;
    const auto left = std::chrono::ceil<milliseconds>(give_up_at - SteadyClock::now());
    if (left.count() <= 0) return false;
    pump(std::min(left, kLookAgain));
  }
}

void DevTools::pump(milliseconds longest) {
  const auto to_send = static_cast<short>(out_.empty() ? 0 : POLLOUT);
  pollfd ends[] = {{process_->from(), POLLIN, 0},
                   {process_->complaints(), POLLIN, 0},
                   {out_.empty() ? -1 : process_->to(), to_send, 0}};
  if (::poll(ends, 3, static_cast<int>(longest.count())) <= 0) return;
  if (ends[1].revents) process_->hear();
  if (ends[2].revents) write_some();
  if (ends[0].revents) read_some();
}

void DevTools::write_some() {
  while (!out_.empty() && !gone_) {
    const ssize_t n = ::send(process_->to(), out_.data(), out_.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0)
      gone_ = true;
    else
      out_.erase(0, static_cast<std::size_t>(n));
  }
}

void DevTools::read_some() {
  const ssize_t n = ::read(process_->from(), buffer_.data(), buffer_.size());
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0 || in_.size() > kLongestMessage) {
    gone_ = true;
    return;
  }
  in_.append(buffer_, 0, static_cast<std::size_t>(n));
  std::size_t begin = 0;
  for (std::size_t end; (end = in_.find('\0', std::max(begin, searched_))) != std::string::npos;
       begin = end + 1)
    hear_of(read_json(std::string_view(in_).substr(begin, end - begin)));
  in_.erase(0, begin);
  searched_ = in_.size();
}

void DevTools::hear_of(const Json& message) {
  if (const auto id = number_at(message, "id")) {
    if (auto waiting = awaited_.extract(*id)) waiting.mapped().answer(message);
    return;
  }
  const std::string session = text_at(message, "sessionId"), method = text_at(message, "method");
  if (method.empty()) return;
  const DevToolsEvent event{session, method, child_at(message, "params")};
  for (auto place = listeners_.begin(); place != listeners_.end();) (*place++)(event);
  if (method == "Inspector.targetCrashed") give_up_on(session);
}

void DevTools::give_up_on(std::string_view session) {
  const Json crashed{{"error", {{"message", "the page has crashed"}}}};
  for (auto place = awaited_.begin(); place != awaited_.end();) {
    const auto one = place++;
    if (one->second.session != session) continue;
    const Answer answer = std::move(one->second.answer);
    awaited_.erase(one);
    answer(crashed);
  }
}

}  // namespace asfs
