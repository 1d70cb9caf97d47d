#include "registry/store/webhook_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/private_file.h"
#include "registry/files/checksum.h"
#include "registry/store/config_file.h"

namespace asfs {
namespace {

/// One entry of the list, read value by value.
class Entry {
 public:
  Entry(const Json& values, std::string file, std::size_t index)
      : values_(values), file_(std::move(file)), name_(fmt::format("webhooks[{}]", index)) {}

  Result<Webhook> read() const {
    if (!values_.is_object()) return refused("", "a JSON object with url, events and secret");
    for (const std::string& key : keys_of(values_))
      if (key != "url" && key != "events" && key != "secret")
        return unknown_key(file_, name_ + "." + key, {"url", "events", "secret"});
    Webhook webhook{.url = text("url"), .secret = text("secret"), .events = {}};
    if (!is_safe_url(webhook.url, true))
      return refused(".url", "an https:// address (http:// only for 127.0.0.1, localhost and [::1])");
    if (webhook.secret.empty())
      return refused(".secret", "a text that the receiver knows, too; deliveries are signed with it");
    if (!read_events(webhook.events))
      return refused(".events",
                     "a list of \"uploaded\", \"failed\" and \"unclear\"; without it all are told");
    return webhook;
  }

  std::unexpected<Error> refused(std::string_view key, std::string_view allowed) const {
    return fail(Code::library, fmt::format("{}: \"{}{}\" must be {}", file_, name_, key, allowed));
  }

 private:
  std::string text(const char* key) const {
    const auto found = values_.find(key);
    return found != values_.end() && found->is_string() ? found->get<std::string>() : std::string();
  }

  bool read_events(auto& events) const {
    const auto list = values_.find("events");
    if (list == values_.end()) {
      events.fill(true);
      return true;
    }
    if (!list->is_array()) return false;
    for (const Json& word : *list) {
      const std::string name = word.is_string() ? word.get<std::string>() : "";
      const auto known = std::ranges::find(kWebhookEvents, name);
      if (known == kWebhookEvents.end()) return false;
      events[static_cast<std::size_t>(known - kWebhookEvents.begin())] = true;
    }
    return !list->empty();
  }

  const Json& values_;
  std::string file_;
  std::string name_;
};

Result<std::vector<Webhook>> read_list(const Json& document, const std::string& file) {
  const auto list = document.is_object() ? document.find("webhooks") : document.end();
  if (document.is_object())
    for (const std::string& key : keys_of(document))
      if (key != "webhooks") return unknown_key(file, key, {"webhooks"});
  if (list == document.end() || !list->is_array())
    return fail(Code::library,
                fmt::format("{}: the file must hold one JSON object with a list \"webhooks\"", file));
  std::vector<Webhook> webhooks;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Entry entry((*list)[i], file, i);
    auto webhook = entry.read();
    if (!webhook) return std::unexpected(webhook.error());
    if (std::ranges::find(webhooks, webhook->url, &Webhook::url) != webhooks.end())
      return entry.refused(".url", "another address than those before; list it once");
    webhooks.push_back(*std::move(webhook));
  }
  return webhooks;
}

}  // namespace

bool Webhook::wants(std::string_view event) const {
  const auto known = std::ranges::find(kWebhookEvents, event);
  return known != kWebhookEvents.end() && events[static_cast<std::size_t>(known - kWebhookEvents.begin())];
}

std::string Webhook::key() const {
  return sha256_of(url);
}

std::string Webhook::shown_url() const {
  return url.substr(0, url.find_first_of("?#"));
}

Result<std::vector<Webhook>> load_webhooks(const Library& library) {
  const auto path = library.webhooks_file();
  const auto text = read_private_file(path, "the secrets of webhooks");
  if (!text && text.error().code == Code::not_found) return std::vector<Webhook>();
  if (!text) return fail(Code::library, text.error().message);
  const auto document = parse_config(*text, path_text(path), "none");
  if (!document) return std::unexpected(document.error());
  return read_list(*document, path_text(path));
}

}  // namespace asfs
