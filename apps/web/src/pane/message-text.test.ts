import { describe, expect, test } from 'vitest';
import { splitAddresses } from './message-text.js';

describe('splitAddresses', () => {
  test('finds web addresses, and leaves the signs around them in the text', () => {
    expect(splitAddresses('see https://a.example/x?y=1. Then')).toEqual(['see ', 'https://a.example/x?y=1', '. Then']);
    expect(splitAddresses('看（https://a.example/表）。')).toEqual(['看（', 'https://a.example/表', '）。']);
  });

  test('links nothing but http and https', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'www.example.org', 'ftp://a.example']) {
      expect(splitAddresses(text)).toEqual([text]);
    }
  });
});
