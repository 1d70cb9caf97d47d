#include "registry/picture/snapshot_chunk.h"

#include <algorithm>

#include "registry/base/text.h"

namespace asfs {
namespace {

/// Longer texts are cut: their sizes have 16 bits, even when every byte becomes a three-byte U+FFFD.
constexpr std::size_t kLongestText = 16 << 10;

/// What is said of an upload that began and that nobody is at.
constexpr std::string_view kUnattended =
    "it began, and nothing has been heard of it since; no living program is at it, so it may be live";

template <std::size_t kCount>
Texts<kCount> put(std::string& block, const std::array<std::string_view, kCount>& texts) {
  Texts<kCount> put_at{.at = static_cast<std::uint32_t>(block.size())};
  for (std::size_t i = 0; i < kCount; ++i) put_at.sizes[i] = static_cast<std::uint16_t>(texts[i].size());
  const std::size_t size = block.size() + put_at.size();
  block.resize_and_overwrite(size, [&](char* data, std::size_t) {  // GCC 12 gives a wrong size here
    data += put_at.at;
    for (const auto text : texts) data = std::copy(text.begin(), text.end(), data);
    return size;
  });
  return put_at;
}

/// As put(), for text that may be anything.
template <std::size_t kCount>
Texts<kCount> put_valid(std::string& block, std::array<std::string_view, kCount> texts) {
  for (auto& text : texts) text = text.substr(0, kLongestText);
  const Texts<kCount> put_at = put(block, texts);
  if (is_ascii(std::string_view(block).substr(put_at.at))) return put_at;
  block.resize(put_at.at);
  std::array<std::string, kCount> valid;
  for (std::size_t i = 0; i < kCount; ++i) texts[i] = valid[i] = valid_utf8(texts[i]);
  return put(block, texts);
}

/// Room for a little more, because rows differ.
template <class Container>
void reserve_about(Container& container, std::size_t size) {
  container.reserve(size + size / 16);
}

template <class Container>
void shrink_to_need(Container& container) {
  if (container.capacity() > container.size() + container.size() / 8) container.shrink_to_fit();
}

}  // namespace

std::string_view SnapshotChunk::text(std::size_t row, TextColumn column) const {
  if (column == TextColumn::id) return id(row);
  return videos[row].texts.in(video_text)[static_cast<std::size_t>(column) - 1];
}

VideoView SnapshotChunk::view(std::size_t row) const {
  const Video& video = videos[row];
  const auto [title, file_path, created_at] = video.texts.in(video_text);
  VideoView view{.id = id(row),
                 .title = title,
                 .file_path = file_path,
                 .created_at = created_at,
                 .duration = video.duration,
                 .duplicate_allowed = video.duplicate_allowed != 0,
                 .other_platforms = static_cast<int>(video.other_platforms)};
  view.uploads.resize(width());
  for (std::size_t i = 0; i < width(); ++i) {
    const std::uint32_t slot = slots_of(row)[i];
    if (slot == 0) continue;
    const Upload& upload = uploads[slot - 1];
    const auto [timestamp, post_id, error, status_text] = upload.texts.in(upload_text);
    view.uploads[i] = {.present = true,
                       .status = upload.status,
                       .status_text = upload.status ? names_of(*upload.status).name : status_text,
                       .timestamp = timestamp,
                       .post_id = post_id,
                       .error = error,
                       .retry_count = upload.retry_count,
                       .without_row = upload.without_row};
  }
  return view;
}

void SnapshotChunk::add_video(RowValues row) {
  const bool is_text = sqlite3_value_type(row[0]) == SQLITE_TEXT;
  std::string_view id_now = text_of(row[0]);
  const bool usable = is_text && id_now.size() <= kLongestText && is_utf8(id_now);
  if (!usable) id_now = {};
  Video video;
  video.id = put<1>(id_text, {id_now});
  video.texts = put_valid<3>(
      video_text, {title_or_stem(text_of(row[1]), text_of(row[2])), text_of(row[2]), text_of(row[3])});
  video.duration = sqlite3_value_double(row[4]);
  video.duplicate_allowed = sqlite3_value_int(row[5]) != 0;
  videos.push_back(video);
  slots.resize(slots.size() + width());
}

void SnapshotChunk::set_upload(std::size_t to, std::size_t destination, const Upload& upload) {
  uploads.push_back(upload);
  slots_of(to)[destination] = static_cast<std::uint32_t>(uploads.size());
}

void SnapshotChunk::add_upload(std::size_t to, RowValues row) {
  const auto destination = destinations->index_of(text_of(row[1]));
  if (!destination) {
    videos[to].other_platforms = videos[to].other_platforms + 1;
    return;
  }
  std::string_view status = text_of(row[2]);
  Upload upload;
  upload.status = parse_status(status);
  if (upload.status) status = {};
  upload.texts = put_valid<4>(upload_text, {text_of(row[3]), text_of(row[4]), text_of(row[5]), status});
  upload.retry_count = sqlite3_value_int(row[6]);
  set_upload(to, *destination, upload);
}

void SnapshotChunk::add_known_post(std::size_t to, const KnownPost& post) {
  const auto destination = destinations->index_of(post.platform);
  if (!destination) return;
  Upload upload;
  upload.status = post.certain ? UploadStatus::success : UploadStatus::blocked;
  upload.without_row = true;
  upload.texts = put_valid<4>(upload_text, {post.at, post.post_id.value_or(""), post.words, ""});
  set_upload(to, *destination, upload);
}

void SnapshotChunk::mark(std::size_t to, const Unattended& noted) {
  const auto destination = destinations->index_of(noted.platform);
  if (!destination || slots_of(to)[*destination] == 0) return;
  Upload& upload = uploads[slots_of(to)[*destination] - 1];
  const auto [since, post_id, error, status] = upload.texts.in(upload_text);
  if (upload.status != UploadStatus::in_progress || since != noted.since) return;
  upload.status = UploadStatus::blocked;
  waste_ += upload.texts.size();
  upload.texts = put_valid<4>(upload_text, {noted.since, std::string(post_id), kUnattended, ""});
}

void SnapshotChunk::put_copy(std::size_t to, const SnapshotChunk& from, std::size_t row) {
  const auto copy_texts = [](auto& texts, const std::string& source, std::string& target) {
    const std::size_t at = target.size();
    target.append(source, texts.at, texts.size());
    texts.at = static_cast<std::uint32_t>(at);
  };
  Video video = from.videos[row];
  copy_texts(video.id, from.id_text, id_text);
  copy_texts(video.texts, from.video_text, video_text);
  if (to == videos.size()) {
    videos.emplace_back();
    slots.resize(slots.size() + width());
  } else {
    waste_ += bytes_of(to);
  }
  videos[to] = video;
  for (std::size_t i = 0; i < width(); ++i) {
    const std::uint32_t slot = from.slots_of(row)[i];
    slots_of(to)[i] = 0;
    if (slot == 0) continue;
    set_upload(to, i, from.uploads[slot - 1]);
    copy_texts(uploads.back().texts, from.upload_text, upload_text);
  }
}

void SnapshotChunk::copy(const SnapshotChunk& other, std::size_t rows) {
  reserve_videos(other);
  reserve_uploads(other);
  videos = other.videos;
  slots = other.slots;
  uploads = other.uploads;
  id_text = other.id_text;
  video_text = other.video_text;
  upload_text = other.upload_text;
  waste_ = other.waste_;
  for (; videos.size() > rows; videos.pop_back()) waste_ += bytes_of(videos.size() - 1);
  slots.resize(videos.size() * width());
}

std::size_t SnapshotChunk::bytes_of(std::size_t row) const {
  std::size_t bytes = videos[row].id.size() + videos[row].texts.size();
  for (const std::uint32_t slot : std::span(slots_of(row), width()))
    if (slot != 0) bytes += sizeof(Upload) + uploads[slot - 1].texts.size();
  return bytes;
}

bool SnapshotChunk::is_mostly_waste() const {
  return 2 * waste_ >
         id_text.size() + video_text.size() + upload_text.size() + uploads.size() * sizeof(Upload);
}

void SnapshotChunk::reserve_videos(const SnapshotChunk& other) {
  videos.reserve(kChunkRows);
  slots.reserve(kChunkRows * width());
  reserve_about(id_text, other.id_text.size());
  reserve_about(video_text, other.video_text.size());
}

void SnapshotChunk::reserve_uploads(const SnapshotChunk& other) {
  reserve_about(uploads, other.uploads.size());
  reserve_about(upload_text, other.upload_text.size());
}

void SnapshotChunk::shrink() {
  shrink_to_need(videos);
  shrink_to_need(slots);
  shrink_to_need(uploads);
  shrink_to_need(id_text);
  shrink_to_need(video_text);
  shrink_to_need(upload_text);
}

}  // namespace asfs
