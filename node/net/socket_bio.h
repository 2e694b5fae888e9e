#pragma once

struct bio_st;

namespace hefu {

/// An OpenSSL BIO over a non-blocking socket that the caller keeps owning. OpenSSL's own socket BIO
/// uses write(2), which kills the process by SIGPIPE when the other side has gone.
bio_st* new_socket_bio(int socket);

}  // namespace hefu
