import { createContext, useContext } from 'react';

/** Whether `img` may ask for files of the server: before, what it asks for is refused, and it does not ask again. */
export const FilesOpenContext = createContext(true);

export function useFilesOpen(): boolean {
  return useContext(FilesOpenContext);
}
