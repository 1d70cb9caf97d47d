// Glyphs of the embedded icon font (Font Awesome 4.7), merged into the text fonts. UTF-8, ready for labels.
#pragma once

namespace asfs::icon {

inline constexpr const char* kSearch = "\uf002";
inline constexpr const char* kClear = "\uf00d";
inline constexpr const char* kRefresh = "\uf021";
inline constexpr const char* kUpload = "\uf093";
inline constexpr const char* kPractice = "\uf0c3";
inline constexpr const char* kPlay = "\uf04b";
inline constexpr const char* kFilm = "\uf008";
inline constexpr const char* kFolder = "\uf115";
inline constexpr const char* kFile = "\uf0f6";
inline constexpr const char* kOpen = "\uf08e";
inline constexpr const char* kCopy = "\uf0c5";
inline constexpr const char* kLink = "\uf0c1";
inline constexpr const char* kUp = "\uf077";
inline constexpr const char* kDown = "\uf078";
inline constexpr const char* kPause = "\uf04c";
inline constexpr const char* kFirst = "\uf0aa";
inline constexpr const char* kMoveUp = "\uf062";
inline constexpr const char* kMoveDown = "\uf063";
inline constexpr const char* kCaret = "\uf0d7";
inline constexpr const char* kCheck = "\uf00c";
inline constexpr const char* kMinus = "\uf068";
inline constexpr const char* kCalendar = "\uf073";
inline constexpr const char* kSpeed = "\uf0e4";
inline constexpr const char* kClock = "\uf017";
inline constexpr const char* kAccounts = "\uf007";
inline constexpr const char* kFilter = "\uf0b0";
inline constexpr const char* kAdd = "\uf067";
inline constexpr const char* kRemove = "\uf014";
inline constexpr const char* kEye = "\uf06e";
inline constexpr const char* kPicture = "\uf03e";

inline constexpr const char* kInfo = "\uf05a";
inline constexpr const char* kGood = "\uf058";
inline constexpr const char* kWarning = "\uf071";
inline constexpr const char* kError = "\uf06a";

// The specification's indicators: ✔ ✖ ⏳ ❌ (prohibited) 🔁 ⚪
inline constexpr const char* kUploaded = "\uf00c";
inline constexpr const char* kFailed = "\uf00d";
inline constexpr const char* kUploading = "\uf252";
inline constexpr const char* kBlocked = "\uf05e";
inline constexpr const char* kRateLimited = "\uf079";
inline constexpr const char* kNotUploaded = "\uf10c";
inline constexpr const char* kMayBeLive = "\uf059";
inline constexpr const char* kUnknown = "\uf128";

// 📷 🎵 ▶

}  // namespace asfs::icon
