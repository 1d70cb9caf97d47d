// Who is asked for a transcript, and how.
#include <thread>

#include "tests/support/transcript_desk.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

/// An ffmpeg as 8.0 and newer with whisper.cpp: it knows the filter, whose subtitles (with its points for
/// commas, and the same number for all that it heard at once) say in which language, and what the model is.
/// It hears two seconds, and tells when it is in the middle.
constexpr std::string_view kFfmpeg8 = R"sh(
case "$*" in
  *-filters*) echo ' T.C volume            A->A       Change input volume.'
              echo ' ... whisper           A->A       Transcribe audio using whisper.cpp.'; exit 0 ;;
esac
progress=no
while [ $# -gt 0 ]; do
  case "$1" in
    -progress) [ "$2" = pipe:1 ] && progress=yes ;;
    -i) [ -r "${2#file:}" ] || exit 3 ;;
    -af) filter="$2" ;;
  esac
  shift
done
option() { printf '%s' "$filter" | sed "s/.*[=:]$1=\([^:]*\).*/\1/"; }
[ "$(option format)" = srt ] && [ $progress = yes ] || exit 4
echo out_time_us=1000000; echo progress=continue
printf '0\n00:00:00.000 --> 00:00:00.900\nSaid in %s:\n\n0\n00:00:00.900 --> 00:00:01.800\n%s.\n\n' \
  "$(option language)" "$(cat "$(option model)")" > "$(option destination)"
)sh";

/// `folder` in front of PATH, as long as this lives.
class OnPath {
 public:
  explicit OnPath(const fs::path& folder) : before_(std::getenv("PATH")) {
    ::setenv("PATH", (folder.native() + ":" + before_).c_str(), 1);
  }
  OnPath(const OnPath&) = delete;
  OnPath& operator=(const OnPath&) = delete;
  ~OnPath() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("a track that ffmpeg cannot give is a warning, and the command is asked") {
  Desk desk;
  desk.tracks = {0};
  desk.settings.command = {desk.script("listen", "cat <<'END'\n" + one_line_srt("By command.") + "END")};
  const auto talk = desk.found();
  CHECK(said(talk) == "By|command.");
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0].starts_with("The subtitle track of the video gave no transcript: "));
}

TEST_CASE("a command is given the sound and where to write, and its file is gone afterwards") {
  Desk desk;
  desk.settings.command = {desk.script("listen",
                                       "printf '{\"segments\":[{\"start\":0,\"end\":1,\"text\":\"%s\"}]}' "
                                       "\"$(cat \"${1#--in=}\")\" > \"$2\"; rm -f \"$2.log\""),
                           "--in={audio}", "{output}"};
  const auto talk = desk.found();
  CHECK(said(talk) == "RIFF");
  CHECK(talk.origin == "listen");
  CHECK_FALSE(fs::exists(desk.temp / "work/transcribed.json"));
}

TEST_CASE("whisper-cli on the PATH is asked with the model and the language") {
  Desk desk;
  desk.script(
      "bin/whisper-cli",
      "[ \"$1 $3 $5 $6\" = '-m -f -l de' ] || exit 3\n"
      "while [ \"$1\" != -of ]; do [ \"$1\" = -ojf ] && full=yes; shift; done\n"
      "[ \"$full\" = yes ] || exit 4\n"
      "echo '{\"result\":{\"language\":\"de\"},\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},"
      "\"text\":\" Guten Tag.\"}]}' > \"$2.json\"");
  const OnPath path(desk.temp / "bin");
  CHECK(desk.found().words.empty());  // without a model it is not run
  desk.settings.whisper_model = "ggml-base.bin";
  desk.settings.language = "de";
  const auto talk = desk.found();
  CHECK(said(talk) == "Guten|Tag.");
  CHECK(talk.origin == "whisper-cli");
  CHECK(talk.language == "de");
  CHECK_FALSE(fs::exists(desk.temp / "work/whisper.json"));

  desk.settings.whisper_model.clear();
  ::setenv("WHISPER_MODEL", "ggml-base.bin", 1);
  CHECK(said(desk.found()) == "Guten|Tag.");
  ::unsetenv("WHISPER_MODEL");
}

TEST_CASE("a command that fails is a warning with its last words, and whisper-cli is asked") {
  Desk desk;
  desk.script(
      "bin/whisper-cli",
      "while [ \"$1\" != -of ]; do shift; done\n"
      "echo '{\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},\"text\":\" Yes.\"}]}' > \"$2.json\"");
  const OnPath path(desk.temp / "bin");
  desk.settings.whisper_model = "ggml-base.bin";
  desk.settings.command = {desk.script("listen", "echo loading >&2; echo 'no such model' >&2; exit 1")};
  const auto talk = desk.found();
  CHECK(said(talk) == "Yes.");
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0] == "listen gave no transcript: no such model.");
}

TEST_CASE("how far whisper-cli is, is told while it works") {
  Desk desk;
  desk.script(
      "bin/whisper-cli",
      "case \"$*\" in *' -pp '*) ;; *) exit 3 ;; esac\n"
      "echo 'whisper_print_progress_callback: progress =   5%' >&2\n"
      "echo 'whisper_print_progress_callback: progress =  45%' >&2\n"
      "while [ \"$1\" != -of ]; do shift; done\n"
      "echo '{\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},\"text\":\" Yes.\"}]}' > \"$2.json\"");
  const OnPath path(desk.temp / "bin");
  desk.settings.whisper_model = "ggml-base.bin";
  CHECK(said(desk.found()) == "Yes.");
  CHECK(desk.shares == std::vector{0.05, 0.45, 1.0});
}

TEST_CASE("how far a command is, is told when its stderr says it as progress bars do") {
  Desk desk;
  desk.settings.command = {
      desk.script("listen",
                  "printf ' 12%%|#  | 1/8 [00:01<00:07]\\r 62.5%%|## | 5/8\\r' >&2\n"
                  "printf '%% of 300%%: nothing\\n' >&2\n"
                  "echo '{\"segments\":[{\"start\":0,\"end\":1,\"text\":\"99% of it.\"}]}'")};
  CHECK(said(desk.found()) == "99%|of|it.");
  CHECK(desk.shares == std::vector{0.12, 0.625, 1.0});
}

TEST_CASE("an ffmpeg with the filter whisper is asked when there is a model and no whisper-cli") {
  Desk desk;
  desk.script("bin/ffmpeg", kFfmpeg8);
  desk.beside("model's file: a,b.bin", "tiny");
  const OnPath path(desk.temp / "bin");
  CHECK_FALSE(desk.needs());
  desk.settings.whisper_model = desk.temp / "model's file: a,b.bin";
  desk.settings.language = "de";
  write_file(desk.wav, std::string(2 * 32000, 'x'));
  CHECK(desk.needs());
  const auto talk = desk.found();
  CHECK(sentences_said(talk) == "Said in de:|tiny.");
  CHECK(talk.words.front().start == 0);
  CHECK(talk.words.back().end == doctest::Approx(1.8));
  CHECK(talk.origin == "ffmpeg's filter whisper");
  CHECK(desk.shares == std::vector{0.5, 1.0});
  CHECK(read_text(desk.settings.whisper_model) == "tiny");
  CHECK(std::distance(fs::directory_iterator(desk.temp / "work"), {}) == 1);  // the sound

  desk.settings.language = "auto:destination=/etc/x";
  CHECK(sentences_said(desk.found()) == "Said in auto:|tiny.");
}

TEST_CASE("whisper-cli is asked before ffmpeg's filter, which is asked when that fails") {
  Desk desk;
  desk.script("bin/ffmpeg", kFfmpeg8);
  desk.beside("model.bin", "tiny");
  desk.settings.whisper_model = desk.temp / "model.bin";
  desk.script(
      "bin/whisper-cli",
      "while [ \"$1\" != -of ]; do shift; done\n"
      "echo '{\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},\"text\":\" Yes.\"}]}' > \"$2.json\"");
  const OnPath path(desk.temp / "bin");
  CHECK(desk.found().origin == "whisper-cli");
  desk.script("bin/whisper-cli", "echo 'failed to load the model' >&2; exit 1");
  const auto talk = desk.found();
  CHECK(talk.origin == "ffmpeg's filter whisper");
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0] == "whisper-cli gave no transcript: failed to load the model.");
}

TEST_CASE("a filter that cannot load the model leaves no transcript, and says so") {
  Desk desk;
  desk.script("bin/ffmpeg",
              "case \"$*\" in *-filters*) echo ' ... whisper  A->A  x' ;; *)\n"
              "echo '[Parsed_whisper_0 @ 0x55] Failed to initialize whisper context from model: m' >&2; exit "
              "1 ;; esac");
  desk.settings.whisper_model = desk.temp / "none.bin";
  const OnPath path(desk.temp / "bin");
  const auto talk = desk.found();
  CHECK(talk.words.empty());
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0].starts_with(
      "ffmpeg's filter whisper gave no transcript: Failed to initialize whisper"));
  CHECK(std::distance(fs::directory_iterator(desk.temp / "work"), {}) == 1);
}

TEST_CASE(
    "a command that is not there, writes nothing or writes nonsense leaves no transcript, and says so") {
  Desk desk;
  desk.settings.command = {"no-such-program-here", "{output}"};
  REQUIRE(desk.found().warnings.size() == 1);
  CHECK(desk.found().warnings[0] ==
        "no-such-program-here gave no transcript: the program no-such-program-here was not found; install "
        "it, or add it "
        "to PATH.");
  desk.settings.command = {desk.script("silent", ":"), "{output}"};
  CHECK(desk.found().warnings[0].starts_with("silent gave no transcript: cannot open "));
  desk.settings.command = {desk.script("nonsense", "echo hello > $1"), "{output}"};
  CHECK(desk.found().warnings[0].starts_with("nonsense gave no transcript: it is no transcript: "));
}

TEST_CASE("the sound is needed when only a transcriber is left") {
  Desk desk;
  CHECK_FALSE(desk.needs());
  desk.settings.command = {"listen"};
  CHECK(desk.needs());
  desk.beside("talk.json", R"({"title": "My talk"})");
  CHECK(desk.needs());
  desk.beside("talk.srt", "broken");
  CHECK(desk.needs());
  desk.beside("talk.srt", one_line_srt("Hello."));
  CHECK_FALSE(desk.needs());
  fs::remove(desk.temp / "talk.srt");
  desk.tracks = {0};
  CHECK_FALSE(desk.needs());
}

TEST_CASE("the sound is needed for whisper-cli only where it is, with a model") {
  Desk desk;
  desk.settings.whisper_model = "ggml-base.bin";
  CHECK_FALSE(desk.needs());
  desk.script("bin/whisper-cli", ":");
  const OnPath path(desk.temp / "bin");
  CHECK(desk.needs());
  desk.settings.whisper_model.clear();
  CHECK_FALSE(desk.needs());
}

TEST_CASE("when the promised track says nothing, the sound is written for the transcriber after all") {
  Desk desk;
  desk.beside("said.srt", one_line_srt("[Music]"));
  fs::remove(desk.video);
  fs::remove(desk.wav);
  make_subtitled(desk.video, desk.temp / "said.srt");
  desk.tracks = {0};
  desk.settings.command = {
      desk.script("listen", "echo '{\"segments\":[{\"start\":0,\"end\":1,\"text\":\"'$(head -c 4 $1)'\"}]}'"),
      "{audio}"};
  const auto talk = desk.found();
  CHECK(said(talk) == "RIFF");
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0] == "A subtitle track of the video has no words in it.");
}

TEST_CASE("a stop ends a transcriber that is at work") {
  Desk desk;
  // It says that it has begun, then waits for what nobody writes.
  const auto begun = desk.temp / "begun";
  desk.settings.command = {
      desk.script("listen", fmt::format("mkfifo '{0}.pipe'; : > '{0}'; cat '{0}.pipe'", begun.native()))};
  std::stop_source stop;
  const std::jthread watcher([&] {
    while (!fs::exists(begun)) std::this_thread::yield();
    stop.request_stop();
  });
  const auto talk = desk.ask(stop.get_token());
  REQUIRE_FALSE(talk);
  CHECK(talk.error().code == Code::cancelled);
}
