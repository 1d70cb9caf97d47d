#include "uploaders/accounts/account_memory.h"

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/accounts/token_store.h"

namespace asfs {
namespace {

std::filesystem::path file_of(const Library& library, std::string_view destination) {
  return library.tokens_folder() / (file_stem_of(destination) + ".known.json");
}

Json read_all(const Library& library, std::string_view destination) {
  const auto text = read_file(file_of(library, destination));
  Json json = text ? read_json(*text) : Json();
  return json.is_object() ? json : Json::object();
}

AccountMemory memory_in(const Json& all, const std::string& account_id) {
  const Json& one = child_at(all, all.contains(account_id) ? account_id : "");
  AccountMemory memory{.privacy = text_at(one, "privacy")};
  if (const auto seconds = count_at(one, "unaudited_at").value_or(0); seconds > 0 && seconds < UINT32_MAX)
    memory.unaudited_at = TimePoint(std::chrono::seconds(seconds));
  return memory;
}

}  // namespace

AccountMemory load_memory(const Library& library, std::string_view destination,
                          const std::string& account_id) {
  return memory_in(read_all(library, destination), account_id);
}

Result<void> change_memory(const Library& library, std::string_view destination,
                           const std::string& account_id, const std::function<void(AccountMemory&)>& change) {
  const auto lock = TokenStore(library).lock(destination);
  if (!lock) return std::unexpected(lock.error());
  Json all = read_all(library, destination);
  const AccountMemory before = memory_in(all, account_id);
  AccountMemory memory = before;
  change(memory);
  if (memory == before) return {};
  all[account_id] = {{"privacy", memory.privacy},
                     {"unaudited_at", memory.unaudited_at ? unix_millis(*memory.unaudited_at) / 1000 : 0}};
  return write_file_atomically(file_of(library, destination), dumped(all, 2) + "\n");
}

}  // namespace asfs
