/** What is said about messages and what can be done with them, in both languages. */
export const messageWordsZh = {
  reply: '回复',
  replyingTo: (name: string) => `回复 ${name}`,
  editing: '正在编辑',
  cancelEditing: '取消编辑',
  cancelReply: '取消回复',
  saveEdit: '保存',
  moreActs: '更多操作',
  react: (emoji: string) => `用 ${emoji} 回应`,
  reactions: '回应',
  reactedWith: (names: string, emoji: string) => `${names} 用 ${emoji} 回应了`,
  copyText: '复制文字',
  editMessage: '编辑',
  recall: '撤回',
  pin: '置顶',
  unpin: '取消置顶',
  hideForMe: '仅为我删除',
  edited: '已编辑',
  pinnedHere: '已置顶',
  forwardedFrom: (name: string) => `转发自 ${name}`,
  quoteGone: '引用的消息不可见',
  toQuoted: '跳到这条消息',
  backToPlace: '回到刚才的位置',
  copyLink: '复制消息链接',
  editAgain: '重新编辑',
  repliesCount: (count: number) => `${count} 条回复`,
  newCount: (count: number) => `${count} 条新的`,
  thread: '话题',
  threadIn: (title: string) => `“${title}”里的话题`,
  replyInThread: '在话题里回复',
  closeThread: '关闭话题',
  attach: '添加文件',
  removeFile: (name: string) => `移除 ${name}`,
  uploading: (name: string, percent: number) => `正在上传 ${name}，${percent}%`,
  uploadFailed: (name: string) => `${name} 未能上传`,
  saveFile: (name: string) => `下载 ${name}`,
  picture: (name: string) => `图片 ${name}`,
  dropHere: '松开即可添加',
} as const;

/** The same keys with any words. */
export type Wide<Words> = {
  readonly [Key in keyof Words]: Words[Key] extends (...given: infer Given) => string
    ? (...given: Given) => string
    : string;
};

export const messageWordsEn: Wide<typeof messageWordsZh> = {
  reply: 'Reply',
  replyingTo: (name) => `Replying to ${name}`,
  editing: 'Editing',
  cancelEditing: 'Cancel editing',
  cancelReply: 'Cancel reply',
  saveEdit: 'Save',
  moreActs: 'More actions',
  react: (emoji) => `React with ${emoji}`,
  reactions: 'Reactions',
  reactedWith: (names, emoji) => `${names} reacted with ${emoji}`,
  copyText: 'Copy text',
  editMessage: 'Edit',
  recall: 'Recall for everybody',
  pin: 'Pin',
  unpin: 'Unpin',
  hideForMe: 'Delete for me',
  edited: 'Edited',
  pinnedHere: 'Pinned',
  forwardedFrom: (name) => `Forwarded from ${name}`,
  quoteGone: 'The quoted message cannot be seen',
  toQuoted: 'Go to this message',
  backToPlace: 'Back to where I was',
  copyLink: 'Copy link to message',
  editAgain: 'Edit again',
  repliesCount: (count) => (count === 1 ? '1 reply' : `${count} replies`),
  newCount: (count) => `${count} new`,
  thread: 'Thread',
  threadIn: (title) => `Thread in ${title}`,
  replyInThread: 'Reply in thread',
  closeThread: 'Close thread',
  attach: 'Add files',
  removeFile: (name) => `Remove ${name}`,
  uploading: (name, percent) => `Uploading ${name}, ${percent}%`,
  uploadFailed: (name) => `${name} could not be uploaded`,
  saveFile: (name) => `Save ${name}`,
  picture: (name) => `Picture ${name}`,
  dropHere: 'Drop to add',
};

/** Why something about a message did not work. */
export const messageErrorsZh = {
  message_gone: '这条消息已经删除，或者你看不到它',
  edit_conflict: '它刚在别处改过，看看再编辑',
  too_late: '已经过了可以这样做的时间',
  quota_exceeded: '你的文件会超出可用空间',
  upload_unfinished: '文件没有传完，再试一次',
};

export const messageErrorsEn: Wide<typeof messageErrorsZh> = {
  message_gone: 'this message was deleted, or you may not see it',
  edit_conflict: 'it was edited elsewhere meanwhile; look at it and edit again',
  too_late: 'the time for this is over',
  quota_exceeded: 'your files would take more room than you have here',
  upload_unfinished: 'the file has not gone up whole; try again',
};
