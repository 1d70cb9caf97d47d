#include "registry/store/config_section.h"

namespace asfs {

ConfigSection::ConfigSection(const Json& document, std::string_view name, std::string file)
    : name_(name), file_(std::move(file)) {
  if (const Json& values = child_at(document, name); values.is_object()) values_ = &values;
}

std::optional<std::uint64_t> ConfigSection::whole(const char* key, std::uint64_t least, std::uint64_t most) {
  const Json* value = find(key);
  const auto number =
      value && value->is_number_unsigned() ? std::optional(value->get<std::uint64_t>()) : std::nullopt;
  if (number && *number >= least && *number <= most) return number;
  refuse(key, fmt::format("a whole number from {} to {}", least, most));
  return std::nullopt;
}

void ConfigSection::real(const char* key, double& out) {
  const Json* value = find(key);
  if (!value || !value->is_number() || value->get<double>() < 0) return refuse(key, "a number, 0 or more");
  out = value->get<double>();
}

void ConfigSection::flag(const char* key, bool& out) {
  const Json* value = find(key);
  if (!value || !value->is_boolean()) return refuse(key, "true or false");
  out = value->get<bool>();
}

void ConfigSection::base_url(const char* key, std::string& out) {
  text(key, out, "an https:// address (http:// only for 127.0.0.1, localhost and [::1])",
       [](const std::string& url) { return is_safe_url(url, false); });
  while (out.ends_with('/')) out.pop_back();
}

void ConfigSection::link(const char* key, std::string& out, std::string_view allowed) {
  text(key, out, allowed, [](const std::string& url) { return is_safe_url(url, true); });
}

void ConfigSection::refuse(const char* key, std::string_view allowed) {
  if (error_) return;
  error_ = Error{Code::library, fmt::format("{}: \"{}.{}\" must be {}", file_, name_, key, allowed)};
}

const Json* ConfigSection::find(const char* key) const {
  if (!values_) return nullptr;
  const Json& value = child_at(*values_, key);
  return value.is_null() ? nullptr : &value;
}

}  // namespace asfs
