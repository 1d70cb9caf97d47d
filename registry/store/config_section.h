// Typed values out of one section of a configuration file, with what is wrong with it. Pure; any thread.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/json.h"
#include "registry/base/result.h"
#include "registry/store/config_file.h"

namespace asfs {

/// Remembers the first error: the file, the key and what is allowed. A value that is refused leaves `out`
/// alone.
class ConfigSection {
 public:
  static constexpr std::uint64_t kMost = 1ull << 50;  ///< of anything: keeps sums far from overflow

  ConfigSection(const Json& document, std::string_view name, std::string file);

  template <class Number>
  void number(const char* key, std::uint64_t least, std::uint64_t most, Number& out) {
    const auto value = whole(key, least, most);
    if (value) out = static_cast<Number>(*value);
  }
  /// 0 or more.
  void real(const char* key, double& out);
  void flag(const char* key, bool& out);
  void text(const char* key, std::string& out, std::string_view allowed, auto&& fits) {
    const Json* value = find(key);
    if (!value || !value->is_string() || !fits(value->get_ref<const std::string&>()))
      return refuse(key, allowed);
    out = value->get<std::string>();
  }
  /// https, or http on loopback; without the slash at its end.
  void base_url(const char* key, std::string& out);
  /// An address to which something is added.
  void link(const char* key, std::string& out, std::string_view allowed);

  void refuse(const char* key, std::string_view allowed);
  const std::optional<Error>& error() const { return error_; }

 private:
  const Json* find(const char* key) const;
  std::optional<std::uint64_t> whole(const char* key, std::uint64_t least, std::uint64_t most);

  std::string name_;
  std::string file_;
  const Json* values_ = nullptr;
  std::optional<Error> error_;
};

}  // namespace asfs
