// The DevTools protocol with one browser: calls with a deadline each, and what the browser tells meanwhile.
//
// A message is a JSON object and a NUL byte (Chromium's --remote-debugging-pipe). Nothing is read behind
// anybody's back: whoever calls or waits reads, and hands what was not asked for to the listeners. So one
// thread uses it, and no answer is awaited for ever: a tab that has crashed never answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"
#include "uploaders/browser/browser_process.h"

namespace asfs {

struct DevToolsEvent {
  std::string_view session;  ///< of which tab or frame; "" for the browser
  std::string_view method;   ///< `Page.loadEventFired`
  const Json& params;
};

class DevTools {
 public:
  static constexpr std::chrono::seconds kPatience{15};  ///< for one answer

  /// Starts the browser and hears its first word. Code::failed says what the browser said instead.
  static Result<std::unique_ptr<DevTools>> start(const BrowserCommand& command, std::stop_token stop);
  ~DevTools();
  DevTools(const DevTools&) = delete;
  DevTools& operator=(const DevTools&) = delete;

  /// The result of a method. Code::cancelled: stopped; Code::failed: the browser's refusal, no answer in
  /// time, or its end; the first word of the message is the method.
  Result<Json> call(std::string_view session, std::string_view method, const Json& params,
                    std::chrono::milliseconds patience = kPatience);
  /// `{"result": ...}` or `{"error": ...}`, while somebody calls or waits.
  using Answer = std::function<void(const Json& answer)>;
  /// The same without waiting, for listeners, which must not wait. Nothing comes when the browser ends.
  void post(std::string_view session, std::string_view method, const Json& params, Answer answer = {});

  using Listener = std::function<void(const DevToolsEvent&)>;
  /// Hears every event while somebody calls or waits, until the ticket goes. It must neither call nor wait.
  [[nodiscard]] std::shared_ptr<void> listen(Listener listener);
  /// Until `over` says so, which is asked after everything that the browser tells: true. False after
  /// `patience`, once the browser is gone, and when stopped.
  bool wait(const std::function<bool()>& over, std::chrono::milliseconds patience);

  /// The browser has ended, or closed its pipe.
  bool gone() const { return gone_; }
  bool stopped() const { return stop_.stop_requested(); }
  BrowserProcess& process() { return *process_; }
  /// Asks the browser to end, so that it keeps its session, and waits for that.
  void close();

 private:
  DevTools(std::unique_ptr<BrowserProcess> process, std::stop_token stop);

  void write_some();
  void read_some();
  void hear_of(const Json& message);
  /// A tab that has crashed answers nothing any more.
  void give_up_on(std::string_view session);
  /// One look at the pipes, waiting so long at most.
  void pump(std::chrono::milliseconds longest);

  std::unique_ptr<BrowserProcess> process_;
  std::stop_token stop_;
  std::int64_t last_id_ = 0;
  struct Awaited {
    std::string session;
    Answer answer;
  };
  std::map<std::int64_t, Awaited> awaited_;
  std::list<Listener> listeners_;
  std::string out_, in_, buffer_ = std::string(256 << 10, '\0');
  std::size_t searched_ = 0;  ///< of in_: no end of a message up to here
  bool gone_ = false;
};

}  // namespace asfs
