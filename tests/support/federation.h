#pragma once

#include "node/testing_federation.h"
