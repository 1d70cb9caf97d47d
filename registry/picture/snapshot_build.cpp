#include "registry/picture/snapshot_build.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace asfs {
namespace {

constexpr std::size_t kMostFreshText = 1 << 30;

/// The row that a statement stands on.
std::vector<sqlite3_value*> row_of(const Statement& statement) {
  std::vector<sqlite3_value*> values;
  for (int i = 0; i < sqlite3_column_count(statement.handle()); ++i)
    values.push_back(sqlite3_column_value(statement.handle(), i));
  return values;
}

/// The tables on their way into a picture.
class Loading {
 public:
  explicit Loading(std::shared_ptr<const Destinations> destinations)
      : destinations_(std::move(destinations)) {}

  std::vector<std::shared_ptr<SnapshotChunk>> chunks;
  IdIndex index;
  std::uint32_t size = 0;

  void load_videos(Database& db) {
    for_each_row(db, "videos", kVideoColumns, [this](RowValues row) {
      if (size++ % kChunkRows == 0) add_chunk();
      chunks.back()->add_video(row);
    });
    index.reserve(size);
    for (std::uint32_t row = 0; row < size; ++row)
      if (const auto id = id_at(row); !id.empty()) index.insert(id, row);
  }

  void load_uploads(Database& db) {
    for_each_row(db, "video_uploads", kUploadColumns, [this, near = std::uint32_t(0)](RowValues row) mutable {
      const auto video = find(row[0], near);
      if (!video) return;
      near = *video;
      SnapshotChunk& chunk = *chunks[near / kChunkRows];
      if (chunk.uploads.empty() && near >= kChunkRows) chunk.reserve_uploads(*chunks[near / kChunkRows - 1]);
      chunk.add_upload(near % kChunkRows, row);
    });
  }

  void load_unattended(Database& db) {
    for (const Unattended& one : noted_unattended(db))
      if (const auto row = find(one.video_id)) chunks[*row / kChunkRows]->mark(*row % kChunkRows, one);
  }

  void load_known_posts(Database& db) {
    for (const KnownPost& post : known_posts(db))
      if (const auto row = find(post.video_id))
        chunks[*row / kChunkRows]->add_known_post(*row % kChunkRows, post);
  }

  void shrink() {
    for (const auto& chunk : chunks) chunk->shrink();
  }

 private:
  std::shared_ptr<const Destinations> destinations_;

  std::optional<std::uint32_t> find(std::string_view id) const {
    return index.find(id, [this](std::uint32_t row) { return id_at(row); });
  }

  std::string_view id_at(std::uint32_t row) const { return chunks[row / kChunkRows]->id(row % kChunkRows); }

  void add_chunk() {
    chunks.push_back(std::make_shared<SnapshotChunk>(destinations_));
    if (chunks.size() > 1) chunks.back()->reserve_videos(*chunks[chunks.size() - 2]);
  }

  /// Uploads mostly stand in the order of their videos: the same video or the next one is tried before the
  /// index.
  std::optional<std::uint32_t> find(sqlite3_value* video_id, std::uint32_t near) const {
    if (sqlite3_value_type(video_id) != SQLITE_TEXT) return std::nullopt;
    const std::string_view id = text_of(video_id);
    if (id.empty()) return std::nullopt;
    for (const std::uint32_t row : {near, near + 1})
      if (row < size && id_at(row) == id) return row;
    return find(id);
  }
};

}  // namespace

void SnapshotBuilder::load(Database& db) {
  Loading loading(destinations_);
  loading.load_videos(db);
  loading.load_uploads(db);
  loading.load_unattended(db);
  loading.load_known_posts(db);
  loading.shrink();

  auto next = std::make_shared<Snapshot>();
  for (std::size_t first = 0; first < loading.chunks.size(); first += kPageChunks) {
    auto page = std::make_shared<SnapshotPage>();
    const std::size_t count = std::min<std::size_t>(kPageChunks, loading.chunks.size() - first);
    std::move(loading.chunks.begin() + static_cast<std::ptrdiff_t>(first),
              loading.chunks.begin() + static_cast<std::ptrdiff_t>(first + count), page->chunks.begin());
    next->pages_.push_back(std::move(page));
  }
  next->destinations_ = destinations_;
  next->size_ = loading.size;
  next->generation_ = current() ? current()->generation() + 1 : 1;
  index_ = std::move(loading.index);
  delta_ = {.from = nullptr, .to = std::move(next), .rows = {}};
}

std::optional<SnapshotBuilder::Fresh> SnapshotBuilder::read(Database& db,
                                                            std::vector<std::string> ids) const {
  Fresh fresh{.ids = std::move(ids), .rows = {}, .chunk = SnapshotChunk(destinations_)};
  const auto video = db.prepare(fmt::format("SELECT {} FROM videos WHERE id = ?1", kVideoColumns));
  const auto upload =
      db.prepare(fmt::format("SELECT {} FROM video_uploads WHERE video_id = ?1", kUploadColumns));
  for (const std::string& id : fresh.ids) {
    video->reset();
    if (!video->bind(1, id).step()) {
      fresh.rows.push_back(kGone);
      continue;
    }
    const std::size_t row = fresh.chunk.videos.size();
    fresh.rows.push_back(static_cast<std::uint32_t>(row));
    fresh.chunk.add_video(row_of(*video));
    upload->reset();
    for (upload->bind(1, id); upload->step();) fresh.chunk.add_upload(row, row_of(*upload));
    for (const Unattended& one : noted_unattended(db, id)) fresh.chunk.mark(row, one);
    for (const KnownPost& post : known_posts(db, id)) fresh.chunk.add_known_post(row, post);
    const std::size_t bytes = fresh.chunk.video_text.size() + fresh.chunk.upload_text.size();
    if (video->step() || bytes > kMostFreshText) return std::nullopt;
  }
  return fresh;
}

std::optional<std::uint32_t> SnapshotBuilder::find(std::string_view id) const {
  return index_.find(id, [this](std::uint32_t row) {
    const Source source = source_at(row);
    return source.chunk->id(source.row);
  });
}

SnapshotBuilder::Source SnapshotBuilder::source_at(std::uint32_t row) const {
  return {&current()->chunk_of(row), row % kChunkRows};
}

SnapshotBuilder::Edits SnapshotBuilder::sort_out(const Fresh& fresh) const {
  Edits edits{.rows = {}, .holes = {}, .size = size()};
  std::vector<Source> added;
  for (std::size_t i = 0; i < fresh.ids.size(); ++i) {
    const auto here = find(fresh.ids[i]);
    const Source now{&fresh.chunk, fresh.rows[i]};
    if (now.row == kGone) {
      if (here) edits.holes.push_back(*here);
    } else if (!here) {
      added.push_back(now);
    } else if (fresh.chunk.view(now.row) != current()->video(*here)) {
      edits.rows[*here] = now;
    }
  }
  std::sort(edits.holes.begin(), edits.holes.end(), std::greater<>());
  for (const Source& source : added) {
    const bool reuse = !edits.holes.empty();
    edits.rows[reuse ? edits.holes.back() : edits.size++] = source;
    if (reuse) edits.holes.pop_back();
  }
  close_holes(edits);
  return edits;
}

/// Moves rows from the end into the holes that are left, the lowest hole first.
void SnapshotBuilder::close_holes(Edits& edits) const {
  auto& holes = edits.holes;
  for (std::size_t at_end = 0; at_end < holes.size();) {
    const std::uint32_t last = --edits.size;
    if (holes[at_end] == last) {
      ++at_end;
      continue;
    }
    const auto edited = edits.rows.extract(last);
    edits.rows[holes.back()] = edited.empty() ? source_at(last) : edited.mapped();
    holes.pop_back();
  }
}

void SnapshotBuilder::apply(const Fresh& fresh) {
  const Edits edits = sort_out(fresh);
  if (!edits.rows.empty() || edits.size != size()) publish(edits);
}

void SnapshotBuilder::publish(const Edits& edits) {
  const Snapshot& old = *current();
  auto next = std::make_shared<Snapshot>(old);
  next->size_ = edits.size;
  next->generation_ = old.generation() + 1;
  constexpr std::uint32_t page_rows = kChunkRows * kPageChunks;
  next->pages_.resize((edits.size + page_rows - 1) / page_rows);

  std::vector<std::uint32_t> rows;
  for (const auto& [row, source] : edits.rows) rows.push_back(row);
  for (std::uint32_t row = edits.size; row < size(); ++row) rows.push_back(row);
  std::shared_ptr<SnapshotPage> page;
  for (std::uint32_t last = UINT32_MAX; const std::uint32_t row : rows) {
    const std::uint32_t chunk = row / kChunkRows, at = chunk / kPageChunks;
    if (chunk == last || at >= next->pages_.size()) continue;
    if (!page || at != last / kPageChunks) {
      page = at < old.pages_.size() ? std::make_shared<SnapshotPage>(*old.pages_[at])
                                    : std::make_shared<SnapshotPage>();
      next->pages_[at] = page;
    }
    page->chunks[chunk % kPageChunks] = chunk * kChunkRows < edits.size ? rebuilt(chunk, edits) : nullptr;
    last = chunk;
  }
  update_index(edits);
  delta_ = {.from = current(), .to = std::move(next), .rows = std::move(rows)};
}

std::shared_ptr<const SnapshotChunk> SnapshotBuilder::rebuilt(std::size_t chunk, const Edits& edits) const {
  auto made = std::make_shared<SnapshotChunk>(destinations_);
  const auto begin = static_cast<std::uint32_t>(chunk * kChunkRows);
  const std::uint32_t end = std::min(begin + kChunkRows, edits.size);
  if (begin < size()) {
    const SnapshotChunk& old = current()->chunk_of(begin);
    const std::size_t kept = std::min<std::size_t>(old.videos.size(), end - begin);
    if (old.is_mostly_waste())
      for (std::size_t row = 0; row < kept; ++row) made->put_copy(row, old, row);
    else
      made->copy(old, kept);
  }
  for (auto edit = edits.rows.lower_bound(begin); edit != edits.rows.end() && edit->first < end; ++edit)
    made->put_copy(edit->first - begin, *edit->second.chunk, edit->second.row);
  made->shrink();
  return made;
}

void SnapshotBuilder::update_index(const Edits& edits) {
  const auto forget = [&](std::uint32_t row) {
    const Source source = source_at(row);
    if (const auto id = source.chunk->id(source.row); !id.empty()) index_.erase(id, row);
  };
  for (const auto& [row, source] : edits.rows)
    if (row < size()) forget(row);
  for (std::uint32_t row = edits.size; row < size(); ++row) forget(row);
  for (const auto& [row, source] : edits.rows)
    if (const auto id = source.chunk->id(source.row); !id.empty()) index_.insert(id, row);
}

}  // namespace asfs
