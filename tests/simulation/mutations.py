# What tests/simulation/mutate puts back: (name, platform, edits). An edit is a file, text that stands there once, and what
# stands there instead. A rule that is kept in two places takes two edits to break.
SESSION, LEDGER = "uploaders/platform/platform_uploader.cpp", "registry/ledger/upload_ledger.cpp"
BEGINS_ANEW = (SESSION, "if (maybe_published() && !no_post) return may_exist();", "static_cast<void>(no_post);")
SENDS_AGAIN = (SESSION, "Result<void> UploadAttempt::before_bytes() const {\n  if (maybe_published()) return may_exist();",
               "Result<void> UploadAttempt::before_bytes() const {")

MUTATIONS = [
    # ---- the rules
    ("no handle is written down", "YouTube", [
        (LEDGER, '"lease_until = ?5, handle = ?6", lease_from(registry_.clock()), handle);',
         '"lease_until = ?5", lease_from(registry_.clock()));')]),
    ("no point of no return is written down", "TikTok", [
        (LEDGER, '"lease_until = ?5, maybe_published = 1"', '"lease_until = ?5"')]),
    ("the point of no return is forgotten by the next process", "TikTok", [
        ("uploaders/stage/stage_attempt.cpp", "maybe_published_(claim.maybe_published)", "maybe_published_(false)")]),
    ("a post is claimed by its words", "TikTok", [
        ("uploaders/platform/own_post.cpp", "post.made_at >= own.since - kClocksApart", "true"),
        ("registry/ledger/post_owner.cpp", "if (!owner || *owner == attempt.video_id) return;", "return;"),
        ("uploaders/stage/stage_attempt.cpp", "return !owner || *owner;", "return false;"),
        ("uploaders/stage/stage_attempt.cpp", "auto posts = ledger_.unknown_posts(attempt_id_);",
         "Result<std::vector<UnknownPost>> posts = std::vector<UnknownPost>{};")]),
    ("YouTube: the wrong video of the list is taken", "YouTube", [
        ("uploaders/youtube/run.cpp", "return on_created(*there->post_id);", 'return on_created("AAAAAAAAAAA");'),
        ("uploaders/youtube/uploader.cpp", "found(State::done, uploads->post_id)", 'found(State::done, "AAAAAAAAAAA")')]),
    # ---- faults that were there
    ("TikTok: a status without a count begins anew", "TikTok", [
        BEGINS_ANEW, SENDS_AGAIN,
        ("uploaders/tiktok/run.cpp", "return all ? processing(status->uploaded_bytes == video_.size()) : on_uploading(*status);", "return on_uploading(*status);")]),
    ("TikTok: a forgotten upload begins anew", "TikTok", [
        BEGINS_ANEW,
        ("uploaders/tiktok/run.cpp", "return attempt_.maybe_published() ? in_doubt(trouble.message) : begin_anew(trouble, false);",
         "return begin_anew(trouble, false);")]),
    ("Instagram: the whole file again after success", "Instagram", [
        ("uploaders/platform/upload_run.cpp", "return attempt_.acknowledged() ? processing() : send();", "return send();"),
        ("uploaders/instagram/run.cpp", "const bool all = attempt_.acknowledged() ||", "const bool all ="),
    ]),
    ("YouTube: a refusal of the last byte begins anew", "YouTube", [
        BEGINS_ANEW,
        ("uploaders/youtube/run.cpp", "if (attempt_.maybe_published()) return on_trouble(of_a_question(trouble));", "")]),
    ("YouTube: a session that is gone begins anew", "YouTube", [
        BEGINS_ANEW,
        ("uploaders/youtube/run.cpp", "if (gone && !attempt_.maybe_published()) return begin_anew(trouble, false);",
         "if (gone) return begin_anew(trouble, false);")]),
    ("trouble with a question fails the upload", "TikTok", [
        ("uploaders/platform/decide.cpp", "if (may_be_live && decision.state != AttemptState::unconfirmed) {", "if (false) {")]),
    ("processing is waited for for ever", "TikTok", [
        ("uploaders/stage/upload_stage.cpp",
         "return attempt.waits_since().value_or(TimePoint::max()) <= context_.clock.now() - kLongestWait;",
         "return false;")]),
    ("being offline is a failure", "YouTube", [
        ("uploaders/platform/decide.cpp", "{NextStep::connect, AttemptState::interrupted, false, Code::offline}",
         "{NextStep::retry, AttemptState::failed, true, Code::offline}")]),
    ("an echoed token is not struck out", "YouTube", [
        ("uploaders/transfer/http_secrets.cpp", "std::string struck_out(std::string text, std::span<const std::string> secrets) {",
         "std::string struck_out(std::string text, std::span<const std::string> secrets) {\n  if (!secrets.empty()) return text;")]),
]
