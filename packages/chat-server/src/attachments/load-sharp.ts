import type sharp from 'sharp';

/** Of the formats that are shown, by the names of libvips. */
const neededLoaders = ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'];

let loaded: Promise<typeof sharp> | null = null;

/**
 * Loads sharp when it is first needed: a server that has seen no picture of a person is 16 MB smaller. Blocks all of its decoders but those of JPEG, PNG, WebP and
 * GIF, so that an upload reaches no other, whatever its bytes make libvips believe. This holds for the whole process.
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
