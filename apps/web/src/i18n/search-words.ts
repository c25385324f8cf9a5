/** Words of the search, in both languages; the errors join the page's other error words. */
export const searchWordsZh = {
  messagesFound: '消息',
  olderConversations: '更早的会话',
  searching: '正在搜索…',
  searchingOlder: (time: string) => `正在找更早的消息，已到${time}…`,
  stop: '停止搜索',
  searchHere: '在此会话中搜索',
  within: (title: string) => `在“${title}”中`,
  everywhere: '搜索全部会话',
  findHere: '查找这里的消息',
  nothing: (text: string) => `没有找到“${text.trim()}”，试试更短的词。`,
  searchedBack: (time: string) => `已经找到${time}`,
  more: '继续往前找',
  filters:
    '还可以加上 来自：名字（来自：我 是自己）、位于：会话、包含：图片（或文件、视频、语音、链接）、早于：2026-01-31、晚于：2026-01，短语放进引号。',
};

export const searchWordsEn: typeof searchWordsZh = {
  messagesFound: 'Messages',
  olderConversations: 'Older conversations',
  searching: 'Searching…',
  searchingOlder: (time) => `Searching older messages, back to ${time} so far…`,
  stop: 'Stop searching',
  searchHere: 'Search in this conversation',
  within: (title) => `In ${title}`,
  everywhere: 'Search all conversations',
  findHere: 'Find messages here',
  nothing: (text) => `Nothing for “${text.trim()}”. Try a shorter word.`,
  searchedBack: (time) => `Searched back to ${time}`,
  more: 'Search further back',
  filters:
    'Narrow it down with from:name (from:me is you), in:conversation, has:image (or file, video, audio, link), before:2026-01-31, after:2026-01, or a phrase in quotes.',
};
