# SPDX-License-Identifier: Apache-2.0
# channel.h as a later minor may look: every struct but civ_text has grown, by data and a function.
s/^#define CIV_ABI_MINOR \([0-9]*\)$/#define CIV_ABI_MINOR (\1 + 1)/
/^typedef struct civ_text {$/,/^}/b
/^typedef struct civ_[a-z_]* {$/,/^}/{
s/^} \(civ_[a-z_]*\);$/  uint64_t tomorrow;\
  civ_text tomorrow_text;\
  int32_t (*tomorrow_call)(void);\
} \1;/
}
