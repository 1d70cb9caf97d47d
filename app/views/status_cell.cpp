#include "app/views/status_cell.h"

#include "app/model/when_label.h"
#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/widgets.h"
#include "registry/base/clock.h"
#include "registry/base/text.h"
#include "uploaders/row/platforms.h"

namespace asfs {
namespace {

void draw_running(Frame& frame, const RunningUpload& running, ImVec2 min, ImVec2 max) {
  const float centre = (min.y + max.y) * 0.5f;
  const float y = centre - px(5);
  draw_icon(min.x + px(8), y, colour::kAccent, icon::kUploading);
  draw_elided(min.x + px(24), max.x, y, colour::kText, step_label(running));
  progress_bar({min.x, centre + px(8)}, {max.x, centre + px(12)}, fraction_of(running), colour::kAccent,
               frame.now);
}

int max_retries(const Frame& frame, std::size_t destination) {
  const Config* config = frame.state.info ? frame.state.info->config : nullptr;
  return config ? config->limits(frame.name_at(destination)).max_retries : kMaxRetries;
}

void line(ImU32 name_colour, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  ImGui::PushStyleColor(ImGuiCol_Text, name_colour);
  ImGui::TextUnformatted(name.data(), name.data() + name.size());
  ImGui::PopStyleColor();
  ImGui::SameLine(px(96));
  ImGui::TextUnformatted(value.data(), value.data() + value.size());
}

void upload_lines(const UploadView& upload) {
  if (!upload.present) return;
  line(colour::kTextFaint, "When", short_time(upload.timestamp));
  line(colour::kTextFaint, "Post id", upload.post_id);
  if (upload.retry_count > 0) line(colour::kTextFaint, "Failures", Label<32>("{}", upload.retry_count));
  if (!upload.error.empty())
    paragraph(kind_of(upload) == StatusKind::failed ? colour::kDanger : colour::kText, upload.error);
}

Label<200> waiting_label(const QueueTurn& turn, const DestinationWait* wait, TimePoint now) {
  if (turn.why == QueueTurn::Why::platform && wait) return wait_label(*wait, now);
  if (turn.why == QueueTurn::Why::held) return Label<200>("In the queue, paused");
  if (turn.why == QueueTurn::Why::sign_in) return Label<200>("In the queue, waits for a sign-in");
  if (turn.at == TimePoint()) return Label<200>("Waits for its turn");
  return Label<200>("In the queue, about {}", when_label(turn.at, now).view());
}

/// For the cell.
Label<32> waiting_word(const QueueTurn& turn, const DestinationWait* wait, TimePoint now) {
  if (turn.why == QueueTurn::Why::platform && wait)
    return Label<32>("{}", wait->why == DestinationWait::Why::offline ? "Offline" : "Account");
  if (turn.why == QueueTurn::Why::held) return Label<32>("Paused");
  if (turn.why == QueueTurn::Why::sign_in) return Label<32>("No sign-in");
  return turn.at == TimePoint() ? Label<32>("Waiting") : short_when_label(turn.at, now);
}

}  // namespace

Label<48> step_label(const RunningUpload& running) {
  if (running.cancelling.load(std::memory_order_relaxed)) return Label<48>("Cancelling");
  const UploadStep step = running.progress.step.load(std::memory_order_relaxed);
  std::string_view word = name_of(step);
  const char first = static_cast<char>(word[0] - 'a' + 'A');
  word.remove_prefix(1);
  const float fraction = fraction_of(running);
  if (step != UploadStep::sending || fraction < 0) return Label<48>("{}{}", first, word);
  return Label<48>("{}{} {} %", first, word, static_cast<int>(fraction * 100));
}

std::string_view cancel_hint(const RunningUpload& running) {
  if (!running.progress.may_be_live.load(std::memory_order_relaxed)) return {};
  return "All of it is sent, so the post may appear even when this is cancelled. The platform is asked later "
         "what became of it; nothing is sent again.";
}

float fraction_of(const RunningUpload& running) {
  const auto total = running.progress.total.load(std::memory_order_relaxed);
  const auto sent = running.progress.sent.load(std::memory_order_relaxed);
  if (total == 0) return -1.0f;
  return static_cast<float>(static_cast<double>(std::min(sent, total)) / static_cast<double>(total));
}

void draw_status_cell(Frame& frame, const VideoView& video, std::size_t destination, ImVec2 min, ImVec2 max) {
  if (const RunningUpload* running = frame.running(video.id, destination))
    return draw_running(frame, *running, min, max);
  const float y = (min.y + max.y) * 0.5f;
  if (const QueueTurn* waiting = frame.waiting(video.id, destination)) {
    draw_icon(min.x + px(8), y, colour::kAccent, icon::kClock);
    draw_elided(min.x + px(24), max.x, y, colour::kText,
                waiting_word(*waiting, frame.state.waiting->waits.find(frame.name_at(destination)),
                             frame.state.time));
    return;
  }
  const UploadView& upload = video.uploads[destination];
  const StatusKind kind = kind_of(upload);
  const StatusLook& look = look_of(kind);
  draw_icon(min.x + px(8), y, look.colour, look.icon);
  const bool quiet = kind == StatusKind::not_uploaded;
  draw_elided(min.x + px(24), max.x, y, quiet ? colour::kTextFaint : colour::kText,
              status_word(upload, upload.retry_count > 0 ? max_retries(frame, destination) : 0));
}

void draw_status_tooltip(Frame& frame, const VideoView& video, std::size_t destination) {
  if (!begin_tooltip()) return;
  const RunningUpload* running = frame.running(video.id, destination);
  const QueueTurn* waiting = frame.waiting(video.id, destination);
  const UploadView& upload = video.uploads[destination];
  ImGui::PushFont(frame.ui.fonts.semibold, 0.0f);
  Label<200> state("{}", status_word(upload, max_retries(frame, destination)).view());
  if (waiting)
    state = waiting_label(*waiting, frame.state.waiting->waits.find(frame.name_at(destination)),
                          frame.state.time);
  if (running) state = Label<200>("{}", step_label(*running).view());
  const Label<256> heading("{}: {}", frame.caption_at(destination), state.view());
  ImGui::TextUnformatted(heading.begin(), heading.end());
  ImGui::PopFont();
  if (!running) upload_lines(upload);
  if (video.other_platforms > 0) {
    const Label<96> others("On {} more platform{} that this window has no column for.", video.other_platforms,
                           video.other_platforms == 1 ? "" : "s");
    ImGui::TextUnformatted(others.begin(), others.end());
  }
  end_tooltip();
}

}  // namespace asfs
