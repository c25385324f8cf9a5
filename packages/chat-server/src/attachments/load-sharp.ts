import type sharp from 'sharp';

/** Loaders of the displayed formats, by their libvips names. */
const neededLoaders = ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'];

let loaded: Promise<typeof sharp> | null = null;

/**
 * Loads sharp on first use: a server that has seen no picture is 16 MB smaller. Blocks all decoders except those of
 * JPEG, PNG, WebP and GIF, for the whole process, so that no upload can reach another decoder, whatever its bytes claim
 * to be.
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
