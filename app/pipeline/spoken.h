// How a clip opens, by its words. Pure.
#pragma once

#include "app/pipeline/material.h"
#include "app/pipeline/word_lists.h"

namespace asfs::pipeline {

/// Of the words that begin within 3 s.
struct Opening {
  std::size_t words = 0;
  bool question = false;  ///< one of them, or the sentence they begin, asks
  bool number = false;    ///< digits, a percentage or money
  bool second_person = false, contrast = false, connector = false, greeting = false;
  double pause = 0.0;  ///< seconds before the first word
};

/// `first` to `end`: the words of the span, at least one. Without a list what needs one is not said.
Opening opening_of(const Measure& measure, const WordList* list, Span span, std::size_t first,
                   std::size_t end);

}  // namespace asfs::pipeline
