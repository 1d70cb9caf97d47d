#include "registry/posts/attempt.h"

#include <array>

namespace asfs {
namespace {

struct StateName {
  AttemptState state;
  std::string_view name;
};
constexpr std::array<StateName, 7> kStateNames{{
    {AttemptState::running, "running"},
    {AttemptState::succeeded, "succeeded"},
    {AttemptState::failed, "failed"},
    {AttemptState::interrupted, "interrupted"},
    {AttemptState::rate_limited, "rate_limited"},
    {AttemptState::unconfirmed, "unconfirmed"},
    {AttemptState::settled_not_live, "settled_not_live"},
}};

}  // namespace

std::string_view name_of(AttemptState state) {
  return kStateNames[static_cast<std::size_t>(state)].name;
}

}  // namespace asfs
