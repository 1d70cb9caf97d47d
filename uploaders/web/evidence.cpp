#include "uploaders/web/evidence.h"

#include <openssl/evp.h>

#include "registry/base/files.h"
#include "registry/base/json.h"

namespace asfs::web {
namespace {

constexpr std::chrono::seconds kPicturePatience{5};

/// "" when it is none.
std::string from_base64(const std::string& text) {
  std::string bytes(text.size(), '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  bytes.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return bytes;
}

/// A quoted-printable text in which no line is broken.
std::string unbroken(std::string text) {
  for (const std::string_view broken : {"=\r\n", "=\n"})
    for (std::size_t at = text.find(broken); at != std::string::npos; at = text.find(broken, at))
      text.erase(at, broken.size());
  return text;
}

/// Fields for passwords tell a screen reader their dots, whose number is nobody's business.
void hide_values(Json& nodes) {
  for (Json& node : nodes)
    if (dumped(child_at(node, "properties")).find("\"password\"") != std::string::npos) node.erase("value");
}

}  // namespace

std::string without_queries(std::string_view text) {
  constexpr std::string_view kEnds = " \t\r\n\"'<>)\\";
  std::string plain;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find("://"), text.size());
    const std::size_t end = std::min(text.find_first_of(kEnds, begin), text.size());
    const std::string_view address = text.substr(begin, end - begin);
    const std::size_t query = std::min(address.find_first_of("?#"), address.size());
    plain += text.substr(0, begin + query);
    if (query < address.size()) plain += "?…";
    text.remove_prefix(end);
  }
  return plain;
}

bool keep_evidence(Page& page, const std::filesystem::path& folder) {
  if (!page.trouble().empty() || !make_private_folder(folder)) return false;
  const auto ask = [&](const char* method, const Json& params) {
    return page.tools().call(page.session(), method, params, kPicturePatience);
  };
  bool kept = false;
  if (const auto picture = ask("Page.captureScreenshot", {{"format", "jpeg"}, {"quality", 70}}))
    kept |= write_file_atomically(folder / "page.jpg", from_base64(text_at(*picture, "data"))).has_value();
  if (const auto snapshot = ask("Page.captureSnapshot", {{"format", "mhtml"}}))
    kept |=
        write_file_atomically(folder / "page.mhtml", without_queries(unbroken(text_at(*snapshot, "data"))))
            .has_value();
  if (auto tree = ask("Accessibility.getFullAXTree", Json::object()); tree && tree->contains("nodes")) {
    hide_values((*tree)["nodes"]);
    kept |= write_file_atomically(folder / "tree.json", without_queries(dumped(*tree, 1))).has_value();
  }
  return kept;
}

}  // namespace asfs::web
