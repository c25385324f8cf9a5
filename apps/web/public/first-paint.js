// Runs before the first paint, so that the page never flashes in another theme. Reads the values stored by
// src/look/preferences.ts and src/app/stored-account.ts.
(() => {
  const root = document.documentElement;
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem('everywire.preferences') ?? '{}');
  } catch {
    // Storage may be forbidden or invalid: the page then uses the system's settings.
  }
  const language = kept.language ?? ((navigator.language ?? '').toLowerCase().startsWith('zh') ? 'zh' : 'en');
  root.lang = language === 'en' ? 'en' : 'zh-CN';
  if (kept.theme === 'light' || kept.theme === 'dark') root.dataset.theme = kept.theme;
  if (kept.theme === 'contrast' || matchMedia('(prefers-contrast: more)').matches) root.dataset.contrast = 'more';
  if (kept.density === 'compact') root.dataset.density = 'compact';
  if (kept.lessMotion === true) root.dataset.motion = 'less';
})();
// A signed-in user needs the chat immediately, so its chunks are requested together with the page.
(() => {
  const files = document.currentScript.dataset.chat ?? '';
  try {
    if (localStorage.getItem('everywire.account') === null) return;
  } catch {
    return;
  }
  for (const file of files.split(' ').filter(Boolean)) {
    const isStyle = file.endsWith('.css');
    const link = Object.assign(document.createElement('link'), { rel: isStyle ? 'preload' : 'modulepreload' });
    if (isStyle) link.as = 'style';
    link.crossOrigin = '';
    link.href = file;
    document.head.append(link);
  }
})();
