// Asio's and its services' non-template code, compiled once. Every file that includes Asio is built
// with BOOST_ASIO_SEPARATE_COMPILATION and therefore links against this one.
#include <boost/asio/impl/src.hpp>
