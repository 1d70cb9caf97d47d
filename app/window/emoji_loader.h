// Font loaders for what ImGui's own cannot show: colour emoji stored as bitmaps, and characters that take no
// space.
#pragma once

struct ImFontLoader;

namespace asfs {

/// For fonts of colour bitmaps (Noto Color Emoji): the stored picture is averaged down to the text's size.
const ImFontLoader* emoji_loader();

/// Needs no font file: joiners, direction marks, variation selectors and skin tones become nothing at all,
/// where other fonts would show a box.
const ImFontLoader* invisible_loader();

}  // namespace asfs
