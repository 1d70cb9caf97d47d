// The HTTP server under the practice platforms: binds 127.0.0.1, turns away foreign Host and Origin headers,
// and hands every other request to one handler, which is called from many threads at once. It is the only
// code here that knows the HTTP library.
#pragma once

#include <functional>
#include <memory>

#include "registry/base/result.h"
#include "uploaders/practice/core/exchange.h"

namespace asfs::practice {

class Listener {
 public:
  using Handler = std::function<Answer(Request&)>;

  /// `port` 0: a free one.
  static Result<std::unique_ptr<Listener>> start(int port, Handler handler);
  ~Listener();

  int port() const;
  /// Answers to https://127.0.0.1:`tls_port` as well: something in front of us ends TLS there.
  void stand_behind(int tls_port);
  /// Cuts every connection and waits for the handlers that run. Wake those that wait for something else
  /// first.
  void stop();

 private:
  class Server;
  explicit Listener(std::unique_ptr<Server> server);
  std::unique_ptr<Server> server_;
};

}  // namespace asfs::practice
