// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/channel.hpp"

CIVICAST_CHANNEL(civicast::cable::CableChannel, "org.civicast.cable", "1.0.0");
