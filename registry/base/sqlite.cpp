#include "registry/base/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <fstream>
#include <mutex>
#include <string>
#include <utility>

#include "registry/base/files.h"

namespace asfs {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

[[noreturn]] void raise(sqlite3* db, int code) {
  // A connection that could not even be allocated has no message of its own.
  const int extended = db ? sqlite3_extended_errcode(db) : code;
  throw SqliteError(extended, db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

void check(sqlite3* db, int code) {
  if (code != SQLITE_OK) raise(db, code);
}

/// SQLite would make it readable by all that the umask lets in; what lies beside it has the mode of the file.
/// An existing file is not even opened: closing it would drop the locks that this process has on it.
void make_private_file(const std::filesystem::path& path) {
  const FileDescriptor made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
}

/// The path as a name that SQLite never takes for an URI.
std::string plain_name(const std::filesystem::path& path) {
  const std::string& name = path.native();
  return name.starts_with("file:") ? "./" + name : name;
}

/// `how`: `mode=ro`, or `immutable=1`, which promises SQLite that nobody writes the file.
std::string uri_of(const std::filesystem::path& path, std::string_view how) {
  std::string uri = "file:";
  for (const char c : path.native()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.';
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return fmt::format("{}?{}", uri, how);
}

/// As its header says; reading such a file leaves a -wal and a -shm file beside it.
bool is_wal(const std::filesystem::path& path) {
  std::array<char, 20> header{};
  std::ifstream(path, std::ios::binary).read(header.data(), header.size());
  return header[18] == 2;
}

bool holds_bytes(const std::filesystem::path& path, const char* ending) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path.native() + ending, none);
  return !none && size > 0;
}

}  // namespace

Statement::Statement(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  check(db, sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                               &statement, nullptr));
  assert(statement);  // an empty text is our bug
  statement_.reset(statement);
}

Statement& Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL instead of the empty text.
  const char* data = text.data() ? text.data() : "";
  check(sqlite3_db_handle(handle()),
        sqlite3_bind_text64(handle(), index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int index, std::int64_t value) {
  check(sqlite3_db_handle(handle()), sqlite3_bind_int64(handle(), index, value));
  return *this;
}

Statement& Statement::bind(int index, double value) {
  check(sqlite3_db_handle(handle()), sqlite3_bind_double(handle(), index, value));
  return *this;
}

Statement& Statement::bind(int index, std::nullopt_t) {
  check(sqlite3_db_handle(handle()), sqlite3_bind_null(handle(), index));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* db = sqlite3_db_handle(handle());
  const SqliteError error(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
  reset();  // or a failed read would hold its lock
  throw error;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(handle());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle(), column) == SQLITE_NULL;
}

std::string_view Statement::text_view(int column) const {
  const void* data = sqlite3_column_text(handle(), column);
  if (!data) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle(), column))};
}

std::string Statement::text(int column) const {
  return std::string(text_view(column));
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(handle(), column);
}

CachedStatement::~CachedStatement() {
  statement_->reset();
  sqlite3_clear_bindings(statement_->handle());
}

Database::Database(const std::filesystem::path& path, Mode mode) : path_(path), mode_(mode) {
  if (!KeptConnections::take(*this)) open_file();
}

Database::~Database() {
  if (db_) KeptConnections::keep(*this);
}

void Database::open_file() {
  if (mode_ != Mode::read_only) {
    const bool create = mode_ == Mode::read_write_create;
    if (create) make_private_file(path_);  // whatever keeps it from being made is SQLite's to tell
    open(plain_name(path_), SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0));
    return;
  }
  open(plain_name(path_), SQLITE_OPEN_READONLY);
  try {
    query_int("PRAGMA schema_version");
  } catch (const SqliteError& error) {
    // A WAL database needs its -shm file, which cannot be made on a read-only or full disk. With nothing in a
    // -wal file nothing is missing from the main file, so that it can be read as it is.
    const int kind = error.code() & 0xFF;
    const bool unwritable =
        kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_IOERR || kind == SQLITE_FULL;
    const bool no_shm = unwritable && !holds_bytes(path_, "-wal");
    if (!no_shm || !holds_bytes(path_, "")) return;  // the caller's first query reports it
    cache_.clear();
    immutable_ = true;
    open(uri_of(path_, "immutable=1"), SQLITE_OPEN_READONLY);
  }
}

void Database::open(const std::string& name, int flags) {
  // Nobody asks how much memory SQLite has, and counting it makes every thread wait for every other.
  static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(uncounted);
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(
      name.c_str(), &db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  db_.reset(db);
  check(db, code);
  sqlite3_busy_timeout(db, kBusyTimeoutMs);
  execute("PRAGMA foreign_keys=ON");
}

bool Database::attach_unchanged(const std::filesystem::path& path, std::string_view name) {
  std::error_code unknown;
  const bool lock = !is_wal(path) || std::filesystem::exists(path.native() + "-wal", unknown);
  prepare("ATTACH ?1 AS ?2")->bind_all(uri_of(path, lock ? "mode=ro" : "immutable=1"), name).run();
  return lock;
}

void Database::execute(const char* sql) {
  check(handle(), sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr));
}

CachedStatement Database::prepare(std::string_view sql) {
  auto found = cache_.find(sql);
  if (found == cache_.end()) {
    auto statement = std::make_unique<Statement>(handle(), sql);
    found = cache_.emplace(std::string(sql), std::move(statement)).first;
  }
  assert(!sqlite3_stmt_busy(found->second->handle()));  // in use further up the stack
  return CachedStatement(*found->second);
}

bool Database::is_moved() const {
  int moved = 0;
  const int code = sqlite3_file_control(handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved != 0;
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle());
}

std::int64_t Database::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(handle());
}

std::int64_t Database::query_int(std::string_view sql) {
  auto statement = prepare(sql);
  return statement->step() ? statement->integer(0) : 0;
}

struct KeptConnections::Kept {
  std::filesystem::path path;
  Database::Mode mode;
  std::unique_ptr<sqlite3, Database::Close> db;
  Database::Statements cache;  // gone before it
};

struct KeptConnections::Pool {
  std::mutex mutex;
  int keepers = 0;
  std::vector<Kept> kept;  ///< the last one was used last

  static Pool& the() {
    static Pool pool;
    return pool;
  }
};

KeptConnections::KeptConnections() {
  const std::scoped_lock lock(Pool::the().mutex);
  ++Pool::the().keepers;
}

KeptConnections::~KeptConnections() {
  std::vector<Kept> closing;  // after the lock
  const std::scoped_lock lock(Pool::the().mutex);
  if (--Pool::the().keepers == 0) closing.swap(Pool::the().kept);
}

bool KeptConnections::take(Database& into) {
  const std::scoped_lock lock(Pool::the().mutex);
  auto& kept = Pool::the().kept;
  for (std::size_t i = kept.size(); i-- > 0;) {
    if (kept[i].path != into.path_ || kept[i].mode != into.mode_) continue;
    into.db_ = std::move(kept[i].db);
    into.cache_ = std::move(kept[i].cache);
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
    if (!into.is_moved()) return true;
    into.cache_.clear();
    into.db_.reset();
  }
  return false;
}

void KeptConnections::keep(Database& closing) {
  constexpr std::size_t kMost = 64;
  const bool alone = !sqlite3_db_name(closing.handle(), 2);  // nothing is attached
  if (!alone || closing.immutable_ || !sqlite3_get_autocommit(closing.handle())) return;
  const std::scoped_lock lock(Pool::the().mutex);
  if (Pool::the().keepers > 0 && Pool::the().kept.size() < kMost)
    Pool::the().kept.push_back(
        {closing.path_, closing.mode_, std::move(closing.db_), std::move(closing.cache_)});
}

namespace {

/// A failed statement may have rolled back by itself (a full disk does that).
void roll_back(Database& db) {
  if (!sqlite3_get_autocommit(db.handle())) sqlite3_exec(db.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace

Transaction::Transaction(Database& db) : db_(db) {
  db_.prepare("BEGIN IMMEDIATE")->run();
}

Transaction::~Transaction() {
  if (open_) roll_back(db_);
}

void Transaction::commit() {
  db_.prepare("COMMIT")->run();
  open_ = false;
}

ReadTransaction::ReadTransaction(Database& db) : db_(db) {
  db_.prepare("BEGIN")->run();
}

ReadTransaction::~ReadTransaction() {
  roll_back(db_);
}

StoppableStatements::StoppableStatements(Database& db, std::stop_token stop)
    : db_(db), stop_(std::move(stop)) {
  constexpr int kInstructions = 10'000;  // some tenths of a millisecond
  const auto stopped = [](void* self) {
    return static_cast<StoppableStatements*>(self)->stop_.stop_requested() ? 1 : 0;
  };
  if (stop_.stop_possible()) sqlite3_progress_handler(db_.handle(), kInstructions, stopped, this);
}

StoppableStatements::~StoppableStatements() {
  sqlite3_progress_handler(db_.handle(), 0, nullptr, nullptr);
}

namespace {

std::string disk_full(const std::string& file) {
  return fmt::format("the disk is full: {} could not be written; free some space and try again", file);
}

bool is_disk_full(const std::filesystem::path& path) {
  constexpr std::uintmax_t kLeastRoom = 64 * 1024;  // what a -shm file and a page need
  std::error_code unknown;
  const auto space = std::filesystem::space(path.parent_path(), unknown);
  return !unknown && space.available < kLeastRoom;
}

}  // namespace

Error library_error(const SqliteError& error, const std::filesystem::path& path) {
  const std::string file = path_text(path);
  const char* what = error.what();
  const auto say = [](std::string message) { return Error{Code::library, std::move(message)}; };
  if (error.code() == SQLITE_READONLY_DBMOVED)
    return say(fmt::format("{} was moved or deleted while it was open; start again", file));
  switch (error.code() & 0xFF) {
    case SQLITE_INTERRUPT:
      return {Code::cancelled, "stopped"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return say(fmt::format("{} is locked by another program; close it or wait, then try again", file));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return say(
          fmt::format("{} is damaged or not a database ({}): restore a backup, or save what can be read: "
                      "sqlite3 FILE .recover | sqlite3 NEWFILE",
                      file, what));
    case SQLITE_READONLY:
      return say(fmt::format("{} cannot be written: the file, its folder or its disk is read-only", file));
    case SQLITE_FULL:
      return say(disk_full(file));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return say(fmt::format(
          "{} cannot be opened; check that it exists and that you may read and write it and its folder",
          file));
    case SQLITE_IOERR:
      if (is_disk_full(path)) return say(disk_full(file));  // the -wal and -shm files report it so
      return say(fmt::format(
          "{} cannot be read or written ({}); check the disk, or copy the library elsewhere", file, what));
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
      return say(fmt::format(
          "{} does not hold the tables that are expected ({}); is it another program's file?", file, what));
    default:
      return say(fmt::format("{} cannot be used: {}", file, what));
  }
}

}  // namespace asfs
