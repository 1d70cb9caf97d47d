#include "uploaders/practice/practice_server.h"

#include <fmt/format.h>

#include <exception>
#include <optional>
#include <vector>

#include "uploaders/practice/core/faults.h"
#include "uploaders/practice/core/listener.h"
#include "uploaders/practice/core/oauth.h"
#include "uploaders/practice/core/pages.h"
#include "uploaders/practice/core/stand_in.h"
#include "uploaders/practice/core/store.h"
#include "uploaders/practice/core/turns.h"
#include "uploaders/row/platforms.h"

namespace asfs {

struct PracticeServer::State {
  explicit State(std::unique_ptr<practice::Store> opened) : store(std::move(opened)) {
    for (const Platform* platform : platforms()) {
      stand_ins.push_back(platform->stand_in({*store, faults, turns}));
      if (auto studio = platform->studio({*store, faults, turns})) stand_ins.push_back(std::move(studio));
    }
  }

  practice::Answer answer(practice::Request& request) {
    try {
      auto by_platform = platform_answer(request);
      if (by_platform) faults.distort_answer(request, *by_platform);
      practice::Answer answer = by_platform ? *by_platform : pages.answer(request);
      if (by_platform || request.method != "GET") pages.log(request, answer);
      return answer;
    } catch (const SqliteError& error) {
      return {.status = 503,
              .body = library_error(error, store->folder() / "practice.db").message + "\n",
              .content_type = "text/plain; charset=UTF-8"};
    } catch (const std::exception& error) {
      return {.status = 500,
              .body = fmt::format("the practice platform failed: {}\n", error.what()),
              .content_type = "text/plain; charset=UTF-8"};
    }
  }

  std::optional<practice::Answer> platform_answer(practice::Request& request) {
    if (practice::OAuth::serves(request.path)) return oauth.answer(request);
    for (const auto& stand_in : stand_ins)
      if (stand_in->serves(request.path)) return stand_in->answer(request);
    return std::nullopt;
  }

  std::unique_ptr<practice::Store> store;
  practice::Faults faults{*store};
  practice::Turns turns;
  practice::OAuth oauth{*store, faults};
  std::vector<std::unique_ptr<practice::StandIn>> stand_ins;
  practice::Pages pages{*store, faults, turns};
  std::unique_ptr<practice::Listener> listener;  // last: its threads use all of the above
};

Result<std::unique_ptr<PracticeServer>> PracticeServer::start(const std::filesystem::path& folder, int port) {
  auto store = practice::Store::open(folder);
  if (!store) return std::unexpected(store.error());
  auto state = std::make_unique<State>(*std::move(store));
  State& known = *state;
  auto listener =
      practice::Listener::start(port, [&known](practice::Request& request) { return known.answer(request); });
  if (!listener) return std::unexpected(listener.error());
  state->listener = *std::move(listener);
  return std::unique_ptr<PracticeServer>(new PracticeServer(std::move(state)));
}

PracticeServer::PracticeServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

PracticeServer::~PracticeServer() {
  stop();
}

int PracticeServer::port() const {
  return state_->listener->port();
}

std::string PracticeServer::url() const {
  return fmt::format("http://127.0.0.1:{}", port());
}

void PracticeServer::stand_behind(int tls_port) {
  state_->listener->stand_behind(tls_port);
}

void PracticeServer::stop() {
  state_->turns.stop_all(true);
  state_->listener->stop();
}

}  // namespace asfs
