import { Dialog } from '../design/dialog.js';
import { type Language, usePreferences } from '../design/preferences.js';
import './shortcuts-dialog.css';

interface Texts {
  readonly title: string;
  /** The keys, and what they do. */
  readonly rows: readonly (readonly [keys: string, text: string])[];
}

const isMac = /Mac|iP/.test(navigator.platform);
const ctrl = (key: string): string => (isMac ? `⌘${key}` : `Ctrl+${key}`);
const alt = isMac ? '⌥' : 'Alt+';

/** Texts of the dialog. Loaded with it only. */
const catalogues: Record<Language, Texts> = {
  en: {
    title: 'Keyboard shortcuts',
    rows: [
      [ctrl('K'), 'Search; again: in this conversation only'],
      [`${alt}↑ ${alt}↓`, 'Previous or next conversation'],
      ['F6, Shift+F6', 'Go to the next or previous part of the page'],
      ['↑', 'Edit your last message'],
      ['Page Up, Page Down, Home, End', 'Scroll the messages'],
      ['↑ ↓ on a message', 'Go to another message'],
      ['Shift+↑ Shift+↓ on a message', 'Select messages'],
      ['Esc', 'Cancel, close or go back'],
      [ctrl('Z'), 'Undo the last action'],
      [ctrl('/'), 'Show this list'],
    ],
  },
  zh: {
    title: '键盘快捷键',
    rows: [
      [ctrl('K'), '搜索；再按一次只搜当前会话'],
      [`${alt}↑ ${alt}↓`, '上一个、下一个会话'],
      ['F6、Shift+F6', '移到页面的下一个、上一个部分'],
      ['↑', '编辑自己发的最后一条消息'],
      ['Page Up、Page Down、Home、End', '滚动消息'],
      ['消息上按 ↑ ↓', '移到别的消息'],
      ['消息上按 Shift+↑ Shift+↓', '多选消息'],
      ['Esc', '取消、关闭或返回'],
      [ctrl('Z'), '撤销刚才的操作'],
      [ctrl('/'), '显示此列表'],
    ],
  },
};

/** Renders the list of keys. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const [{ language }] = usePreferences();
  const { title, rows } = catalogues[language];
  return (
    <Dialog title={title} className="dialog-small" onClose={onClose}>
      <dl className="shortcuts">
        {rows.map(([keys, text]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
