export { DirectoryFiles } from './directory-files.js';
