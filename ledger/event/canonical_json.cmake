# JSON as people send it and as it is signed. A library of its own, below hefu_event, because the
# charter, the catalogue and the tests need it without events.
component(hefu_json
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/canonical_json.cc
  DEPENDS hefu_crypto Boost::json)

component_test(json_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/canonical_json_test.cc
  DEPENDS hefu_json)
