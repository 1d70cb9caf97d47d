#pragma once

#include "uploaders/practice/exchange.h"
#include "uploaders/practice/faults.h"
#include "uploaders/practice/store.h"
#include "uploaders/practice/turns.h"

namespace asfs::practice {

class Instagram {
 public:
  Instagram(Store& store, Faults& faults, Turns& turns) : store_(store), faults_(faults), turns_(turns) {}

  static bool serves(std::string_view path);
  Answer answer(Request& request);

 private:
  Store& store_;
  Faults& faults_;
  Turns& turns_;
};

}  // namespace asfs::practice
