import { goalsOfDirects, runDirects } from './directs.mjs';
import { runConnected, runGroupSizes, runLargeGroup } from './groups.mjs';
import { runGrowth } from './growth.mjs';
import { ejabberd } from './peers/ejabberd.mjs';
import { prosody } from './peers/prosody.mjs';
import { runPeer } from './peers/run-peer.mjs';

/** Twice the first is growth; the rest is a machine that is not alone. */
const flat = { most: 2 };

export const loads = {
  'direct-1m': {
    text: '1,000 people send to any of 100,000 conversations of two, on a store of one million messages',
    run: runDirects(1_000_000),
    goals: goalsOfDirects(5_000),
  },
  'direct-6m': { text: 'the same on six million', run: runDirects(6_000_000), goals: goalsOfDirects(4_000) },
  'direct-ejabberd-mnesia': {
    text: 'the same sends through ejabberd, its archive in Mnesia, which is its default',
    run: runPeer(ejabberd('mnesia')),
    goals: {},
  },
  'direct-ejabberd-sqlite': {
    text: 'the same, its archive in SQLite',
    run: runPeer(ejabberd('sql')),
    goals: {},
  },
  'direct-prosody-files': {
    text: 'the same sends through prosody, its archive in files, which is its default',
    run: runPeer(prosody('internal')),
    goals: {},
  },
  'direct-prosody-sqlite': { text: 'the same, its archive in SQLite', run: runPeer(prosody('sql')), goals: {} },
  group: {
    text: 'ten messages a second to a group with 5,000 online',
    run: runLargeGroup,
    goals: { eventsPerSecond: { least: 49_000 }, failed: { most: 0 } },
  },
  'group-sizes': { text: 'what a send costs by the number of absent members', run: runGroupSizes, goals: {} },
  connected: {
    text: '1,000 people of a thousand conversations each, connected',
    run: runConnected,
    goals: { connectedMb: { most: 1_000 }, startMb: { most: 150 } },
  },
  growth: {
    text: 'a send, opening the app, a page of history, at 1,000, 10,000 and 100,000',
    run: runGrowth,
    goals: { sendRatio: flat, openRatio: flat, pageRatio: flat },
  },
};
