// Practice platforms: local stand-ins that speak the platforms' own upload protocols, strictly, and fail on
// demand. Newcomers, tests and benchmarks upload to them; their pages and faults are described in docs and at
// `/`.
//
// Binds 127.0.0.1 only and checks the Host header. All state lives in a folder (posts, sessions, received
// bytes, tokens, faults), so a server started again on it knows everything the one before had answered for,
// even after kill -9; one server at a time uses a folder. Thread-safe; runs its own threads until stop() or
// destruction.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "registry/base/result.h"

namespace asfs {

class PracticeServer {
 public:
  /// `port` 0: a free one. Fails when the port is taken or the folder cannot be used.
  static Result<std::unique_ptr<PracticeServer>> start(const std::filesystem::path& folder, int port = 0);
  ~PracticeServer();

  int port() const;
  std::string url() const;  ///< `http://127.0.0.1:PORT`
  /// Answers as https://127.0.0.1:`tls_port` too, where something in front ends TLS (tests over TLS).
  void stand_behind(int tls_port);
  void stop();

 private:
  struct State;
  explicit PracticeServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace asfs
