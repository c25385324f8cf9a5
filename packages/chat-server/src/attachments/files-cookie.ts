/** The name of the cookie that reads files. */
export const filesCookie = 'everywire_files';
