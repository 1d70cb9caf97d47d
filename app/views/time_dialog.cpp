#include "app/views/time_dialog.h"

#include "app/ui/icons.h"
#include "app/ui/widgets.h"
#include "app/views/dialog_parts.h"
#include "app/views/time_fields.h"

namespace asfs {

ChooseTime choose_time(const Frame& frame, std::string_view video_id, std::size_t destination,
                       std::string_view title) {
  ChooseTime what{
      .video_id = std::string(video_id), .platform = frame.name_at(destination), .title = std::string(title)};
  set_time(what.time, next_full_hour(frame.state.time));
  return what;
}

ChooseTime change_time(const Frame& frame, const QueuedUpload& item) {
  ChooseTime what{.video_id = item.video_id,
                  .platform = item.platform,
                  .title = item.title.empty() ? item.video_id : item.title,
                  .waits = true,
                  .has_time = item.schedule.has_value()};
  set_time(what.time, item.schedule ? item.schedule->at : next_full_hour(frame.state.time));
  return what;
}

bool draw_time_question(Frame& frame, ChooseTime& what) {
  heading(frame, icon::kCalendar, colour::kAccent,
          Label<96>("When does it go to {}?", frame.caption_of(what.platform)));
  video_card(frame, what.title, {});
  const bool ready = post_facts(frame, what.video_id, what.platform, what.asked);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(at.x, at.y + px(16), colour::kTextFaint, "At");
  ImGui::SetCursorScreenPos({at.x + px(kFactInset), at.y});
  time_fields(what.time, frame.state.time);
  const std::string_view error = error_of(what.time, frame.state.time);
  field_error(error);
  if (error.empty())
    paragraph(colour::kTextDim,
              "An open window sends it then. If the limits do not allow it yet, it goes as soon "
              "as they do.");
  std::optional<int> answer;
  constexpr int kForget = 2;
  if (what.has_time) {
    answer = buttons({"Cancel", "Forget the time", "Set the time"}, 0, ready && error.empty());
    if (answer && *answer > 0) answer = *answer == 1 ? kForget : 1;
  } else {
    answer = buttons({"Cancel", what.waits ? "Set the time" : "Schedule"}, 0, ready && error.empty());
  }
  if (answer == 1) frame.ask(ScheduleUpload{what.video_id, what.platform, Schedule{.at = *what.time.at}});
  if (answer == kForget) frame.ask(ScheduleUpload{what.video_id, what.platform, std::nullopt});
  return answer.has_value();
}

}  // namespace asfs
