#include "uploaders/accounts/web_account.h"

#include <fmt/format.h>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "uploaders/accounts/token_store.h"

namespace asfs {
namespace {

std::filesystem::path web_file(const Library& library, std::string_view destination) {
  return library.tokens_folder() / (file_stem_of(destination) + ".browser.json");
}

}  // namespace

std::filesystem::path web_profile(const Library& library, std::string_view destination) {
  return library.home / "browser" / file_stem_of(destination);
}

Result<std::optional<WebAccount>> load_web_account(const Library& library, std::string_view destination) {
  const auto path = web_file(library, destination);
  const auto text = read_file(path, 64 << 10);
  if (!text && text.error().code == Code::not_found) return std::optional<WebAccount>();
  if (!text) return fail(Code::library, text.error().message);
  const Json document = read_json(*text);
  if (!document.is_object())
    return fail(Code::library, fmt::format("{} is damaged; sign in again: asfs-videos login {} --browser",
                                           path_text(path), destination));
  return WebAccount{.id = text_at(document, "id"),
                    .name = text_at(document, "name"),
                    .browser = text_at(document, "browser"),
                    .needs_login = flag_at(document, "needs_login"),
                    .why = text_at(document, "why"),
                    .page = text_at(document, "page")};
}

Result<void> save_web_account(const Library& library, std::string_view destination,
                              const WebAccount& account) {
  if (auto made = make_private_folder(library.tokens_folder()); !made) return made;
  const Json document{{"id", account.id},           {"name", account.name},
                      {"browser", account.browser}, {"needs_login", account.needs_login},
                      {"why", account.why},         {"page", account.page}};
  return write_file_atomically(web_file(library, destination), dumped(document, 2) + "\n");
}

Result<bool> forget_web_account(const Library& library, std::string_view destination) {
  std::error_code error;
  const bool known = std::filesystem::remove(web_file(library, destination), error);
  const auto files = std::filesystem::remove_all(web_profile(library, destination), error);
  if (error)
    return fail(Code::library, fmt::format("{} cannot be removed: {}",
                                           path_text(web_profile(library, destination)), error.message()));
  return known || files > 0;
}

std::filesystem::file_time_type web_account_changed_at(const Library& library, std::string_view destination) {
  std::error_code missing;
  const auto time = std::filesystem::last_write_time(web_file(library, destination), missing);
  return missing ? std::filesystem::file_time_type::min() : time;
}

std::string web_account_id(const Library& library, std::string_view destination) {
  const auto account = load_web_account(library, destination);
  return account && *account ? (*account)->id : "";
}

}  // namespace asfs
