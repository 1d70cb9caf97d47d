// What Instagram is told about a video, and the handle of an upload. Pure. Used in this folder alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/base/result.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/metadata/metadata.h"

namespace asfs::instagram {

/// Caption and hashtags as one text, or the title where there are none.
std::string caption_of(const Metadata& metadata, std::string_view video_title);

/// Code::usage names field, limit and actual.
Result<void> check_post(const InstagramConfig& config, const Metadata& metadata, std::string_view video_title,
                        std::uint64_t file_size);

PostPreview preview_of(const InstagramConfig& config, const Metadata& metadata, std::string_view video_title);

/// For Instagram's pages. Code::usage: what they are not told by this program.
Result<std::map<std::string, std::string>> web_words(const Config& config, const Metadata& metadata,
                                                     std::string_view video_title);

/// What Instagram takes but does not like: "" or a line for people.
std::string advice(const Metadata& metadata, std::string_view video_title, std::uint64_t file_size);

using Form = std::vector<std::pair<std::string, std::string>>;

/// The parameters of a container.
Form container_form(const Metadata& metadata, std::string_view video_title);
std::string form_text(const Form& form);

/// All that is needed to go on with an upload in another process.
struct Handle {
  std::string container;
  std::string uri;                    ///< empty: Instagram fetches the video itself
  std::string user;                   ///< the account's id
  std::int64_t publishing_since = 0;  ///< unix seconds; 0: media_publish was not sent yet
};
std::string handle_text(const Handle& handle);
std::optional<Handle> parse_handle(std::string_view text);

/// As it is to be used now: practice platforms may have come back on another port.
std::string current_upload_uri(std::string_view uri, std::string_view upload_base);

/// Why an upload address may not be used, if so: the access token goes along with it.
std::optional<std::string> uri_refusal(std::string_view uri, const InstagramConfig& config);

}  // namespace asfs::instagram
