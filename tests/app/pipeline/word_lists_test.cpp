// The words of languages.
#include "app/pipeline/word_lists.h"

#include <doctest/doctest.h>

#include "tests/support/talk.h"

using namespace asfs::pipeline;
using asfs::test::Talk;

namespace {

std::string language_of(const std::string& sentence, const std::string& said = "") {
  Talk talk;
  talk.say(sentence);
  talk.material.transcript.language = said;
  const WordList* list = words_for(talk.material.transcript);
  return list ? list->language : "";
}

}  // namespace

TEST_CASE("a language goes by its code, its region or its name") {
  for (const char* said : {"de", "de-AT", "DE_de", "German"}) CHECK(language_of("x", said) == "de");
  CHECK(language_of("the cat and the dog", "fi") == "");
}

TEST_CASE("where nothing says which language it is, its most frequent words do") {
  CHECK(language_of("the cat and the dog are in the garden") == "en");
  CHECK(language_of("la casa de mi hermano es muy grande y está en el campo") == "es");
  CHECK(language_of("der Hund ist im Garten und die Katze auch nicht") == "de");
  CHECK(language_of("le chien est dans le jardin avec les enfants") == "fr");
  CHECK(language_of("o cachorro não está na casa com os meninos") == "pt");
  CHECK(language_of("यह किताब बहुत अच्छी है और मैं इसे पढ़ रहा था") == "hi");
  CHECK(language_of("kissa istuu puussa ja katselee lintuja") == "");
}

TEST_CASE("a word is known whatever stands around it") {
  CHECK(folded("“Hello,”") == "hello");
  CHECK(folded("¿Qué?") == "qué");
  CHECK(folded("You’re") == "you're");
  CHECK(folded("50%") == "50%");
  CHECK(folded("...") == "");
}
