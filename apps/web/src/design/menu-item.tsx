import type { LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Icon } from './icon.js';
import './menu.css';

interface MenuItemProps {
  readonly of: LucideIcon;
  readonly words: string;
  /** A smaller text after the label. */
  readonly hint?: string;
  readonly disabled?: boolean;
  /** Marks a destructive action. */
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

/** Renders one item of a menu. */
export function MenuItem({ of, words, hint = '', disabled = false, danger = false, onSelect }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      className="menu-item"
      disabled={disabled}
      data-danger={danger ? '' : undefined}
      onSelect={onSelect}
    >
      <Icon of={of} size={16} />
      {words}
      {hint !== '' && <small>{hint}</small>}
    </DropdownMenu.Item>
  );
}
