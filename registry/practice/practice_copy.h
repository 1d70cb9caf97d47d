// Practice has a library of its own, HOME/practice: into it the videos of the library at HOME are copied,
// with what their posts are to say, never how they stand on a platform. The library itself is only read. The
// folder can be deleted at any time; the next start makes it anew.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/videos/registration.h"
#include "registry/videos/video_registry.h"

namespace asfs {

/// The practice library beside `library`; itself, if it is one.
Library practice_library(const Library& library);
/// The library that a practice library belongs to; itself, if it is none.
Library real_library(const Library& library);

/// Makes the practice library where it is missing and copies what is new or has changed since the last time.
/// What a person changed in practice stays until it changes in the library; a video that is gone from there
/// goes here, too; one that was added in practice stays. Nothing is written outside the practice folder. A
/// library that does not exist yet has no videos. Code::library: the practice folder cannot be written, or
/// the library cannot be read.
Result<void> refresh_practice(const Library& practice, const Clock& clock = system_clock());

/// The ids of videos that were added in practice and whose content the library does not have, oldest first.
Result<std::vector<std::string>> practice_newcomers(VideoRegistry& practice);

/// Registers newcomers in the library, with their titles and words; all when `ids` is empty. They keep their
/// ids where those are free. Code::not_found: no such newcomer. Otherwise as register_files().
Result<RegistrationReport> take_over_newcomers(const Library& practice, std::vector<std::string> ids,
                                               std::stop_token stop = {},
                                               const Clock& clock = system_clock());

}  // namespace asfs
