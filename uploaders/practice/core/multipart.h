// Splits a multipart/related body as it comes in, in constant memory. Line ends may be CRLF or LF; the first
// line decides.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace asfs::practice {

class MultipartSplitter {
 public:
  struct Part {
    std::size_t number = 0;    ///< counted from 0
    std::string content_type;  ///< as written
  };
  /// Some bytes of a part. False stops.
  using OnData = std::function<bool(const Part& part, std::string_view bytes)>;

  MultipartSplitter(std::string boundary, OnData on_data);
  /// False when the body is not well-formed, or on_data said so.
  bool take(std::string_view block);
  bool finished() const { return state_ == State::finished; }

 private:
  enum class State { first_line, delimiter_end, headers, data, finished };
  enum class Progress { on, wait, bad };
  Progress step();
  Progress first_line();
  Progress delimiter_end();
  Progress headers();
  Progress data();

  const std::string boundary_;
  const OnData on_data_;
  State state_ = State::first_line;
  std::string eol_;
  std::string buffer_;
  Part part_;
};

/// The boundary in a Content-Type header of type multipart/related, or "".
std::string multipart_boundary(std::string_view content_type);

}  // namespace asfs::practice
