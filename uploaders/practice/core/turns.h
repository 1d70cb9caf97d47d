// One request at a time may write to an upload session, and the newest wins: a client that comes back after a
// broken connection must not wait for what is left of the old one. Thread-safe.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

namespace asfs::practice {

class Turns {
 public:
  /// Held while a request works on the session.
  class Turn {
   public:
    Turn(Turns& turns, std::string session);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();
    /// Requested when a newer request wants the session, or all is stopped: end soon, without an answer.
    std::stop_token stop() const { return stop_; }

   private:
    Turns& turns_;
    const std::string session_;
    std::stop_token stop_;
  };

  bool held(const std::string& session);
  /// Ends every turn; with `for_good` later ones begin stopped.
  void stop_all(bool for_good);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::stop_source> held_;
  bool stopped_ = false;
};

}  // namespace asfs::practice
