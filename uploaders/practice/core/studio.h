// A platform's web sites on this machine, for uploads by a browser: pages written after the real ones, with
// their difficulties. Here is what the sites share: who is signed in, the sign-in page, the bytes of a video,
// faults that strike in a page.
//
// `/studios/PLATFORM/SITE/...` is what the real site has below its host name. A browser without a session
// gets one with an account of its own, without being asked; a fault, or `?practice_sign_in=1`, asks for a
// sign-in, as any name with any password. The session is a cookie, and a token of the store. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "uploaders/practice/core/stand_in.h"

namespace asfs::practice {

/// Whose session it is. Whatever else a platform calls the account by is made out of its name.
struct StudioAccount {
  std::string name;

  /// `prefix` and hexadecimal digits, or decimal ones, of this length in all; always the same.
  std::string id(std::string_view prefix, std::size_t length) const;
  std::string number(std::string_view prefix, std::size_t length) const;
};

class Studio : public StandIn {
 public:
  bool serves(std::string_view path) const final { return path.starts_with(root_); }
  Answer answer(Request& request) final;

 protected:
  struct Manner {
    std::string_view platform;
    std::string_view folder;   ///< below /studios/
    std::string_view sign_in;  ///< the address of the sign-in page: "accounts/signin"
    std::string_view home;     ///< where one goes after it
    std::string_view page;     ///< the asset that is its page
    bool signs_out_late =
        false;  ///< a script of the page sends people to the sign-in, a moment after it came
  };
  struct Visit {
    Request& request;
    std::string path;  ///< below the root: "www/upload"
    StudioAccount account;
  };
  Studio(const StandInParts& parts, const Manner& manner);

  /// A request of somebody who is signed in.
  virtual Answer visit(Visit& visit) = 0;
  /// The page on which the platform wants to see a person.
  virtual Answer challenge() = 0;
  /// What the page's script is told.
  virtual Json context(const StudioAccount& account) const = 0;

  /// The site's page, or what a fault puts in its place.
  Answer page(Visit& visit);
  Answer to(std::string_view path) const;  ///< a redirect; below the root
  Answer notice(std::string_view title, std::string_view html) const;
  std::optional<Fault> strike(Request& request, std::string_view kinds, Moment moment = Moment::page,
                              Step step = Step::page);
  /// No answer, also not to the same request again: browsers repeat one by themselves whose connection broke.
  Answer lose(Request& request);
  /// An answer in words that nobody knows; as "body" says: HTML, or nothing.
  static Answer garbled(const Fault& fault);
  std::string link(const Request& request, std::string_view path) const;

  /// A video that is to come: `total` bytes, into the session of that id.
  void expect(const std::string& id, const StudioAccount& account, const Json& said, Json remembered);
  /// The account's own session of that id; nothing otherwise.
  std::optional<StoredSession> own_session(const Visit& visit, std::string_view id);
  /// PUT with a Content-Range: stores what fits, and answers `received` of `total`.
  Answer take_bytes(Visit& visit, const std::string& id);
  std::uint64_t received(const StoredSession& session) const;
  bool is_complete(const StoredSession& session) const;

  const StandInParts parts_;

 private:
  Answer as_visitor(Request& request, const std::string& path);
  Answer sign_in(Request& request);
  Answer strike_in_page(Request& request);
  std::optional<Answer> struck(Visit& visit);
  bool was_lost(const Request& request);
  std::string cookie(std::string_view value) const;
  std::string open_session(std::string_view account);

  const Manner manner_;
  const std::string root_, tokens_of_;
  std::mutex mutex_;
  std::set<std::string> lost_;  ///< requests, by what their pages call them
};

/// What a session or a post was remembered with; an object in any case.
Json remembered(std::string_view request);

}  // namespace asfs::practice
