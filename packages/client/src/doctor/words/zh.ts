import type { DoctorWords, FindingWords } from './words.js';

const NGINX_UPGRADE =
  'nginx，在该服务器的 location 里：proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
const NGINX_STREAM = 'nginx：proxy_buffering off; 并去掉会改写响应的模块，例如 sub_filter。';
const ANTIVIRUS = '如果只有一台电脑这样：多半是杀毒软件或公司代理在拆看流量。改用 https，或把这个地址加入白名单。';
const TLS_HELPS = '改用 https：内容加密后，中间的设备大多看不见，也就不会干涉。';

const findings: FindingWords = {
  websocket_refused: ({ status }) => ({
    what: `WebSocket 被拒绝${status === undefined ? '' : `（状态码 ${status}）`}，会话改走较慢的方式。`,
    change: [NGINX_UPGRADE, 'HAProxy：WebSocket 无须额外设置，请检查是否有规则拒绝了这个请求。', TLS_HELPS],
  }),
  websocket_stripped: () => ({
    what: 'WebSocket 请求到达服务器时没有了 Upgrade 头，中间的设备把它当成了普通请求。',
    change: [NGINX_UPGRADE, 'Apache：在 ProxyPass 上加 upgrade=websocket。HAProxy 会自动转发。'],
  }),
  websocket_dies: ({ ms }) => ({
    what: `WebSocket 能打开，但 ${ms} 毫秒后被中间的设备断开。`,
    change: ['nginx：proxy_read_timeout 75s; HAProxy：timeout tunnel 75s。', TLS_HELPS],
  }),
  websocket_silent: () => ({
    what: 'WebSocket 能打开，但发出的内容都没有到达。中间的设备代替服务器应答，却不懂 WebSocket。',
    change: [TLS_HELPS, ANTIVIRUS],
  }),
  stream_buffered: () => ({
    what: '本应逐步到达的响应被扣住，直到全部完成才放行。没有 WebSocket 时，消息改走长轮询。',
    change: [NGINX_STREAM, 'HAProxy：这个路径上不要用 option http-buffer-request，也不要压缩。', ANTIVIRUS],
  }),
  stream_gathered: ({ ms }) => ({
    what: `响应被攒成一批一批才放行：小块内容要等后面的到齐，这次等了 ${ms} 毫秒。`,
    change: [NGINX_STREAM, ANTIVIRUS],
  }),
  stream_beheaded: () => ({
    what: '响应的开头没有到达，被中间的设备读走了。',
    change: [ANTIVIRUS, TLS_HELPS],
  }),
  stream_cut: ({ ms, status }) => ({
    what: `响应没有完成就断了，历时 ${ms} 毫秒${status === undefined ? '' : `，状态码 ${status}`}。`,
    change: ['nginx：proxy_read_timeout 75s; HAProxy：timeout server 75s。'],
  }),
  body_limited: ({ passed, refused, status }) => ({
    what: `${refused} 字节的请求被拒绝${status === undefined ? '' : `（状态码 ${status}）`}，${passed} 字节可以通过。长消息会拆成小块发送，或走 WebSocket。`,
    change: ['nginx：client_max_body_size 4m; 如有 Web 应用防火墙，请为这个路径放宽上限。'],
  }),
  idle_cut: ({ ms }) => ({
    what: `连接空闲 ${ms} 毫秒后被切断。后台的页面每 45 秒才说一次话，因此每次都要重新连接。`,
    change: [
      'nginx：proxy_read_timeout 75s; proxy_send_timeout 75s。HAProxy：timeout client 75s、timeout server 75s、timeout tunnel 75s。',
      '或者让双方更勤地发心跳：把 createWireServer 的上限 heartbeatMs 和 heartbeatHiddenMs 设得比这个时间短。',
    ],
  }),
  few_connections: () => ({
    what: '一个请求要等另一个结束才能发出：浏览器到这台服务器的连接数已经用完，通常是被其他标签页占用了。',
    change: ['改用 HTTP/2（nginx：http2 on;），各标签页共用一条连接。', '关掉这台服务器的其他标签页。'],
  }),
  posts_replayed: () => ({
    what: '每个请求都不止一次到达服务器。消息仍然只送达一次，但流量翻倍。',
    change: [
      'nginx：proxy_next_upstream off; 这个路径上也不要用 mirror。',
      'HAProxy：retries 0，不用 option redispatch。',
    ],
  }),
  unsteady: () => ({ what: '有些请求不论大小都得不到响应。', change: ['检查网络本身：Wi-Fi、VPN，或过载的代理。'] }),
  sign_in_page: ({ host, status }) => ({
    what: `这个网络用自己的页面${host === undefined ? '' : `（${host}）`}顶替了所有响应（状态码 ${status}）：要先登录这个网络。`,
    change: ['用浏览器随便打开一个网页，在那里登录网络，然后再试。'],
  }),
  other_page: ({ status, type }) => ({
    what: `应答的不是 Everywire 服务器：状态码 ${status}${type === undefined ? '' : `，${type}`}。`,
    change: ['检查地址。它以服务器的路径结尾，没有改过的话是 /everywire。'],
  }),
  redirected: ({ to }) => ({
    what: `服务器已移到 ${to}。`,
    change: ['请直接使用那个地址（注意是否为 https）：提交的内容不会跟随跳转。'],
  }),
  not_attached: () => ({
    what: '这里有一个网站在应答 404，但这个路径上没有 Everywire 服务器。',
    change: [
      '检查路径，并确认程序对正在监听的服务器调用了 attach(server)。',
      'nginx：为这个路径写一个 location，proxy_pass 的端口后面不要再带路径。',
    ],
  }),
  wrong_path: ({ server }) => ({ what: `路径不对，服务器在 ${server}。`, change: [`请使用 ${server}。`] }),
  no_doctor: () => ({
    what: '应答的是 Everywire 服务器，但它比这个版本旧，不支持诊断。',
    change: ['升级服务器。会话也许仍然可用。'],
  }),
  method_refused: ({ status }) => ({
    what: `提交内容的请求还没到服务器就被拒绝（状态码 ${status}）。`,
    change: ['先检查路径。如有 Web 应用防火墙，请对这个路径放行 POST。'],
  }),
  password_asked: ({ status }) => ({
    what: `途中要求输入密码（状态码 ${status}），而网页的请求给不出。`,
    change: ['让服务器的路径免除密码，nginx：auth_basic off;', '407 来自公司自己的代理：请先登录它。'],
  }),
  gateway: ({ status }) => ({
    what: `代理返回 ${status}：它连不上后面的服务器。`,
    change: ['确认服务器在运行，并且 proxy_pass（nginx）或 server（HAProxy）写的地址和端口正确。'],
  }),
  busy: () => ({ what: '服务器达到了某个上限（503 busy）。', change: ['稍后再试，服务器日志会写明是哪个上限。'] }),
  closing: () => ({ what: '服务器正在停止（503 closing）。', change: ['一分钟后再试。'] }),
  host_unknown: () => ({
    what: '服务器不认识请求所用的主机名（421）。',
    change: ['把它写进设置 hosts；在 nginx 后面：proxy_set_header Host $host;'],
  }),
  origin_refused: ({ page = '这个页面' }) => ({
    what: `服务器不接受来自 ${page} 的页面。`,
    change: ['把这个来源写进服务器的设置 origins。'],
  }),
  no_cors: ({ page }) => ({
    what: `有应答，但不允许来自 ${page} 的页面读取。`,
    change: [
      '把这个来源写进服务器的设置 origins。',
      '如果已经写了，那是代理在代答：请用命令行 everywire doctor URL，它能读到应答。',
    ],
  }),
  mixed_content: () => ({
    what: '这个页面是用 https 打开的，浏览器不允许它用 http 访问服务器。',
    change: ['给服务器配置证书，使用它的 https 地址。'],
  }),
  offline: () => ({ what: '这台设备没有联网。', change: ['打开 Wi-Fi 或移动数据。'] }),
  unreachable: () => ({
    what: '这个地址连不上。浏览器不说明原因：可能是域名不存在、端口没有服务，或证书不受信任。',
    change: ['在新标签页里直接打开这个地址，浏览器会说明原因。', '在这台电脑上运行 everywire doctor URL 可以分清。'],
  }),
  host_not_found: () => ({ what: 'DNS 里查不到服务器的域名。', change: ['检查拼写和 DNS 记录。'] }),
  port_closed: () => ({
    what: '主机在线，但这个端口上没有服务。',
    change: ['启动服务器，或改正端口。在容器里要把端口映射出来。'],
  }),
  connection_cut: ({ error }) => ({
    what: `还没有应答，连接就断了${error === undefined ? '' : `（${error}）`}。`,
    change: ['检查地址是 http 还是 https，以及端口。', ANTIVIRUS],
  }),
  no_answer: () => ({
    what: '完全没有应答：防火墙丢弃了数据包，或主机没有开机。',
    change: ['在服务器和云服务商的防火墙里打开这个端口。'],
  }),
  tls_untrusted: ({ error }) => ({
    what: `这台电脑不信任证书的签发者（${error}）：证书是自签的、证书链不完整，或者途中有设备在解密流量。`,
    change: [
      '自己的服务器：请配置完整证书链（fullchain.pem），或使用公共机构签发的证书。',
      '网络在解密流量：请安装它的根证书（Node：NODE_EXTRA_CA_CERTS），或换一个网络。',
    ],
  }),
  tls_expired: () => ({ what: '证书现在不在有效期内。', change: ['更新证书，并确认这台电脑的时间正确。'] }),
  tls_name: () => ({ what: '证书上的域名与地址不符。', change: ['使用证书里列出的域名，或为这个域名申请证书。'] }),
  tls_missing: () => ({
    what: '地址写的是 https，但这个端口不支持 TLS。',
    change: ['改用 http，或使用支持 TLS 的端口。'],
  }),
};

/** Chinese texts. */
export const zh: DoctorWords = {
  clear: (ms) => `没有发现问题：WebSocket、流和请求都正常通过。一次应答用时 ${ms} 毫秒。`,
  hindered: (transport) => `会话可以进行（${transport}），但并非一切都正常通过。`,
  transports: { websocket: 'WebSocket', 'fetch-stream': '流式响应', 'long-poll': '长轮询' },
  blocked: '从这里连不到服务器。',
  findings,
};
