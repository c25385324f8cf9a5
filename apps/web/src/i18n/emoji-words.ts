/** Texts of the emoji picker in both languages. The numbers are Unicode's groups. */
export const emojiWordsZh = {
  open: '表情',
  react: '使用其他表情回应',
  find: '搜索表情',
  found: '找到的表情',
  noneFound: '没有找到表情',
  failed: '表情加载失败。',
  again: '重试',
  recent: '最近使用',
  suggested: '可选的表情',
  groups: [
    [0, '表情'],
    [1, '人和身体'],
    [3, '动物和自然'],
    [4, '食物'],
    [5, '旅行和地点'],
    [6, '活动'],
    [7, '物品'],
    [8, '符号'],
    [9, '旗帜'],
  ] as readonly (readonly [number, string])[],
};

/** The English texts of the emoji picker. */
export const emojiWordsEn: typeof emojiWordsZh = {
  open: 'Emoji',
  react: 'React with another emoji',
  find: 'Search emoji',
  found: 'Found',
  noneFound: 'No emoji found',
  failed: 'Couldn’t load emoji.',
  again: 'Retry',
  recent: 'Recently used',
  suggested: 'Matching emoji',
  groups: [
    [0, 'Smileys'],
    [1, 'People'],
    [3, 'Animals and nature'],
    [4, 'Food and drink'],
    [5, 'Travel and places'],
    [6, 'Activities'],
    [7, 'Objects'],
    [8, 'Symbols'],
    [9, 'Flags'],
  ],
};
