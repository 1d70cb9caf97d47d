// The command about webhooks: webhooks.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_text.h"
#include "uploaders/webhooks/webhooks.h"

namespace asfs {
namespace {

struct Waiting {
  std::vector<Webhook> webhooks;
  std::vector<WebhookDelivery> deliveries;  ///< that one of them wants
};

Result<Waiting> what_waits(VideoRegistry& registry) {
  auto webhooks = load_webhooks(registry.library());
  if (!webhooks) return std::unexpected(webhooks.error());
  auto deliveries = WebhookOutbox(registry).list();
  if (!deliveries) return std::unexpected(deliveries.error());
  std::erase_if(*deliveries, [&](const WebhookDelivery& delivery) {
    return std::ranges::none_of(*webhooks, [&](const Webhook& webhook) {
      return webhook.wants(delivery.event) && (delivery.webhook.empty() || delivery.webhook == webhook.key());
    });
  });
  return Waiting{*std::move(webhooks), *std::move(deliveries)};
}

std::string when_text(const WebhookDelivery& delivery) {
  if (delivery.given_up) return "given up";
  return delivery.next_at <= system_clock().now() ? "now" : short_time(local_timestamp(delivery.next_at));
}

void print(const Waiting& waiting) {
  if (waiting.webhooks.empty())
    return print_out("no webhooks; docs/webhooks.md says how to name some in config/webhooks.json\n");
  std::vector<std::vector<std::string>> rows;
  for (const Webhook& webhook : waiting.webhooks) {
    std::vector<std::string_view> events;
    std::ranges::copy_if(kWebhookEvents, std::back_inserter(events),
                         [&](auto event) { return webhook.wants(event); });
    rows.push_back({webhook.shown_url(), fmt::format("{}", fmt::join(events, ", "))});
  }
  print_table({"WEBHOOK", "IS TOLD OF"}, rows);
  if (waiting.deliveries.empty()) return print_out("nothing waits\n");
  rows.clear();
  for (const WebhookDelivery& delivery : waiting.deliveries) {
    const auto webhook = std::ranges::find(waiting.webhooks, delivery.webhook, &Webhook::key);
    rows.push_back({delivery.event, delivery.video_id, delivery.platform,
                    webhook == waiting.webhooks.end() ? "all" : webhook->shown_url(),
                    std::to_string(delivery.tries), when_text(delivery), delivery.error.value_or("-")});
  }
  print_out("\n");
  print_table({"EVENT", "ID", "PLATFORM", "WEBHOOK", "TRIES", "NEXT", "LAST ERROR"}, rows);
}

Result<int> run_list(const Invocation& call, VideoRegistry& registry) {
  const auto waiting = what_waits(registry);
  if (!waiting) return std::unexpected(waiting.error());
  if (call.json)
    print_out("{}\n", json_of(waiting->webhooks, waiting->deliveries));
  else
    print(*waiting);
  return 0;
}

Result<int> run_send(const Invocation& call, VideoRegistry& registry) {
  const Interrupt interrupt;
  if (auto due = WebhookOutbox(registry).send_again(); !due) return std::unexpected(due.error());
  HttpClient http;
  const auto round = deliver_webhooks(registry, http, interrupt.token());
  if (!round) return std::unexpected(round.error());
  const auto waiting = what_waits(registry);
  if (!waiting) return std::unexpected(waiting.error());
  if (call.json)
    print_out("{}\n", json_of(waiting->webhooks, waiting->deliveries));
  else
    print_out("{} delivered, {} not\n", round->delivered, waiting->deliveries.size());
  if (interrupt.token().stop_requested()) return fail(Code::cancelled, "stopped; the rest waits");
  if (waiting->deliveries.empty()) return 0;
  const auto& last = waiting->deliveries.back().error;
  return fail(Code::failed, fmt::format("not everything was delivered: {}; `asfs-videos webhooks` lists it",
                                        last.value_or("another process is at it")));
}

Result<int> run_test(const Invocation& call) {
  const Interrupt interrupt;
  HttpClient http;
  const auto tests = test_webhooks(call.library, http, system_clock(), interrupt.token());
  if (!tests) return std::unexpected(tests.error());
  if (call.json) print_out("{}\n", json_of(*tests));
  for (const WebhookTest& test : *tests)
    if (!call.json) print_out("{}: {}\n", test.shown_url, test.error.empty() ? "delivered" : test.error);
  if (tests->empty() && !call.json) print_out("no webhooks\n");
  const bool all = std::ranges::all_of(*tests, [](const auto& test) { return test.error.empty(); });
  return all ? 0 : exit_code(Code::failed);
}

Result<int> run(const Invocation& call, const std::string& action) {
  if (action == "test") return run_test(call);
  auto registry = VideoRegistry::open(call.library);
  if (!registry) return std::unexpected(registry.error());
  return action == "send" ? run_send(call, *registry) : run_list(call, *registry);
}

}  // namespace

Command define_webhooks(CLI::App& app) {
  auto action = std::make_shared<std::string>("list");
  app.add_option("ACTION", *action,
                 "list; send: deliver now what waits and what was given up; test: send each a test event")
      ->check(CLI::IsMember({"list", "send", "test"}));
  return [action](const Invocation& call) {
    const auto done = run(call, *action);
    return done ? *done : report(done.error());
  };
}

}  // namespace asfs
