/* SPDX-License-Identifier: Apache-2.0
 * The header alone, twice. */
#include <civicast/channel.h>
/* once more: it must bear it */
#include <civicast/channel.h>

const civ_channel_api *the_entry(void);
const civ_channel_api *the_entry(void) {
  return CIV_HAS(civ_channel_api, civ_channel_entry_v1(), extension) ? civ_channel_entry_v1()
                                                                     : NULL;
}
