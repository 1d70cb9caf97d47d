#include "uploaders/webhooks/webhook_sender.h"

#include <filesystem>
#include <utility>

namespace asfs {
namespace {

constexpr std::chrono::seconds kLookForMore{15};

/// Also a broken file: somebody has to say so.
bool has_file(const Library& library) {
  std::error_code unknown;
  return std::filesystem::exists(library.webhooks_file(), unknown) || unknown;
}

bool anything_waits(const Library& library) {
  std::error_code unknown;
  if (!std::filesystem::exists(library.database(), unknown)) return false;
  auto registry = VideoRegistry::open(library);
  if (!registry) return false;
  const auto rows = WebhookOutbox(*registry).list();
  return rows && !rows->empty();
}

}  // namespace

WebhookSender::WebhookSender(Library library, std::function<void(const std::string&)> tell)
    : library_(std::move(library)), tell_(std::move(tell)) {
  const std::scoped_lock lock(mutex_);
  if (has_file(library_) || anything_waits(library_)) start();
}

WebhookSender::~WebhookSender() {
  {
    std::unique_lock lock(mutex_);
    leaving_ = true;
    changed_.notify_all();
    if (thread_.joinable()) changed_.wait_for(lock, kWebhookFarewell, [&] { return done_; });
  }
  cut_off_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void WebhookSender::wake() {
  const std::scoped_lock lock(mutex_);
  woken_ = true;
  changed_.notify_all();
  if (!thread_.joinable() && has_file(library_)) start();
}

void WebhookSender::start() {
  thread_ = std::thread([this] { run(); });
}

void WebhookSender::run() {
  std::optional<VideoRegistry> registry;
  HttpClient http;
  for (bool last = false; !last;) {
    {
      const std::scoped_lock lock(mutex_);
      last = leaving_;  // this round sees all that was written before
      woken_ = false;
    }
    deliver(registry, http);
    std::unique_lock lock(mutex_);
    if (!last) changed_.wait_for(lock, kLookForMore, [&] { return woken_ || leaving_; });
  }
  const std::scoped_lock lock(mutex_);
  done_ = true;
  changed_.notify_all();
}

void WebhookSender::deliver(std::optional<VideoRegistry>& registry, HttpClient& http) {
  if (!registry)
    if (auto opened = VideoRegistry::open(library_)) registry.emplace(*std::move(opened));
  if (!registry) return;  // whoever uploads tells
  const auto round = deliver_webhooks(*registry, http, cut_off_.get_token());
  if (!round) tell(round.error().message + "; what webhooks are to be told waits");
  for (const std::string& line : round ? round->given_up : std::vector<std::string>()) tell(line);
}

void WebhookSender::tell(const std::string& line) {
  if (told_.insert(line).second) tell_(line);
}

}  // namespace asfs
