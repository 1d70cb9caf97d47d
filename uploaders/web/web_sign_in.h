// A person signs in to a platform in a browser that nothing drives: started plainly, without a pipe or a
// port, as platforms refuse sign-ins in others. Afterwards it is started once more to be looked at, and who
// is signed in is written down. No password passes through us.
//
// One thread.
#pragma once

#include <sys/types.h>

#include <memory>
#include <stop_token>
#include <string>

#include "registry/base/result.h"
#include "uploaders/accounts/web_account.h"
#include "uploaders/platform/uploader_context.h"
#include "uploaders/web/web_session.h"

namespace asfs::web {

/// Which ways to post this machine is set up for.
struct Ways {
  bool app = false;     ///< the API, by an app of the person's
  std::string browser;  ///< through this one; "" when there is none that can be driven
};
Ways ways_to(const Library& library, const Destination& destination);

class WebSignIn {
 public:
  /// Opens the browser's window at the platform's page, or at the one on which an upload needed a person.
  /// Errors as of browser_of(); Code::failed: it does not start, or there is no display.
  static Result<std::unique_ptr<WebSignIn>> start(const UploaderContext& context, std::stop_token stop);
  /// Ends the browser; what it was given a moment ago may be lost with it.
  ~WebSignIn();

  const std::string& browser() const { return browser_; }
  const std::string& address() const { return address_; }
  /// The person has not closed it yet.
  bool is_open();
  /// Once the person has closed it: only then its session is on the disk. Looks who is signed in, which is
  /// written down when this returns. Code::usage: it is open; Code::needs_login: nobody, and why;
  /// Code::blocked: it is another destination's account.
  Result<WebAccount> finish(std::stop_token stop);

 private:
  explicit WebSignIn(const UploaderContext& context) : context_(context) {}
  void close();

  const UploaderContext context_;
  std::string browser_, address_;
  FileDescriptor lock_;
  pid_t pid_ = -1;
};

}  // namespace asfs::web
