#include "uploaders/transfer/kept_clients.h"

#include <mutex>
#include <utility>
#include <vector>

namespace asfs {
namespace {

class Clients {
 public:
  std::unique_ptr<Http> take() {
    const std::scoped_lock lock(mutex_);
    if (waiting_.empty()) return nullptr;
    auto client = std::move(waiting_.back());
    waiting_.pop_back();
    return client;
  }
  void keep(std::unique_ptr<Http> client) {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(client));
  }
  void forget() {
    std::vector<std::unique_ptr<Http>> closing;  // after the lock
    const std::scoped_lock lock(mutex_);
    closing.swap(waiting_);
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Http>> waiting_;  ///< the last one was used last
};

class KeptClient final : public Http {
 public:
  KeptClient(std::unique_ptr<Http> client, std::shared_ptr<Clients> clients)
      : client_(std::move(client)), clients_(std::move(clients)) {}
  KeptClient(const KeptClient&) = delete;
  KeptClient& operator=(const KeptClient&) = delete;
  ~KeptClient() override {
    if (!failed_) clients_->keep(std::move(client_));
  }

  std::expected<HttpResponse, HttpError> send(const HttpRequest& request) override {
    auto answer = client_->send(request);
    failed_ = failed_ || !answer;
    if (!answer && answer.error().offline()) clients_->forget();
    return answer;
  }

 private:
  std::unique_ptr<Http> client_;
  std::shared_ptr<Clients> clients_;
  bool failed_ = false;
};

}  // namespace

HttpMaker keep_clients(HttpMaker make) {
  return [make = std::move(make), clients = std::make_shared<Clients>()] {
    auto client = clients->take();
    return std::make_unique<KeptClient>(client ? std::move(client) : make(), clients);
  };
}

}  // namespace asfs
