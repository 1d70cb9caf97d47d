// Clients that are used again with the connections they keep, where one short upload follows another: most of
// the waiting, and of the work over TLS, would be to make a connection to the same host.
#pragma once

#include "uploaders/transfer/http.h"

namespace asfs {

/// A maker like `make`, for any thread: a client that is done goes to whoever asks next. One that a request
/// failed on does not, and where a host could not be reached, none that waits does: their connections may be
/// dead, too, and would be noticed late.
HttpMaker keep_clients(HttpMaker make);

}  // namespace asfs
