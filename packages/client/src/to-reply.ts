import { bytesOf, type Data } from '@everywire/protocol/internal';

/** Returns the application's reply as data. @throws TypeError for any other value */
export function toReply(reply: string | ArrayBuffer | ArrayBufferView): Data {
  const data = typeof reply === 'string' ? reply : bytesOf(reply);
  if (data === null) throw new TypeError('a reply is a string or bytes. JSON.stringify it');
  return data;
}
