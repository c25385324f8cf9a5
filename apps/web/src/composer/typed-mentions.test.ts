import { describe, expect, test } from 'vitest';
import { resolveTypedMentions } from './typed-mentions.js';

const noor = { id: 1, name: 'noor', displayName: 'نور' };
const tomas = { id: 2, name: 'tomas', displayName: 'Tomás Reyes' };
const lin = { id: 3, name: 'linwan', displayName: '林晚' };
const members = [noor, tomas, lin];

describe('a typed name', () => {
  test.each([
    ['@noor look', '@نور look', [noor]],
    ['ask @Noor, or @tomas', 'ask @نور, or @Tomás Reyes', [noor, tomas]],
    ['@tomás reyes: here', '@Tomás Reyes: here', [tomas]],
    ['问@linwan一下，@林晚你看', '问@林晚一下，@林晚你看', [lin, lin]],
    ['@noor. @noor-', '@نور. @نور-', [noor, noor]],
  ])('typing %j mentions the member', (text, resolved, people) => {
    expect(resolveTypedMentions(text, members)).toEqual({ text: resolved, people });
  });

  test.each([
    'mail noor@noor.example',
    '@noora @noor2 @noor_ @noor.b',
    '@tom @Tomás',
    'run `@noor` and\n```\n@noor\n```',
    '@ @@ @nobody',
  ])('typing %j mentions no one', (text) => {
    expect(resolveTypedMentions(text, members)).toEqual({ text, people: [] });
  });

  test('a name shared by two members stays text, and the user name of one mentions that one', () => {
    const other = { id: 4, name: 'tom', displayName: 'Tomás Reyes' };
    expect(resolveTypedMentions('@Tomás Reyes', [tomas, other])).toEqual({ text: '@Tomás Reyes', people: [] });
    expect(resolveTypedMentions('@tom', [tomas, other])).toEqual({ text: '@Tomás Reyes', people: [other] });
  });
});
