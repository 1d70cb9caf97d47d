// A thin skin over SQLite: a connection, a statement, a transaction, each closing itself. It is the only
// place that calls sqlite3_* apart from the snapshot's read loop.
//
// Inside registry/ and the practice server a failing call throws SqliteError; public functions catch it with
// guarded() and hand out a Result. Why not a library: the read loop and the write path are measured against
// bare SQLite, and an error here must say which file and what to do.
//
// A Database is used by one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/base/result.h"

namespace asfs {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }  ///< extended SQLite result code

 private:
  int code_;
};

/// A prepared statement. Bind from 1, columns from 0, as in SQLite.
class Statement {
 public:
  Statement(sqlite3* db, std::string_view sql);

  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, const char* text) { return bind(index, std::string_view(text)); }
  Statement& bind(int index, const std::string& text) { return bind(index, std::string_view(text)); }
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, int value) { return bind(index, static_cast<std::int64_t>(value)); }
  Statement& bind(int index, bool value) { return bind(index, static_cast<std::int64_t>(value)); }
  Statement& bind(int index, double value);
  Statement& bind(int index, std::nullopt_t);
  template <class T>
  Statement& bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind(index, std::nullopt);
  }
  /// Binds all from 1 on.
  template <class... Args>
  Statement& bind_all(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
    return *this;
  }

  bool step();   ///< true: a row is there; false: done
  void run();    ///< step to the end, then reset
  void reset();  ///< bindings stay

  bool is_null(int column) const;
  std::string text(int column) const;            ///< numbers and blobs converted as SQLite does; NULL is ""
  std::string_view text_view(int column) const;  ///< valid until the next step
  std::optional<std::string> optional_text(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;

  sqlite3_stmt* handle() const { return statement_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A statement from the connection's cache; reset, and its bindings cleared, when it goes out of scope.
class CachedStatement {
 public:
  explicit CachedStatement(Statement& s) : statement_(&s) {}
  CachedStatement(const CachedStatement&) = delete;
  CachedStatement& operator=(const CachedStatement&) = delete;
  ~CachedStatement();
  Statement* operator->() const { return statement_; }
  Statement& operator*() const { return *statement_; }

 private:
  Statement* statement_;
};

class Database {
 public:
  enum class Mode { read_write_create, read_write, read_only };

  /// Opens with a busy timeout of 10 s and foreign keys on. Read-only works on a WAL database too, also on a
  /// disk that cannot be written.
  Database(const std::filesystem::path& path, Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Another database under `name`, only to be read, and left as it is: no file appears beside it. False when
  /// it is read without a lock, because nobody has it open: whoever needs to know whether it has changed
  /// meanwhile looks at its time.
  bool attach_unchanged(const std::filesystem::path& path, std::string_view name);

  void execute(const char* sql);                  ///< one or more statements without parameters
  CachedStatement prepare(std::string_view sql);  ///< cached by text; not to be used twice at once
  std::int64_t changes() const;
  std::int64_t last_insert_rowid() const;
  std::int64_t query_int(std::string_view sql);  ///< first column of the first row; 0 without a row
  /// The file that was opened is not what its path leads to any more: moved, deleted or replaced.
  bool is_moved() const;
  sqlite3* handle() const { return db_.get(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  friend class KeptConnections;
  using Statements = std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>>;
  void open(const std::string& name, int flags);
  void open_file();

  std::filesystem::path path_;
  Mode mode_;
  bool immutable_ = false;  ///< sees no changes
  std::unique_ptr<sqlite3, Close> db_;
  Statements cache_;
};

/// While one of these lives, a connection that is closed is kept, its statements with it, for the next
/// Database on that path, of any thread: where one library is opened again and again, most of the work would
/// be to read its schema and to prepare statements. One whose file was moved or replaced is not taken again.
class KeptConnections {
 public:
  KeptConnections();
  KeptConnections(const KeptConnections&) = delete;
  KeptConnections& operator=(const KeptConnections&) = delete;
  ~KeptConnections();

 private:
  friend class Database;
  static bool take(Database& into);
  static void keep(Database& closing);
  struct Kept;
  struct Pool;
};

/// BEGIN IMMEDIATE now; ROLLBACK unless commit() was called.
class Transaction {
 public:
  explicit Transaction(Database& db);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& db_;
  bool open_ = true;
};

/// BEGIN now: as long as it lives, all statements read what the file held at one moment. Keeps nothing.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& db);
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

 private:
  Database& db_;
};

/// While it lives, a statement on `db` ends within milliseconds of a stop, however long it would take:
/// guarded() then gives Code::cancelled.
class StoppableStatements {
 public:
  StoppableStatements(Database& db, std::stop_token stop);
  StoppableStatements(const StoppableStatements&) = delete;
  StoppableStatements& operator=(const StoppableStatements&) = delete;
  ~StoppableStatements();

 private:
  Database& db_;
  std::stop_token stop_;
};

/// The Error for an SQLite failure on `path`: locked, damaged, not a database, read-only, disk full, no
/// permission, each with what to do; Code::library, but Code::cancelled for a statement that was stopped.
Error library_error(const SqliteError& error, const std::filesystem::path& path);

/// Runs `work`; an SqliteError becomes the Error above.
template <class Work>
auto guarded(const std::filesystem::path& path, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SqliteError& error) {
    return std::unexpected(library_error(error, path));
  }
}

}  // namespace asfs
