#include "uploaders/browser/network_witness.h"

#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "registry/base/json.h"

namespace asfs {
namespace {

constexpr std::size_t kMostKeptBack = 5;

/// `/a/b` of `https://host/a/b?c#d`.
std::string path_of(const std::string& address) {
  const std::size_t host = address.find("://");
  if (host == std::string::npos) return "";
  const std::size_t begin = std::min(address.find('/', host + 3), address.size());
  return address.substr(begin, address.find_first_of("?#", begin) - begin);
}

}  // namespace

NetworkWitness::NetworkWitness(DevTools& tools, std::vector<Watched> watched)
    : tools_(tools),
      watched_(std::move(watched)),
      listening_(tools.listen([this](const DevToolsEvent& event) { hear(event); })) {}

std::vector<std::shared_ptr<const Exchange>> NetworkWitness::seen(std::string_view name) const {
  std::vector<std::shared_ptr<const Exchange>> found;
  for (const auto& heard : heard_)
    if (heard->name == name) found.push_back(heard);
  return found;
}

void NetworkWitness::hear(const DevToolsEvent& event) {
  if (event.method == "Network.requestWillBeSent") return hear_of_request(event);
  if (event.method == "Network.loadingFinished" || event.method == "Network.loadingFailed")
    hear_of_end(event);
  const auto place = std::ranges::find_if(heard_, [&](const auto& heard) {
    return heard->session == event.session && heard->request == text_at(event.params, "requestId");
  });
  if (place == heard_.end()) return;
  Heard& heard = **place;
  if (event.method == "Network.responseReceived") {
    heard.status = static_cast<int>(number_at(child_at(event.params, "response"), "status").value_or(0));
  } else if (event.method == "Network.loadingFinished") {
    read_body(*place);
  } else if (event.method == "Network.loadingFailed") {
    heard.state = Exchange::State::broken;
    heard.fault = text_at(event.params, "errorText");
  }
}

void NetworkWitness::hear_of_end(const DevToolsEvent& event) {
  const auto asked = asked_.extract(text_at(event.params, "requestId"));
  const bool by_client = text_at(event.params, "errorText") == "net::ERR_BLOCKED_BY_CLIENT" ||
                         text_at(event.params, "blockedReason") == "inspector";
  if (asked && by_client && kept_back_.size() < kMostKeptBack &&
      std::ranges::find(kept_back_, asked.mapped()) == kept_back_.end())
    kept_back_.push_back(asked.mapped());
}

void NetworkWitness::hear_of_request(const DevToolsEvent& event) {
  const Json& request = child_at(event.params, "request");
  const std::string path = path_of(text_at(request, "url")), method = text_at(request, "method");
  asked_[text_at(event.params, "requestId")] = path;
  for (const Watched& one : watched_) {
    if (one.method != method || ::fnmatch(one.path.c_str(), path.c_str(), 0) != 0) continue;
    Heard heard;
    heard.name = one.name;
    heard.session = event.session;
    heard.request = text_at(event.params, "requestId");
    heard_.push_back(std::make_shared<Heard>(std::move(heard)));
    return;
  }
}

// At once: when the page goes elsewhere, the browser forgets it.
void NetworkWitness::read_body(const std::shared_ptr<Heard>& heard) {
  tools_.post(heard->session, "Network.getResponseBody", {{"requestId", heard->request}},
              [heard](const Json& answer) {
                const Json& result = child_at(answer, "result");
                const bool text = !flag_at(result, "base64Encoded");
                heard->said =
                    std::make_shared<const Json>(text ? read_json(text_at(result, "body")) : Json());
                heard->state = Exchange::State::answered;
              });
}

}  // namespace asfs
