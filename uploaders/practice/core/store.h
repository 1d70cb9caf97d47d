// What the practice platforms remember, in one folder: practice.db (tokens, sessions, posts, faults),
// sessions/ID.part (bytes of unfinished uploads) and media/POST_ID.mp4 (finished ones).
//
// Everything answered for survives kill -9: the bytes of a session are the length of its file, and a post is
// one committed transaction, after which the file is renamed; open() makes up for a rename that did not
// happen. Thread-safe. A failing database throws SqliteError, except in open().
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/result.h"
#include "registry/base/sqlite.h"

namespace asfs::practice {

struct StoredSession {
  std::string id;
  std::string platform;
  std::string title;
  std::string caption;
  std::string request;  ///< what the platform must remember of the initiation, as JSON
  std::optional<std::uint64_t> total;
  bool expired = false;
  std::string post_id;  ///< empty until the upload is finished
  std::string created_at;
};

struct StoredPost {
  std::int64_t number = 0;
  std::string post_id;
  std::string platform;
  std::string title;
  std::string caption;
  std::string request;
  std::uint64_t size = 0;
  std::string received_at;
  std::string failure;  ///< why processing failed; such a video is no post
};

struct StoredFault {
  std::int64_t id = 0;
  std::string platform;
  std::string kind;
  std::string spec;  ///< the JSON it was made from
  std::int64_t times = 1;
  std::int64_t fired = 0;
};

/// Random text of the base64url alphabet.
std::string random_id(std::size_t length);
/// The same of decimal digits.
std::string random_digits(std::size_t count);

inline constexpr std::int64_t kTokenSeconds = 3600;  ///< how long a token is good for

/// Whose a token is, as issue_token() was told.
std::string account_of_token(std::string_view token);

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder);

  /// Of an account by that name; "" is the first one.
  std::string issue_token(std::string_view platform, std::int64_t lifetime_seconds,
                          std::string_view account = {});
  bool token_is_good(std::string_view platform, std::string_view token);

  void add_session(const StoredSession& session);
  std::optional<StoredSession> session(std::string_view id);
  std::vector<StoredSession> sessions();  ///< oldest first
  void set_total(std::string_view id, std::uint64_t total);
  /// Replaces what the platform remembers of the session.
  void set_request(std::string_view id, std::string_view request);
  void expire_session(std::string_view id);
  void remove_session(std::string_view id);

  /// Makes the session's file the post's; the session names the post from then on. False when there is no
  /// such session any more: nothing was made.
  bool finish(std::string_view session_id, const StoredPost& post);
  std::optional<StoredPost> post(std::string_view post_id);
  std::vector<StoredPost> posts();  ///< oldest first, failed ones included
  /// SHA-256 of the stored file, kept once computed; "" when the file cannot be read.
  std::string checksum(const StoredPost& post);

  StoredFault add_fault(const StoredFault& fault);
  std::vector<StoredFault> faults();  ///< in the order they were added
  /// The oldest one of the platform that has not fired as often as it may.
  std::optional<StoredFault> fault_in_turn(std::string_view platform);
  /// Counts one firing; false when it has fired as often as it may.
  bool count_fault(std::int64_t id);
  bool has_fault(std::int64_t id);
  bool remove_fault(std::int64_t id);
  void remove_faults();

  /// Forgets posts, sessions and faults, and deletes their files. Tokens stay.
  void reset();

  std::filesystem::path part_file(std::string_view session_id) const;
  std::filesystem::path media_file(std::string_view post_id) const;
  std::filesystem::path thumbnail_file(std::string_view post_id) const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  explicit Store(const std::filesystem::path& folder);
  void recover();

  const std::filesystem::path folder_;
  std::mutex mutex_;
  std::mutex checksum_mutex_;
  Database db_;
};

}  // namespace asfs::practice
