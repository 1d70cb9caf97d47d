#include "uploaders/trouble.h"

namespace asfs {

ErrorClass class_of(const HttpError& error) {
  switch (error.kind) {
    case HttpError::Kind::cancelled:
      return ErrorClass::cancelled;
    case HttpError::Kind::refused:
      return ErrorClass::permanent;
    default:
      return error.offline() ? ErrorClass::offline : ErrorClass::transient;
  }
}

ErrorClass class_of_token_error(const Error& error) {
  switch (error.code) {
    case Code::needs_login:
      return ErrorClass::needs_login;
    case Code::account:
      return ErrorClass::account;
    case Code::offline:
      return ErrorClass::offline;
    default:
      return ErrorClass::transient;
  }
}

}  // namespace asfs
