/**
 * The people of a bench over XMPP, in a process of their own: asked over IPC as `../sender.mjs` is, with the same pace.
 */
import { textOf } from '../make-store.mjs';
import { countEnd, countEvent, pace, serve } from '../pace.mjs';
import { XmppSession } from './xmpp-session.mjs';

const sessions = [];
let bounced = 0;

async function connect({ port, host, password, users }) {
  for (let at = 0; at < users.length; at += 50)
    await Promise.all(users.slice(at, at + 50).map((user) => open({ port, host, password, user })));
  return { connected: sessions.length };
}

async function open({ user, ...place }) {
  const onMessage = (isError) => {
    if (isError) bounced += 1;
    else countEvent();
  };
  sessions.push({
    user,
    xmpp: await XmppSession.open({ ...place, name: `person${user}`, onMessage, onEnd: countEnd }),
  });
}

/**
 * `partners`: for each user those that are sent to. What was bounced to its sender was acknowledged and failed
 * nevertheless.
 */
async function load(options) {
  const before = bounced;
  const figures = await pace(options, (number, settle) => {
    const { user, xmpp } = sessions[Math.floor(Math.random() * sessions.length)];
    const choice = options.partners[user];
    const partner = choice[Math.floor(Math.random() * choice.length)];
    xmpp.send(`person${partner}`, `m${number}`, textOf(number), settle);
  });
  return { ...figures, failed: figures.failed + bounced - before };
}

serve({ connect, load });
