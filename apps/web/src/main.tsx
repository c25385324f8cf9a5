import { mountPage } from './app/mount.js';
import { serverBackend } from './app/server-backend.js';

mountPage(serverBackend());
