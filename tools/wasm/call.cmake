# What the module answers, without the module: the main project builds it too, for its tests.
component(hefu_call
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/account_json.cc
    ${CMAKE_CURRENT_LIST_DIR}/call.cc
    ${CMAKE_CURRENT_LIST_DIR}/fields.cc
  APART
    ${CMAKE_CURRENT_LIST_DIR}/verify.cc
  DEPENDS hefu_verdict hefu_event hefu_json hefu_crypto)

component_test(call_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/call_test.cc
  DEPENDS hefu_call hefu_test_support)
