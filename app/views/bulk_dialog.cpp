#include "app/views/bulk_dialog.h"

#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/ui/widgets.h"
#include "app/views/dialog_parts.h"
#include "app/views/time_fields.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr float kLabelInset = 136;  ///< where the inputs begin
constexpr float kCountsInset = 208;

/// The newest plan that was asked for; nullptr until it is made.
const PlanView* plan_of(const Frame& frame, const ConfirmBulk& what) {
  const PlanView* plan = frame.state.plan.get();
  return plan && plan->number == what.asked ? plan : nullptr;
}

bool series_is_right(const Frame& frame, const ConfirmBulk& what) {
  return !what.later ||
         (error_of(what.first, frame.state.time).empty() && what.every.span && what.spread.span);
}

/// What is chosen, once nothing in it is wrong.
void ask_for_plan(Frame& frame, ConfirmBulk& what) {
  if (!series_is_right(frame, what)) return;
  using IfMissed = Schedule::IfMissed;
  what.wish.series.reset();
  if (what.later)
    what.wish.series = SlotSeries{.first = *what.first.at,
                                  .every = *what.every.span,
                                  .spread = *what.spread.span,
                                  .if_missed = what.next_slot ? IfMissed::next : IfMissed::now,
                                  .seed = what.seed};
  what.asked = frame.ui.next_plan++;
  frame.ask(MakePlan{what.wish, what.asked});
}

Label<96> counts_label(const PlanView::PerDestination& planned) {
  if (planned.now + planned.later + planned.skipped == 0)
    return Label<96>("{}", planned.done > 0 ? "nothing left to upload" : "nothing to upload");
  if (planned.now + planned.later == 0) return Label<96>("{} skipped", count_label(planned.skipped).view());
  Label<32> skipped;
  if (planned.skipped > 0) skipped = Label<32>(", {} skipped", count_label(planned.skipped).view());
  if (planned.later == 0) return Label<96>("{} now{}", count_label(planned.now).view(), skipped.view());
  if (planned.now == 0) return Label<96>("{} later{}", count_label(planned.later).view(), skipped.view());
  return Label<96>("{} now, {} later{}", count_label(planned.now).view(), count_label(planned.later).view(),
                   skipped.view());
}

/// True when it was switched.
bool platform_line(const Frame& frame, ConfirmBulk& what, std::size_t destination) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool on = what.wish.destinations[destination];
  float height = 32;
  const float y = at.y + px(16), right = at.x + ImGui::GetContentRegionAvail().x;
  ImGui::SetCursorScreenPos({at.x, y - px(10)});
  const Label<96> label("On {}", frame.caption_at(destination));
  const bool switched = check_box(label.c_str(), on ? Check::on : Check::off);
  draw_icon(at.x + px(40), y, on ? rgb(frame.columns()[destination].colour) : colour::kTextFaint,
            frame.columns()[destination].icon);
  const float counts = at.x + px(kCountsInset);
  draw_elided(at.x + px(60), counts - px(12), y, on ? colour::kText : colour::kTextFaint,
              frame.caption_at(destination));
  const PlanView* plan = plan_of(frame, what);
  if (on && plan && destination < plan->destinations.size()) {  // one may have been added since
    const PlanView::PerDestination& planned = plan->destinations[destination];
    const Label<48> last("until {}", planned.last);
    if (!planned.last.empty()) draw_number_right(right, y, colour::kTextDim, last);
    draw_elided(counts, right - (planned.last.empty() ? 0 : text_width(last) + px(16)), y, colour::kText,
                counts_label(planned));
    if (!planned.audience.empty()) {
      height += 20;
      draw_elided(counts, right, y + px(20), colour::kTextDim, Label<200>("Seen by: {}", planned.audience));
    }
  }
  ImGui::SetCursorScreenPos({at.x, at.y + px(height)});
  ImGui::Dummy({0, 0});
  if (switched) what.wish.destinations[destination] = !on;
  return switched;
}

/// The name of the inputs that follow on this line.
void input_label(std::string_view text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(at.x, at.y + px(16), colour::kTextDim, text);
  ImGui::SetCursorScreenPos({at.x + px(kLabelInset), at.y});
}

void input_note(std::string_view text) {
  ImGui::SameLine();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_elided(at.x, at.x + ImGui::GetContentRegionAvail().x, at.y + px(16), colour::kTextFaint, text);
  ImGui::NewLine();
}

/// One of two; true when it is another than before.
bool choose(const char* label, bool& value, bool wanted) {
  if (!radio(label, value == wanted) || value == wanted) return false;
  value = wanted;
  return true;
}

bool series_fields(const Frame& frame, ConfirmBulk& what) {
  input_label("The first at");
  bool edited = time_fields(what.first, frame.state.time);
  field_error(error_of(what.first, frame.state.time));
  input_label("Then one every");
  edited = span_field("##One every", "1d", what.every) || edited;
  input_note("such as 2h or 1d; empty: as the limits allow");
  input_label("Later by up to");
  edited = span_field("##Later by up to", "0m", what.spread) || edited;
  input_note("such as 15m; each by a random part of it");
  if (!what.every.span || !what.spread.span) field_error("Give spans such as 15m, 2h, 1d or 1h30m.");
  input_label("If one is missed");
  edited = choose("Send it at once", what.next_slot, false) || edited;
  ImGui::SameLine(0, px(16));
  edited = choose("Use the next slot", what.next_slot, true) || edited;
  tooltip("The computer slept, or no window was open. The slots behind it move along.");
  return edited;
}

bool when_fields(const Frame& frame, ConfirmBulk& what) {
  input_label("When");
  bool changed = choose("As soon as possible", what.later, false);
  ImGui::SameLine(0, px(16));
  changed = choose("From a time on", what.later, true) || changed;
  if (what.later) changed = series_fields(frame, what) || changed;
  return changed;
}

/// Every upload with its time or reason.
void plan_list(const Frame& frame, const PlanView& plan, float at_most) {
  constexpr float kLine = 24;
  const float lines = std::min(static_cast<float>(plan.lines.size()), at_most);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour::kSurface);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  if (ImGui::BeginChild("##Plan", {0, px(kLine * lines)})) {
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(plan.lines.size()), px(kLine));
    while (clipper.Step())
      for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
        const PlanView::Line& line = plan.lines[static_cast<std::size_t>(i)];
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x, y = at.y + px(kLine) * 0.5f;
        const float middle = at.x + width * 0.4f;
        draw_icon(at.x + px(12), y, rgb(frame.columns()[line.destination].colour),
                  frame.columns()[line.destination].icon);
        draw_elided(at.x + px(32), middle - px(8), y, colour::kText, line_label(line.title));
        draw_elided(middle, at.x + width - px(4), y, line.skipped ? colour::kWarning : colour::kTextDim,
                    line.text);
        ImGui::Dummy({width, px(kLine)});
        tooltip(line.text);
      }
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
}

/// What is known of the plan so far.
void plan_facts(const Frame& frame, const ConfirmBulk& what) {
  const PlanView* plan = plan_of(frame, what);
  if (!plan) return paragraph(colour::kTextFaint, "Working out what goes when…");
  if (!plan->error.empty()) return paragraph(colour::kWarning, plan->error);
  if (plan->lines.empty()) return paragraph(colour::kTextDim, "Nothing is left to upload there.");
  plan_list(frame, *plan, what.later ? 4.0f : 6.0f);  // the fields of a series need room, too
  ImGui::Dummy({0, 0});
  paragraph(
      colour::kTextDim,
      Label<200>("{} to send{}{}.{}", bytes_text(plan->bytes), plan->last.empty() ? "" : ", the last about ",
                 plan->last, plan->skipped == 0 ? "" : " What is marked needs something from you first."));
}

}  // namespace

void ask_bulk(Frame& frame, VideoIds videos, bool later) {
  ConfirmBulk what{.wish = {.videos = std::move(videos)}, .later = later, .seed = frame.ui.next_plan};
  what.seed ^= static_cast<std::uint64_t>(frame.state.time.time_since_epoch().count());
  set_time(what.first, next_full_hour(frame.state.time));
  ask_for_plan(frame, what);
  open_dialog(frame.ui, std::move(what));
}

void drop_plan(Frame& frame, const ConfirmBulk& what) {
  if (!plan_of(frame, what)) frame.ask(DropPlan{});
}

bool draw_bulk_question(Frame& frame, ConfirmBulk& what) {
  const std::size_t chosen = what.wish.videos ? what.wish.videos->size() : 0;
  heading(frame, icon::kUpload, colour::kAccent,
          what.wish.videos
              ? Label<64>("Upload {} video{}?", count_label(chosen).view(), chosen == 1 ? "" : "s")
              : Label<64>("Upload all pending videos?"));
  paragraph(colour::kTextDim,
            "A video goes to each platform where it is not uploaded yet. What has failed for good, or has to "
            "be looked "
            "at, is left alone.");
  bool changed = false;
  for (std::size_t i = 0; i < frame.columns().size(); ++i)
    if (frame.there(i)) changed = platform_line(frame, what, i) || changed;
  changed = when_fields(frame, what) || changed;
  if (changed) ask_for_plan(frame, what);
  ImGui::Dummy({0, 0});
  const bool right = series_is_right(frame, what);
  if (right) plan_facts(frame, what);
  if (frame.practice()) paragraph(colour::kTextDim, "Practice mode: nothing leaves this computer.");
  const PlanView* plan = plan_of(frame, what);
  const std::size_t uploads = right && plan ? plan->uploads : 0;
  const Label<64> yes("{} {} upload{}###Start uploads", what.later ? "Schedule" : "Start",
                      count_label(uploads).view(), uploads == 1 ? "" : "s");
  const auto answer = buttons({"Cancel", yes.c_str()}, 0, uploads > 0);
  if (answer == 1)
    frame.ask(UploadMany{what.wish});
  else if (answer)
    drop_plan(frame, what);
  return answer.has_value();
}

}  // namespace asfs
