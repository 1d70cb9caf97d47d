#include "app/pipeline/texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/pipeline/word_lists.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

constexpr std::size_t kTitleLeast = 4, kTitleMost = 12;  // words
constexpr std::size_t kKeywordLetters = 4;

/// A sentence of the clip without its fillers.
struct Said {
  std::string text;
  std::size_t words = 0;
  bool needs_context = false;  ///< begins with a linking word or a pronoun
};

std::vector<Said> sentences_of(const Measure& measure, const WordList* list, Span span) {
  const auto& all = measure.material().transcript;
  const auto [first, end] = measure.words_in(span);
  std::vector<Said> said;
  for (const Sentence& sentence : all.sentences) {
    if (sentence.first < first || sentence.first + sentence.count > end) continue;
    Said one;
    for (std::size_t i = sentence.first; i < sentence.first + sentence.count; ++i) {
      const std::string plain = folded(all.words[i].text);
      const bool last = i + 1 == sentence.first + sentence.count;
      if (list != nullptr && !last && list->fillers.contains(plain)) continue;
      if (one.words == 0 && list != nullptr)
        one.needs_context = list->connectors.contains(plain) || list->pronouns.contains(plain);
      one.text += (one.text.empty() ? "" : " ") + all.words[i].text;
      ++one.words;
    }
    if (one.words > 0) said.push_back(std::move(one));
  }
  return said;
}

bool is_whole(const Said& said) {
  static constexpr std::string_view kEnds[] = {".", "!", "?", "…", "。", "！", "？", "।"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return said.text.ends_with(end); });
}

/// The first that stands for itself, else the first that is whole; "" for none.
std::string best_sentence(const std::vector<Said>& said) {
  const Said* best = nullptr;
  for (const Said& one : said) {
    if (one.words < kTitleLeast || one.words > kTitleMost || !is_whole(one)) continue;
    if (!one.needs_context) return one.text;
    if (best == nullptr) best = &one;
  }
  return best ? best->text : "";
}

/// Words that the clip says oftener than the whole source does.
std::vector<std::string> keywords_of(const Measure& measure, const WordList* list, Span span,
                                     std::size_t most) {
  const auto& words = measure.material().transcript.words;
  const auto [first, end] = measure.words_in(span);
  std::map<std::string, double> everywhere, here;
  for (std::size_t i = 0; list != nullptr && i < words.size(); ++i) {
    std::string plain = folded(words[i].text);
    if (code_points(plain) < kKeywordLetters || list->stop.contains(plain) || list->contrast.contains(plain))
      continue;
    if (!std::ranges::all_of(plain, [](unsigned char c) { return c >= 128 || std::isalpha(c); })) continue;
    ++everywhere[plain];
    if (i >= first && i < end) ++here[std::move(plain)];
  }
  std::vector<std::pair<double, std::string>> ranked;
  const double share = static_cast<double>(std::max<std::size_t>(1, words.size())) /
                       static_cast<double>(std::max<std::size_t>(1, end - first));
  for (const auto& [word, count] : here)
    if (count >= 2) ranked.emplace_back(-count * std::log(1.0 + share * count / everywhere[word]), word);
  std::ranges::sort(ranked);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < std::min(most, ranked.size()); ++i) found.push_back(ranked[i].second);
  return found;
}

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "{" + name + "}";
    for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return std::string(trimmed(text));
}

}  // namespace

ClipTexts texts_of(const Measure& measure, Span span, const TextSettings& settings, const std::string& source,
                   int n) {
  const WordList* list = words_for(measure.material().transcript);
  const auto said = sentences_of(measure, list, span);
  const auto keywords = keywords_of(measure, list, span, settings.keywords);
  const std::string numbered = fmt::format("{} {}", source, n);
  const std::string sentence = best_sentence(said);
  std::string hook;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, said.size()); ++i)
    hook += (i > 0 ? " " : "") + said[i].text;
  const std::map<std::string, std::string> values{{"sentence", sentence.empty() ? numbered : sentence},
                                                  {"hook", hook.empty() ? numbered : hook},
                                                  {"source", source},
                                                  {"n", std::to_string(n)},
                                                  {"keywords", fmt::format("{}", fmt::join(keywords, ", "))}};
  ClipTexts texts{.title = filled(settings.title, values),
                  .caption = filled(settings.caption, values),
                  .hashtags = settings.hashtags};
  for (const std::string& word : keywords) texts.hashtags.push_back("#" + word);
  texts.title_from = texts.caption_from = texts.hashtags_from =
      said.empty() ? "the video's name" : "what is said";
  return texts;
}

void take_row(ClipTexts& texts, const PoolRow& row, const TextSettings& settings) {
  if (!row.title.empty()) texts.title = row.title, texts.title_from = row.from;
  if (!row.caption.empty() || !row.description.empty()) {
    texts.caption = row.caption.empty() ? row.description : row.caption;
    texts.description = row.caption.empty() ? "" : row.description;
    texts.caption_from = row.from;
  }
  if (row.hashtags.empty()) return;
  texts.hashtags = settings.hashtags;
  for (const std::string& tag : row.hashtags)
    if (std::ranges::find(texts.hashtags, tag) == texts.hashtags.end()) texts.hashtags.push_back(tag);
  texts.hashtags_from = row.from;
}

std::string document_of(const ClipTexts& texts) {
  Json document = Json::object();
  if (!texts.title.empty()) document["title"] = texts.title;
  if (!texts.caption.empty()) document["caption"] = texts.caption;
  if (!texts.hashtags.empty()) document["hashtags"] = texts.hashtags;
  if (!texts.description.empty()) document["YouTube"] = Json{{"caption", texts.description}};
  return dumped(document, 2) + "\n";
}

void take_document(ClipTexts& texts, std::string_view document, const std::string& name) {
  const Json said = read_json(document);
  const auto take = [&](const std::string& value, std::string& text, std::string& from) {
    if (value.empty() || value == text) return;
    text = value;
    from = name;
  };
  take(text_at(said, "title"), texts.title, texts.title_from);
  for (const char* key : {"description", "caption"})
    take(text_at(said, key), texts.caption, texts.caption_from);
  take(text_at(child_at(said, "YouTube"), "caption"), texts.description, texts.caption_from);
  std::vector<std::string> hashtags;
  for (const Json& tag : child_at(said, "hashtags"))
    if (tag.is_string()) hashtags.push_back(tag.get<std::string>());
  if (hashtags.empty() || hashtags == texts.hashtags) return;
  texts.hashtags = std::move(hashtags);
  texts.hashtags_from = name;
}

}  // namespace asfs::pipeline
