import { createContext, useContext } from 'react';

/** True once `img` elements may request files. A request before that fails, and the browser does not repeat it. */
export const FilesOpenContext = createContext(true);

/** Returns whether the files cookie has been set. */
export function useFilesOpen(): boolean {
  return useContext(FilesOpenContext);
}
