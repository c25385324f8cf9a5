import type sharp from 'sharp';

/** The decoders of the displayed formats, by their names in libvips, the library that sharp uses. */
const neededLoaders = ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'];

let loaded: Promise<typeof sharp> | null = null;

/**
 * Loads sharp (a library for pictures) on first use, because it takes 16 MB of memory. Blocks all decoders except those
 * of JPEG, PNG, WebP and GIF, for the whole process, so that no upload can reach another decoder.
 */
export function loadSharp(): Promise<typeof sharp> {
  loaded ??= import('sharp').then((module) => {
    const { default: library } = module;
    library.block({ operation: ['VipsForeignLoad'] });
    library.unblock({ operation: neededLoaders });
    return library;
  });
  return loaded;
}
