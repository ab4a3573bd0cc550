// SPDX-License-Identifier: Apache-2.0
// The light build has no declarations of its own; what it has is the same.
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}
