// Delivers webhooks beside what runs: one thread of its own, so that no receiver can hold an upload up.
//
// It delivers what is due when it is made, after each wake(), and every few seconds (another process may have
// put something in, and what failed comes due again). When it is destroyed it gives what is due a few
// seconds; the rest lies in the library for the next run. Without a config/webhooks.json and without anything
// waiting there is no thread until wake() finds the file. All functions are called by its owner; wake() by
// any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

#include "registry/store/library.h"
#include "uploaders/webhooks/webhooks.h"

namespace asfs {

/// What is due when the program ends may take so long.
inline constexpr std::chrono::seconds kWebhookFarewell{3};

class WebhookSender {
 public:
  /// `tell` is called on the sender's thread with one line for people: the file is broken, a webhook was
  /// given up. Each line once.
  WebhookSender(Library library, std::function<void(const std::string&)> tell);
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;
  ~WebhookSender();

  /// An upload is over.
  void wake();

 private:
  void start();  ///< Needs the mutex.
  void run();
  void deliver(std::optional<VideoRegistry>& registry, HttpClient& http);
  void tell(const std::string& line);

  const Library library_;
  const std::function<void(const std::string&)> tell_;
  std::set<std::string> told_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool leaving_ = false;
  bool done_ = false;
  std::stop_source cut_off_;  ///< the delivery that runs ends, too
  std::thread thread_;
};

}  // namespace asfs
