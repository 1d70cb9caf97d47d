// A webhook's receiver on loopback that keeps what it is told, and a library that tells it.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "registry/base/json.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/raw_server.h"

namespace asfs::test {

struct Told {
  std::string head;  ///< request line and headers
  std::string body;

  Json json() const { return Json::parse(body); }
  std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == head.npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class Receiver {
 public:
  /// What it answers from now on: a status line's end, and headers with their line breaks.
  void answer(const std::string& status, const std::string& headers = "") {
    const std::scoped_lock lock(mutex_);
    status_ = status;
    headers_ = headers;
  }
  /// Reads what comes, and never answers.
  void fall_silent() { answer(""); }

  std::string url(const std::string& path = "/hook") const { return server_.url(path); }
  std::vector<Told> told() const {
    const std::scoped_lock lock(mutex_);
    return told_;
  }
  /// False when that many do not come within half a minute.
  bool until(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return heard_.wait_for(lock, std::chrono::seconds(30), [&] { return told_.size() >= count; });
  }

 private:
  void serve(RawConnection& connection) {
    Told told;
    std::string rest;
    told.head = "\r\n" + connection.read_head(&rest);
    const std::string length = told.header("Content-Length");
    if (length.empty()) return;
    told.body = connection.read_bytes(std::stoul(length), std::move(rest));
    std::string status, headers;
    {
      const std::scoped_lock lock(mutex_);
      told_.push_back(told);
      status = status_;
      headers = headers_;
    }
    heard_.notify_all();
    if (status.empty()) return connection.idle();
    connection.write(
        fmt::format("HTTP/1.1 {}\r\n{}Content-Length: 0\r\nConnection: close\r\n\r\n", status, headers));
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable heard_;
  std::string status_ = "204 No Content";
  std::string headers_;
  std::vector<Told> told_;
  RawServer server_{[this](RawConnection& connection) { serve(connection); }};
};

/// Writes config/webhooks.json as the library's owner would.
inline void write_webhooks(const Library& library, std::string_view text) {
  write_file(library.webhooks_file(), text);
  std::filesystem::permissions(library.webhooks_file(), std::filesystem::perms(0600));
}

inline constexpr std::string_view kSecret = "a secret between the two";

/// One webhook, told of everything.
inline void write_webhook(const Library& library, const std::string& url) {
  write_webhooks(library, fmt::format(R"({{"webhooks": [{{"url": "{}", "secret": "{}"}}]}})", url, kSecret));
}

/// Everything that lies in the library, as bytes.
inline std::string all_bytes(const Library& library, const std::string& folder) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(library.home / folder))
    if (entry.is_regular_file()) bytes += read_text(entry.path());
  return bytes;
}

}  // namespace asfs::test
