// One HTTP request to the practice platforms and its answer, free of any HTTP library: what a platform's code
// sees.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/json.h"

namespace asfs::practice {

/// A platform of this program, by its name in the registry.
bool is_practised(std::string_view platform);

/// What a request is, as far as faults tell requests apart.
enum class Step : std::uint8_t { initiate, send, status_query, api, publish, oauth, page };

/// What the request log says about a request beyond its first line; the platform's code fills it in.
struct RequestNote {
  std::string platform;
  std::string range;
  std::string fault;  ///< the kind that was injected, if any
  std::optional<std::uint64_t> bytes_stored;
};

struct Request {
  std::string method;
  std::string path;                               ///< decoded, doubled slashes made single
  std::multimap<std::string, std::string> query;  ///< decoded
  std::string host;                               ///< as the client wrote it: one of ours
  std::optional<std::uint64_t> content_length;    ///< nothing: chunked, or no body at all
  bool has_body = false;
  std::function<std::optional<std::string>(const char* name)> header;

  /// Takes one block of the body; false stops reading.
  using Sink = std::function<bool(std::string_view block)>;
  /// Reads the body in large blocks. True when all of it came; false when it broke off or the sink stopped
  /// it.
  std::function<bool(const Sink&)> read_body;
  /// Makes a read_body() that waits for the client give up; from any thread.
  std::function<void()> cut;

  RequestNote note;
  std::optional<Step> step;  ///< once the platform's code has seen what it is

  std::string scheme = "http";
  std::string origin() const { return scheme + "://" + host; }
  /// The first value of that name, or "".
  std::string param(const std::string& name) const;
  /// Every value of that name, repeated or joined by commas.
  std::vector<std::string> list_param(const std::string& name) const;
  /// The whole body as text; nothing when it broke off or is longer than `limit`.
  std::optional<std::string> read_text(std::size_t limit);
};

struct Answer {
  int status = 200;
  std::string body;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  std::filesystem::path file;  ///< sent in place of `body`, with byte ranges
  bool drop = false;           ///< no answer at all: the connection is reset
};

Answer json_answer(int status, const Json& value);
/// `{"error": message}`.
Answer problem(int status, std::string_view message);
Answer dropped();
/// A success whose body breaks off.
Answer malformed();
/// Changes the first field of that name in the answer's JSON, or its header: takes it away (`omit`), says
/// that it is not filled in yet (`late`), or puts a word there (`word`; text alone). False, and nothing
/// changed, when there is none.
bool distort(Answer& answer, std::string_view how, const std::string& field, const std::string& word);
/// Replaces the body by a page of HTML ("html") or by nothing ("empty"); other words leave it.
void spoil(Answer& answer, std::string_view how);

}  // namespace asfs::practice
