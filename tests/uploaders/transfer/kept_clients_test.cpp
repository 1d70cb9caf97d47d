// Clients that one upload leaves to the next.
#include "uploaders/transfer/kept_clients.h"

#include <doctest/doctest.h>

#include <optional>

using namespace asfs;

namespace {

/// Hands out clients that answer with their number, or fail; through keep_clients().
struct Numbered {
  class Client final : public Http {
   public:
    Client(int number, const std::optional<HttpError::Kind>& failing) : number_(number), failing_(failing) {}
    std::expected<HttpResponse, HttpError> send(const HttpRequest&) override {
      if (failing_) return std::unexpected(HttpError{*failing_, "", {}});
      return HttpResponse{number_, {}, {}};
    }

   private:
    const int number_;
    const std::optional<HttpError::Kind>& failing_;
  };

  static int number_of(Http& client) {
    const auto answer = client.send({});
    return answer ? answer->status : 0;
  }

  int made = 0;
  std::optional<HttpError::Kind> failing;
  HttpMaker make = keep_clients([this] { return std::make_unique<Client>(++made, failing); });
};

}  // namespace

TEST_CASE("a client that is done goes to whoever asks next, and never to two at once") {
  Numbered clients;
  CHECK(Numbered::number_of(*clients.make()) == 1);
  const auto first = clients.make(), second = clients.make();
  CHECK(Numbered::number_of(*first) == 1);
  CHECK(Numbered::number_of(*second) == 2);
}

TEST_CASE("a client that a request failed on is not used again") {
  Numbered clients;
  clients.failing = HttpError::Kind::broken;
  CHECK(Numbered::number_of(*clients.make()) == 0);
  clients.failing.reset();
  CHECK(Numbered::number_of(*clients.make()) == 2);
}

TEST_CASE("where a host could not be reached, no client that waits is used again") {
  Numbered clients;
  { const auto first = clients.make(), second = clients.make(); }
  const auto offline = clients.make();
  clients.failing = HttpError::Kind::connect;
  CHECK(Numbered::number_of(*offline) == 0);
  clients.failing.reset();
  CHECK(Numbered::number_of(*clients.make()) == 3);
}
