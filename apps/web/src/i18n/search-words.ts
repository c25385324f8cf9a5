import { isolate } from './isolate.js';
import { spacedName } from './spaced.js';

/** Texts of the search in both languages. */
export const searchWordsZh = {
  messagesFound: '消息',
  olderConversations: '更早的会话',
  searching: '正在搜索……',
  searchingOlder: (time: string) => spacedName('正在搜索更早的消息，已到{name}……', time),
  stop: '停止搜索',
  searchHere: '在此会话中搜索',
  within: (title: string) => `在“${isolate(title)}”中`,
  everywhere: '搜索全部会话',
  findHere: '搜索此会话的消息',
  nothing: (text: string) => `没有消息包含“${text}”，换个关键词试试。`,
  searchedBack: (time: string) => spacedName('已搜索到{name}', time),
  more: '继续搜索更早的消息',
  filters:
    '可用条件：来自：昵称或“我”；会话：名称；包含：图片、文件、视频、语音或链接；早于：2026-01-31；晚于：2026-01。短语加引号。',
};

/** The English texts of the search. */
export const searchWordsEn: typeof searchWordsZh = {
  messagesFound: 'Messages',
  olderConversations: 'Older conversations',
  searching: 'Searching…',
  searchingOlder: (time) => `Searching older messages… reached ${time}`,
  stop: 'Stop searching',
  searchHere: 'Search in this conversation',
  within: (title) => `In ${isolate(title)}`,
  everywhere: 'Search all conversations',
  findHere: 'Search this conversation',
  nothing: (text) => `No messages contain “${text}”. Try another word.`,
  searchedBack: (time) => `Searched back to ${time}`,
  more: 'Search older messages',
  filters:
    'Filters: from:name (or from:me), in:conversation, has:image (or file, video, audio, link), before:2026-01-31, after:2026-01. Use quotes for a phrase.',
};
