// Which practice platforms a program started with `--practice` talks to.
//
// With an address: that server. Without: the one other process that serves this library's practice folder
// already, else one inside this process. It takes the port it had last time when that is free, so that the
// call of an interrupted upload is found again.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "registry/base/result.h"
#include "registry/store/library.h"

namespace asfs {

class PracticeServer;

class PracticeMode {
 public:
  /// `url` empty: as described above.
  static Result<PracticeMode> start(const Library& library, const std::string& url);
  /// Serves `folder` on `port` (0: last time's, else a free one). Code::failed when another process serves
  /// it.
  static Result<PracticeMode> serve(const std::filesystem::path& folder, int port);
  PracticeMode(PracticeMode&&) noexcept;
  PracticeMode& operator=(PracticeMode&&) noexcept;
  ~PracticeMode();

  const std::string& url() const { return url_; }

 private:
  PracticeMode() = default;
  std::string url_;
  std::unique_ptr<PracticeServer> server_;
  int lock_fd_ = -1;  ///< held while we serve
};

}  // namespace asfs
