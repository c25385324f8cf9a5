/** The languages of the page. */
export type Language = 'en' | 'zh';

const en = {
  title: 'The lab: every wire, live',
  about:
    'Every transport sends the same messages and gets them back. Each lane has a server, a proxy that can disturb its connections, and a meter that counts the TCP bytes of the transport, including headers.',
  language: '中文',
  connect: 'Connect all',
  disconnect: 'Disconnect all',
  send: 'Send',
  messages: 'Messages',
  size: 'Bytes each',
  pace: 'Pace',
  paces: { 0: 'all at once', 50: '20 a second', 200: '5 a second', 1000: '1 a second' },
  summary: 'All lanes',
  lane: 'Lane',
  automatic: 'automatic',
  automaticAbout: 'The client chooses, and can switch during a conversation.',
  state: 'State',
  requests: 'Requests',
  up: 'Bytes up',
  down: 'Bytes down',
  overhead: 'Overhead per message',
  held: 'Held open',
  back: 'Back',
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  ms: 'ms',
  roundTrip: 'Round trip of each message, ms',
  states: 'State over time',
  log: 'Wire log',
  leftOut: (count: number) => `${count} more entries not shown`,
  noLog: 'Nothing yet. Connect to see the first bytes.',
  faults: {
    cut: 'Cut now',
    kill: 'Kill the server',
    buffer: 'Buffer answers',
    delay: 'Delay by 300 ms',
    'block-upgrade': 'Block Upgrade',
  },
  faultsOf: (lane: string) => `Faults of ${lane}`,
  faultsOfAll: 'Faults of all lanes',
  closed: (code: string) => `ended: ${code}`,
  notStarted: 'not connected',
  timeline: 'One session’s life',
  timelineAbout:
    'The session of a lane as recorded by both ends, on one time axis. Each link is a bar, and so is each poll. Only the lengths of messages are recorded.',
  client: 'Client',
  server: 'Server',
  carriedBy: 'Carried by',
  links: 'Links',
  marks: { sent: 'Sent', received: 'Received', acknowledged: 'Acks', timers: 'Timers' },
  shown: 'Show at once',
  wholeLife: 'everything',
  saveRecording: (end: string) => `Save the recording (${end.toLowerCase()})`,
  everyEntry: 'Every entry as text',
  noLife: 'Nothing yet. Connect to see a session begin.',
  noServer: 'The server knows nothing of this session. It was not reached, or a new server has replaced it.',
  gap: (entries: number) => `${entries} entries in between were dropped`,
  lifeOf: (end: string, carried: string, links: number, ended: string | null) =>
    `${end}: ${links} links. Carried by ${carried || 'none'}.${ended === null ? '' : ` Ended: ${ended}.`}`,
  lessons: 'What the figures say',
  lesson: {
    polls: (requests: number, received: number, empty: number) =>
      `Short polling has sent ${requests} requests for ${received} messages; ${empty} answers were empty.`,
    held: (held: number) =>
      `Long polling holds ${held === 1 ? 'one request' : `${held} requests`} open now, even while nothing happens. Each answer ends its request, and the client sends the next one.`,
    overhead: (dear: string, dearBytes: number, cheap: string, cheapBytes: number) =>
      `The overhead of a message is ${dearBytes} bytes over ${dear}, and ${cheapBytes} over ${cheap}: every request repeats its headers, while a frame has two to eight bytes.`,
    buffered:
      'A buffering proxy forwards an answer only when it is complete: polls are not affected, but streams deliver nothing.',
    six: (streams: number) =>
      `Over HTTP/1.1 a browser opens six connections to one origin, shared by all tabs. Each of the ${streams} streams here uses one until it ends. The lanes have separate origins, so that they do not block each other.`,
    automatic: (transport: string) => `The automatic client now uses ${transport}.`,
  },
};

const zh: typeof en = {
  title: '实验室：每一种传输方式，实时对照',
  about:
    '每种传输方式都发送同样的消息，再原样收回。每条通道有自己的服务器、可以制造故障的代理，以及一个计量器，统计该传输方式的 TCP 字节，包括头部。',
  language: 'English',
  connect: '全部连接',
  disconnect: '全部断开',
  send: '发送',
  messages: '条数',
  size: '每条字节数',
  pace: '节奏',
  paces: { 0: '一次发完', 50: '每秒 20 条', 200: '每秒 5 条', 1000: '每秒 1 条' },
  summary: '所有通道',
  lane: '通道',
  automatic: '自动',
  automaticAbout: '由客户端选择，对话中可以切换。',
  state: '状态',
  requests: '请求数',
  up: '上行字节',
  down: '下行字节',
  overhead: '每条消息的额外字节',
  held: '占用',
  back: '返回',
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  ms: '毫秒',
  roundTrip: '每条消息的往返时间（毫秒）',
  states: '状态变化',
  log: '传输记录',
  leftOut: (count) => `另有 ${count} 条未显示`,
  noLog: '还没有内容。连接后就能看到最初的字节。',
  faults: {
    cut: '切断连接',
    kill: '杀掉服务器',
    buffer: '缓冲响应',
    delay: '延迟 300 毫秒',
    'block-upgrade': '拦截 Upgrade',
  },
  faultsOf: (lane) => `${lane} 的故障`,
  faultsOfAll: '所有通道的故障',
  closed: (code) => `已结束：${code}`,
  notStarted: '未连接',
  timeline: '会话的过程',
  timelineAbout:
    '在同一条时间轴上显示客户端和服务器两端记录的会话过程：每个连接是一条色带，每次轮询也是一条。消息只记录长度，不记录内容。',
  client: '客户端',
  server: '服务器',
  carriedBy: '传输方式',
  links: '连接',
  marks: { sent: '发送', received: '收到', acknowledged: '确认', timers: '定时器' },
  shown: '显示范围',
  wholeLife: '全部',
  saveRecording: (end) => `保存${end}记录`,
  everyEntry: '逐条文字记录',
  noLife: '还没有内容。连接后就能看到会话的开始。',
  noServer: '服务器没有这个会话的记录：没有连上，或者服务器已经更换。',
  gap: (entries) => `中间有 ${entries} 条未保留`,
  lifeOf: (end, carried, links, ended) =>
    `${end}：共 ${links} 个连接，传输方式依次为 ${carried || '无'}。${ended === null ? '' : `已结束：${ended}。`}`,
  lessons: '数字说明了什么',
  lesson: {
    polls: (requests, received, empty) =>
      `短轮询为 ${received} 条消息发了 ${requests} 次请求，其中 ${empty} 次的响应没有消息。`,
    held: (held) => `长轮询现在占用 ${held} 个请求，没有消息时也一样。每个响应结束一个请求，客户端随即发出下一个。`,
    overhead: (dear, dearBytes, cheap, cheapBytes) =>
      `每条消息的额外开销，${dear} 是 ${dearBytes} 字节，${cheap} 是 ${cheapBytes} 字节：每个请求都要重复头部，而帧头只有两到八个字节。`,
    buffered: '会缓冲的代理等响应完整后才转发：轮询不受影响，流则什么也收不到。',
    six: (streams) =>
      `在 HTTP/1.1 下，浏览器对一个源最多开六个连接，所有标签页共用。这里的 ${streams} 个流各占一个，直到结束。各通道使用不同的源，以免互相占用。`,
    automatic: (transport) => `自动选择的客户端现在使用 ${transport}。`,
  },
};

/** All texts of the page in one language. */
export type LabWords = typeof en;
/** The texts of the page in each language. */
export const words: Readonly<Record<Language, LabWords>> = { en, zh };

/** Returns the language of `?lang=`, or else that of the browser. */
export function preferredLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
  return asked.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
