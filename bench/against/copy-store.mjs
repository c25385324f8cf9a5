/**
 * `node copy-store.mjs TREE`: prints the path of a fresh copy of the small store, made by the code of the checkout TREE
 * and kept there. Schemas differ between commits, so neither side can open the other's store.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { directConversations } from '../chat/direct-conversations.mjs';
import { smallRing } from './small-ring.mjs';

const maker = pathToFileURL(join(process.argv[2], 'bench/chat/make-store.mjs'));
const { copyStore } = await import(maker.href);
console.log(await copyStore(`against-${smallRing.messages}`, directConversations(smallRing).fill));
