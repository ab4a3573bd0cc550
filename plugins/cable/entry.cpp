// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/channel.hpp"

#ifndef PLUGIN_VERSION  // a test builds the next version from the same source
#define PLUGIN_VERSION "1.0.0"
#endif
CIVICAST_CHANNEL(civicast::cable::CableChannel, "org.civicast.cable", PLUGIN_VERSION);
