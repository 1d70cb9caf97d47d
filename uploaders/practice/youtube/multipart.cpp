// videos.insert in one request: the metadata and the video as two parts of a multipart/related body. What
// breaks off leaves nothing behind.
#include "uploaders/practice/core/multipart.h"

#include "uploaders/practice/youtube/routes.h"
#include "uploaders/practice/youtube/shapes.h"

namespace asfs::practice {

using youtube::error;

/// Takes the two parts as they come in.
class YouTube::MultipartInsert {
 public:
  MultipartInsert(YouTube& youtube, Request& request) : youtube_(youtube), request_(request) {}

  bool take(const MultipartSplitter::Part& part, std::string_view bytes) {
    if (part.number == 0) {
      metadata_ += bytes;
      return metadata_.size() <= youtube::kMostMetadata;
    }
    if (part.number > 1) return false;
    if (!receiver_) refused_ = begin_video(part.content_type);
    return !refused_ && receiver_->take(bytes);
  }

  Answer end(bool whole) {
    if (!refused_ && !receiver_)
      return error(400, whole ? "mediaBodyRequired" : "badRequest",
                   whole ? "" : "The multipart body is malformed");
    if (!refused_ && receiver_->end(whole))
      return youtube_.finish(request_, *session_, file_->size(), Step::send);
    if (session_) youtube_.store_.remove_session(session_->id);
    if (refused_) return *std::move(refused_);
    return youtube_.after_receiving(*receiver_, request_, *file_);
  }

 private:
  std::optional<Answer> begin_video(std::string_view content_type) {
    if (!youtube::is_video_type(content_type)) return youtube::bad_media_type(content_type);
    const auto insert = youtube::check_insert(request_.list_param("part"), metadata_);
    if (!insert) return insert.error();
    session_ = youtube::new_session(*insert, "");
    turn_.emplace(youtube_.turns_, session_->id);
    youtube_.store_.add_session(*session_);
    auto opened = PartFile::open(youtube_.store_.part_file(session_->id));
    if (!opened) return youtube::disk_error(opened.error().message);
    receiver_.emplace(youtube_.faults_, file_.emplace(*std::move(opened)), turn_->stop());
    receiver_->begin(request_, "YouTube", std::nullopt, true);
    return std::nullopt;
  }

  YouTube& youtube_;
  Request& request_;
  std::string metadata_;
  std::optional<Answer> refused_;
  std::optional<StoredSession> session_;
  std::optional<Turns::Turn> turn_;
  std::optional<PartFile> file_;
  std::optional<Receiver> receiver_;
};

Answer YouTube::insert_multipart(Request& request) {
  const std::string boundary = multipart_boundary(request.header("Content-Type").value_or(""));
  if (boundary.empty())
    return error(400, "badContent", "uploadType=multipart needs multipart/related with a boundary");
  MultipartInsert insert(*this, request);
  MultipartSplitter splitter(boundary,
                             [&](const auto& part, auto bytes) { return insert.take(part, bytes); });
  const bool whole = request.read_body([&](std::string_view block) { return splitter.take(block); });
  return insert.end(whole && splitter.finished());
}

}  // namespace asfs::practice
