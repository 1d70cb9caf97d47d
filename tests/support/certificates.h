// A certificate authority and a server's certificate, made on the spot by the openssl program.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "registry/base/process.h"
#include "tests/support/temp_folder.h"

namespace asfs::test {

inline void openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  const auto done = run_process(arguments, std::chrono::seconds(60));
  REQUIRE(done);
  REQUIRE_MESSAGE(done->exit_code == 0, done->err);
}

// A CA and a server certificate for the name given, `DNS:…` or `IP:…`.
struct Certificates {
  TempFolder folder;
  std::string ca = folder / "ca.pem", cert = folder / "cert.pem", key = folder / "key.pem";

  explicit Certificates(const std::string& name, bool expired = false) {
    const std::string ca_key = folder / "ca.key", request = folder / "request.pem",
                      extensions = folder / "ext";
    const std::vector<std::string> new_key{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                                           "-nodes"};
    const auto with_key = [&](std::vector<std::string> arguments) {
      arguments.insert(arguments.end(), new_key.begin(), new_key.end());
      openssl(arguments);
    };
    with_key({"req", "-x509", "-subj", "/CN=Test CA", "-days", "2", "-keyout", ca_key, "-out", ca});
    with_key({"req", "-subj", "/CN=server", "-keyout", key, "-out", request});
    write_file(extensions, "subjectAltName=" + name + "\n");
    // Zero days: over at once. Newer programs take no -1.
    openssl({"x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-extfile",
             extensions, "-days", expired ? "0" : "2", "-out", cert});
  }
};

}  // namespace asfs::test
