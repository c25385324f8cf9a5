export type Language = 'en' | 'zh';

const en = {
  title: 'The lab: every wire, live',
  about:
    'The same messages travel over every transport and come back. Each lane has a server, a proxy that can injure its connections, and a meter that counts what the transport sends: bytes of TCP, heads included.',
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
  automaticAbout: 'The client chooses, and changes in mid-conversation.',
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
  leftOut: (count: number) => `${count} more were too many to show`,
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
    'What both ends of a lane’s session lived through, on one axis of time: each link is a bar, each poll one of its own. Of messages only the lengths are kept.',
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
  noServer:
    'The server knows nothing of this session: it was not reached, or another server has taken its place since.',
  gap: (entries: number) => `${entries} entries in between had no room`,
  lifeOf: (end: string, carried: string, links: number, ended: string | null) =>
    `${end}: ${links} links. Carried by ${carried || 'none'}.${ended === null ? '' : ` Ended: ${ended}.`}`,
  lessons: 'What the figures say',
  lesson: {
    polls: (requests: number, received: number, empty: number) =>
      `Short polling has asked ${requests} times for ${received} messages; ${empty} answers brought nothing.`,
    held: (held: number) =>
      `Long polling holds ${held === 1 ? 'one request' : `${held} requests`} open now, also while nothing happens. Each answer ends its request, and another is asked.`,
    overhead: (dear: string, dearBytes: number, cheap: string, cheapBytes: number) =>
      `A message costs ${dearBytes} bytes beyond itself over ${dear}, and ${cheapBytes} over ${cheap}: heads are repeated with every request, frames have two to eight bytes.`,
    buffered:
      'A proxy that buffers passes an answer on when it is complete: polls do not notice, streams bring nothing.',
    six: (streams: number) =>
      `Over HTTP/1.1 a browser opens six connections to one origin, all tabs together. Each of the ${streams} streams here holds one for as long as it lasts; the lanes have origins of their own, or they would starve each other.`,
    automatic: (transport: string) => `The client that chooses for itself uses ${transport} now.`,
  },
};

const zh: typeof en = {
  title: '实验室：每一种传输方式，实时对照',
  about:
    '同样的消息走过每一种传输方式，再原样返回。每条通道有自己的服务器、可以制造故障的代理，和一个计量器：它数出传输方式发出的每个 TCP 字节，头部也算在内。',
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
  automaticAbout: '由客户端选择，可以在对话途中更换。',
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
  log: '线上记录',
  leftOut: (count) => `另有 ${count} 条太密，没有显示`,
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
  timeline: '一个会话的经历',
  timelineAbout:
    '同一条时间轴上，是一条通道的会话在客户端和服务器两端的经历：每个连接一条色带，每次轮询各算一条。消息只记长度，不记内容。',
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
  noServer: '服务器不认识这个会话：没有连上，或者已经换了一台服务器。',
  gap: (entries) => `中间有 ${entries} 条放不下，没有保留`,
  lifeOf: (end, carried, links, ended) =>
    `${end}：共 ${links} 个连接，传输方式依次为 ${carried || '无'}。${ended === null ? '' : `已结束：${ended}。`}`,
  lessons: '数字说明了什么',
  lesson: {
    polls: (requests, received, empty) =>
      `短轮询为 ${received} 条消息问了 ${requests} 次，其中 ${empty} 次的回答没有带来消息。`,
    held: (held) => `长轮询现在占着 ${held} 个请求，没有消息时也占着。每次回答都会结束一个请求，然后再问下一个。`,
    overhead: (dear, dearBytes, cheap, cheapBytes) =>
      `除消息本身外，${dear} 每条要多花 ${dearBytes} 字节，${cheap} 只要 ${cheapBytes} 字节：请求每次都要重复头部，而帧只有两到八个字节。`,
    buffered: '会缓冲的代理要等响应完整才放行：轮询感觉不到，流则什么也收不到。',
    six: (streams) =>
      `在 HTTP/1.1 下，浏览器对一个来源最多开六个连接，所有标签页合计。这里的 ${streams} 个流各占一个，直到结束；各通道用不同的来源，否则会互相挤占。`,
    automatic: (transport) => `自动选择的客户端现在使用 ${transport}。`,
  },
};

export type Words = typeof en;
export const words: Readonly<Record<Language, Words>> = { en, zh };

/** Returns the language of `?lang=`, else the browser's. */
export function preferredLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
  return asked.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
