// The dialogs about accounts: how each one stands, one more, one less.
#pragma once

#include "app/ui/frame.h"

namespace asfs {

/// Each true when it was answered.
bool draw_accounts(Frame& frame, AccountsList& what);
bool draw_new_account(Frame& frame, NewAccount& what);
bool draw_removal(Frame& frame, ConfirmRemoval& what);
bool draw_way(Frame& frame, ChooseWay& what);

}  // namespace asfs
