/** Texts of the network examination, loaded together with it. */
export const examinationWords = {
  en: {
    examine: 'Examine the network',
    examining: 'Examining… (a few seconds)',
    examineLonger: 'Examine idle connections too (30 s)',
    copy: 'Copy the result',
    change: 'What the administrator of the server or network can change:',
  },
  zh: {
    examine: '检查网络',
    examining: '正在检查……（几秒钟）',
    examineLonger: '再检查空闲连接（30 秒）',
    copy: '复制结果',
    change: '服务器或网络的管理员可以这样改：',
  },
};
