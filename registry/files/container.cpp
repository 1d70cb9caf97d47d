#include "registry/files/container.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <optional>
#include <string_view>

#include "registry/base/files.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

using State = ContainerLook::State;

/// Numbers out of a file, through a small window. What lies behind its end, and all after too many reads, is
/// 0.
class Source {
 public:
  Source(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
  std::uint64_t size() const { return size_; }
  bool exhausted() const { return reads_ >= kMaxReads; }

  /// Big-endian, of 1 to 8 bytes.
  std::uint64_t number(std::uint64_t at, int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value = value << 8 | byte(at + static_cast<std::uint64_t>(i));
    return value;
  }

 private:
  static constexpr std::size_t kMaxReads = 50'000;

  std::uint8_t byte(std::uint64_t at) {
    if (at < from_ || at - from_ >= filled_) fill(at);
    return at >= from_ && at - from_ < filled_ ? window_[at - from_] : 0;
  }

  void fill(std::uint64_t at) {
    filled_ = 0;
    if (at >= size_ || exhausted()) return;
    ++reads_;
    const ssize_t got = ::pread(fd_, window_.data(), window_.size(), static_cast<off_t>(at));
    from_ = at;
    filled_ = got > 0 ? static_cast<std::size_t>(got) : 0;
  }

  const int fd_;
  const std::uint64_t size_;
  std::size_t reads_ = 0;
  std::array<std::uint8_t, 4096> window_;
  std::uint64_t from_ = 0;
  std::size_t filled_ = 0;
};

ContainerLook cut(std::string detail) {
  return {.state = State::cut, .detail = std::move(detail)};
}

ContainerLook beyond(std::string_view what, std::uint64_t bytes) {
  return cut(fmt::format("its {} reaches {} beyond the end of the file", what, bytes_text(bytes)));
}

// ---- MP4 and MOV --------------------------------------------------------------------------------------

constexpr std::uint64_t fourcc(std::string_view name) {
  std::uint64_t code = 0;
  for (const char c : name) code = code << 8 | static_cast<unsigned char>(c);
  return code;
}

std::string name_of(std::uint64_t type) {
  std::string name;
  for (int shift = 24; shift >= 0; shift -= 8) name += static_cast<char>(type >> shift);
  return one_line(valid_utf8(name));
}

struct Span {
  std::uint64_t begin = 0, end = 0;
  std::uint64_t size() const { return end - begin; }
};

struct Box {
  std::uint64_t type = 0;
  std::uint64_t at = 0, payload = 0;  ///< where it begins, and its content
  std::uint64_t size = 0;             ///< as it says itself; may reach beyond what it lies in
};

/// None where no box can begin.
std::optional<Box> box_at(Source& source, std::uint64_t at, std::uint64_t end) {
  if (end - at < 8) return std::nullopt;
  Box box{source.number(at + 4, 4), at, at + 8, source.number(at, 4)};
  if (box.size == 0 && box.type != 0) box.size = end - at;  // to the end
  if (box.size == 1) {
    if (end - at < 16) return std::nullopt;
    box.size = source.number(at + 8, 8);
    box.payload = at + 16;
  }
  return box.size < box.payload - at ? std::nullopt : std::optional(box);
}

constexpr std::string_view kTopLevel[] = {"ftyp", "moov", "mdat", "free", "skip", "wide", "uuid", "pnot",
                                          "styp", "sidx", "ssix", "moof", "mfra", "meta", "emsg", "prft"};

bool is_known(std::uint64_t type) {
  return std::ranges::find(kTopLevel, type, fourcc) != std::end(kTopLevel);
}

/// Whatever follows the last box of a whole file is no box: not of four letters, or text, which would make an
/// enormous one.
bool is_plausible(const Box& box) {
  const auto letter = [&](int shift) {
    const auto byte = static_cast<std::uint8_t>(box.type >> shift);
    return byte >= ' ' && byte <= '~';
  };
  return is_known(box.type) || (letter(0) && letter(8) && letter(16) && letter(24) && box.size < 0x2000'0000);
}

/// Does a file begin so? Text may, by chance, have such a word there.
bool begins_mp4(std::uint64_t size, std::uint64_t type) {
  constexpr std::string_view kEnough[] = {"ftyp", "moov", "mdat", "styp"};
  return std::ranges::find(kEnough, type, fourcc) != std::end(kEnough) || (is_known(type) && size < 1 << 24);
}

/// Calls `found` with the type and content of every child that lies within.
template <class Found>
void for_each_child(Source& source, Span parent, Found found) {
  for (std::uint64_t at = parent.begin; at < parent.end && !source.exhausted();) {
    const auto box = box_at(source, at, parent.end);
    if (!box || box->size > parent.end - at) return;
    found(box->type, Span{box->payload, at + box->size});
    at += box->size;
  }
}

std::optional<Span> child(Source& source, std::optional<Span> parent, std::string_view name) {
  std::optional<Span> wanted;
  if (parent)
    for_each_child(source, *parent, [&](std::uint64_t type, Span content) {
      if (!wanted && type == fourcc(name)) wanted = content;
    });
  return wanted;
}

/// The number of entries of a table whose count stands at `at`, as far as there is room for them.
std::uint64_t entries(Source& source, Span table, std::uint64_t at, std::uint64_t width) {
  if (table.size() < at + 4) return 0;
  return std::min(source.number(table.begin + at, 4), (table.size() - at - 4) / width);
}

/// Where the last sample of a track ends; where it begins at least, where sizes are not given one by one.
std::uint64_t samples_end(Source& source, Span stbl) {
  const auto wide = child(source, stbl, "co64");
  const auto offsets = wide ? wide : child(source, stbl, "stco");
  if (!offsets) return 0;
  const int width = wide ? 8 : 4;
  const std::uint64_t chunks = entries(source, *offsets, 4, static_cast<std::uint64_t>(width));
  std::uint64_t last = 0, farthest = 0;
  for (std::uint64_t i = 0; i < chunks && !source.exhausted(); ++i) {
    last = source.number(offsets->begin + 8 + i * static_cast<std::uint64_t>(width), width);
    farthest = std::max(farthest, last);
  }
  if (chunks == 0) return 0;
  if (farthest >= source.size()) return std::max(farthest, source.size() + 1);
  const auto per_chunk = child(source, stbl, "stsc"), sizes = child(source, stbl, "stsz");
  const std::uint64_t runs = per_chunk ? entries(source, *per_chunk, 4, 12) : 0;
  if (last != farthest || runs == 0 || !sizes || source.number(sizes->begin + 4, 4) != 0) return farthest + 1;
  const std::uint64_t samples = entries(source, *sizes, 8, 4);
  const std::uint64_t in_last = source.number(per_chunk->begin + 8 + (runs - 1) * 12 + 4, 4);
  std::uint64_t end = farthest;
  for (std::uint64_t i = samples - std::min(in_last, samples); i < samples && !source.exhausted(); ++i)
    end += source.number(sizes->begin + 12 + i * 4, 4);
  return end;
}

/// What an index of fragments in front says of their end.
std::uint64_t fragments_end(Source& source, Span sidx) {
  const bool wide = source.number(sidx.begin, 1) != 0;
  const std::uint64_t offset_at = sidx.begin + (wide ? 20 : 16), table = offset_at + (wide ? 8 : 4) + 4;
  std::uint64_t end = sidx.end + source.number(offset_at, wide ? 8 : 4);
  const std::uint64_t count = source.number(table - 2, 2);
  for (std::uint64_t i = 0; i < count && table + i * 12 + 12 <= sidx.end; ++i)
    end += source.number(table + i * 12, 4) & 0x7FFF'FFFF;
  return end;
}

/// What is known of the boxes so far.
class Mp4 {
 public:
  explicit Mp4(Source& source) : source_(source) {}

  ContainerLook look() {
    std::uint64_t at = 0;
    while (at < source_.size()) {
      if (source_.exhausted()) return {.state = State::open_ended};
      const auto box = box_at(source_, at, source_.size());
      if (!box || box->size > source_.size() - at) return ends_at(at, box);
      note(box->type, {box->payload, at + box->size});
      at += box->size;
    }
    return ends_at(at, std::nullopt);
  }

 private:
  void note(std::uint64_t type, Span content) {
    if (type == fourcc("mdat")) media_ = true, half_fragment_ = false;
    if (type == fourcc("moof")) half_fragment_ = true;
    if (type == fourcc("mfra")) last_word_ = true;
    if (type == fourcc("meta")) picture_ = true;
    if (type == fourcc("sidx")) needed_ = std::max(needed_, fragments_end(source_, content));
    if (type != fourcc("moov")) return;
    index_ = true;
    fragmented_ = child(source_, content, "mvex").has_value();
    for_each_child(source_, content, [&](std::uint64_t inner, Span track) {
      if (inner != fourcc("trak")) return;
      const auto minf = child(source_, child(source_, track, "mdia"), "minf");
      if (const auto stbl = child(source_, minf, "stbl"))
        needed_ = std::max(needed_, samples_end(source_, *stbl));
    });
  }

  /// No whole box follows; `box` is one that does not fit any more.
  ContainerLook ends_at(std::uint64_t at, const std::optional<Box>& box) const {
    const std::uint64_t left = source_.size() - at;
    if (box && is_plausible(*box)) return beyond(name_of(box->type) + " box", box->size - left);
    if (!index_ && picture_ && left == 0) return {};  // HEIF, AVIF
    if (!index_) return cut("it ends before its index (moov)");
    if (needed_ > source_.size())
      return cut(fmt::format("its index names {} more than there are", bytes_text(needed_ - source_.size())));
    if (!media_ || half_fragment_) return cut("it ends before its pictures and sound (mdat)");
    // Where fragments follow each other without end, a few bytes more are the beginning of the next one.
    if (fragmented_ && !last_word_ && left > 0) return cut("it ends within a fragment");
    return {.state = fragmented_ && !last_word_ ? State::open_ended : State::whole, .trailing = left};
  }

  Source& source_;
  bool index_ = false, media_ = false, fragmented_ = false, half_fragment_ = false, last_word_ = false;
  bool picture_ = false;
  std::uint64_t needed_ = 0;  ///< the file reaches at least here
};

// ---- Matroska and WebM --------------------------------------------------------------------------------

constexpr std::uint64_t kEbml = 0x1A45DFA3, kSegment = 0x18538067, kCluster = 0x1F43B675;

struct Element {
  std::uint64_t id = 0;
  std::uint64_t content = 0;          ///< where it begins
  std::optional<std::uint64_t> size;  ///< none: to where it ends
};

/// None where no element can begin, or ends within its first bytes.
std::optional<Element> element_at(Source& source, std::uint64_t at) {
  const auto length = [&](std::uint64_t where) {
    return std::countl_zero(static_cast<std::uint8_t>(source.number(where, 1))) + 1;
  };
  const int id = length(at);
  const std::uint64_t size_at = at + static_cast<std::uint64_t>(id);
  if (id > 4 || size_at >= source.size()) return std::nullopt;
  const int width = length(size_at);
  const std::uint64_t content = size_at + static_cast<std::uint64_t>(width);
  if (width > 8 || content > source.size()) return std::nullopt;
  const std::uint64_t most = (1ULL << (7 * width)) - 1, size = source.number(size_at, width) & most;
  return Element{source.number(at, id), content, size == most ? std::nullopt : std::optional(size)};
}

/// A live recording: its clusters follow each other to the end.
ContainerLook look_at_clusters(Source& source, std::uint64_t at) {
  bool media = false;
  while (at < source.size() && !source.exhausted()) {
    const auto element = element_at(source, at);
    if (!element) return cut("it ends within an element");
    media = media || element->id == kCluster;
    if (element->size && *element->size > source.size() - element->content)
      return beyond("last element", *element->size - (source.size() - element->content));
    at = element->content + element->size.value_or(0);  // of one without a size, what is in it comes next
  }
  if (!media) return cut("it ends before its pictures and sound");
  return {.state = State::open_ended};
}

ContainerLook look_at_matroska(Source& source) {
  for (std::uint64_t at = 0; at < source.size();) {
    const auto element = element_at(source, at);
    if (element && element->id == kSegment && !element->size)
      return look_at_clusters(source, element->content);
    if (!element || !element->size) break;
    const std::uint64_t there = source.size() - element->content;
    if (*element->size > there) return beyond("segment", *element->size - there);
    at = element->content + *element->size;
    if (element->id == kSegment) return {.state = State::whole, .trailing = source.size() - at};
  }
  return cut("it ends before its pictures and sound");
}

}  // namespace

ContainerLook look_at_container(int fd, std::uint64_t size) {
  Source source(fd, size);
  if (size < 8) return cut(fmt::format("there are only {}", bytes_text(size)));
  if (source.number(0, 4) == kEbml) return look_at_matroska(source);
  if (begins_mp4(source.number(0, 4), source.number(4, 4))) return Mp4(source).look();
  return {};
}

Result<ContainerLook> look_at_container(const std::filesystem::path& path) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat file {};
  if (!fd || ::fstat(fd.get(), &file) != 0)
    return fail(errno == ENOENT ? Code::not_found : Code::failed,
                fmt::format("cannot read {}: {}", path_text(path), errno_text(errno)));
  if (!S_ISREG(file.st_mode))
    return fail(Code::failed, fmt::format("{} is not a regular file", path_text(path)));
  return look_at_container(fd.get(), static_cast<std::uint64_t>(file.st_size));
}

Error not_whole(const std::filesystem::path& path, const std::string& detail) {
  return {Code::failed, fmt::format("{} is incomplete: {}; copy it again, or wait until the copy is finished",
                                    path_text(path), detail)};
}

}  // namespace asfs
