import { ArrowDown } from 'lucide-react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';

/** Back to the end, with how many came meanwhile. */
export function JumpChip({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
  const words = useWords();
  return (
    <button
      type="button"
      className="latest"
      aria-label={count > 0 ? words.toLatestCount(count) : words.toLatest}
      onClick={onJump}
    >
      {count > 0 && <span className="num">{count > 99 ? '99+' : count}</span>}
      <Icon of={ArrowDown} size={16} />
    </button>
  );
}
