#include "registry/base/process.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

using namespace asfs;
using namespace std::chrono_literals;

namespace {

Result<ProcessOutput> shell(const std::string& script, std::chrono::milliseconds deadline = 30s) {
  return run_process({"sh", "-c", script}, deadline);
}

bool has_no_children() {
  return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
}

double seconds_for(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("what a program says on both channels and its exit code are collected") {
  const auto output = shell("echo out; echo err >&2; exit 3");
  REQUIRE(output);
  CHECK(output->out == "out\n");
  CHECK(output->err == "err\n");
  CHECK(output->exit_code == 3);
  CHECK(has_no_children());
}

TEST_CASE("arguments arrive as given: no shell reads them") {
  const auto output = run_process({"printf", "%s|", "a b", "$HOME", "'", "*", "\xFF\n"}, 30s);
  REQUIRE(output);
  CHECK(output->out == "a b|$HOME|'|*|\xFF\n|");
}

TEST_CASE("a program that is not there is not found") {
  const auto output = run_process({"asfs-no-such-program"}, 30s);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == Code::not_found);
  CHECK(output.error().message.find("asfs-no-such-program") != std::string::npos);
}

TEST_CASE("a program that was killed has 128 + signal as its exit code") {
  const auto output = shell("kill -9 $$");
  REQUIRE(output);
  CHECK(output->exit_code == 128 + 9);
}

TEST_CASE("a program that reads its input finds it at its end") {
  int open_pipe[2];
  REQUIRE(::pipe2(open_pipe, O_CLOEXEC) == 0);
  const int ours = ::fcntl(0, F_DUPFD_CLOEXEC, 3);
  ::dup2(open_pipe[0], 0);  // would keep a reader waiting
  const auto output = run_process({"cat"}, 5s);
  ::dup2(ours, 0);
  for (const int fd : {ours, open_pipe[0], open_pipe[1]}) ::close(fd);
  REQUIRE(output);
  CHECK(output->out == "");
}

TEST_CASE("a program that takes too long is killed with all it started, and leaves no zombie") {
  Result<ProcessOutput> output;
  CHECK(seconds_for([&] { output = shell("sleep 60 & sleep 60", 50ms); }) < 20);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == Code::failed);
  CHECK(output.error().message.find("within 0.05 s") != std::string::npos);
  CHECK(has_no_children());
}

TEST_CASE("a program that closes its output but lives on is held to the deadline too") {
  CHECK_FALSE(shell("exec >&- 2>&-; sleep 60", 50ms));
  CHECK(has_no_children());
}

TEST_CASE("a program that closes its output and ends later is waited for") {
  const auto output = shell("echo last; exec >&- 2>&-; sleep 0.05; exit 4");
  REQUIRE(output);
  CHECK(output->out == "last\n");
  CHECK(output->exit_code == 4);
}

TEST_CASE("a grandchild that keeps the output open does not hold up the answer") {
  Result<ProcessOutput> output;
  CHECK(seconds_for([&] { output = shell("sleep 21 & echo done"); }) < 20);
  REQUIRE(output);
  CHECK(output->out == "done\n");
}

TEST_CASE("more output than fits is dropped without stopping the program") {
  const auto output = shell("head -c 3000000 /dev/zero; head -c 300000 /dev/zero >&2; echo end");
  REQUIRE(output);
  CHECK(output->exit_code == 0);
  CHECK(output->out.size() == 1 << 20);
  CHECK(output->err.size() == 64 << 10);
}

TEST_CASE("a program inherits no descriptor of ours and leaves none behind") {
  // What we inherited ourselves without close-on-exec is not ours to withhold.
  int inheritable = 0;
  for (int fd = 0; fd < 1024; ++fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    if (flags >= 0 && !(flags & FD_CLOEXEC)) ++inheritable;
  }
  const auto seen = shell("ls /proc/self/fd | wc -l");
  REQUIRE(seen);
  CHECK(std::stoi(seen->out) == inheritable + 1);  // and the folder that ls reads
  const int before = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(before);
  REQUIRE(shell("true"));
  const int after = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(after);
  CHECK(before == after);
}

TEST_CASE("a program is stopped within a tenth of a second, whatever it does") {
  std::stop_source source;
  source.request_stop();
  Result<ProcessOutput> stopped;
  CHECK(seconds_for([&] { stopped = run_process({"sleep", "60"}, 30s, source.get_token()); }) < 1);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == Code::cancelled);
  CHECK(has_no_children());
}

TEST_CASE("a program that works for long is heard on stderr as it speaks, and what it said is kept as well") {
  std::string heard;
  const auto output = run_process({.argv = {"sh", "-c", "echo one >&2; echo out; echo two >&2"},
                                   .on_err = [&](std::string_view said) { heard += said; },
                                   .silence = 30s});
  REQUIRE(output);
  CHECK(heard == "one\ntwo\n");
  CHECK(output->err == heard);
  CHECK(output->out == "out\n");
}

TEST_CASE("while a watch lives it is told of each program's end, and of several the last one is") {
  std::vector<std::string> told;
  const auto note = [&](std::string who) {
    return [&told, who = std::move(who)](const EndedChild& child) {
      told.push_back(who + " " + child.argv[0] + " " +
                     (child.end ? std::to_string(child.end->exit_code) : child.end.error().message));
      CHECK(child.took > 0s);
    };
  };
  {
    const ChildWatch outer(note("outer"));
    (void)shell("exit 3");
    {
      const ChildWatch inner(note("inner"));
      (void)shell("exit 4");
    }
    (void)run_process({.argv = {"asfs-no-such-program"}, .silence = 30s});
  }
  (void)shell("exit 5");
  REQUIRE(told.size() == 3);
  CHECK(told[0] == "outer sh 3");
  CHECK(told[1] == "inner sh 4");
  CHECK(told[2].starts_with("outer asfs-no-such-program the program asfs-no-such-program was not found"));
}
