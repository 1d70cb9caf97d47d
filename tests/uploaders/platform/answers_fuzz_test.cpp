// Answers of platforms, changed at random: whatever comes back, reading it neither fails nor hangs, and
// nothing of it is stored or printed that drives a terminal or is no id.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "registry/base/json.h"
#include "tests/support/test_library.h"
#include "uploaders/accounts/oauth.h"
#include "uploaders/instagram/answers.h"
#include "uploaders/tiktok/answers.h"
#include "uploaders/youtube/answers.h"

using namespace asfs;
using asfs::test::kMorning;

namespace {

void check_words(const std::string& message) {
  const bool quiet = std::ranges::none_of(message, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  CHECK_MESSAGE(quiet, message);
  CHECK(message.size() < 4000);
}

void check_id(const std::string& id) {
  CHECK((id.empty() || is_plain_id(id)));
}

template <class Answered>
void check_answered(const Answered& answered) {
  if (!answered) check_words(answered.error().message);
}

using Reader = std::function<void(const HttpResponse&)>;

const std::vector<Reader>& readers() {
  static const std::vector<Reader> all{
      [](const HttpResponse& r) {
        const auto read = instagram::read_container(r, kMorning);
        check_answered(read);
        if (read) check_id(read->id);
      },
      [](const HttpResponse& r) {
        const auto read = instagram::read_status(r, kMorning);
        check_answered(read);
        if (read) check_words(read->trouble.message);
      },
      [](const HttpResponse& r) {
        const auto read = instagram::read_id(r, kMorning);
        check_answered(read);
        if (read) check_id(*read);
      },
      [](const HttpResponse& r) {
        const auto read = instagram::read_permalink(r, kMorning);
        check_answered(read);
        if (read) check_words(*read);
      },
      [](const HttpResponse& r) {
        const auto read = instagram::read_media_list(r, kMorning);
        check_answered(read);
        if (read)
          for (const auto& media : *read) check_id(media.id);
      },
      [](const HttpResponse& r) { check_answered(instagram::read_quota(r, kMorning)); },
      [](const HttpResponse& r) {
        const auto read = instagram::read_user(r, kMorning);
        check_answered(read);
        if (read) check_id(*read);
      },
      [](const HttpResponse& r) {
        if (const auto trouble = instagram::read_upload(r, kMorning)) check_words(trouble->message);
      },
      [](const HttpResponse& r) { check_answered(tiktok::read_creator(r, kMorning)); },
      [](const HttpResponse& r) {
        const auto read = tiktok::read_begun(r, kMorning);
        check_answered(read);
        if (read) check_id(read->publish_id);
      },
      [](const HttpResponse& r) {
        const auto read = tiktok::read_status(r, kMorning);
        check_answered(read);
        if (!read) return;
        check_words(read->trouble.message);
        for (const auto& id : read->post_ids) CHECK(tiktok::is_post_id(id));
      },
      [](const HttpResponse& r) {
        const auto read = tiktok::read_list(r, kMorning);
        check_answered(read);
        if (read)
          for (const auto& video : *read) check_id(video.id);
      },
      [](const HttpResponse& r) { check_answered(youtube::read_initiation(r, kMorning)); },
      [](const HttpResponse& r) {
        const auto read = youtube::read_session_answer(r, 1000, kMorning);
        check_answered(read);
        if (!read) return;
        CHECK((read->video_id.empty() || youtube::is_video_id(read->video_id)));
        CHECK(read->stored <= 1000);
      },
      [](const HttpResponse& r) { check_words(youtube::read_post_check(r, "public").detail); },
      [](const HttpResponse& r) { check_words(youtube::processing_problem(r).value_or("")); },
      [](const HttpResponse& r) {
        const auto tokens = oauth::read_tokens(r, "TikTok", kMorning);
        check_answered(tokens);
        if (tokens) check_words(tokens->access_token);
      },
  };
  return all;
}

const std::vector<std::string> kBodies{
    R"({"id":"17889455560051444","uri":"https://rupload.facebook.com/ig-api-upload/v25.0/17889455560051444"})",
    R"({"id":"1","status":"Error: Media upload has failed with error code 2207026","status_code":"ERROR",)"
    R"("video_status":{"uploading_phase":{"status":"complete","bytes_transferred":50002}}})",
    R"({"id":"17","permalink":"https://www.instagram.com/reel/abc/"})",
    R"({"data":[{"id":"17889455560051444","caption":"a \u2728","timestamp":"2026-02-11T08:00:00+0000"}]})",
    R"({"data":[{"config":{"quota_total":100,"quota_duration":86400},"quota_usage":2}]})",
    R"({"data":[{"id":"1","instagram_business_account":{"id":"17841400000000001"}}]})",
    R"({"error":{"message":"Invalid","type":"OAuthException","code":9004,"error_subcode":2207052,)"
    R"("is_transient":false,"error_user_title":"x","error_user_msg":"y","fbtrace_id":"A1b"}})",
    R"({"debug_info":{"retriable":false,"type":"ProcessingFailedError","message":"Request processing failed"}})",
    R"({"success":true})",
    R"({"data":{"creator_username":"x","privacy_level_options":["PUBLIC_TO_EVERYONE","SELF_ONLY"],)"
    R"("comment_disabled":false,"max_video_post_duration_sec":300},"error":{"code":"ok","message":"","log_id":"2"}})",
    R"({"data":{"publish_id":"v_pub_file~v2-1.123","upload_url":"https://open-upload.tiktokapis.com/video/?a=b"},)"
    R"("error":{"code":"ok"}})",
    R"({"data":{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7300000000000000001],)"
    R"("uploaded_bytes":10},"error":{"code":"ok"}})",
    R"({"data":{"status":"FAILED","fail_reason":"picture_size_check_failed"},"error":{"code":"ok"}})",
    R"({"data":{"videos":[{"id":"7300000000000000001","create_time":1770796800,"video_description":"a"}]},)"
    R"("error":{"code":"ok"}})",
    R"({"error":{"code":"spam_risk_too_many_posts","message":"m","log_id":"2026"}})",
    R"({"kind":"youtube#video","id":"dQw4w9WgXcQ","status":{"uploadStatus":"uploaded","privacyStatus":"public"}})",
    R"({"items":[{"id":"dQw4w9WgXcQ","status":{"uploadStatus":"rejected","rejectionReason":"duplicate"}}]})",
    R"({"error":{"code":403,"message":"The <a href=\"/x\">quota</a>","errors":[{"reason":"quotaExceeded"}],)"
    R"("details":[{"reason":"accessNotConfigured"}]}})",
    R"({"access_token":"a","expires_in":3599,"refresh_token":"r","scope":"one two","token_type":"Bearer"})",
    R"({"error":"invalid_client","error_description":"The OAuth client was not found."})",
};

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return random_() % end; }

  std::string of(std::string text) {
    for (auto changes = below(4) + 1; changes > 0 && !text.empty(); --changes) change(text);
    return text;
  }

 private:
  // Bytes, and whole values: what a fuzzer finds by chance is helped along.
  void change(std::string& text) {
    static const std::vector<std::string> kValues{"null",
                                                  "true",
                                                  "-1",
                                                  "0",
                                                  "1e400",
                                                  "18446744073709551616",
                                                  "9223372036854775808",
                                                  "\"\"",
                                                  "[]",
                                                  "{}",
                                                  "[[",
                                                  "\"\\u001b[31m\\n\"",
                                                  "\"\\ud800\"",
                                                  "\"" + std::string(3000, 'x') + "\"",
                                                  std::string(100, '['),
                                                  "0.5",
                                                  "\"a b\""};
    const std::size_t at = below(text.size());
    switch (below(6)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, below(12) + 1);
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), below(40)));
        break;
      case 3:
        text.resize(at);
        break;
      default: {  // the value behind a colon
        const auto colon = text.find(':', at);
        if (colon == text.npos) break;
        const auto end = text.find_first_of(",}]", colon);
        text.replace(colon + 1, end == text.npos ? end : end - colon - 1, kValues[below(kValues.size())]);
      }
    }
  }

  std::minstd_rand random_;
};

}  // namespace

TEST_CASE("twenty thousand changed answers are read by every reader without harm") {
  constexpr std::array kStatuses{200, 201, 204, 206, 308, 400, 401, 403, 404, 429, 500, 503};
  constexpr std::array kHeaders{"Retry-After", "Range", "Location", "X-Business-Use-Case-Usage"};
  const std::vector<std::string> header_values{"120", "Wed, 21 Oct 9999 07:28:00 GMT", "bytes=0-499",
                                               "0-18446744073709551615",
                                               R"({"17":[{"estimated_time_to_regain_access":99999999999}]})"};
  const char* more = std::getenv("ASFS_FUZZ_ROUNDS");  // for a longer search by hand
  Mutator mutate(more ? std::random_device{}() : 20'261);
  for (int i = more ? std::atoi(more) : 1'200; i > 0; --i) {
    HttpResponse response{.status = kStatuses[mutate.below(kStatuses.size())], .headers = {}, .body = {}};
    response.body = mutate.of(kBodies[mutate.below(kBodies.size())]);
    for (const char* name : kHeaders)
      if (mutate.below(3) == 0)
        response.headers.emplace_back(name, mutate.of(header_values[mutate.below(header_values.size())]));
    INFO(response.status, " ", response.body);
    for (const Reader& read : readers()) read(response);
  }
}
