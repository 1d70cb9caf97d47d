// What a page asks its server for, and what it is answered: proof of a post that no text on a page can be, in
// no language. It only listens: nothing is asked that the page does not ask by itself.
//
// What a service worker asks for is not heard. One thread, that of the DevTools it listens to.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/json_fwd.h"
#include "uploaders/browser/devtools.h"

namespace asfs {

/// Which requests are listened to.
struct Watched {
  std::string name;    ///< what a recipe calls them: "publish"
  std::string method;  ///< "POST"
  std::string path;    ///< of the address, without host and query; `*` is any text
};

/// One request and what became of it.
struct Exchange {
  enum class State : std::uint8_t {
    sent,      ///< no answer yet, or it is not complete
    answered,  ///< `status`, and `said` as far as the browser still had it
    broken,    ///< no answer, or it broke off: `fault`. Whether the server did it is not known
  };
  std::string name;
  State state = State::sent;
  int status = 0;
  std::string fault;                 ///< as the browser calls it: `net::ERR_CONNECTION_RESET`
  std::shared_ptr<const Json> said;  ///< the body, where that is JSON; nullptr before the answer
};

class NetworkWitness {
 public:
  /// Listens from now on, for as long as it lives.
  NetworkWitness(DevTools& tools, std::vector<Watched> watched);

  /// The requests of that name, oldest first.
  std::vector<std::shared_ptr<const Exchange>> seen(std::string_view name) const;
  /// Paths of what the browser itself kept back, as an ad blocker does: each once, the first five.
  const std::vector<std::string>& kept_back() const { return kept_back_; }

 private:
  struct Heard : Exchange {
    std::string session, request;
  };
  void hear(const DevToolsEvent& event);
  void hear_of_request(const DevToolsEvent& event);
  void hear_of_end(const DevToolsEvent& event);
  void read_body(const std::shared_ptr<Heard>& heard);

  DevTools& tools_;
  const std::vector<Watched> watched_;
  std::map<std::string, std::string> asked_;  ///< paths of what is not answered yet, by the request's id
  std::vector<std::string> kept_back_;
  std::list<std::shared_ptr<Heard>> heard_;  ///< shared with the answers that are awaited
  std::shared_ptr<void> listening_;
};

}  // namespace asfs
