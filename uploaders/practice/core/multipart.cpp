#include "uploaders/practice/core/multipart.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "registry/base/text.h"

namespace asfs::practice {
namespace {

constexpr std::size_t kMostHeaders = 16 * 1024;

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::ranges::equal(text.substr(0, start.size()), start, [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
         });
}

}  // namespace

MultipartSplitter::MultipartSplitter(std::string boundary, OnData on_data)
    : boundary_(std::move(boundary)), on_data_(std::move(on_data)) {}

bool MultipartSplitter::take(std::string_view block) {
  if (finished()) return true;  // what follows the last delimiter means nothing
  buffer_ += block;
  Progress progress = Progress::on;
  while (progress == Progress::on) progress = step();
  return progress != Progress::bad;
}

MultipartSplitter::Progress MultipartSplitter::step() {
  switch (state_) {
    case State::first_line:
      return first_line();
    case State::delimiter_end:
      return delimiter_end();
    case State::headers:
      return headers();
    case State::data:
      return data();
    case State::finished:
      return Progress::wait;
  }
  return Progress::bad;
}

MultipartSplitter::Progress MultipartSplitter::first_line() {
  buffer_.erase(0, std::min(buffer_.find_first_not_of("\r\n"), buffer_.size()));
  const auto end = buffer_.find('\n');
  if (end == std::string::npos) return buffer_.size() > kMostHeaders ? Progress::bad : Progress::wait;
  eol_ = end > 0 && buffer_[end - 1] == '\r' ? "\r\n" : "\n";
  if (trimmed(std::string_view(buffer_).substr(0, end)) != "--" + boundary_) return Progress::bad;
  buffer_.erase(0, end + 1);
  state_ = State::headers;
  return Progress::on;
}

MultipartSplitter::Progress MultipartSplitter::delimiter_end() {
  if (buffer_.size() < 2) return Progress::wait;
  if (buffer_.starts_with("--")) {
    state_ = State::finished;
    buffer_.clear();
    return Progress::wait;
  }
  const auto end = buffer_.find('\n');
  if (end == std::string::npos) return buffer_.size() > kMostHeaders ? Progress::bad : Progress::wait;
  buffer_.erase(0, end + 1);
  part_ = {.number = part_.number + 1};
  state_ = State::headers;
  return Progress::on;
}

MultipartSplitter::Progress MultipartSplitter::headers() {
  const auto end = buffer_.find('\n');
  if (end == std::string::npos) return buffer_.size() > kMostHeaders ? Progress::bad : Progress::wait;
  const std::string_view line = trimmed(std::string_view(buffer_).substr(0, end));
  constexpr std::string_view name = "content-type:";
  if (starts_with_ignoring_case(line, name)) part_.content_type = trimmed(line.substr(name.size()));
  if (line.empty()) state_ = State::data;
  buffer_.erase(0, end + 1);
  return Progress::on;
}

MultipartSplitter::Progress MultipartSplitter::data() {
  const std::string delimiter = eol_ + "--" + boundary_;
  const auto found = buffer_.find(delimiter);
  // The tail may be the beginning of a delimiter.
  const std::size_t safe =
      found != std::string::npos ? found : buffer_.size() - std::min(buffer_.size(), delimiter.size());
  if (safe > 0 && !on_data_(part_, std::string_view(buffer_).substr(0, safe))) return Progress::bad;
  buffer_.erase(0, found == std::string::npos ? safe : found + delimiter.size());
  if (found == std::string::npos) return Progress::wait;
  state_ = State::delimiter_end;
  return Progress::on;
}

std::string multipart_boundary(std::string_view content_type) {
  if (!starts_with_ignoring_case(content_type, "multipart/related")) return "";
  while (!content_type.empty()) {
    content_type.remove_prefix(std::min(content_type.find(';'), content_type.size() - 1) + 1);
    std::string_view parameter = trimmed(content_type.substr(0, content_type.find(';')));
    if (!starts_with_ignoring_case(parameter, "boundary=")) continue;
    parameter.remove_prefix(9);
    if (parameter.size() >= 2 && parameter.front() == '"' && parameter.back() == '"')
      parameter = parameter.substr(1, parameter.size() - 2);
    return std::string(parameter);
  }
  return "";
}

}  // namespace asfs::practice
