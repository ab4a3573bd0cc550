// SPDX-License-Identifier: Apache-2.0
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

// The fake API of dev/ listens here by default; a real host is at 8090.
const api = { target: process.env.CIVICAST_API ?? 'http://127.0.0.1:8099', changeOrigin: true };

export default defineConfig({
  plugins: [vue()],
  build: {
    outDir: process.env.CIVICAST_CONSOLE_OUT ?? '../../build/share/console',
    emptyOutDir: true,
    target: 'es2021',
    // The player comes only when a picture is to be shown, and alone is larger than the page.
    chunkSizeWarningLimit: 600,
    assetsInlineLimit: 0,
  },
  server: { host: '127.0.0.1', proxy: { '/api': api, '/live': api, '/pictures': api } },
});
