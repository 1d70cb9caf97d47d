#include "uploaders/credentials.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "registry/base/files.h"
#include "registry/base/text.h"
#include "uploaders/http.h"

namespace asfs {
namespace {

constexpr std::size_t kMaxToken = 16 << 10;

std::string in_case(std::string_view text, bool upper) {
  std::string out(text);
  for (char& c : out) {
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// The token without the blanks around it; anything but printable ASCII inside would end up in a request
// header.
Result<std::string> checked_token(std::string_view text, std::string_view where) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == text.npos)
    return fail(Code::needs_login, fmt::format("{} is empty; put an access token there", where));
  text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  if (std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c >= 0x7f; }))
    return fail(Code::needs_login,
                fmt::format("{} does not hold an access token: one line without blanks is expected", where));
  return std::string(text);
}

Result<std::string> read_token_file(const std::filesystem::path& path) {
  const std::string name = path_text(path);
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0)
    return fail(Code::needs_login, fmt::format("cannot read {}: {}", name, errno_text(errno)));
  if (!S_ISREG(status.st_mode)) return fail(Code::needs_login, name + " is not a regular file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(Code::needs_login,
                fmt::format("others can read the access token in {0}; run: chmod 600 '{0}'", name));
  std::string text(kMaxToken + 1, '\0');
  const ssize_t got = ::read(file.get(), text.data(), text.size());
  if (got < 0) return fail(Code::needs_login, fmt::format("cannot read {}: {}", name, errno_text(errno)));
  if (static_cast<std::size_t>(got) > kMaxToken)
    return fail(Code::needs_login, name + " is too large to be an access token");
  text.resize(static_cast<std::size_t>(got));
  return checked_token(text, name);
}

class StoredCredentials final : public Credentials {
 public:
  explicit StoredCredentials(Library library) : library_(std::move(library)) {}

  Result<std::string> access_token(std::string_view platform) override {
    auto token = look_up(platform);
    if (token) {
      const std::scoped_lock lock(mutex_);
      given_[std::string(platform)] = *token;
    }
    return token;
  }

  // There is nothing to refresh with here, but the owner may have put a new token in place meanwhile.
  Result<std::string> refreshed_token(std::string_view platform) override {
    std::string before;
    {
      const std::scoped_lock lock(mutex_);
      before = given_[std::string(platform)];
    }
    auto token = access_token(platform);
    if (!token || *token != before) return token;
    return fail(Code::needs_login,
                fmt::format("{} no longer accepts the access token; {}", platform, how(platform)));
  }

 private:
  static std::string variable(std::string_view platform) {
    return "ASFS_" + in_case(platform, true) + "_TOKEN";
  }
  std::filesystem::path file(std::string_view platform) const {
    return library_.tokens_folder() / (in_case(platform, false) + ".token");
  }
  std::string how(std::string_view platform) const {
    return fmt::format("put a fresh one into the environment variable {} or, with mode 600, into {}",
                       variable(platform), path_text(file(platform)));
  }

  Result<std::string> look_up(std::string_view platform) const {
    const std::string name = variable(platform);
    if (const char* value = std::getenv(name.c_str()); value && *value) return checked_token(value, name);
    const auto path = file(platform);
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 && (errno == ENOENT || errno == ENOTDIR))
      return fail(Code::needs_login,
                  fmt::format("there is no access token for {}; {}", platform, how(platform)));
    return read_token_file(path);
  }

  Library library_;
  std::mutex mutex_;
  std::map<std::string, std::string> given_;  ///< by platform: the token handed out last
};

class PracticeCredentials final : public Credentials {
 public:
  explicit PracticeCredentials(std::string url) : url_(std::move(url)) {
    while (url_.ends_with('/')) url_.pop_back();
  }

  Result<std::string> access_token(std::string_view platform) override {
    const std::scoped_lock lock(mutex_);
    const auto known = tokens_.find(platform);
    return known != tokens_.end() ? known->second : ask(platform);
  }

  Result<std::string> refreshed_token(std::string_view platform) override {
    const std::scoped_lock lock(mutex_);
    return ask(platform);
  }

 private:
  Result<std::string> ask(std::string_view platform) {
    const auto origin = url_origin(url_);
    if (!origin || !origin->loopback())
      return fail(Code::usage,
                  "practice platforms run on this machine only; give an address like http://127.0.0.1:8787");
    HttpRequest request;
    request.url = url_ + "/practice/token?platform=" + url_encode(platform);
    request.stall_timeout = std::chrono::seconds(15);
    const auto answer = client_.send(request);
    if (!answer)
      return fail(Code::failed,
                  fmt::format("the practice platforms do not answer ({})", answer.error().message));
    const auto document = nlohmann::json::parse(answer->body, nullptr, false);
    const auto token = document.is_object() ? document.find("access_token") : document.end();
    if (answer->status != 200 || token == document.end() || !token->is_string())
      return fail(Code::failed, fmt::format("{}:{} is not a practice server (HTTP {})", origin->host,
                                            origin->port, answer->status));
    auto checked = checked_token(token->get<std::string>(), "the practice server's answer");
    if (checked) tokens_[std::string(platform)] = *checked;
    return checked;
  }

  std::string url_;
  std::mutex mutex_;
  HttpClient client_;
  std::map<std::string, std::string, std::less<>> tokens_;
};

}  // namespace

std::string Credentials::account_id(std::string_view) {
  return {};
}

std::unique_ptr<Credentials> stored_credentials(const Library& library) {
  return std::make_unique<StoredCredentials>(library);
}

std::unique_ptr<Credentials> practice_credentials(std::string practice_url) {
  return std::make_unique<PracticeCredentials>(std::move(practice_url));
}

}  // namespace asfs
