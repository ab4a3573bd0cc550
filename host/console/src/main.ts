// SPDX-License-Identifier: Apache-2.0
import 'element-plus/es/components/base/style/css';
import 'element-plus/theme-chalk/dark/css-vars.css';
import './theme.css';

import { createApp } from 'vue';

import App from './App.vue';
import { start } from './station';
import { follow_colour_scheme } from './theme';
import { i18n } from './words';

follow_colour_scheme();
start();
createApp(App).use(i18n).mount('#app');
