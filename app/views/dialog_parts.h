// What the dialogs are made of. Inside a dialog's popup.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "app/ui/frame.h"

namespace asfs {

inline constexpr float kDialogPadding = 24;
inline constexpr float kFactInset = 112;  ///< where the value of a fact() begins

void heading(const Frame& frame, const char* head_icon, ImU32 tint, std::string_view text);

/// The video the question is about, as a card.
void video_card(const Frame& frame, std::string_view title, std::string_view second_line);

/// `Privacy   public`
void fact(std::string_view name, std::string_view value);

/// What the upload will really post, and who will see it, asked for once as number `asked`. True when it is
/// known and nothing speaks against it.
bool post_facts(Frame& frame, std::string_view video_id, std::string_view platform, std::uint64_t& asked);

/// As wide as the dialog; the keyboard is in it when the dialog opens. `wrong`: what is typed cannot be used.
void text_field(const char* label, const char* hint, std::span<char> text, bool wrong = false);

/// The buttons at the lower right. The last is the suggested one: Enter takes it when the keyboard has marked
/// none. Esc is `escape`. Returns which was taken.
std::optional<int> buttons(std::initializer_list<const char*> labels, int escape = 0, bool enabled = true);

}  // namespace asfs
